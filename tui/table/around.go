package table

import (
	"net/netip"
	"slices"

	tea "charm.land/bubbletea/v2"

	"cxlens/internal/flow"
)

// SetAround sets what is known around the flows, for the columns that no flow has itself; nil for nothing. An order
// by one of them is made anew.
func (m *Model) SetAround(a *flow.Around) tea.Cmd {
	m.around, m.fresh = a, false
	if m.view == nil {
		return nil
	}
	m.view = m.view.With(a)
	if m.OrderedByScreen() {
		return m.SortBy(m.arrange.keys)
	}
	return nil
}

// isName tells whether a column shows what addresses are called.
func isName(c flow.Column) bool { return c == flow.ColSrcName || c == flow.ColDstName }

// ShowsNames tells whether a column of names is among the chosen ones.
func (m *Model) ShowsNames() bool { return slices.ContainsFunc(m.columns, isName) }

// orders tells whether rows can be ordered by a column, and has TakeOutcome say why not.
func (m *Model) orders(c flow.Column) bool {
	switch {
	case isName(c) && (m.around == nil || m.around.Name == nil):
		m.find.outcome = NoNames
	case c == flow.ColDirection && (m.around == nil || m.around.Inside == nil):
		m.find.outcome = NoDirections
	default:
		return true
	}
	return false
}

// Asked is the order in which a server can be asked for the rows: the present one without what only the screen
// knows, or, when nothing is left of it, the one in which they were asked for,
// else the newest first.
func (m *Model) Asked() []flow.SortKey {
	keys := known(m.arrange.keys)
	if len(keys) > 0 || len(m.arrange.keys) == 0 {
		return keys
	}
	if keys = known(m.arrange.arrival); len(keys) == 0 {
		keys = []flow.SortKey{{Column: flow.ColStart, Desc: true}}
	}
	return keys
}

// OrderedByScreen tells whether the order has a column that no server knows.
func (m *Model) OrderedByScreen() bool { return len(known(m.arrange.keys)) < len(m.arrange.keys) }

func known(keys []flow.SortKey) []flow.SortKey {
	return slices.DeleteFunc(slices.Clone(keys), func(k flow.SortKey) bool { return k.Column >= flow.NumColumns })
}

// Again empties the table for the rows that were asked for as Asked says; they are shown in the present order.
func (m *Model) Again() {
	keys := m.Keys()
	m.Reset(m.Asked())
	m.arrange.keys = keys
}

// address is the address of the column of an address or of its name.
func address(r *flow.Record, c flow.Column) netip.Addr {
	if c == flow.ColSrcIP || c == flow.ColSrcName {
		return r.Src.Netip(r.IPVersion)
	}
	return r.Dst.Netip(r.IPVersion)
}
