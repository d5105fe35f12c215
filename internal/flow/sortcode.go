package flow

import (
	"math/bits"
	"slices"
)

// A joined key that is longer than a word costs a round for each further one, and the rounds wait for memory.
// Most flows are small while a few are large, so that most of a number's bits are zeros: then a code is
// shorter that says how many bits it has, and then these without the first one, which is 1. Such codes
// order as the numbers do, and none begins as another one does: they can be joined and cut as keys are.

// sampledBlocks and sampledRows are what the lengths are judged by.
const (
	sampledBlocks = 16
	sampledRows   = 64
	longestCode   = 56 // bits of a number that has, with its length, room in 64
)

// shorten chooses for each source between codes of their own length and of a fixed one, and returns how
// many bits the joined key then has at most. Total is what it has with fixed ones.
func shorten(n int, sources []keySource, total int) int {
	if n == 0 {
		return total
	}
	for i := range sources {
		s := &sources[i]
		width := s.bits()
		if width < 2 || width > longestCode {
			continue
		}
		prefix := bits.Len(uint(width))
		if s.meanLength(n)+prefix < width {
			s.prefix = prefix
			total += prefix - 1
		}
	}
	return total
}

// meanLength is about how many bits follow the length in a code.
func (s *keySource) meanLength(n int) int {
	var in [sampledRows]uint64
	sum, count := 0, 0
	for b := range sampledBlocks {
		part := in[:min(n, sampledRows)]
		s.fill(part, b*(n-len(part))/(sampledBlocks-1))
		for _, k := range part {
			sum += max(bits.Len64(k-s.lo)-1, 0)
		}
		count += len(part)
	}
	return (sum + count - 1) / count
}

// shortened tells whether a source has codes of their own length.
func shortened(sources []keySource) bool {
	return slices.ContainsFunc(sources, func(s keySource) bool { return s.prefix > 0 })
}

// codes is numbers for joined codes: the first one begins at the key's highest bit, each further one where
// the one before ends.
func (w word) codes(dst []uint64, from int, buf *keyBuffer) {
	for len(dst) > 0 {
		out := dst[:min(block, len(dst))]
		in, ends := buf.values[:len(out)], buf.ends[:len(out)]
		for i := range ends {
			ends[i] = w.total - w.low
		}
		for j := range w.sources {
			s := &w.sources[j]
			s.fill(in, from)
			if s.prefix > 0 {
				s.encode(in, ends, out)
			} else {
				s.copyFixed(in, ends, out)
			}
		}
		dst, from = dst[len(out):], from+len(out)
	}
}

// encode joins the codes of numbers to words; ends says how far above the word's lowest bit the codes so far
// end, a negative number of bits when it is beneath that.
func (s *keySource) encode(in []uint64, ends []int, words []uint64) {
	ends, words = ends[:len(in)], words[:len(in)]
	var flip uint64
	if s.desc {
		flip = ^flip
	}
	for i, k := range in {
		d := k - s.lo
		length := bits.Len64(d)
		rest := max(length-1, 0) // without the first bit
		size := rest + s.prefix
		code := uint64(length)<<(rest&63) | d&(1<<(rest&63)-1)
		code = (code ^ flip) & (1<<(size&63) - 1)
		ends[i] -= size
		words[i] |= placed(code, ends[i])
	}
}

// copyFixed is encode for numbers of the same length.
func (s *keySource) copyFixed(in []uint64, ends []int, words []uint64) {
	ends, words = ends[:len(in)], words[:len(in)]
	size := s.bits()
	for i, k := range in {
		if s.desc {
			k = s.hi - k
		} else {
			k -= s.lo
		}
		ends[i] -= size
		words[i] |= placed(k, ends[i])
	}
}

// placed moves a code up or, for a negative end, down; what is too far either way is gone.
func placed(code uint64, end int) uint64 { return code<<uint(end) | code>>uint(-end) }
