package flow

import (
	"cmp"
	"context"
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestSortPositionsIsStableSort draws keys wider than a word that leave runs of all lengths equal.
func TestSortPositionsIsStableSort(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.SampledFrom([]int{0, 1, 2, 63, 64, 65, 129, 3000, 70_000}).Draw(t, "n")
		checkSortPositions(t, n, rapid.Uint64().Draw(t, "seed"), rapid.SliceOfN(rapid.SampledFrom([]int{1, 2, 3, 50, 1 << 30}), 0, 4).Draw(t, "distinct"))
	})
}

// TestSortPositionsHugeRuns leaves runs that are worth a radix sort, and all goroutines.
func TestSortPositionsHugeRuns(t *testing.T) {
	checkSortPositions(t, 2*hugeRun+hugeRun/4, 1, []int{2, 1 << 30})
	checkSortPositions(t, 2*hugeRun+77, 2, []int{2, 2, 2, 40})
	checkSortPositions(t, 5*longRun, 3, []int{3, 1 << 30, 1 << 30})
}

// checkSortPositions sorts n places by sources of so many distinct random numbers each.
func checkSortPositions(t interface{ Fatalf(string, ...any) }, n int, seed uint64, distinct []int) {
	rng := rand.New(rand.NewPCG(seed, 1))
	columns := make([][]uint64, len(distinct))
	sources := make([]keySource, len(distinct))
	for c, kinds := range distinct {
		values := make([]uint64, min(kinds, n))
		largest, small := rng.IntN(65), rng.IntN(65) // bits of a few and of most, so that codes of their own length pay, or not
		base := rng.Uint64() >> rng.IntN(64)
		for i := range values {
			values[i] = rng.Uint64() >> small
			if rng.IntN(50) == 0 {
				values[i] = rng.Uint64() >> largest
			}
			values[i] += min(base, ^values[i])
		}
		columns[c] = make([]uint64, n)
		for i := range columns[c] {
			columns[c][i] = values[rng.IntN(len(values))]
		}
		if c == 0 && rng.IntN(3) == 0 {
			slices.Sort(columns[c]) // the first word finds them in order
		}
		sources[c] = keySource{desc: rng.IntN(2) == 0, fill: func(dst []uint64, from int) { copy(dst, columns[c][from:]) }}
	}
	want := identity(n)
	slices.SortFunc(want, func(a, b uint32) int {
		for c := range columns {
			x, y := columns[c][a], columns[c][b]
			if sources[c].desc {
				x, y = y, x
			}
			if d := sign(x < y, x > y); d != 0 {
				return d
			}
		}
		return int(a) - int(b) // no two are equal: quicker than a stable sort, and the same order
	})
	got, err := sortPositions(context.Background(), n, sources)
	if err != nil || !slices.Equal(got, want) {
		t.Fatalf("%d places by %v of seed %d: wrong order, %v", n, distinct, seed, err)
	}
}

// TestCodesOrderAsNumbers: codes of their own length, cut into words, order as the numbers do.
func TestCodesOrderAsNumbers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		width := rapid.IntRange(2, longestCode).Draw(t, "bits")
		number := rapid.OneOf(rapid.Uint64Range(0, 3), rapid.Uint64Range(0, 1<<width-1), rapid.Just(uint64(1)<<width-1))
		base := rapid.Uint64Range(0, 1<<63-1).Draw(t, "base")
		a, b := []uint64{number.Draw(t, "a"), number.Draw(t, "b")}, []uint64{number.Draw(t, "c"), number.Draw(t, "d")}
		descA, descB := rapid.Bool().Draw(t, "first falls"), rapid.Bool().Draw(t, "second falls")
		source := func(of []uint64, desc bool) keySource {
			return keySource{lo: base, hi: base + 1<<width - 1, prefix: bits.Len(uint(width)), desc: desc, fill: func(dst []uint64, from int) {
				for i := range dst {
					dst[i] = base + of[from+i]
				}
			}}
		}
		w := word{sources: []keySource{source(a, descA), source(b, descB)}}
		w.total = 2 * (width - 1 + bits.Len(uint(width)))
		want := falling(cmp.Compare(a[0], a[1]), descA)
		if want == 0 {
			want = falling(cmp.Compare(b[0], b[1]), descB)
		}
		got := 0
		for high, size := w.total, rapid.IntRange(1, 64).Draw(t, "word"); high > 0 && got == 0; high = w.low {
			w.low, w.bits = max(high-size, 0), min(high, size)
			var keys [2]uint64
			w.keys(keys[:], 0, new(keyBuffer))
			got = cmp.Compare(keys[0], keys[1])
		}
		if got != want {
			t.Fatalf("%d, %d against %d, %d: %d, want %d", a[0], b[0], a[1], b[1], got, want)
		}
	})
}

func falling(order int, desc bool) int {
	if desc {
		return -order
	}
	return order
}
