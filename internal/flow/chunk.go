package flow

import (
	"encoding/binary"
	"math/bits"
)

// chunk is chunkRows rows in their compact form: each column as the distance from
// its smallest value (frame of reference) in as few bytes as the largest needs.
type chunk struct {
	data []byte // the columns one after the other, and padding
	cols [numStored]packed
}

// packed is one column of a chunk. Width is 0 (all rows equal base) to 8 bytes.
type packed struct {
	base   uint64
	offset uint32
	width  uint8
}

// padding lets the last value of the last column be read as 8 bytes.
const padding = 8

const signBit = 1 << 63

// seal packs a full tail.
func seal(t *tail) *chunk {
	c := &chunk{}
	size := 0
	for s := range numStored {
		base, span := frame(t.cols[s], s.signed())
		width := (bits.Len64(span) + 7) / 8
		c.cols[s] = packed{base: base, offset: uint32(size), width: uint8(width)}
		size += width * chunkRows
	}
	c.data = make([]byte, size+padding)
	for s := range numStored {
		c.cols[s].pack(c.data, t.cols[s])
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

// pack writes values. It writes 8 bytes for each and lets the next one overwrite
// what is too much, in the order of columns and rows: seal packs in that order.
func (p packed) pack(data []byte, values []uint64) {
	if p.width == 0 {
		return
	}
	data = data[p.offset:]
	for _, v := range values {
		binary.LittleEndian.PutUint64(data, v-p.base)
		data = data[p.width:]
	}
}

// at reads one value.
func (c *chunk) at(s stored, i int) uint64 {
	p := &c.cols[s]
	raw := binary.LittleEndian.Uint64(c.data[int(p.offset)+i*int(p.width):])
	return p.base + raw&p.mask()
}

func (p *packed) mask() uint64 { return ^uint64(0) >> (64 - 8*uint(p.width)) }

func (c *chunk) bytes() int { return cap(c.data) + 24 + int(numStored)*16 }

// unpack reads the rows from, from+1, ... of a column. The common widths have
// their own loop; the others read 8 bytes and mask.
func unpack[T uint32 | uint64](dst []T, c *chunk, s stored, from int) {
	p := &c.cols[s]
	base, width := p.base, int(p.width)
	data := c.data[int(p.offset)+from*width:]
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
