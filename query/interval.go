package query

import (
	"math"
	"slices"
	"sort"
)

// interval is a range of whole numbers, both ends included. Signed values
// are kept with their top bit flipped (see biased), so that they order as unsigned ones.
type interval struct{ lo, hi uint64 }

const signBit = 1 << 63

// biased maps a signed number to an unsigned one in the same order.
func biased(x int64) uint64 { return uint64(x) ^ signBit }

// unbiased is biased backwards.
func unbiased(x uint64) int64 { return int64(x ^ signBit) }

// related returns the values that are in relation rel to [lo, hi]; ok is false for none.
// NE is the business of the caller. With an ordering relation lo is hi.
func related(rel Rel, lo, hi uint64) (v interval, ok bool) {
	switch rel {
	case LT:
		return interval{0, lo - 1}, lo > 0
	case LE:
		return interval{0, lo}, true
	case GT:
		return interval{lo + 1, math.MaxUint64}, lo < math.MaxUint64
	case GE:
		return interval{lo, math.MaxUint64}, true
	}
	return interval{lo, hi}, true
}

// merge sorts intervals and joins those that overlap or touch.
func merge(ivs []interval) []interval {
	slices.SortFunc(ivs, func(a, b interval) int {
		switch {
		case a.lo < b.lo:
			return -1
		case a.lo > b.lo:
			return 1
		}
		return 0
	})
	var out []interval
	for _, v := range ivs {
		if n := len(out); n > 0 && (v.lo <= out[n-1].hi || v.lo-1 == out[n-1].hi) {
			out[n-1].hi = max(out[n-1].hi, v.hi)
			continue
		}
		out = append(out, v)
	}
	return out
}

// inIntervals tells whether x is in one of merged intervals.
func inIntervals(ivs []interval, x uint64) bool {
	i := sort.Search(len(ivs), func(i int) bool { return ivs[i].hi >= x })
	return i < len(ivs) && ivs[i].lo <= x
}

// floatInterval is a range of rates. An open end does not belong to it.
type floatInterval struct {
	lo, hi         float64
	loOpen, hiOpen bool
}

// relatedFloats is related for rates.
func relatedFloats(rel Rel, lo, hi float64) floatInterval {
	inf := math.Inf(1)
	switch rel {
	case LT:
		return floatInterval{lo: -inf, hi: lo, hiOpen: true}
	case LE:
		return floatInterval{lo: -inf, hi: lo}
	case GT:
		return floatInterval{lo: lo, hi: inf, loOpen: true}
	case GE:
		return floatInterval{lo: lo, hi: inf}
	}
	return floatInterval{lo: lo, hi: hi}
}

// has tells whether x is in v.
func (v floatInterval) has(x float64) bool {
	return (x > v.lo || x == v.lo && !v.loOpen) && (x < v.hi || x == v.hi && !v.hiOpen)
}

// bits is v as a range of the bits of rates; ok is false when no rate, which is never negative, is in it.
func (v floatInterval) bits() (_ interval, ok bool) {
	if v.hi < 0 || v.hi == 0 && v.hiOpen {
		return interval{}, false
	}
	var lo uint64
	if v.lo > 0 {
		lo = math.Float64bits(v.lo)
	}
	if v.loOpen && v.lo >= 0 {
		lo++
	}
	hi := math.Float64bits(v.hi + 0) // the sum makes -0 to 0
	if v.hiOpen {
		hi--
	}
	return interval{lo, hi}, lo <= hi
}
