package flow

import (
	"cmp"
	"context"
	"math/bits"
	"slices"
	"sync"
	"sync/atomic"
)

// ties are the runs of elements that no word of the key has parted so far.
type ties struct {
	// starts has a bit for every element that begins a run. Behind the last element all bits are set.
	starts []uint64
}

// find parts the runs where the elements' keys differ and returns how many elements stand in the run
// of the one before them.
func (t *ties) find(ctx context.Context, elems []uint64, shift int) (tied int, err error) {
	if t.starts == nil {
		t.starts = make([]uint64, (len(elems)+63)/64)
	}
	var zeros atomic.Int64
	err = inStrides(ctx, len(t.starts), stride/64, func(from, to int) {
		n := 0
		for w := from; w < to; w++ {
			t.starts[w] |= differing(elems, 64*w, shift)
			n += 64 - bits.OnesCount64(t.starts[w])
		}
		zeros.Add(int64(n))
	})
	return int(zeros.Load()), err
}

// differing marks which of the 64 elements from element i on have another key than the one before;
// the first one and those behind the last one have.
func differing(elems []uint64, i, shift int) (word uint64) {
	last := uint64(0)
	if i == 0 {
		word = 1
	} else {
		last = elems[i-1] >> shift
	}
	part := elems[i:min(i+64, len(elems))]
	for j, e := range part {
		x := e>>shift ^ last
		word |= (x | -x) >> 63 << (j & 63)
		last ^= x
	}
	return word | ^(^uint64(0) >> (64 - len(part)))
}

// inRun marks those of the 64 elements of a word of starts that are not alone in their run.
func (t *ties) inRun(w int) uint64 {
	joined := ^t.starts[w]
	next := uint64(0)
	if w+1 < len(t.starts) {
		next = ^t.starts[w+1]
	}
	return joined | joined>>1 | next<<63
}

// each calls do for the elements of words of starts that are not alone in their run.
func (t *ties) each(from, to int, do func(i int)) {
	for w := from; w < to; w++ {
		for m := t.inRun(w); m != 0; m &= m - 1 {
			do(64*w + bits.TrailingZeros64(m))
		}
	}
}

// end returns where the run that begins at element i ends.
func (t *ties) end(i, n int) int {
	i++
	for w := i >> 6; w < len(t.starts); w++ {
		m := t.starts[w]
		if w == i>>6 {
			m &= ^uint64(0) << (i & 63)
		}
		if m != 0 {
			return min(64*w+bits.TrailingZeros64(m), n)
		}
	}
	return n
}

// longRun is from how many elements on a run is worth a radix sort, and hugeRun all goroutines.
const (
	longRun = 1 << 10
	hugeRun = 1 << 17
)

// sort orders the elements of every run, whose keys have width bits above shift. Their places stand
// below the keys, so that comparing whole elements is stable.
func (t *ties) sort(ctx context.Context, elems, scratch []uint64, shift, width int) error {
	var mu sync.Mutex
	var huge [][2]int
	var failed error
	err := inStrides(ctx, len(t.starts), stride/64, func(from, to int) {
		for w := from; w < to; w++ {
			for m := t.inRun(w) & t.starts[w]; m != 0; m &= m - 1 {
				first := 64*w + bits.TrailingZeros64(m)
				end := t.end(first, len(elems))
				var err error
				switch {
				case end-first >= hugeRun:
					mu.Lock()
					huge = append(huge, [2]int{first, end})
					mu.Unlock()
				case end-first >= longRun:
					err = sortRun(ctx, elems[first:end], scratch[first:end], shift, width)
				default:
					slices.Sort(elems[first:end])
				}
				if err != nil {
					mu.Lock()
					failed = err
					mu.Unlock()
					return
				}
			}
		}
	})
	if err = cmp.Or(err, failed); err != nil {
		return err
	}
	for _, run := range huge {
		if err := sortRun(ctx, elems[run[0]:run[1]], scratch[run[0]:run[1]], shift, width); err != nil {
			return err
		}
	}
	return nil
}

func sortRun(ctx context.Context, run, scratch []uint64, shift, width int) error {
	sorted, _, err := radixSort(ctx, run, scratch, shift, width)
	if err != nil {
		return err
	}
	if &sorted[0] != &run[0] {
		copy(run, sorted)
	}
	return nil
}
