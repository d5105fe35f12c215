package flow

import (
	"encoding/binary"
	"math/bits"
	"slices"
)

// chunk is chunkRows rows in their compact form: each column as the distance from
// its smallest value (frame of reference) in as few bytes as nearly all of them need.
// The few that need more, a heavy flow among small ones, are kept beside.
type chunk struct {
	data []byte // the columns one after the other, and padding
	cols [numStored]packed
	rare rareValues
}

// packed is one column of a chunk. Width is 0 (all rows equal base) to 8 bytes. Where the column has rare
// values, the largest number of that width stands for them.
type packed struct {
	base   uint64
	offset uint32
	width  uint8
	// rareFrom and rareTo are the column's part of the chunk's rare values.
	rareFrom, rareTo uint16
}

// rareValues are values that did not fit, by column and row.
type rareValues struct {
	rows      []uint16
	distances []uint64
}

const (
	// padding lets the last value of the last column be read as 8 bytes.
	padding = 8
	// rareBytes is what a rare value takes, and rareMax how many a column may have: more of them would be
	// slower to read than they are small.
	rareBytes = 10
	rareMax   = chunkRows / 16
	signBit   = 1 << 63
)

// seal packs a full tail. Before is the chunk before it, nil for the first one.
func seal(t *tail, before *chunk) *chunk {
	if before == nil {
		before = &chunk{}
	}
	c := &chunk{}
	size, rare := 0, 0
	var spans [numStored]uint64
	for s := range numStored {
		base, span := frame(t.cols[s], s.signed())
		width, kept := width(t.cols[s], base, span, int(before.cols[s].width))
		c.cols[s], spans[s] = packed{base: base, offset: uint32(size), width: uint8(width)}, span
		size += width * chunkRows
		rare += kept
	}
	c.data = make([]byte, size+padding)
	c.rare = rareValues{rows: make([]uint16, 0, rare), distances: make([]uint64, 0, rare)}
	for s := range numStored {
		p := &c.cols[s]
		p.pack(c.data, t.cols[s])
		p.rareFrom = uint16(len(c.rare.rows))
		if spans[s] > p.mask() {
			c.keepRare(p, t.cols[s])
		}
		p.rareTo = uint16(len(c.rare.rows))
	}
	return c
}

// frame returns the smallest value and how far the largest is from it.
func frame(values []uint64, signed bool) (base, span uint64) {
	flip := uint64(0)
	if signed {
		flip = signBit
	}
	// Two pairs of bounds, so that a comparison need not wait for the one before.
	lo, hi := values[0]^flip, values[0]^flip
	lo2, hi2 := lo, hi
	for len(values) >= 2 {
		v, w := values[0]^flip, values[1]^flip
		lo, hi = min(lo, v), max(hi, v)
		lo2, hi2 = min(lo2, w), max(hi2, w)
		values = values[2:]
	}
	lo, hi = min(lo, lo2), max(hi, hi2)
	return lo ^ flip, hi - lo
}

// width returns the bytes a value for which a column takes the least room, and how many values are rare
// then: as few bytes as leave no more rare values than may be. It looks first at likely, what the column
// took in the chunk before.
func width(values []uint64, base, span uint64, likely int) (best, rare int) {
	full := (bits.Len64(span) + 7) / 8
	best = min(max(likely, 1), full)
	for ; best < full; best++ {
		if rare = countRare(values, base, best); rare <= rareMax {
			break
		}
		rare = 0
	}
	for best > 1 {
		fewer := countRare(values, base, best-1)
		if fewer > rareMax {
			break
		}
		best, rare = best-1, fewer
	}
	return best, rare
}

// countRare counts the values that are rare in a column of so many bytes, and stops soon after rareMax of them.
func countRare(values []uint64, base uint64, width int) (n int) {
	limit := uint64(1)<<(8*width) - 1
	for len(values) > 0 && n <= rareMax {
		part := values[:min(block, len(values))]
		values = values[len(part):]
		for _, v := range part {
			if v-base >= limit {
				n++
			}
		}
	}
	return n
}

// pack writes a column. Where a width has no loop of its own it writes 8 bytes for each value
// and lets the next one overwrite what is too much: seal packs in the order of columns.
func (p *packed) pack(data []byte, values []uint64) {
	base, limit, width := p.base, p.mask(), int(p.width)
	data = data[p.offset:]
	switch width {
	case 0:
	case 1:
		data = data[:len(values)]
		for i, v := range values {
			data[i] = byte(min(v-base, limit))
		}
	case 2:
		data = data[:2*len(values)]
		for i, v := range values {
			d := min(v-base, limit)
			data[2*i+1], data[2*i] = byte(d>>8), byte(d) // one store
		}
	default:
		at := 0
		for _, v := range values {
			binary.LittleEndian.PutUint64(data[at:at+8], min(v-base, limit))
			at += width
		}
	}
}

// keepRare keeps the values for which the largest number stands, itself among them.
func (c *chunk) keepRare(p *packed, values []uint64) {
	for i, v := range values {
		if d := v - p.base; d >= p.mask() {
			c.rare.rows, c.rare.distances = append(c.rare.rows, uint16(i)), append(c.rare.distances, d)
		}
	}
}

// at reads one value.
func (c *chunk) at(s stored, i int) uint64 {
	p := &c.cols[s]
	mask := p.mask()
	d := binary.LittleEndian.Uint64(c.data[int(p.offset)+i*int(p.width):]) & mask
	if d == mask && p.rareFrom < p.rareTo {
		if k, found := slices.BinarySearch(c.rare.rows[p.rareFrom:p.rareTo], uint16(i)); found {
			d = c.rare.distances[int(p.rareFrom)+k]
		}
	}
	return p.base + d
}

func (p *packed) mask() uint64 { return ^uint64(0) >> (64 - 8*uint(p.width)) }

func (c *chunk) bytes() int {
	return cap(c.data) + 24 + int(numStored)*24 + 48 + 2*cap(c.rare.rows) + 8*cap(c.rare.distances)
}

// unpack reads the rows from, from+1, ... of a column.
func unpack[T uint32 | uint64](dst []T, c *chunk, s stored, from int) {
	p := &c.cols[s]
	unpackPlain(dst, c.data[int(p.offset)+from*int(p.width):], p)
	if p.rareFrom == p.rareTo {
		return
	}
	rows, distances := c.rare.rows[p.rareFrom:p.rareTo], c.rare.distances[p.rareFrom:p.rareTo]
	k, _ := slices.BinarySearch(rows, uint16(from))
	for ; k < len(rows) && int(rows[k]) < from+len(dst); k++ {
		dst[int(rows[k])-from] = T(p.base + distances[k])
	}
}

// unpackPlain is unpack without the rare values. The common widths have their own loop; the others
// read 8 bytes and mask.
func unpackPlain[T uint32 | uint64](dst []T, data []byte, p *packed) {
	base, width := p.base, int(p.width)
	switch width {
	case 0:
		for i := range dst {
			dst[i] = T(base)
		}
	case 1:
		data = data[:len(dst)]
		for i, b := range data {
			dst[i] = T(base + uint64(b))
		}
	case 2:
		for i := range dst {
			dst[i] = T(base + uint64(binary.LittleEndian.Uint16(data[2*i:])))
		}
	case 4:
		for i := range dst {
			dst[i] = T(base + uint64(binary.LittleEndian.Uint32(data[4*i:])))
		}
	case 8:
		for i := range dst {
			dst[i] = T(base + binary.LittleEndian.Uint64(data[8*i:]))
		}
	default:
		mask := p.mask()
		for i := range dst {
			dst[i] = T(base + binary.LittleEndian.Uint64(data)&mask)
			data = data[width:]
		}
	}
}
