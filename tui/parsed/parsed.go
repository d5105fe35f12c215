// Package parsed is the box that shows how a query was read: which part binds how, what its names stand
// for, and the query as a server gets it.
//
// It may import query and the leaf packages of tui. The surprising thing: all of it is made when the box is
// opened, so that the box goes on showing the query that was asked for.
package parsed

import (
	"fmt"

	tea "charm.land/bubbletea/v2"

	"cxlens/internal/flow"
	"cxlens/query"
	"cxlens/themes"
	"cxlens/tui/keymap"
	"cxlens/tui/look"
)

// Keys are the bindings of the box.
func Keys() keymap.Map {
	return keymap.Map{Pane: "query as it is read", Bindings: []keymap.Binding{
		{ID: "parsed.up", Keys: []string{"up", "k"}, Help: "scroll up", Why: "this is the beginning"},
		{ID: "parsed.down", Keys: []string{"down", "j"}, Help: "scroll down", Why: "this is the end"},
		{ID: "parsed.page-up", Keys: []string{"pgup", "ctrl+u"}, Help: "page up", Why: "this is the beginning"},
		{ID: "parsed.page-down", Keys: []string{"pgdown", "ctrl+d", "space"}, Help: "page down", Why: "this is the end"},
		{ID: "parsed.copy", Keys: []string{"y", "enter"}, Help: "copy it with all parentheses"},
		{ID: "parsed.copy-written", Keys: []string{"Y"}, Help: "copy it with its names written out as well", Why: "no name in the query can be written out"},
		{ID: "parsed.leave", Keys: []string{"esc", "q", "alt+p", "ctrl+c"}, Help: "close"},
	}}
}

// Model is the box. Create it with New.
type Model struct {
	keys     keymap.Map
	spelled  string
	meanings []query.Meaning
	written  string // "" when there is no name in the query, or one that stands for nothing
	top      int
	most     int
	page     int

	// Copy takes a text; the box is closed by then.
	Copy func(text string) tea.Cmd
	// Leave closes the box.
	Leave func()
	// Say puts a line into the status line.
	Say func(text string)
}

// New shows how a query was read under env.
func New(keys keymap.Map, q *query.Query, env query.Env) *Model {
	m := &Model{keys: keys, spelled: query.Spelled(q.Root()), meanings: q.Meanings(env), page: 1}
	if out, err := query.Expand(q, env); err == nil && out != q {
		m.written = query.Spelled(out.Root())
	}
	return m
}

// Update scrolls and copies.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
	key, ok := msg.(tea.KeyPressMsg)
	if !ok {
		return nil
	}
	b, ok := m.keys.Pressed(key.String(), "here", "parsed.leave", m.Say)
	if !ok {
		return nil
	}
	switch b.ID {
	case "parsed.leave":
		m.Leave()
	case "parsed.copy":
		m.Leave()
		return m.Copy(m.spelled)
	case "parsed.copy-written":
		if m.written == "" {
			m.Say(b.Why)
			return nil
		}
		m.Leave()
		return m.Copy(m.written)
	default:
		by := map[string]int{"parsed.up": -1, "parsed.down": 1, "parsed.page-up": -m.page, "parsed.page-down": m.page}[b.ID]
		before := m.top
		if m.top = max(0, min(m.top+by, m.most)); m.top == before {
			m.Say(b.Why)
		}
	}
	return nil
}

// View returns the box for a screen of w columns and h rows.
func (m *Model) View(l *look.Look, w, h int) []string {
	inside := max(1, min(100, w-6))
	lines := m.lines(l, inside)
	room := max(1, h-3)
	m.page, m.most = room, max(0, len(lines)-room)
	m.top = min(m.top, m.most)
	foot := "y copies · Esc"
	if m.written != "" {
		foot = "y copies · Y copies written out · Esc"
	}
	if m.most > 0 {
		foot = fmt.Sprintf("lines %d to %d of %d · ↑ ↓ · ", m.top+1, min(m.top+room, len(lines)), len(lines)) + foot
	}
	return l.Box("query as it is read", foot, lines[m.top:min(m.top+room, len(lines))], inside)
}

func (m *Model) lines(l *look.Look, w int) []string {
	var out []string
	put := func(t themes.Token, text string) {
		for i, line := range look.Wrap(flow.Clean(text), w-2) {
			out = append(out, look.Blank(min(2, 2*i))+l.Paint(t, line))
		}
	}
	put(themes.Field, m.spelled)
	if len(m.meanings) > 0 {
		out = append(out, "", l.Paint(themes.Title, "names"))
	}
	for _, n := range m.meanings {
		if n.Err != nil {
			put(themes.Error, "✗ "+n.Err.Error())
			continue
		}
		put(themes.Text, n.Name+" = "+n.Values)
	}
	if m.written != "" {
		out = append(out, "", l.Paint(themes.Title, "with its $names written out"))
		put(themes.Field, m.written)
	}
	return out
}
