package facets

import (
	"context"
	"encoding/binary"
	"strconv"

	"cxlens/internal/flow"
	"cxlens/tui/sums"
)

const (
	// stepRows is how many rows are summed up between two looks at whether anybody wants them.
	stepRows = 1 << 18
	// mostGroups bounds what is held in memory.
	mostGroups = 500_000
)

// Here sums up rows that are here, in pieces. It is for one goroutine at a time.
type Here struct {
	view   *flow.View
	rows   []uint32 // nil: the first n of view
	n, at  int
	by     []flow.Column
	byKey  map[string]int32
	groups []here
	all    sums.Sums
	cut    bool
}

// here is a group while it is summed up.
type here struct {
	row         int32 // one of its rows
	sums        sums.Sums
	first, last int64
}

// NewHere sums up n rows of a view by columns: those of rows, or the first ones.
func NewHere(v *flow.View, rows []uint32, n int, by []flow.Column) *Here {
	return &Here{view: v, rows: rows, n: n, by: by, byKey: make(map[string]int32)}
}

// Step sums up further rows and tells whether any are left. It stops when ctx is done.
func (h *Here) Step(ctx context.Context) (more bool) {
	var key []byte
	for end := min(h.at+stepRows, h.n); h.at < end; h.at++ {
		if h.at%4096 == 0 && ctx.Err() != nil {
			return false
		}
		row := h.at
		if h.rows != nil {
			row = int(h.rows[h.at])
		}
		key = h.key(key[:0], row)
		i, ok := h.byKey[string(key)]
		if !ok {
			if len(h.groups) == mostGroups {
				h.cut = true
				return false
			}
			i = int32(len(h.groups))
			h.byKey[string(key)] = i
			start := h.view.Int64(flow.ColStart, row)
			h.groups = append(h.groups, here{row: int32(row), first: start, last: start})
		}
		h.groups[i].add(h.view, row, &h.all)
	}
	return h.at < h.n
}

func (g *here) add(v *flow.View, row int, all *sums.Sums) {
	s := sums.Sums{sums.Flows: 1, sums.Bytes: v.Uint64(flow.ColBytes, row), sums.Packets: v.Uint64(flow.ColPackets, row)}
	g.sums.Add(s)
	all.Add(s)
	start := v.Int64(flow.ColStart, row)
	g.first, g.last = min(g.first, start), max(g.last, start)
}

// key tells the groups apart: by numbers where equal numbers read the same, else by the text.
func (h *Here) key(dst []byte, row int) []byte {
	for _, c := range h.by {
		switch c {
		case flow.ColNode, flow.ColAgent, flow.ColNetgroup, flow.ColPcapFile, flow.ColPcapEndFile, flow.ColPPS, flow.ColBPS, flow.ColBPP:
			at := len(dst)
			dst = append(dst, 0, 0, 0, 0)
			dst = h.view.AppendCell(dst, c, row)
			binary.LittleEndian.PutUint32(dst[at:], uint32(len(dst)-at))
		default:
			dst = binary.LittleEndian.AppendUint64(dst, h.view.Uint64(c, row))
		}
	}
	return dst
}

// Done is how many of how many rows are summed up.
func (h *Here) Done() (rows, of int) { return h.at, h.n }

// Answer is what is summed up so far: the most groups with the highest metric.
func (h *Here) Answer(metric sums.Metric, most int) Answer {
	top := highest(h.groups, metric, most)
	a := Answer{Of: uint64(len(h.groups)), All: h.all, Exact: true, Cut: h.cut}
	for _, i := range top {
		g := &h.groups[i]
		values := make([]string, len(h.by))
		for k, c := range h.by {
			values[k] = string(h.view.AppendCell(nil, c, int(g.row)))
		}
		a.Groups = append(a.Groups, Group{
			Values: values, Sums: g.sums, First: string(flow.AppendTime(nil, g.first)), Last: string(flow.AppendTime(nil, g.last)),
		})
	}
	return a
}

func appendDecimal(n uint64) []byte { return strconv.AppendUint(nil, n, 10) }
