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

// seal packs a full tail.
func seal(t *tail) *chunk {
	c := &chunk{}
	size, rare := 0, 0
	var spans [numStored]uint64
	for s := range numStored {
		base, span := frame(t.cols[s], s.signed())
		width, kept := width(t.cols[s], base, span)
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
	lo, hi := ^uint64(0), uint64(0)
	for _, v := range values {
		v ^= flip
		lo, hi = min(lo, v), max(hi, v)
	}
	return lo ^ flip, hi - lo
}

// width returns the bytes a value for which a column takes the least room, and how many values are rare then.
func width(values []uint64, base, span uint64) (best, rare int) {
	full := (bits.Len64(span) + 7) / 8
	if full < 2 {
		return full, 0
	}
	var counts [10]int // values by the bytes they need, with the largest number of each width left free
	for _, v := range values {
		counts[(bits.Len64((v-base)|(v-base+1))+7)>>3]++
	}
	best = full
	least := full * chunkRows
	for w, n := full-1, counts[full]+counts[full+1]; w > 0 && n <= rareMax; w-- {
		if size := w*chunkRows + n*rareBytes; size < least {
			best, rare, least = w, n, size
		}
		n += counts[w]
	}
	return best, rare
}

// pack writes a column. Where a width has no loop of its own it writes 8 bytes for each value
// and lets the next one overwrite what is too much: seal packs in the order of columns.
func (p *packed) pack(data []byte, values []uint64) {
	base, limit := p.base, p.mask()
	data = data[p.offset:]
	switch p.width {
	case 0:
	case 1:
		data = data[:len(values)]
		for i, v := range values {
			data[i] = byte(min(v-base, limit))
		}
	case 2:
		for i, v := range values {
			binary.LittleEndian.PutUint16(data[2*i:], uint16(min(v-base, limit)))
		}
	default:
		for _, v := range values {
			binary.LittleEndian.PutUint64(data, min(v-base, limit))
			data = data[p.width:]
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
