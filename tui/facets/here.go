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

// blockRows is how many rows are decoded at a time.
const blockRows = 4096

// Here sums up rows that are here, in pieces. It is for one goroutine at a time.
type Here struct {
	view     *flow.View
	rows     []uint32 // nil: the first n of view
	n, at    int
	by       []flow.Column
	byNumber map[uint64]int32 // of one column whose equal numbers read the same
	byKey    map[string]int32 // of all others
	groups   []here
	all      sums.Sums
	cut      bool

	// The block that was decoded last.
	start, bytes, packets []uint64
	numbers               [][]uint64 // by column, nil for one that is told apart by its text
}

// here is a group while it is summed up.
type here struct {
	row         uint32 // one of its rows
	sums        sums.Sums
	first, last int64
}

// NewHere sums up n rows of a view by columns: those of rows, or the first ones.
func NewHere(v *flow.View, rows []uint32, n int, by []flow.Column) *Here {
	h := &Here{view: v, rows: rows, n: n, by: by, byNumber: make(map[uint64]int32), byKey: make(map[string]int32), numbers: make([][]uint64, len(by))}
	size := min(n, blockRows)
	h.start, h.bytes, h.packets = make([]uint64, size), make([]uint64, size), make([]uint64, size)
	for i, c := range by {
		if !byText(c) {
			h.numbers[i] = make([]uint64, size)
		}
	}
	return h
}

// byText tells the columns of which different numbers may read the same.
func byText(c flow.Column) bool {
	switch c {
	case flow.ColNode, flow.ColAgent, flow.ColNetgroup, flow.ColPcapFile, flow.ColPcapEndFile, flow.ColPPS, flow.ColBPS, flow.ColBPP:
		return true
	}
	return false
}

// Step sums up further rows and tells whether any are left. It stops when ctx is done.
func (h *Here) Step(ctx context.Context) (more bool) {
	for end := min(h.at+stepRows, h.n); h.at < end; {
		if ctx.Err() != nil {
			return false
		}
		n := min(blockRows, end-h.at)
		h.decode(n)
		for i := range n {
			g := h.group(i)
			if g == nil {
				h.cut = true
				return false
			}
			one := sums.Sums{sums.Flows: 1, sums.Bytes: h.bytes[i], sums.Packets: h.packets[i]}
			g.sums.Add(one)
			h.all.Add(one)
			g.first, g.last = min(g.first, int64(h.start[i])), max(g.last, int64(h.start[i]))
			h.at++
		}
	}
	return h.at < h.n
}

// decode reads the columns of the next n rows.
func (h *Here) decode(n int) {
	h.column(flow.ColStart, h.start[:n])
	h.column(flow.ColBytes, h.bytes[:n])
	h.column(flow.ColPackets, h.packets[:n])
	for i, c := range h.by {
		if h.numbers[i] != nil {
			h.column(c, h.numbers[i][:n])
		}
	}
}

func (h *Here) column(c flow.Column, dst []uint64) {
	if h.rows == nil {
		h.view.Uint64s(c, h.at, dst)
		return
	}
	for i, row := range h.rows[h.at : h.at+len(dst)] {
		dst[i] = h.view.Uint64(c, int(row))
	}
}

// group is the group of the row at h.at, which is number i of the block; nil when there are too many.
func (h *Here) group(i int) *here {
	row := h.at
	if h.rows != nil {
		row = int(h.rows[h.at])
	}
	var at int32
	var ok bool
	var key []byte
	one := len(h.by) == 1 && h.numbers[0] != nil
	if one {
		at, ok = h.byNumber[h.numbers[0][i]]
	} else {
		var buf [128]byte
		key = h.key(buf[:0], i, row)
		at, ok = h.byKey[string(key)]
	}
	if ok {
		return &h.groups[at]
	}
	if len(h.groups) == mostGroups {
		return nil
	}
	at = int32(len(h.groups))
	h.groups = append(h.groups, here{row: uint32(row), first: int64(h.start[i]), last: int64(h.start[i])})
	if one {
		h.byNumber[h.numbers[0][i]] = at
	} else {
		h.byKey[string(key)] = at
	}
	return &h.groups[at]
}

// key tells the groups of several columns apart: by numbers where equal numbers read the same, else by the text.
func (h *Here) key(dst []byte, i, row int) []byte {
	for k, c := range h.by {
		if h.numbers[k] != nil {
			dst = binary.LittleEndian.AppendUint64(dst, h.numbers[k][i])
			continue
		}
		at := len(dst)
		dst = append(dst, 0, 0, 0, 0)
		dst = h.view.AppendCell(dst, c, row)
		binary.LittleEndian.PutUint32(dst[at:], uint32(len(dst)-at))
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
