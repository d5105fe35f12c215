package timeline

import "math"

// steps are the widths of buckets that read well, in microseconds and upward to a day.
var steps = func() []int64 {
	var out []int64
	for unit := int64(1); unit < 1_000_000; unit *= 10 {
		for _, n := range []int64{1, 2, 4, 5, 8} {
			out = append(out, n*unit)
		}
	}
	const second, minute, hour = 1_000_000, 60_000_000, 3_600_000_000
	for _, unit := range []int64{second, minute} {
		for _, n := range []int64{1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30} {
			out = append(out, n*unit)
		}
	}
	for _, n := range []int64{1, 2, 3, 4, 6, 8, 12} {
		out = append(out, n*hour)
	}
	return out
}()

const day = 86_400_000_000

// Cut divides the microseconds from first to last into at most n buckets, 2 or more, of a width that reads well, and
// begins them at multiples of it. lo is where the first bucket begins; lo + buckets*width is above last.
func Cut(first, last int64, n int) (lo, width int64, buckets int) {
	n = max(2, n) // 1970 begins a bucket of any width, so that one alone cannot hold all spans
	last = max(first, last)
	fits := func(w int64) bool {
		lo, width = floor(first, w), w
		count := uint64(floor(last, w)-lo)/uint64(w) + 1
		buckets = int(min(count, math.MaxInt32))
		return count <= uint64(n)
	}
	for _, w := range steps {
		if fits(w) {
			return lo, width, buckets
		}
	}
	for unit := int64(day); unit < math.MaxInt64/20; unit *= 10 {
		for _, k := range []int64{1, 2, 3, 4, 5, 7} {
			if fits(k * unit) {
				return lo, width, buckets
			}
		}
	}
	return lo, width, min(buckets, n)
}

// Around widens a span that has not a microsecond for each of n buckets, that of a single flow, to the second that it
// is in.
func Around(first, last int64, n int) (lo, hi int64) {
	const second = 1_000_000
	if last-first >= int64(n) {
		return first, last
	}
	lo = floor(first, second)
	return lo, max(last, lo+second-1)
}

// floor is the greatest multiple of w that is at most t.
func floor(t, w int64) int64 {
	r := t % w
	if r < 0 {
		r += w
	}
	return t - r
}
