package table

import (
	"time"

	"cxlens/internal/flow"
)

// sought is a column in which is searched, how its cells are written, and which of its values are known to have the
// text: a result has few different values in most columns, and in the others equal ones are often near each other.
type sought struct {
	col  flow.Column
	form form

	key    flow.Column // whose values decide the cells
	codes  []uint8     // by value, where the values are codes below its length
	memo   []memo      // by a hash of the value, the latest one of each, where they are any numbers
	second bool        // of a time only the second is in the cell
}

// What is known of a value; 0 is nothing yet.
const (
	hit  = 1
	miss = 2
)

// memo is what is known of one value.
type memo struct {
	key   uint64
	known uint8
}

// memoBits is how many values of a column of numbers are remembered, as a power of two: they stay in the processor's cache.
const memoBits = 12

// manyRows is from how many rows on a place for each port of each protocol pays: 16 MiB.
const manyRows = 1 << 20

// prepare chooses what decides the cells, and how much of it is remembered.
func (c *sought) prepare(v *flow.View) {
	c.key = c.col
	switch c.col {
	case flow.ColSrcIP, flow.ColDstIP, flow.ColSrcName, flow.ColDstName:
		if c.col == flow.ColSrcName {
			c.key = flow.ColSrcIP
		} else if c.col == flow.ColDstName {
			c.key = flow.ColDstIP
		}
		c.codes = make([]uint8, v.NumAddrs())
	case flow.ColPcapFile, flow.ColPcapEndFile:
		c.codes = make([]uint8, v.NumFiles())
	case flow.ColProto, flow.ColState, flow.ColSrcFlags, flow.ColDstFlags, flow.ColIPVersion:
		c.codes = make([]uint8, 1<<8)
	case flow.ColSrcPort, flow.ColService:
		c.codes = make([]uint8, 1<<16)
	case flow.ColDstPort:
		if v.Len() < manyRows {
			c.memo = make([]memo, 1<<memoBits)
			return
		}
		c.codes = make([]uint8, 1<<24) // with the protocol, which decides the service
	case flow.ColPPS, flow.ColBPS, flow.ColBPP, flow.ColDirection:
		c.key = flow.ColProto // any: every cell is written
	default:
		c.memo = make([]memo, 1<<memoBits)
		c.second = (c.col == flow.ColStart || c.col == flow.ColEnd) && !c.form.exact
	}
}

// state is what is known of a value, to be read and changed; nil where nothing is remembered.
func (c *sought) state(key uint64) *uint8 {
	if c.codes != nil {
		return &c.codes[key]
	}
	if c.memo == nil {
		return nil
	}
	if c.second {
		key = uint64(int64(key) / int64(time.Second/time.Microsecond))
	}
	m := &c.memo[key*0x9e3779b97f4a7c15>>(64-memoBits)]
	if m.key != key {
		*m = memo{key: key}
	}
	return &m.known
}
