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
		{ID: "palette.up", Keys: []string{"up", "ctrl+p"}, Help: "action up", Why: "this is the first action"},
		{ID: "palette.down", Keys: []string{"down", "ctrl+n", "tab"}, Help: "action down", Why: "this is the last action"},
		{ID: "palette.run", Keys: []string{"enter"}, Help: "run the action", Why: noMatch},
		{ID: "palette.leave", Keys: []string{"esc", "ctrl+c", "ctrl+k"}, Help: "close"},
	}}
}

const noMatch = "no action has these letters"

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
	// Say puts a line into the status line.
	Say func(text string)
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
			return m.do(b)
		}
	}
	if m.field.Update(msg) {
		m.find()
	}
	if why := m.field.Why(); why != "" {
		m.Say(why)
	}
	return nil
}

func (m *Model) do(b keymap.Binding) tea.Cmd {
	if len(m.found) == 0 && b.ID != "palette.leave" {
		m.Say(noMatch)
		return nil
	}
	switch b.ID {
	case "palette.up":
		m.move(-1, b)
	case "palette.down":
		m.move(1, b)
	case "palette.leave":
		m.Leave()
	case "palette.run":
		m.Leave()
		return m.Run(m.all[m.found[m.cursor].Index].Binding.ID)
	}
	return nil
}

// move moves the cursor by so many actions, or says why it cannot.
func (m *Model) move(by int, b keymap.Binding) {
	to := m.cursor + by
	if to < 0 || to >= len(m.found) {
		m.Say(b.Why)
		return
	}
	m.cursor = to
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
			lines = append(lines, l.Paint(themes.Muted, noMatch))
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
