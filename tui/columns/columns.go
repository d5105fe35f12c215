// Package columns is the list in which the columns of the table are found by typing, shown,
// hidden, moved, resized and frozen.
//
// It may import the table and the leaf packages of tui, smallfile and internal/flow. The surprising
// thing: it keeps no columns of its own; every key changes the table behind it at once, and the list
// shows what became of it.
package columns

import (
	"slices"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/sahilm/fuzzy"

	"cxlens/internal/flow"
	"cxlens/tui/field"
	"cxlens/tui/keymap"
	"cxlens/tui/table"
)

// Keys are the bindings of the list. All other keys are typed into what narrows it.
func Keys() keymap.Map {
	return keymap.Map{Pane: "columns", Bindings: []keymap.Binding{
		{ID: "columns.up", Keys: []string{"up", "ctrl+p"}, Help: "column up", Why: "this is the first column"},
		{ID: "columns.down", Keys: []string{"down", "ctrl+n", "tab"}, Help: "column down", Why: "this is the last column"},
		{ID: "columns.toggle", Keys: []string{"space"}, Help: "show or hide", Why: "one column has to stay"},
		{ID: "columns.earlier", Keys: []string{"<", "shift+up"}, Help: "move to the left", Why: "a shown column moves; this is the first, or hidden"},
		{ID: "columns.later", Keys: []string{">", "shift+down"}, Help: "move to the right", Why: "a shown column moves; this is the last, or hidden"},
		{ID: "columns.narrower", Keys: []string{"("}, Help: "narrower", Why: "the column is hidden, or cannot be narrower"},
		{ID: "columns.wider", Keys: []string{")"}, Help: "wider", Why: "the column is hidden, or cannot be wider"},
		{ID: "columns.freeze", Keys: []string{"|"}, Help: "freeze the columns up to this one, or none", Why: "a shown column is frozen, and one has to be left to scroll"},
		{ID: "columns.defaults", Keys: []string{"ctrl+r"}, Help: "columns as at first, again: as they were", Why: "the columns are as at first"},
		{ID: "columns.leave", Keys: []string{"enter", "ctrl+c"}, Help: "back to the flows"},
		{ID: "columns.clear", Keys: []string{"esc"}, Help: "empty what was typed, else back to the flows"},
	}}
}

// Model is the list. Create it with New.
type Model struct {
	keys   keymap.Map
	table  *table.Model
	field  field.Model
	found  []flow.Column
	cursor int
	top    int

	// Leave closes the list.
	Leave func()
	// Say puts a line into the status line.
	Say func(text string)
}

// New returns the list of the columns of t, with the cursor on the column under the table's.
func New(keys keymap.Map, t *table.Model) *Model {
	m := &Model{keys: keys, table: t}
	m.find()
	m.cursor = max(0, slices.Index(m.found, t.Column()))
	return m
}

// Update narrows the list and changes the columns.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
	if key, ok := msg.(tea.KeyPressMsg); ok {
		if b, ok := m.keys.Lookup(key.String()); ok {
			if !m.do(b.ID) {
				m.Say(b.Why)
			}
			return nil
		}
	}
	if m.field.Update(msg) {
		m.cursor, m.top = 0, 0
		m.find()
	}
	if why := m.field.Why(); why != "" {
		m.Say(why)
	}
	return nil
}

func (m *Model) do(id string) bool {
	switch id {
	case "columns.up":
		return m.move(-1)
	case "columns.down":
		return m.move(1)
	case "columns.leave":
		m.Leave()
		return true
	case "columns.clear":
		m.clear()
		return true
	case "columns.defaults":
		_, ok := m.table.ResetShape()
		m.find()
		return ok
	}
	c, ok := m.at()
	if !ok {
		return false
	}
	ok = m.change(id, c)
	if moved := id == "columns.earlier" || id == "columns.later"; moved && ok && m.field.Value() != "" { // the list is not in their order
		all := m.table.Columns()
		m.Say(table.Name(c) + " is column " + strconv.Itoa(slices.Index(all, c)+1) + " of " + strconv.Itoa(len(all)) + " now")
	}
	m.find()
	if i := slices.Index(m.found, c); i >= 0 {
		m.cursor = i
	}
	return ok
}

// change changes the column under the cursor.
func (m *Model) change(id string, c flow.Column) bool {
	switch id {
	case "columns.toggle":
		return m.table.ShowColumn(c) || m.table.HideColumn(c)
	case "columns.earlier":
		return m.table.MoveColumn(c, -1)
	case "columns.later":
		return m.table.MoveColumn(c, 1)
	case "columns.narrower":
		return m.table.ResizeColumn(c, -1)
	case "columns.wider":
		return m.table.ResizeColumn(c, 1)
	case "columns.freeze":
		return m.table.FreezeAt(c)
	}
	return false
}

// clear empties what was typed, or leaves.
func (m *Model) clear() {
	if m.field.Value() == "" {
		m.Leave()
		return
	}
	c, ok := m.at()
	m.field.Set("")
	m.find()
	if ok {
		m.cursor = slices.Index(m.found, c)
	}
}

// at is the column under the cursor; ok is false when none has the typed letters.
func (m *Model) at() (c flow.Column, ok bool) {
	if m.cursor >= len(m.found) {
		return 0, false
	}
	return m.found[m.cursor], true
}

func (m *Model) move(by int) bool {
	to := m.cursor + by
	if to < 0 || to >= len(m.found) {
		return false
	}
	m.cursor = to
	return true
}

// list is all columns there are: those that are shown in their order, then the others.
type list []flow.Column

func (l list) String(i int) string { return name(l[i]) + " " + table.About(l[i]) }
func (l list) Len() int            { return len(l) }

// name is a column's title and its name in queries and outputs, so that either finds it.
func name(c flow.Column) string { return table.Name(c) + " " + c.String() }

// find takes those columns that have the typed letters: first those that have them in their name as
// they were typed, then those that have them there scattered or in what they are about.
func (m *Model) find() {
	all := list(m.table.Columns())
	for c := range flow.NumShown {
		if !slices.Contains(all, c) {
			all = append(all, c)
		}
	}
	text := strings.ToLower(strings.TrimSpace(m.field.Value()))
	if m.found = all; text != "" {
		matches := fuzzy.FindFrom(text, all)
		m.found = make([]flow.Column, len(matches))
		for i, match := range matches {
			m.found[i] = all[match.Index]
		}
		slices.SortStableFunc(m.found, func(a, b flow.Column) int { return scattered(a, text) - scattered(b, text) })
	}
	m.cursor = max(0, min(m.cursor, len(m.found)-1))
}

// scattered is 0 for a column whose name has text, 1 for one that is about it, 2 for any other.
func scattered(c flow.Column, text string) int {
	switch {
	case strings.Contains(strings.ToLower(name(c)), text):
		return 0
	case strings.Contains(strings.ToLower(table.About(c)), text):
		return 1
	}
	return 2
}
