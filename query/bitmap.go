package query

import (
	"math"
	"math/bits"
)

// A block is the piece of a table that a Filter decides about at a time: its columns fit into
// the processor's cache, and its answer is a bitmap of a few words.
const (
	blockRows  = 2048
	blockWords = blockRows / 64
)

// bitmap has a bit for every row of a block.
type bitmap [blockWords]uint64

// ones sets the first n bits and clears the rest.
func (b *bitmap) ones(n int) {
	for i := range b {
		switch left := n - 64*i; {
		case left >= 64:
			b[i] = ^uint64(0)
		case left > 0:
			b[i] = 1<<left - 1
		default:
			b[i] = 0
		}
	}
}

func (b *bitmap) and(o *bitmap) {
	for i := range b {
		b[i] &= o[i]
	}
}

func (b *bitmap) or(o *bitmap) {
	for i := range b {
		b[i] |= o[i]
	}
}

// not flips the first n bits.
func (b *bitmap) not(n int) {
	var all bitmap
	all.ones(n)
	for i := range b {
		b[i] = ^b[i] & all[i]
	}
}

// empty tells whether no bit is set.
func (b *bitmap) empty() bool { return *b == bitmap{} }

// count is the number of set bits.
func count(words []uint64) int {
	n := 0
	for _, w := range words {
		n += bits.OnesCount64(w)
	}
	return n
}

// The kernels below set one bit a row without a branch, because whether a row
// matches is hard to predict.

// scanRange marks the values in [lo, hi]; values are flipped by flip first.
func scanRange(out *bitmap, values []uint64, flip, lo, hi uint64) {
	width := hi - lo
	for w := 0; len(values) > 0; w++ {
		n := min(64, len(values))
		var word uint64
		for i, x := range values[:n] {
			_, above := bits.Sub64(width, (x^flip)-lo, 0)
			word |= (above ^ 1) << (i & 63)
		}
		out[w] |= word
		values = values[n:]
	}
}

// scanRates is scanRange for rates, which are never negative and therefore order as their bits do.
func scanRates(out *bitmap, rates []float64, lo, hi uint64) {
	width := hi - lo
	for w := 0; len(rates) > 0; w++ {
		n := min(64, len(rates))
		var word uint64
		for i, x := range rates[:n] {
			_, above := bits.Sub64(width, math.Float64bits(x)-lo, 0)
			word |= (above ^ 1) << (i & 63)
		}
		out[w] |= word
		rates = rates[n:]
	}
}

// scanSet marks the values below 1<<16 that are in set.
func scanSet(out *bitmap, values []uint64, set *[1 << 16 / 64]uint64) {
	for w := 0; len(values) > 0; w++ {
		n := min(64, len(values))
		var word uint64
		for i, x := range values[:n] {
			word |= set[(x>>6)&1023] >> (x & 63) & 1 << (i & 63)
		}
		out[w] |= word
		values = values[n:]
	}
}

// scanCodes marks the codes that are in set.
func scanCodes(out *bitmap, codes []uint32, set []uint64) {
	for w := 0; len(codes) > 0; w++ {
		n := min(64, len(codes))
		var word uint64
		for i, c := range codes[:n] {
			word |= set[c>>6] >> (c & 63) & 1 << (i & 63)
		}
		out[w] |= word
		codes = codes[n:]
	}
}

// scanMasked marks the values with value & mask == want.
func scanMasked(out *bitmap, values []uint64, mask, want uint64) {
	for w := 0; len(values) > 0; w++ {
		n := min(64, len(values))
		var word uint64
		for i, x := range values[:n] {
			_, differs := bits.Sub64(0, x&mask^want, 0)
			word |= (differs ^ 1) << (i & 63)
		}
		out[w] |= word
		values = values[n:]
	}
}

// scanFunc marks the values that has says yes to, for what no kernel above does.
func scanFunc(out *bitmap, values []uint64, has func(uint64) bool) {
	for i, x := range values {
		if has(x) {
			out[i>>6] |= 1 << (i & 63)
		}
	}
}
