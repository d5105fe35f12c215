package query

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// TestRateBits: a rate is in an interval when its bits are in the interval's.
func TestRateBits(t *testing.T) {
	edges := []float64{0, math.Copysign(0, -1), math.SmallestNonzeroFloat64, 1, 1.5, math.Nextafter(1.5, 2), 1e300, math.MaxFloat64, math.Inf(1)}
	rapid.Check(t, func(t *rapid.T) {
		rate := rapid.OneOf(rapid.SampledFrom(edges), rapid.Float64Range(0, 1e9))
		bound := rapid.OneOf(rate, rapid.SampledFrom([]float64{-1, math.Inf(-1)}))
		v := floatInterval{lo: bound.Draw(t, "lo"), hi: bound.Draw(t, "hi"), loOpen: rapid.Bool().Draw(t, "lo open"), hiOpen: rapid.Bool().Draw(t, "hi open")}
		x := math.Abs(rate.Draw(t, "rate"))
		if rapid.Bool().Draw(t, "at an end") && v.lo >= 0 {
			x = math.Abs(v.lo)
		}
		bits, ok := v.bits()
		if got := ok && bits.lo <= math.Float64bits(x) && math.Float64bits(x) <= bits.hi; got != v.has(x) {
			t.Fatalf("%v in %+v: %v by its bits", x, v, got)
		}
	})
}
