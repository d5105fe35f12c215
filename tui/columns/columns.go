// Package columns is the list in which the columns of the table are shown, hidden and moved.
//
// It may import the table and the leaf packages of tui. The surprising thing: the list shows
// all columns there are, the shown ones first and in their order, the others below.
package columns

import (
	"fmt"
	"slices"

	tea "charm.land/bubbletea/v2"

	"cxlens/internal/flow"
	"cxlens/themes"
	"cxlens/tui/keymap"
	"cxlens/tui/look"
	"cxlens/tui/table"
)

// Keys are the bindings of the list.
func Keys() keymap.Map {
	return keymap.Map{Pane: "columns", Bindings: []keymap.Binding{
		{ID: "columns.up", Keys: []string{"up", "k"}, Help: "column up", Why: "this is the first column"},
		{ID: "columns.down", Keys: []string{"down", "j"}, Help: "column down", Why: "this is the last column"},
		{ID: "columns.toggle", Keys: []string{"space", "x"}, Help: "show or hide", Why: "one column has to stay"},
		{ID: "columns.earlier", Keys: []string{"K", "shift+up"}, Help: "move to the left", Why: "a shown column moves; this is the first, or hidden"},
		{ID: "columns.later", Keys: []string{"J", "shift+down"}, Help: "move to the right", Why: "a shown column moves; this is the last, or hidden"},
		{ID: "columns.defaults", Keys: []string{"d"}, Help: "the columns as at first"},
		{ID: "columns.leave", Keys: []string{"enter", "esc", "c", "q", "ctrl+c"}, Help: "back to the flows"},
	}}
}

// Model is the list. Create it with New.
type Model struct {
	keys   keymap.Map
	shown  []flow.Column
	all    []flow.Column
	cursor int
	top    int

	// Choose shows other columns at once.
	Choose func(cols []flow.Column)
	// Leave closes the list.
	Leave func()
	// Say puts a line into the status line.
	Say func(text string)
}

// New returns the list with the shown columns.
func New(keys keymap.Map, shown []flow.Column, at flow.Column) *Model {
	m := &Model{keys: keys}
	m.set(shown)
	m.cursor = max(0, slices.Index(m.all, at))
	return m
}

func (m *Model) set(shown []flow.Column) {
	m.shown, m.all = shown, slices.Clone(shown)
	for c := range flow.NumColumns {
		if !slices.Contains(shown, c) {
			m.all = append(m.all, c)
		}
	}
}

// Update walks the list and changes the columns.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
	key, ok := msg.(tea.KeyPressMsg)
	if !ok {
		return nil
	}
	b, ok := m.keys.Lookup(key.String())
	if !ok {
		return nil
	}
	if !m.do(b.ID) {
		m.Say(b.Why)
	}
	return nil
}

func (m *Model) do(id string) bool {
	switch id {
	case "columns.up":
		return m.move(-1)
	case "columns.down":
		return m.move(1)
	case "columns.toggle":
		return m.toggle()
	case "columns.earlier":
		return m.swap(-1)
	case "columns.later":
		return m.swap(1)
	case "columns.defaults":
		m.choose(table.Defaults())
	case "columns.leave":
		m.Leave()
	}
	return true
}

func (m *Model) move(by int) bool {
	to := m.cursor + by
	if to < 0 || to >= len(m.all) {
		return false
	}
	m.cursor = to
	return true
}

// toggle hides a shown column, or shows a hidden one as the last. The cursor stays with it.
func (m *Model) toggle() bool {
	c := m.all[m.cursor]
	shown := slices.Clone(m.shown)
	if i := slices.Index(shown, c); i >= 0 {
		if len(shown) == 1 {
			return false
		}
		shown = slices.Delete(shown, i, i+1)
	} else {
		shown = append(shown, c)
	}
	m.choose(shown)
	m.cursor = slices.Index(m.all, c)
	return true
}

func (m *Model) swap(by int) bool {
	to := m.cursor + by
	if m.cursor >= len(m.shown) || to < 0 || to >= len(m.shown) {
		return false
	}
	shown := slices.Clone(m.shown)
	shown[m.cursor], shown[to] = shown[to], shown[m.cursor]
	m.choose(shown)
	m.cursor = to
	return true
}

func (m *Model) choose(shown []flow.Column) {
	m.set(shown)
	m.Choose(shown)
}

// View returns the box for a screen of w columns and h rows.
func (m *Model) View(l *look.Look, w, h int) []string {
	inside, room := min(68, w-6), max(1, min(h-4, len(m.all)))
	m.top = max(min(m.top, m.cursor), m.cursor-room+1)
	lines := make([]string, 0, room)
	for i := m.top; i < min(m.top+room, len(m.all)); i++ {
		c := m.all[i]
		box := "[ ] "
		if i < len(m.shown) {
			box = "[x] "
		}
		name, about := look.Left(table.Name(c), 17), look.Left(table.About(c), max(0, inside-22))
		if i == m.cursor {
			lines = append(lines, l.Paint(themes.Selected, box+name+" "+about))
		} else {
			lines = append(lines, l.Paint(themes.Accent, box)+l.Paint(themes.Text, name)+" "+l.Paint(themes.Muted, about))
		}
	}
	title := fmt.Sprintf("columns · %d of %d shown", len(m.shown), len(m.all))
	return l.Box(title, "Space shows or hides · J K move · d as at first · Enter", lines, inside)
}
