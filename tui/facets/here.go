package facets

import (
	"context"
	"math/rand/v2"
	"slices"
	"strconv"

	"cxlens/internal/flow"
	"cxlens/query/steps"
	"cxlens/tui/sums"
)

const (
	// stepRows is how many rows are looked at between two looks at whether anybody wants them.
	stepRows = 1 << 18
	// blockRows is how many rows are decoded at a time.
	blockRows = 4096
	// dense is the share of a block's rows, one in so many, from which decoding all of it is faster than reading some.
	dense = 8
)

// mostAtOnce is how many groups are held in memory at a time: at most 64 bytes for each. A test makes it small.
var mostAtOnce = 1 << 20

// Here sums up rows that are here, in pieces. However many groups there are, each is counted: where they do not fit
// into memory at once, the rows are gone through several times, each time for the groups of another range of hashes.
// It is for one goroutine at a time.
type Here struct {
	view *flow.View
	rows []uint32 // those that count, nil for the first n of view
	n    int
	by   []flow.Column
	set  []uint64 // a bit for each of rows, nil for all

	readers []reader
	ranges  []hashRange // still to be gone through, the next one last
	at      int         // the next row of it
	share   float64     // of all hashes whose groups are summed up
	seed    uint64      // so that nobody can send numbers whose hashes crowd together
	spans   []*span     // of times whose steps are not known yet
	shift   int64       // of the steps, see steps.For
	groups  groups

	// Of the groups that are complete.
	of  uint64
	all sums.Sums
	top [sums.NumMetrics]top

	// The rows of a block that are in the present range: which, their hashes and what they count.
	picked, hashes, start, bytes, packets []uint64
}

// hashRange are the hashes that begin with so many bits.
type hashRange struct {
	prefix uint64
	bits   int
}

// has tells whether a hash is one of them. A shift by all 64 bits leaves 0, the prefix of all hashes.
func (r hashRange) has(hash uint64) bool { return hash>>(64-r.bits) == r.prefix }

func (r hashRange) share() float64 { return 1 / float64(uint64(1)<<min(r.bits, 62)) }

// NewHere sums up n rows of a view by columns: those of rows, which are below n for nil; most is how many groups of
// each metric an answer has at most.
func NewHere(v *flow.View, rows []uint32, n int, by []flow.Column, most int) *Here {
	if len(rows) == v.Len() {
		rows = nil // the same ones in another order
	}
	h := &Here{view: v, rows: rows, n: n, by: slices.Clone(by), ranges: []hashRange{{}}, groups: newGroups(len(by)), seed: rand.Uint64()}
	if rows != nil {
		h.n = v.Len()
	}
	for _, c := range by {
		h.readers = append(h.readers, newReader(v, c))
	}
	for _, buf := range []*[]uint64{&h.picked, &h.hashes, &h.start, &h.bytes, &h.packets} {
		*buf = make([]uint64, blockRows)
	}
	for i := range h.top {
		h.top[i] = top{metric: sums.Metric(i), most: most}
	}
	return h
}

// Step sums up further rows and tells whether any are left. It stops when ctx is done.
func (h *Here) Step(ctx context.Context) (more bool) {
	if h.rows != nil && h.set == nil {
		h.set = make([]uint64, (h.n+63)/64)
		for _, row := range h.rows {
			h.set[row>>6] |= 1 << (row & 63)
		}
	}
	for scanned := 0; scanned < stepRows && len(h.ranges) > 0; {
		if ctx.Err() != nil {
			return false
		}
		if len(h.spans) > 0 {
			scanned += h.measure()
			continue
		}
		if h.at >= h.n {
			h.finish()
			continue
		}
		n := min(blockRows, h.n-h.at)
		h.block(n)
		scanned, h.at = scanned+n, h.at+n
		if h.groups.len() > mostAtOnce {
			h.split()
		}
	}
	return len(h.ranges) > 0
}

// block sums up those of the next n rows that are in the present range.
func (h *Here) block(n int) {
	for i := range h.readers {
		h.readers[i].read(h.at, n)
	}
	k := h.pick(n)
	if k == 0 {
		return
	}
	h.decode(flow.ColStart, h.start, n, k)
	h.decode(flow.ColBytes, h.bytes, n, k)
	h.decode(flow.ColPackets, h.packets, n, k)
	for j, i := range h.picked[:k] {
		g := h.groups.find(h.hashes[j], h.readers, int(i), uint32(h.at+int(i)), int64(h.start[j]))
		g.sums[sums.Flows]++
		g.sums[sums.Bytes] = sums.Plus(g.sums[sums.Bytes], h.bytes[j])
		g.sums[sums.Packets] = sums.Plus(g.sums[sums.Packets], h.packets[j])
		g.first, g.last = min(g.first, int64(h.start[j])), max(g.last, int64(h.start[j]))
	}
}

// pick lists those of the block's n rows that count and are in the present range.
func (h *Here) pick(n int) (k int) {
	r := h.ranges[len(h.ranges)-1]
	for i := range n {
		if !h.counts(h.at + i) {
			continue
		}
		hash := mix(h.readers[0].numbers[i] ^ h.seed)
		for c := 1; c < len(h.readers); c++ {
			hash = mix(hash ^ h.readers[c].numbers[i])
		}
		if r.has(hash) {
			h.picked[k], h.hashes[k] = uint64(i), hash
			k++
		}
	}
	return k
}

// counts tells whether a row is one of those that count.
func (h *Here) counts(row int) bool { return h.set == nil || h.set[row>>6]>>(row&63)&1 != 0 }

// decode reads a column of the k picked ones of the block's n rows.
func (h *Here) decode(c flow.Column, dst []uint64, n, k int) {
	if k*dense < n {
		for j, i := range h.picked[:k] {
			dst[j] = h.view.Uint64(c, h.at+int(i))
		}
		return
	}
	h.view.Uint64s(c, h.at, dst[:n])
	if k < n {
		for j, i := range h.picked[:k] {
			dst[j] = dst[i] // never before its place: picked rises
		}
	}
}

// finish takes in the groups of the range that was gone through.
func (h *Here) finish() {
	last := len(h.ranges) - 1
	h.of += uint64(h.groups.len())
	for i := range h.groups.all {
		g := &h.groups.all[i]
		h.all.Add(g.sums)
		for m := range h.top {
			h.top[m].offer(g)
		}
	}
	h.share += h.ranges[last].share()
	h.ranges, h.at = h.ranges[:last], 0
	h.groups.reset()
}

// split goes through the rows of the present range again, in parts of as many groups as there is room for.
func (h *Here) split() {
	last := len(h.ranges) - 1
	r := h.ranges[last]
	want, bits := float64(h.groups.len())*float64(h.n)/float64(h.at)*1.1, 1
	for want > float64(mostAtOnce)*float64(uint64(1)<<bits) && bits < 10 {
		bits++
	}
	if r.bits+bits > 60 {
		return // no two groups have so many bits of their hashes in common
	}
	h.ranges = h.ranges[:last]
	for i := range uint64(1) << bits {
		h.ranges = append(h.ranges, hashRange{prefix: r.prefix<<bits | i, bits: r.bits + bits})
	}
	h.at = 0
	h.groups.reset()
}

// Done is the share of the work that is done. It falls back where a first look was too short.
func (h *Here) Done() float64 {
	switch {
	case len(h.ranges) == 0 || h.n == 0:
		return 1
	case len(h.spans) > 0:
		return 0
	}
	return h.share + h.ranges[len(h.ranges)-1].share()*float64(h.at)/float64(h.n)
}

// Answer is what is summed up, once Step says that nothing is left: the groups with the highest metric.
func (h *Here) Answer(metric sums.Metric) Answer {
	a := Answer{Of: h.of, All: h.all, Exact: true}
	for _, g := range h.top[metric].highest() {
		values := make([]string, len(h.by))
		for k, c := range h.by {
			if r := &h.readers[k]; r.inSteps {
				values[k] = r.scale.Find(steps.KeyOf(h.view, c, int(g.row))).Text()
				continue
			}
			values[k] = string(h.view.AppendCell(nil, c, int(g.row)))
		}
		a.Groups = append(a.Groups, Group{
			Values: values, Sums: g.sums, First: string(flow.AppendTime(nil, g.first)), Last: string(flow.AppendTime(nil, g.last)),
		})
	}
	return a
}

func appendDecimal(n uint64) []byte { return strconv.AppendUint(nil, n, 10) }
