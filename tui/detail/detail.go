// Package detail shows everything that is known of one flow: its fields by name and
// meaning, and what can be derived from them.
//
// It may import internal/flow and the leaf packages of tui. The surprising thing: what is
// derived (state, rates, service) is said to be derived, and from what, because the sensor
// never sent it.
package detail

import (
	"fmt"
	"net/netip"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"cxlens/internal/flow"
	"cxlens/tui/keymap"
)

// Model is the detail of the flow under the table's cursor. Create it with New.
type Model struct {
	keys    keymap.Map
	record  flow.Record
	node    flow.NodeInfo
	place   string
	zone    *time.Location
	related []Related
	cursor  int // the field, of all sections
	top     int // the first line that is visible

	// Facts returns what is known of an address beside the flow; nil for nothing.
	Facts func(netip.Addr) []Fact
	// Step moves the table's cursor and shows that flow; false at an end.
	Step func(by int) bool
	// Open runs a query for related flows, by its action; false when there is none of this flow.
	Open func(action string) (tea.Cmd, bool)
	// Aside tells whether Open uses a new tab.
	Aside func() bool
	// Copy puts text on the clipboard; what says what it is.
	Copy func(text, what string) tea.Cmd
	// Leave closes the detail.
	Leave func()
	// Say puts a line into the status line.
	Say func(text string)
}

// Related is a query for other flows that have something in common with this one.
type Related struct {
	Action string // of the pivots, which Open gets
	Name   string
	Query  string // "" when this flow has none; Why then says so
	Why    string
}

// Fact is one thing that is known of an address, clean.
type Fact struct {
	Name, Value string
	About       string // where it comes from
}

// New returns an empty detail; Show fills it. Times are shown in UTC and in zone.
func New(keys keymap.Map, zone *time.Location) *Model { return &Model{keys: keys, zone: zone} }

// Show shows a flow; place says which of how many it is.
func (m *Model) Show(r *flow.Record, node flow.NodeInfo, place string, related []Related) {
	m.record, m.node, m.place, m.related = *r, node, place, related
	m.cursor = min(m.cursor, len(m.fields())-1)
}

// Update moves, steps, copies and opens what is related.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
	key, ok := msg.(tea.KeyPressMsg)
	if !ok {
		return nil
	}
	b, ok := m.keys.Pressed(key.String(), "in the detail", "detail.leave", m.Say)
	if !ok {
		return nil
	}
	cmd, ok := m.do(b.ID)
	if !ok {
		m.Say(b.Why)
	}
	return cmd
}

func (m *Model) do(id string) (cmd tea.Cmd, ok bool) {
	switch id {
	case "detail.up":
		return nil, m.move(-1)
	case "detail.down":
		return nil, m.move(1)
	case "detail.page-up":
		return nil, m.move(-10)
	case "detail.page-down":
		return nil, m.move(10)
	case "detail.previous":
		return nil, m.Step(-1)
	case "detail.next":
		return nil, m.Step(1)
	case "detail.copy":
		f := m.current()
		return m.Copy(f.value, f.name), true
	case "detail.copy-all":
		return m.Copy(m.text(), "the whole flow"), true
	case "detail.open":
		if f := m.current(); f.opens != "" {
			return m.Open(f.opens)
		}
		m.Leave()
	case "detail.leave":
		m.Leave()
	default:
		return m.Open(actions[id])
	}
	return nil, true
}

// move moves the cursor by so many fields.
func (m *Model) move(by int) bool {
	to := min(max(m.cursor+by, 0), len(m.fields())-1)
	if to == m.cursor {
		return false
	}
	m.cursor = to
	return true
}

// fields are those of all sections.
func (m *Model) fields() []field {
	var out []field
	for _, s := range m.sections() {
		out = append(out, s.fields...)
	}
	return out
}

// current is the field under the cursor. There may be fewer of them than there were: what is known
// of an address can be taken back.
func (m *Model) current() field {
	all := m.fields()
	m.cursor = min(m.cursor, len(all)-1)
	return all[m.cursor]
}

// text is the whole detail as lines of name, value and meaning.
func (m *Model) text() string {
	var b strings.Builder
	for _, s := range m.sections() {
		fmt.Fprintf(&b, "%s\n", s.title)
		for _, f := range s.fields {
			fmt.Fprintf(&b, "  %-14s %s", f.name, f.shown())
			if f.about != "" {
				fmt.Fprintf(&b, "  (%s)", f.about)
			}
			b.WriteByte('\n')
		}
	}
	return b.String()
}
