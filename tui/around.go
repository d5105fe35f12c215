package tui

import (
	"net/netip"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"cxlens/internal/flow"
	"cxlens/internal/lookup"
	"cxlens/tui/table"
)

// insideNet is the named network whose addresses are inside, for the column of the direction.
const insideNet = "internal"

// about is what is known of addresses, taken from the screen so that commands may ask it.
type about struct {
	settings lookup.Settings
	files    *lookup.Databases
	hosts    *lookup.Hosts
}

func (m *model) about() about { return about{m.opts.Lookup, m.lookups.files, m.lookups.hosts} }

// knows tells whether something can be known of any address.
func (k about) knows() bool {
	return k.settings.DNS || !k.settings.Networks.Empty() || !k.files.Empty()
}

// name is all that is known of an address in one line, the most important first, "" for nothing.
func (k about) name(a netip.Addr) string {
	var words []string
	for _, p := range k.pieces(a, lookup.ShowAll) {
		words = append(words, p.Text)
	}
	return strings.Join(words, " ")
}

// surroundings are what is known around the flows. A direction needs the network $internal.
func (m *model) surroundings() *flow.Around {
	k := m.about()
	a := &flow.Around{}
	if k.knows() {
		a.Name = func(addr flow.Addr, version uint8) string { return k.name(addr.Netip(version)) }
	}
	if k.settings.Networks.Has(insideNet) {
		a.Inside = func(addr flow.Addr, version uint8) bool {
			return slices.Contains(k.settings.Networks.Of(addr.Netip(version)), insideNet)
		}
	}
	return a
}

// reAround gives the tables of all tabs what is known now.
func (m *model) reAround() tea.Cmd {
	var cmds []tea.Cmd
	for _, t := range slices.Concat(m.tabs.open, m.tabs.closed) {
		cmds = append(cmds, t.table.SetAround(m.surroundings()))
	}
	return tea.Batch(cmds...)
}

// hearOrder says why rows are not ordered by a column.
func (m *model) hearOrder(o table.Outcome) {
	switch o {
	case table.NoNames:
		m.warn("nothing is known of any address: config.toml defines no network, and no look-up is on")
	case table.NoDirections:
		m.warn(noDirections)
	}
}

const noDirections = "the direction is not known: config.toml defines no network internal"

// checkDirection says why a column of directions is empty.
func (m *model) checkDirection() {
	if !m.opts.Lookup.Networks.Has(insideNet) && slices.Contains(m.table.Columns(), flow.ColDirection) {
		m.warn(noDirections)
	}
}

// screenOnly says why something that a server answers cannot be done with the column under the cursor.
func (m *model) screenOnly(what string) bool {
	c := m.table.Column()
	if c < flow.NumColumns {
		return false
	}
	text := "src_ip and dst_ip can be"
	if c == flow.ColDirection {
		text = "src net $internal and dst net $internal say it in a query"
	}
	m.warn(c.String() + " is of the screen, no server knows it and it cannot be " + what + "; " + text)
	return true
}
