package query

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"cxlens/internal/flow"
)

// Bounds of what CollectSeen looks at and keeps.
const (
	// SeenRows is how many rows are looked at, the first ones.
	SeenRows = 200_000
	// SeenValues is how many values of a field are kept, the most frequent ones.
	SeenValues = 100
)

// Seen are the values that the rows of a result have most, for completion. nil has none. It never changes.
type Seen struct{ fields map[seenField][]seenValue }

type seenField struct {
	field Field
	side  Side
}

type seenValue struct {
	text string // as a query has it
	n    int
}

// CollectSeen counts the values of the first SeenRows rows of v: addresses, ports, protocols, states, services,
// nodes and files. Ports that stand in one row only are left out: a client's system chose them. An error is that of ctx.
func CollectSeen(ctx context.Context, v *flow.View) (*Seen, error) {
	c := collector{ctx: ctx, view: v, rows: min(v.Len(), SeenRows), seen: &Seen{fields: map[seenField][]seenValue{}}}
	c.sides(FieldIP, flow.ColSrcIP, flow.ColDstIP, 1, func(code uint64) string {
		a, version := v.Addr(uint32(code))
		return a.Text(version)
	})
	c.sides(FieldPort, flow.ColSrcPort, flow.ColDstPort, 2, func(port uint64) string { return strconv.FormatUint(port, 10) })
	c.one(FieldProto, flow.ColProto, func(n uint64) string { return flow.ProtoName(uint8(n)) })
	c.one(FieldState, flow.ColState, func(n uint64) string { return flow.State(n).String() })
	c.one(FieldService, flow.ColService, func(n uint64) string { return name(flow.ServiceOf(n)) })
	c.one(FieldFile, flow.ColPcapFile, func(code uint64) string { return name(v.File(uint32(code))) })
	c.one(FieldNode, flow.ColNode, func(id uint64) string { return name(v.Node(uint32(id)).Name) })
	c.one(FieldAgent, flow.ColNode, func(id uint64) string { return name(v.Node(uint32(id)).Agent) })
	c.one(FieldNetgroup, flow.ColNode, func(id uint64) string { return name(v.Node(uint32(id)).Netgroup) })
	return c.seen, ctx.Err()
}

// name is a name as a query has it, "" for none.
func name(s string) string {
	if s == "" {
		return ""
	}
	return wordText(s)
}

// collector counts one column after the other.
type collector struct {
	ctx  context.Context
	view *flow.View
	rows int
	seen *Seen
}

// one counts the values of a field that has no sides.
func (c *collector) one(f Field, col flow.Column, text func(uint64) string) {
	c.keep(seenField{f, Either}, c.tally(col), 1, text)
}

// sides counts the values of both sides and of either; values of fewer than least rows are left out.
func (c *collector) sides(f Field, src, dst flow.Column, least int, text func(uint64) string) {
	from, to := c.tally(src), c.tally(dst)
	c.keep(seenField{f, Src}, from, least, text)
	c.keep(seenField{f, Dst}, to, least, text)
	for v, n := range to {
		from[v] += n
	}
	c.keep(seenField{f, Either}, from, least, text)
}

// tally counts the numbers that stand for the values of a column.
func (c *collector) tally(col flow.Column) map[uint64]int {
	const step = 8192
	counts := map[uint64]int{}
	values, protos := make([]uint64, step), make([]uint64, step)
	for from := 0; from < c.rows && c.ctx.Err() == nil; from += step {
		n := min(step, c.rows-from)
		c.view.Uint64s(col, from, values[:n])
		ports := col == flow.ColSrcPort || col == flow.ColDstPort
		if ports {
			c.view.Uint64s(flow.ColProto, from, protos[:n])
		}
		for i, v := range values[:n] {
			if ports && (protos[i] == uint64(flow.ICMP) || protos[i] == uint64(flow.ICMP6)) {
				continue // the ports of ICMP flows are their id
			}
			counts[v]++
		}
	}
	return counts
}

// keep keeps the most frequent values.
func (c *collector) keep(f seenField, counts map[uint64]int, least int, text func(uint64) string) {
	type count struct {
		value uint64
		n     int
	}
	all := make([]count, 0, len(counts))
	for v, n := range counts {
		if n >= least {
			all = append(all, count{v, n})
		}
	}
	slices.SortFunc(all, func(a, b count) int { return cmp.Or(cmp.Compare(b.n, a.n), cmp.Compare(a.value, b.value)) })
	var kept []seenValue
	for _, v := range all {
		t := text(v.value)
		if i := slices.IndexFunc(kept, func(k seenValue) bool { return k.text == t }); i >= 0 {
			kept[i].n += v.n // two nodes of one agent
			continue
		}
		if t == "" {
			continue
		}
		if len(kept) == SeenValues {
			break
		}
		kept = append(kept, seenValue{t, v.n})
	}
	c.seen.fields[f] = kept
}

func (s *Seen) values(f Field, side Side) []seenValue {
	if s == nil {
		return nil
	}
	return s.fields[seenField{f, side}]
}

// texts lists the values of a field, the most frequent ones first.
func (s *Seen) texts(f Field, side Side) []string {
	var out []string
	for _, v := range s.values(f, side) {
		out = append(out, v.text)
	}
	return out
}

// count is how often the rows have a value.
func (s *Seen) count(f Field, side Side, text string) int {
	for _, v := range s.values(f, side) {
		if v.text == text {
			return v.n
		}
	}
	return 0
}
