package flow

import (
	"context"
	"math/bits"
	"runtime"
	"sync/atomic"
)

// sorter orders places by a key that is longer than a number: word by word, from the most
// significant one, and every further word only where the ones before left ties.
type sorter struct {
	n         int
	sources   []keySource
	placeBits int
	// elems has a place in the low bits and a word of its key above it; scratch is as long.
	elems, scratch []uint64
}

// sortPositions returns the places 0 to n-1 ordered by sources, the first one
// the most significant, stable.
func sortPositions(ctx context.Context, n int, sources []keySource) ([]uint32, error) {
	total, err := layOut(ctx, n, sources)
	if err != nil {
		return nil, err
	}
	if total == 0 {
		return identity(n), nil
	}
	s := &sorter{n: n, sources: sources, placeBits: bits.Len(uint(n - 1)), elems: make([]uint64, n), scratch: make([]uint64, n)}
	width := 64 - s.placeBits
	if total > width {
		total = shorten(n, sources, total)
	}
	low := max(total-width, 0)
	if err := s.first(ctx, word{sources: sources, total: total, low: low, bits: total - low}); err != nil {
		return nil, err
	}
	var t ties
	for low > 0 {
		high := low
		low = max(low-width, 0)
		tied, err := t.find(ctx, s.elems, s.placeBits)
		if err != nil {
			return nil, err
		}
		if tied == 0 {
			break
		}
		if err := s.refine(ctx, &t, word{sources: sources, total: total, low: low, bits: high - low}, tied); err != nil {
			return nil, err
		}
	}
	return s.order(ctx)
}

func identity(n int) []uint32 {
	order := make([]uint32, n)
	for i := range order {
		order[i] = uint32(i)
	}
	return order
}

// manyRows is from how many rows on a cycle of the collector costs less than the room that it finds.
const manyRows = 1 << 20

// order is the places of elems. For many rows it takes the room of the scratch, where the collector gives it
// that: the memory that a process takes while it sorts is what its user sees of it.
func (s *sorter) order(ctx context.Context) ([]uint32, error) {
	if s.scratch = nil; s.n >= manyRows {
		runtime.GC()
	}
	order := make([]uint32, s.n)
	places := uint64(1)<<s.placeBits - 1
	err := inParallel(ctx, s.n, func(from, to int) {
		for i, e := range s.elems[from:to] {
			order[from+i] = uint32(e & places)
		}
	})
	return order, err
}

// first orders all places by the most significant word; what is in order already stays.
func (s *sorter) first(ctx context.Context, w word) error {
	var unordered atomic.Bool
	err := inParallel(ctx, s.n, func(from, to int) {
		elems := s.elems[from:to]
		w.keys(elems, from, new(keyBuffer))
		last, falls := uint64(0), false
		for i, k := range elems {
			falls = falls || k < last
			last = k
			elems[i] = k<<s.placeBits | uint64(from+i)
		}
		if falls {
			unordered.Store(true)
		}
	})
	if err != nil || !unordered.Load() && s.strideOrdered() {
		return err
	}
	s.elems, s.scratch, err = radixSort(ctx, s.elems, s.scratch, s.placeBits, w.bits)
	return err
}

// strideOrdered tells whether elems, whose strides are in order, are.
func (s *sorter) strideOrdered() bool {
	for from := stride; from < s.n; from += stride {
		if s.elems[from-1]>>s.placeBits > s.elems[from]>>s.placeBits {
			return false
		}
	}
	return true
}

// fewTies is the part of all elements below which the keys of tied ones are computed one by one.
const fewTies = 32

// refine orders the elements that tie by another word.
func (s *sorter) refine(ctx context.Context, t *ties, w word, tied int) error {
	places := uint64(1)<<s.placeBits - 1
	few := tied < s.n/fewTies
	if !few {
		if err := inParallel(ctx, s.n, func(from, to int) { w.keys(s.scratch[from:to], from, new(keyBuffer)) }); err != nil {
			return err
		}
	}
	err := inStrides(ctx, len(t.starts), stride/64, func(from, to int) {
		buf, waiting := new(keyBuffer), 0
		t.each(from, to, func(i int) {
			if few {
				at := s.elems[i] & places
				w.keys(s.scratch[i:i+1], int(at), buf)
				s.elems[i] = s.scratch[i]<<s.placeBits | at
				return
			}
			buf.ends[waiting%block] = i
			if waiting++; waiting == block {
				s.fetch(buf, waiting)
				waiting = 0
			}
		})
		s.fetch(buf, waiting)
	})
	if err != nil {
		return err
	}
	return t.sort(ctx, s.elems, s.scratch, s.placeBits, w.bits)
}

// fetch gives the first n elements of buf their keys in scratch. It reads all of them before it needs the
// first, so that the processor waits for memory once and not for each.
func (s *sorter) fetch(buf *keyBuffer, n int) {
	places := uint64(1)<<s.placeBits - 1
	elems, values := buf.ends[:n], buf.values[:n]
	for k, i := range elems {
		values[k] = s.scratch[s.elems[i]&places]
	}
	for k, i := range elems {
		s.elems[i] = values[k]<<s.placeBits | s.elems[i]&places
	}
}

// layOut finds the range of each source and gives it its bits in the joined key,
// the last source the lowest. It returns how many bits there are.
func layOut(ctx context.Context, n int, sources []keySource) (total int, err error) {
	for i := len(sources) - 1; i >= 0; i-- {
		s := &sources[i]
		if !s.known {
			if s.lo, s.hi, err = bounds(ctx, n, s.fill); err != nil {
				return 0, err
			}
		}
		s.offset = total
		total += s.bits()
	}
	return total, nil
}

// word is a part of the joined key that fits beside a place.
type word struct {
	sources   []keySource
	total     int // bits of the joined key
	low, bits int
}

// keyBuffer is what computing a block of keys takes.
type keyBuffer struct {
	values [block]uint64
	ends   [block]int
}

// keys fills dst with the word's keys of the places from, from+1, ... by way of buf.
func (w word) keys(dst []uint64, from int, buf *keyBuffer) {
	clear(dst)
	if shortened(w.sources) {
		w.codes(dst, from, buf)
	} else {
		w.numbers(dst, from, buf)
	}
	mask := ^uint64(0) >> (64 - w.bits)
	for i := range dst {
		dst[i] &= mask
	}
}

// numbers is keys for joined numbers, each source's of one length; bits above the word's are left in dst.
func (w word) numbers(dst []uint64, from int, buf *keyBuffer) {
	for j := range w.sources {
		s := &w.sources[j]
		width := s.bits()
		if width == 0 || s.offset >= w.low+w.bits || s.offset+width <= w.low {
			continue
		}
		left, right := max(s.offset-w.low, 0), max(w.low-s.offset, 0)
		for at := 0; at < len(dst); at += block {
			out := dst[at:min(at+block, len(dst))]
			in := buf.values[:len(out)]
			s.fill(in, from+at)
			for i, k := range in {
				if s.desc {
					k = s.hi - k
				} else {
					k -= s.lo
				}
				out[i] |= k >> right << left
			}
		}
	}
}
