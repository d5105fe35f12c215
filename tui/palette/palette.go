// Package palette lists every action by name with its key, narrowed by what is typed, and
// runs the chosen one.
//
// It may import the leaf packages of tui. The surprising thing: an action that can do nothing
// now is listed all the same; choosing it says why.
package palette

import (
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/sahilm/fuzzy"

	"cxlens/themes"
	"cxlens/tui/field"
	"cxlens/tui/keymap"
	"cxlens/tui/look"
)

// Keys are the bindings of the palette.
func Keys() keymap.Map {
	return keymap.Map{Pane: "actions", Bindings: []keymap.Binding{
		{ID: "palette.up", Keys: []string{"up", "ctrl+p"}, Help: "action up"},
		{ID: "palette.down", Keys: []string{"down", "ctrl+n", "tab"}, Help: "action down"},
		{ID: "palette.run", Keys: []string{"enter"}, Help: "run the action"},
		{ID: "palette.leave", Keys: []string{"esc", "ctrl+c", "ctrl+k"}, Help: "close"},
	}}
}

// Action is an entry of the palette.
type Action struct {
	Pane    string
	Binding keymap.Binding
}

type actions []Action

func (a actions) String(i int) string { return a[i].Pane + ": " + a[i].Binding.Help }
func (a actions) Len() int            { return len(a) }

// Model is the palette. Create it with New.
type Model struct {
	keys   keymap.Map
	all    actions
	found  []fuzzy.Match
	field  field.Model
	cursor int
	top    int

	// Run runs an action; the palette is closed by then.
	Run func(id string) tea.Cmd
	// Leave closes the palette.
	Leave func()
}

// New returns the palette of the actions of maps.
func New(keys keymap.Map, maps []keymap.Map) *Model {
	m := &Model{keys: keys}
	for _, km := range maps {
		for _, b := range km.Bindings {
			m.all = append(m.all, Action{Pane: km.Pane, Binding: b})
		}
	}
	m.find()
	return m
}

// Update narrows the list and runs the chosen action.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
	if key, ok := msg.(tea.KeyPressMsg); ok {
		if b, ok := m.keys.Lookup(key.String()); ok {
			return m.do(b.ID)
		}
	}
	if m.field.Update(msg) {
		m.find()
	}
	return nil
}

func (m *Model) do(id string) tea.Cmd {
	switch id {
	case "palette.up":
		m.cursor = max(0, m.cursor-1)
	case "palette.down":
		m.cursor = max(0, min(m.cursor+1, len(m.found)-1))
	case "palette.leave":
		m.Leave()
	case "palette.run":
		if m.cursor < len(m.found) {
			m.Leave()
			return m.Run(m.all[m.found[m.cursor].Index].Binding.ID)
		}
	}
	return nil
}

func (m *Model) find() {
	m.cursor, m.top = 0, 0
	if m.field.Value() == "" {
		m.found = make([]fuzzy.Match, len(m.all))
		for i := range m.all {
			m.found[i].Index = i
		}
		return
	}
	m.found = fuzzy.FindFrom(m.field.Value(), m.all)
	// What has the letters side by side goes before what has them scattered.
	text := strings.ToLower(m.field.Value())
	slices.SortStableFunc(m.found, func(a, b fuzzy.Match) int { return m.scattered(a, text) - m.scattered(b, text) })
}

func (m *Model) scattered(match fuzzy.Match, text string) int {
	if strings.Contains(strings.ToLower(m.all[match.Index].Binding.Help), text) {
		return 0
	}
	return 1
}

// View returns the box for a screen of w columns and h rows, and where in it the cursor stands.
func (m *Model) View(l *look.Look, w, h int) (box []string, x, y int) {
	inside := min(72, w-6)
	text, at := m.field.View(l, inside-2)
	lines := []string{l.Paint(themes.Accent, "❯ ") + text}
	room := max(1, min(h-5, len(m.all)))
	m.top = max(min(m.top, m.cursor), m.cursor-room+1)
	for i := m.top; i < m.top+room; i++ {
		switch {
		case i < len(m.found):
			lines = append(lines, m.entry(l, i, inside))
		case i == 0:
			lines = append(lines, l.Paint(themes.Muted, "no action has these letters"))
		default:
			lines = append(lines, "")
		}
	}
	foot := fmt.Sprintf("%d of %d actions · Enter runs · Esc", len(m.found), len(m.all))
	return l.Box("actions", foot, lines, inside), 4 + at, 1
}

func (m *Model) entry(l *look.Look, i, w int) string {
	a := m.all[m.found[i].Index]
	const keyWidth = 12
	name, keys := look.Left(m.all.String(m.found[i].Index), w-keyWidth), look.Right(a.Binding.Show(), keyWidth)
	if i == m.cursor {
		return l.Paint(themes.Selected, name+keys)
	}
	return l.Paint(themes.Text, name) + l.Paint(themes.Key, keys)
}

// Has tells whether an action is in the palette, whatever is typed.
func (m *Model) Has(id string) bool {
	return slices.ContainsFunc(m.all, func(a Action) bool { return a.Binding.ID == id })
}
