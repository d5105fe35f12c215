package timeline

import (
	"testing"

	"pgregory.net/rapid"
)

// TestCut: the buckets hold both ends, are no more than asked for, begin at multiples of their width, and
// no width of the list would have done with fewer microseconds.
func TestCut(t *testing.T) {
	const least, most = -62167219200000000, 253402300799999999 // the years 0 to 9999
	rapid.Check(t, func(t *rapid.T) {
		first := rapid.Int64Range(least, most).Draw(t, "first")
		last := first + rapid.OneOf(rapid.Int64Range(0, 1000), rapid.Int64Range(0, 1e12), rapid.Int64Range(0, most-least)).Draw(t, "length")
		n := rapid.IntRange(2, 500).Draw(t, "n")
		lo, width, buckets := Cut(first, last, n)
		if buckets < 1 || buckets > n || lo > first || lo+width <= first || lo+int64(buckets)*width <= last || lo+int64(buckets-1)*width > last {
			t.Fatalf("%d..%d in %d: %d buckets of %d from %d", first, last, n, buckets, width, lo)
		}
		if r := lo % width; r != 0 {
			t.Fatalf("the buckets of %d begin at %d", width, lo)
		}
		for _, w := range steps {
			if w < width && uint64(floor(last, w)-floor(first, w))/uint64(w)+1 <= uint64(n) {
				t.Fatalf("buckets of %d would do, not only of %d", w, width)
			}
		}
	})
}

func TestCutReadsWell(t *testing.T) {
	const second = 1_000_000
	for _, c := range []struct {
		first, last int64
		n           int
		width       int64
	}{
		{0, 0, 100, 1},
		{0, 59*second + 999_999, 60, second},
		{0, 60 * second, 60, 2 * second},
		{1, 3600 * second, 112, 40 * second / 40 * 60}, // a minute
		{0, 30 * day, 100, day / 3},
		{0, 30 * day, 31, day},
		{0, 30 * day, 30, 2 * day},
	} {
		if _, w, _ := Cut(c.first, c.last, c.n); w != c.width {
			t.Errorf("%d..%d in %d: buckets of %d, want %d", c.first, c.last, c.n, w, c.width)
		}
	}
}
