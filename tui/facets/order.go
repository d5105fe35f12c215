package facets

import (
	"cmp"
	"math"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"cxlens/internal/flow"
	"cxlens/query/steps"
	"cxlens/tui/sums"
)

// Order is what a list is sorted by: a column of it, those of the values first, then flows, bytes, packets, the share,
// and the first and the last start.
type Order struct {
	Column int
	Desc   bool
}

// The columns after those of the values.
const (
	shareCol = int(sums.NumMetrics) + iota
	firstCol
	lastCol
	numCols
)

var colNames = [numCols]string{"flows", "bytes", "packets", "share", "first", "last"}

// byMetric is the order by the metric, the highest first.
func (m *Model) byMetric() Order { return Order{len(m.by) + int(m.metric), true} }

// Order is what the list is sorted by, as SetOrder reads it: "-bytes" for the most bytes first, "by.src_ip" for a value.
func (m *Model) Order() string {
	sign := ""
	if m.order.Desc {
		sign = "-"
	}
	if m.order.Column < len(m.by) {
		return sign + "by." + m.by[m.order.Column].String()
	}
	return sign + colNames[m.order.Column-len(m.by)]
}

// SetOrder sorts by what Order wrote, also of a list of other columns; ok is false where this list has no such column.
func (m *Model) SetOrder(text string) (ok bool) {
	name, desc := strings.CutPrefix(text, "-")
	col := slices.Index(colNames[:], name)
	if col >= 0 {
		col += len(m.by)
	}
	if value, isValue := strings.CutPrefix(name, "by."); isValue {
		col = slices.IndexFunc(m.by, func(c flow.Column) bool { return c.String() == value })
	}
	if col < 0 {
		return false
	}
	m.sortBy(Order{col, desc})
	return true
}

// SortChosen sorts by the column that was chosen, or turns its direction around. It tells whether others are the highest
// now, because the column is another metric.
func (m *Model) SortChosen() (other bool) {
	o := Order{m.col, m.col >= len(m.by) && m.col != len(m.by)+firstCol}
	if m.order.Column == m.col {
		o.Desc = !m.order.Desc
	}
	was := m.metric
	m.sortBy(o)
	m.cursor, m.top = 0, 0
	return m.metric != was
}

// SortBy lists by another metric, the highest first.
func (m *Model) SortBy(metric sums.Metric) {
	m.metric = metric
	m.cursor, m.top = 0, 0
	m.sortBy(m.byMetric())
}

func (m *Model) sortBy(o Order) {
	m.order, m.col = o, o.Column
	if c := o.Column - len(m.by); c >= 0 && c < int(sums.NumMetrics) {
		m.metric = sums.Metric(c)
	}
	m.sort()
}

// rank is a group's place in an order: by the first of these that differs.
type rank struct {
	count  uint64
	number float64
	addr   netip.Addr
	text   string
	group  Group
}

func (r *rank) compare(o *rank) int {
	return cmp.Or(cmp.Compare(r.count, o.count), cmp.Compare(r.number, o.number), r.addr.Compare(o.addr), cmp.Compare(r.text, o.text))
}

// sort orders the groups; equal ones by the metric, the highest first, and then as they came.
func (m *Model) sort() {
	ranks := make([]rank, len(m.answer.Groups))
	for i, g := range m.answer.Groups {
		ranks[i] = m.rank(g)
	}
	slices.SortStableFunc(ranks, func(a, b rank) int {
		by := a.compare(&b)
		if m.order.Desc {
			by = -by
		}
		return cmp.Or(by, cmp.Compare(b.group.Sums[m.metric], a.group.Sums[m.metric]))
	})
	groups := make([]Group, len(ranks))
	for i := range ranks {
		groups[i] = ranks[i].group
	}
	m.answer.Groups = groups
	m.find()
}

// rank makes a group comparable: values by what they are and not by their letters, none before all others.
func (m *Model) rank(g Group) rank {
	r := rank{group: g}
	switch c := m.order.Column - len(m.by); {
	case c == shareCol:
		r.count = g.Sums[m.metric]
	case c == firstCol:
		r.text = g.First
	case c == lastCol:
		r.text = g.Last
	case c >= 0:
		r.count = g.Sums[c]
	default:
		if m.inSteps(m.order.Column) {
			r.step(m.by[m.order.Column], g.Values[m.order.Column])
			return r
		}
		r.value(m.by[m.order.Column], g.Values[m.order.Column])
	}
	return r
}

// step takes in a step of a column: none before the others.
func (r *rank) step(c flow.Column, text string) {
	if s, err := steps.Parse(c, text); err == nil && !s.None {
		r.count, r.text = s.Lo, "step" // after what is none
	}
}

// value takes in a cell of a column.
func (r *rank) value(c flow.Column, cell string) {
	switch c {
	case flow.ColSrcIP, flow.ColDstIP:
		r.addr, _ = netip.ParseAddr(cell) // what is none comes first, and then goes by its text
	case flow.ColDuration, flow.ColPPS, flow.ColBPS, flow.ColBPP:
		if f, err := strconv.ParseFloat(cell, 64); err == nil {
			r.number = f
		} else {
			r.number = math.Inf(-1)
		}
	case flow.ColID, flow.ColSrcPort, flow.ColDstPort, flow.ColSrcPackets, flow.ColDstPackets, flow.ColSrcBytes, flow.ColDstBytes,
		flow.ColBytes, flow.ColPackets, flow.ColPcapOffset, flow.ColPcapEndOffset, flow.ColIPVersion:
		if n, err := strconv.ParseUint(cell, 10, 64); err == nil {
			r.count = n
		} else if n, err := strconv.ParseInt(cell, 10, 64); err == nil {
			r.number = float64(n) // an offset below 0
		}
	}
	r.text = cell
}
