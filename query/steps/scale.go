package steps

import (
	"math"
	"slices"

	"cxlens/internal/flow"
)

// most is into how many steps of time a span is cut at most.
const most = 60

// kind is how the values of a column are measured.
type kind uint8

const (
	none kind = iota
	times
	lengths
	counts
	rates
)

func kindOf(c flow.Column) kind {
	switch c {
	case flow.ColStart, flow.ColEnd:
		return times
	case flow.ColDuration:
		return lengths
	case flow.ColSrcPackets, flow.ColSrcBytes, flow.ColDstPackets, flow.ColDstBytes, flow.ColBytes, flow.ColPackets:
		return counts
	case flow.ColPPS, flow.ColBPS, flow.ColBPP:
		return rates
	}
	return none
}

// Has tells whether the values of a column come in steps.
func Has(c flow.Column) bool { return kindOf(c) != none }

// IsTime tells the columns whose steps depend on the first and the last value.
func IsTime(c flow.Column) bool { return kindOf(c) == times }

// Scale is the steps of a column. It is safe for concurrent use.
type Scale struct {
	col   flow.Column
	edges []uint64 // the keys at which steps begin, the first one 0; nil for times
	base  uint64   // of times: the key at which the first step begins
	width uint64   // and how many microseconds each has
}

// For returns the steps of a column that Has them. Those of a time depend on the first and the last one, in
// microseconds UTC, of which there are at most 60 steps, and on shift, the microseconds that the days of the reader's
// zone begin before those of UTC; the other columns have the same steps whatever their values are.
func For(c flow.Column, first, last, shift int64) *Scale {
	switch kindOf(c) {
	case times:
		base, width := cut(first, max(first, last), shift)
		return &Scale{col: c, base: biased(base), width: width}
	case lengths:
		return &Scale{col: c, edges: lengthEdges}
	case rates:
		return &Scale{col: c, edges: rateEdges}
	}
	return &Scale{col: c, edges: countEdges}
}

// Edges are the keys at which steps begin, upward from 0; nil for a column of times.
func (s *Scale) Edges() []uint64 { return slices.Clone(s.edges) }

// Times are when the first step of a column of times begins and how long each is, in microseconds.
func (s *Scale) Times() (base int64, width uint64) { return unbiased(s.base), s.width }

// Find returns the step of a value's key. A time before the first one counts as the first.
func (s *Scale) Find(key uint64) Step {
	if kindOf(s.col) == rates && key == NoRate {
		return Step{Column: s.col, None: true}
	}
	if s.edges == nil {
		lo := s.base + (max(key, s.base)-s.base)/s.width*s.width
		return Step{Column: s.col, Lo: lo, Hi: lo + min(s.width-1, math.MaxUint64-lo)}
	}
	i, found := slices.BinarySearch(s.edges, key)
	if !found {
		i-- // the first edge is 0, so that there is one before
	}
	hi := uint64(math.MaxUint64)
	if i+1 < len(s.edges) {
		hi = s.edges[i+1] - 1
	}
	return Step{Column: s.col, Lo: s.edges[i], Hi: hi}
}

// cut returns where the first step begins and how long the steps of first to last are. The longest ones are enough for
// all times that there are.
func cut(first, last, shift int64) (base int64, width uint64) {
	for _, w := range widths {
		base, width = floor(first, shift, w), uint64(w)
		if uint64(last-base)/width < most {
			break
		}
	}
	return base, width
}

// floor is the latest time up to t at which a step of w begins, at the earliest the first that there is.
func floor(t, shift, w int64) int64 {
	r := (t%w + shift%w) % w
	if r < 0 {
		r += w
	}
	if t < math.MinInt64+r {
		return math.MinInt64
	}
	return t - r
}
