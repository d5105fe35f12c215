package flow

import (
	"context"
	"math/bits"
)

// Sort returns rows (nil: all rows) ordered by keys, stable, as a new index vector.
// Addresses order by version, then as numbers; protocols, ports, flags as numbers;
// node, agent, netgroup, state, service and files by their text. It
// stops with ctx's error when ctx is done. Rows are never moved.
//
// It takes 16 bytes a row while it runs: each row becomes one 64-bit number, its place
// in the present order in the low bits and as much of the keys as fits above it,
// and a radix sort orders the numbers; keys that do not fit take another round,
// from the least significant part to the most.
func (v *View) Sort(ctx context.Context, rows []uint32, keys []SortKey) ([]uint32, error) {
	n := v.n
	if rows != nil {
		n = len(rows)
	}
	sources := make([]keySource, 0, len(keys))
	for _, k := range keys {
		s, err := v.keySource(ctx, k.Column, rows)
		if err != nil {
			return nil, err
		}
		s.desc = k.Desc
		sources = append(sources, s)
	}
	order, err := sortPositions(ctx, n, sources)
	if err != nil || rows == nil {
		return order, err
	}
	for i, at := range order {
		order[i] = rows[at]
	}
	return order, nil
}

// keySource is one key of an order: numbers that order as the column does.
type keySource struct {
	fill func(dst []uint64, from int) // for the places from, from+1, ...
	desc bool

	lo, hi uint64 // the smallest and the largest number
	offset int    // of its lowest bit in the joined key
}

func (s *keySource) bits() int { return bits.Len64(s.hi - s.lo) }

// sortPositions returns the places 0 to n-1 ordered by sources, the first one
// the most significant, stable.
func sortPositions(ctx context.Context, n int, sources []keySource) ([]uint32, error) {
	order := make([]uint32, n)
	total, err := layOut(ctx, n, sources)
	if err != nil {
		return nil, err
	}
	if total == 0 {
		for i := range order {
			order[i] = uint32(i)
		}
		return order, nil
	}
	placeBits := bits.Len(uint(n - 1))
	wordBits := 64 - placeBits
	places := uint64(1)<<placeBits - 1
	elems, scratch := make([]uint64, n), make([]uint64, n)
	for low := 0; low < total; low += wordBits {
		w := word{sources: sources, low: low, bits: min(wordBits, total-low)}
		if err := w.join(ctx, elems, scratch, placeBits); err != nil {
			return nil, err
		}
		elems, scratch, err = radixSort(ctx, elems, scratch, placeBits, w.bits)
		if err != nil {
			return nil, err
		}
	}
	err = inParallel(ctx, n, func(from, to int) {
		for i, e := range elems[from:to] {
			order[from+i] = uint32(e & places)
		}
	})
	return order, err
}

// layOut finds the range of each source and gives it its bits in the joined key,
// the last source the lowest. It returns how many bits there are.
func layOut(ctx context.Context, n int, sources []keySource) (total int, err error) {
	for i := len(sources) - 1; i >= 0; i-- {
		s := &sources[i]
		if s.lo, s.hi, err = bounds(ctx, n, s.fill); err != nil {
			return 0, err
		}
		s.offset = total
		total += s.bits()
	}
	return total, nil
}

// word is a part of the joined key that fits beside a place.
type word struct {
	sources   []keySource
	low, bits int
}

// join puts the word's key of each place into the high bits of elems. In the first
// round elems is filled in the order of places; later its order stays, and scratch
// holds the keys by place.
func (w word) join(ctx context.Context, elems, scratch []uint64, placeBits int) error {
	first := w.low == 0
	err := inParallel(ctx, len(elems), func(from, to int) {
		keys := scratch[from:to]
		w.keys(keys, from)
		if first {
			for i, k := range keys {
				elems[from+i] = k<<placeBits | uint64(from+i)
			}
		}
	})
	if err != nil || first {
		return err
	}
	places := uint64(1)<<placeBits - 1
	return inParallel(ctx, len(elems), func(from, to int) {
		for i, e := range elems[from:to] {
			at := e & places
			elems[from+i] = scratch[at]<<placeBits | at
		}
	})
}

// keys fills dst with the word's keys of the places from, from+1, ...
func (w word) keys(dst []uint64, from int) {
	clear(dst)
	var buf [block]uint64
	for j := range w.sources {
		s := &w.sources[j]
		width := s.bits()
		if width == 0 || s.offset >= w.low+w.bits || s.offset+width <= w.low {
			continue
		}
		left, right := max(s.offset-w.low, 0), max(w.low-s.offset, 0)
		for at := 0; at < len(dst); at += block {
			out := dst[at:min(at+block, len(dst))]
			in := buf[:len(out)]
			s.fill(in, from+at)
			for i, k := range in {
				if s.desc {
					k = s.hi - k
				} else {
					k -= s.lo
				}
				out[i] |= k << left >> right
			}
		}
	}
	mask := ^uint64(0) >> (64 - w.bits)
	for i := range dst {
		dst[i] &= mask
	}
}
