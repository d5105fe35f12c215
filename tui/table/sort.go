package table

import (
	"slices"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"cxlens/internal/flow"
)

// Keys returns the order that is asked for.
func (m *Model) Keys() []flow.SortKey { return slices.Clone(m.arrange.keys) }

// Arrival returns the order in which the rows were asked for.
func (m *Model) Arrival() []flow.SortKey { return slices.Clone(m.arrange.arrival) }

// OrderedByServer tells whether the order is the one in which the rows were asked for, so that a
// limit cut off the rows that come last in it.
func (m *Model) OrderedByServer() bool { return slices.Equal(m.arrange.keys, m.arrange.arrival) }

// SortBy orders by keys. The rows on the screen stay until the new order is ready.
func (m *Model) SortBy(keys []flow.SortKey) tea.Cmd {
	a := &m.arrange
	a.stop()
	a.keys, a.failure = slices.Clone(keys), nil
	a.rested = time.Time{}
	m.fresh = false
	return m.rearrange()
}

// sortColumn makes c the only column of the order, or turns its direction around.
func (m *Model) sortColumn(c flow.Column) tea.Cmd {
	keys := m.arrange.keys
	if len(keys) == 1 && keys[0].Column == c {
		return m.SortBy([]flow.SortKey{{Column: c, Desc: !keys[0].Desc}})
	}
	return m.SortBy([]flow.SortKey{{Column: c, Desc: numeric(c)}})
}

// addColumn adds c to the order, or turns its direction around where it stands.
func (m *Model) addColumn(c flow.Column) tea.Cmd {
	keys := slices.Clone(m.arrange.keys)
	i := slices.IndexFunc(keys, func(k flow.SortKey) bool { return k.Column == c })
	if i < 0 {
		return m.SortBy(append(keys, flow.SortKey{Column: c, Desc: numeric(c)}))
	}
	keys[i].Desc = !keys[i].Desc
	return m.SortBy(keys)
}

// removeColumn takes c out of the order; the last one of it stays.
func (m *Model) removeColumn(c flow.Column) (tea.Cmd, bool) {
	keys := slices.DeleteFunc(slices.Clone(m.arrange.keys), func(k flow.SortKey) bool { return k.Column == c })
	if len(keys) == 0 || len(keys) == len(m.arrange.keys) {
		return nil, false
	}
	return m.SortBy(keys), true
}

// mark is the sign of a column's part in the order: its direction, and its number when there are several.
func (m *Model) mark(c flow.Column) string {
	for i, k := range m.arrange.keys {
		if k.Column != c {
			continue
		}
		sign := "▲"
		if k.Desc {
			sign = "▼"
		}
		if len(m.arrange.keys) > 1 {
			sign += strconv.Itoa(i + 1)
		}
		return sign
	}
	return ""
}

// SortText says the order: "start↓, src_bytes↑", "as it came" for none.
func (m *Model) SortText() string { return SortText(m.arrange.keys) }

// SortText says an order: "start↓, src_bytes↑", "as it came" for none.
func SortText(keys []flow.SortKey) string {
	if len(keys) == 0 {
		return "as it came"
	}
	parts := make([]string, len(keys))
	for i, k := range keys {
		parts[i] = k.Column.String() + "↑"
		if k.Desc {
			parts[i] = k.Column.String() + "↓"
		}
	}
	return strings.Join(parts, ", ")
}
