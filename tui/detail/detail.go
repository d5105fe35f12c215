// Package detail shows everything that is known of one flow: its fields by name and
// meaning, and what can be derived from them.
//
// It may import internal/flow and the leaf packages of tui. The surprising thing: what is
// derived (state, rates, service) is said to be derived, and from what, because the sensor
// never sent it.
package detail

import (
	"fmt"

	tea "charm.land/bubbletea/v2"

	"cxlens/internal/flow"
	"cxlens/themes"
	"cxlens/tui/keymap"
	"cxlens/tui/look"
)

// Model is the detail of the flow under the table's cursor. Create it with New.
type Model struct {
	keys   keymap.Map
	record flow.Record
	node   flow.NodeInfo
	place  string
	top    int
	most   int // the last useful top, known after View

	// Step moves the table's cursor and shows that flow; false at an end.
	Step func(by int) bool
	// Leave closes the detail.
	Leave func()
	// Say puts a line into the status line.
	Say func(text string)
}

// New returns an empty detail; Show fills it.
func New(keys keymap.Map) *Model { return &Model{keys: keys} }

// Show shows a flow; place says which of how many it is.
func (m *Model) Show(r *flow.Record, node flow.NodeInfo, place string) {
	m.record, m.node, m.place = *r, node, place
}

// Update scrolls and steps.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
	key, ok := msg.(tea.KeyPressMsg)
	if !ok {
		return nil
	}
	if b, ok := m.keys.Lookup(key.String()); ok && !m.do(b.ID) {
		m.Say(b.Why)
	}
	return nil
}

func (m *Model) do(id string) bool {
	switch id {
	case "detail.up":
		return m.scroll(-1)
	case "detail.down":
		return m.scroll(1)
	case "detail.page-up":
		return m.scroll(-10)
	case "detail.page-down":
		return m.scroll(10)
	case "detail.previous":
		return m.Step(-1)
	case "detail.next":
		return m.Step(1)
	case "detail.leave":
		m.Leave()
	}
	return true
}

func (m *Model) scroll(by int) bool {
	to := min(max(m.top+by, 0), m.most)
	if to == m.top {
		return false
	}
	m.top = to
	return true
}

// View returns the box for a screen of w columns and h rows.
func (m *Model) View(l *look.Look, w, h int) []string {
	inside := min(100, w-6)
	lines := m.lines(l, inside)
	room := max(1, h-4)
	m.most = max(0, len(lines)-room)
	m.top = min(m.top, m.most)
	foot := "← → other flows · Esc"
	if m.most > 0 {
		foot = fmt.Sprintf("lines %d to %d of %d · ↑ ↓ scroll · ← → other flows · Esc", m.top+1, min(m.top+room, len(lines)), len(lines))
	}
	return l.Box("flow "+m.place, foot, lines[m.top:min(m.top+room, len(lines))], inside)
}

// field is one line of the detail: a name, a value and what it means.
type field struct {
	name, value, about string
	token              themes.Token
}

// lines lays the sections out in w columns; explanations go where there is room for them.
func (m *Model) lines(l *look.Look, w int) []string {
	var out []string
	for i, s := range m.sections() {
		if i > 0 {
			out = append(out, "")
		}
		out = append(out, l.Paint(themes.Title, s.title))
		for _, f := range s.fields {
			out = append(out, f.lines(l, w)...)
		}
	}
	return out
}

const (
	nameWidth  = 14
	valueWidth = 30
)

func (f field) lines(l *look.Look, w int) []string {
	if f.value == "" {
		f.value, f.token = "none", themes.Muted
	}
	name := "  " + l.Paint(themes.Muted, look.Left(f.name, nameWidth))
	room := w - 2 - nameWidth
	values := look.Wrap(f.value, room)
	if len(values) == 1 && look.Width(f.value) <= valueWidth && room > valueWidth+20 {
		line := name + l.Paint(f.token, look.Left(f.value, valueWidth+1))
		abouts := look.Wrap(f.about, room-valueWidth-1)
		out := []string{line + l.Paint(themes.Muted, abouts[0])}
		for _, a := range abouts[1:] {
			out = append(out, look.Blank(2+nameWidth+valueWidth+1)+l.Paint(themes.Muted, a))
		}
		return out
	}
	out := make([]string, 0, len(values)+1)
	for i, v := range values {
		if i > 0 {
			name = look.Blank(2 + nameWidth)
		}
		out = append(out, name+l.Paint(f.token, v))
	}
	if f.about != "" {
		for _, a := range look.Wrap(f.about, room) {
			out = append(out, look.Blank(2+nameWidth)+l.Paint(themes.Muted, a))
		}
	}
	return out
}
