// Package help is the overlay that lists the keys of a pane and of the screen.
//
// It may import the leaf packages of tui. The surprising thing: it has no text of its own;
// its lines come from the key maps that the panes themselves obey, or from whoever opens it.
package help

import (
	"fmt"

	tea "charm.land/bubbletea/v2"

	"cxlens/themes"
	"cxlens/tui/keymap"
	"cxlens/tui/look"
)

// Keys are the bindings of the overlay.
func Keys() keymap.Map {
	return keymap.Map{Pane: "help", Bindings: []keymap.Binding{
		{ID: "help.up", Keys: []string{"up", "k"}, Help: "scroll up", Why: atFirst},
		{ID: "help.down", Keys: []string{"down", "j"}, Help: "scroll down", Why: atLast},
		{ID: "help.page-up", Keys: []string{"pgup"}, Help: "page up", Why: atFirst},
		{ID: "help.page-down", Keys: []string{"pgdown", "space"}, Help: "page down", Why: atLast},
		{ID: "help.leave", Keys: []string{"esc", "enter", "?", "q", "ctrl+c"}, Help: "close"},
	}}
}

const (
	atFirst = "this is the first line"
	atLast  = "this is the last line"
)

// Model is the overlay. Create it with New.
type Model struct {
	keys  keymap.Map
	title string
	maps  []keymap.Map
	text  []string // shown in place of maps
	top   int
	most  int

	// Leave closes the overlay.
	Leave func()
	// Say puts a line into the status line.
	Say func(text string)
}

// New returns the overlay for maps, the pane's own first.
func New(keys keymap.Map, title string, maps []keymap.Map) *Model {
	return &Model{keys: keys, title: title, maps: maps}
}

// NewText returns an overlay that shows lines of text in place of keys.
func NewText(keys keymap.Map, title string, text []string) *Model {
	return &Model{keys: keys, title: title, text: text}
}

// Update scrolls.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
	key, ok := msg.(tea.KeyPressMsg)
	if !ok {
		return nil
	}
	b, ok := m.keys.Pressed(key.String(), "here", "help.leave", m.Say)
	if !ok {
		return nil
	}
	by := 0
	switch b.ID {
	case "help.up":
		by = -1
	case "help.down":
		by = 1
	case "help.page-up":
		by = -10
	case "help.page-down":
		by = 10
	case "help.leave":
		m.Leave()
		return nil
	}
	before := m.top
	if m.top = min(max(m.top+by, 0), m.most); m.top == before {
		m.Say(b.Why)
	}
	return nil
}

// View returns the box for a screen of w columns and h rows.
func (m *Model) View(l *look.Look, w, h int) []string {
	inside := min(100, w-6)
	lines := m.lines(l, inside)
	for _, t := range m.text {
		for i, line := range look.Wrap(t, inside-2) {
			lines = append(lines, look.Blank(min(2, 2*i))+l.Paint(themes.Text, line))
		}
	}
	room := max(1, h-4)
	m.most = max(0, len(lines)-room)
	m.top = min(m.top, m.most)
	foot := "Esc"
	if m.most > 0 {
		foot = fmt.Sprintf("lines %d to %d of %d · ↑ ↓ scroll · Esc", m.top+1, min(m.top+room, len(lines)), len(lines))
	}
	return l.Box(m.title, foot, lines[m.top:min(m.top+room, len(lines))], inside)
}

// lines lays the bindings out in as many columns as there is room for.
func (m *Model) lines(l *look.Look, w int) []string {
	columns := max(1, w/48)
	each := w / columns
	var out []string
	for i, km := range m.maps {
		if i > 0 {
			out = append(out, "")
		}
		out = append(out, l.Paint(themes.Title, km.Pane))
		rows := (len(km.Bindings) + columns - 1) / columns
		for row := range rows {
			line := ""
			for c := range columns {
				if i := c*rows + row; i < len(km.Bindings) {
					line += entry(l, km.Bindings[i], each)
				}
			}
			out = append(out, line)
		}
	}
	return out
}

func entry(l *look.Look, b keymap.Binding, w int) string {
	keys := b.Show()
	if keys == "" {
		keys = "(no key)"
	}
	return "  " + l.Paint(themes.Key, look.Left(keys, 13)) + " " + l.Paint(themes.Text, look.Left(b.Help, w-16))
}
