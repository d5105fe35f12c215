package steps

import (
	"math"
	"strconv"
)

// Microseconds of the units of time.
const (
	millisecond int64 = 1000
	second            = 1000 * millisecond
	minute            = 60 * second
	hour              = 60 * minute
	day               = 24 * hour
)

// widths are how long steps of time are: those below a second by 1, 2 and 5, then as clocks and calendars divide.
var widths = func() (out []int64) {
	out = ones(out, 1, second)
	for _, unit := range []int64{second, minute} {
		for _, n := range []int64{1, 2, 5, 10, 15, 30} {
			out = append(out, n*unit)
		}
	}
	for _, n := range []int64{1, 2, 3, 6, 12} {
		out = append(out, n*hour)
	}
	return ones(out, day, 10_000_000*day)
}()

// lengthEdges are the keys of lengths of time: all below 0 together, 0, and then as widths go, up to 1,000 days.
var lengthEdges = func() (out []uint64) {
	all := ones([]int64{0}, 1, second)
	for _, unit := range []int64{second, minute} {
		for _, n := range []int64{1, 2, 5, 10, 30} {
			all = append(all, n*unit)
		}
	}
	all = ones(append(all, hour, 2*hour, 6*hour, 12*hour), day, 1000*day)
	out = append(out, 0)
	for _, n := range append(all, 1000*day) {
		out = append(out, biased(n))
	}
	return out
}()

// countEdges are the keys of counts: 0, 1, 2, 5, 10 and so on.
var countEdges = func() (out []uint64) {
	out = append(out, 0)
	for unit := uint64(1); ; unit *= 10 {
		for _, n := range []uint64{1, 2, 5} {
			if unit > math.MaxUint64/n {
				return out
			}
			out = append(out, n*unit)
		}
	}
}()

// rateEdges are the keys of rates: from 0.001, the least that is shown, by 1, 2 and 5 up to more than any flow has.
var rateEdges = func() (out []uint64) {
	out = append(out, 0)
	for exponent := -3; exponent <= 26; exponent++ {
		for _, n := range []string{"1", "2", "5"} {
			f, err := strconv.ParseFloat(n+"e"+strconv.Itoa(exponent), 64) // a product would not always be the nearest number
			if err != nil {
				panic(err)
			}
			out = append(out, math.Float64bits(f))
		}
	}
	return out
}()

// ones appends 1, 2 and 5 of each power of ten of a unit, up to below an end.
func ones(out []int64, unit, end int64) []int64 {
	for ; unit < end; unit *= 10 {
		for _, n := range []int64{1, 2, 5} {
			if n*unit < end {
				out = append(out, n*unit)
			}
		}
	}
	return out
}
