package flow

import (
	"context"
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
	checkSortPositions(t, 3*hugeRun, 1, []int{2, 1 << 30})
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
		for i := range values {
			values[i] = rng.Uint64()
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
	slices.SortStableFunc(want, func(a, b uint32) int {
		for c := range columns {
			x, y := columns[c][a], columns[c][b]
			if sources[c].desc {
				x, y = y, x
			}
			if d := sign(x < y, x > y); d != 0 {
				return d
			}
		}
		return 0
	})
	got, err := sortPositions(context.Background(), n, sources)
	if err != nil || !slices.Equal(got, want) {
		t.Fatalf("%d places by %v of seed %d: wrong order, %v", n, distinct, seed, err)
	}
}
