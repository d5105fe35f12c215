package flow

import (
	"encoding/binary"
	"math/bits"
)

// The fields between a row's end time and its first file are found before they are read: the places of
// the | behind them are bits of a number, and a field is the eight characters that end there without those of
// the field before. So no field waits for the one before it, whose length no guess of the processor knows.

const (
	middleBefore = 16  // characters in front of a middle that may be looked at
	middleRoom   = 192 // characters in which a middle is looked for
	middleBlock  = 64  // characters whose | are found together
)

// window is the part of a row in which its middle lies, and a little before it.
type window [middleBefore + middleRoom]byte

// The fields of the middle. A duration's sign is no part of it.
const (
	midDuration = iota
	midProto
	midSrc
	midSrcPort
	midDst
	midDstPort
	midSrcPackets
	midSrcBytes
	midDstPackets
	midDstBytes
	midSrcFlags
	midDstFlags
	midVersion
	midFields
)

// middle is the middle of a row: where its fields end, and what they are as numbers.
type middle struct {
	// ends has at n + 1 the place of the | behind field n, from where the middle begins. What is behind them means nothing.
	ends [32]uint8
	// values are the last eight digits of fields as numbers, in groups of four; those of a group with a flaw mean nothing.
	values [16]uint64
}

// The values. An address has two, the higher one without its last eight digits.
const (
	_ = iota // the duration, which is only checked
	valProto
	valSrcPort
	valDstPort
	valSrc
	valSrcHigh
	valDst
	valDstHigh
	valSrcPackets
	valSrcBytes
	valDstPackets
	valDstBytes
	valSrcFlags
	valDstFlags
)

// What is wrong with a middle: bit n when field n is empty or longer than eight characters, and the bits below.
const (
	flawFirst    = 1 << 16 // a character of the first group's windows is no digit
	flawAddrs    = flawFirst << 1
	flawCounters = flawFirst << 2
	flawLast     = flawFirst << 3
	flawUnended  = 1 << 31 // fewer fields than there must be; nothing else is known then

	flawSizes    = 1<<midFields - 1
	sizesOfAddrs = 1<<midSrc | 1<<midDst
	sizesOfLong  = 1<<midSrcPackets | 1<<midSrcBytes | 1<<midDstPackets | 1<<midDstBytes
)

// readPlain reads the fields of a middle.
func (m *middle) readPlain(w *window) (flaws uint32) {
	if !m.findEnds(w) {
		return flawUnended
	}
	var sizes [midFields]uint8
	ends := (*[midFields + 1]uint8)(m.ends[:])
	ends[0] = 0xff // the end of what is before the first field
	for field := range sizes {
		sizes[field] = ends[field+1] - ends[field] - 1
		if sizes[field]-1 > 7 {
			flaws |= 1 << field
		}
	}
	// Field by field, since a loop over them took a tenth longer for a row.
	var first, addrs, counters, last uint64
	v := &m.values
	_, first = w.digits(ends[midDuration+1], 0, sizes[midDuration], first)
	v[valProto], first = w.digits(ends[midProto+1], 0, sizes[midProto], first)
	v[valSrcPort], first = w.digits(ends[midSrcPort+1], 0, sizes[midSrcPort], first)
	v[valDstPort], first = w.digits(ends[midDstPort+1], 0, sizes[midDstPort], first)
	v[valSrc], addrs = w.digits(ends[midSrc+1], 0, sizes[midSrc], addrs)
	v[valSrcHigh], addrs = w.digits(ends[midSrc+1], 8, sizes[midSrc], addrs)
	v[valDst], addrs = w.digits(ends[midDst+1], 0, sizes[midDst], addrs)
	v[valDstHigh], addrs = w.digits(ends[midDst+1], 8, sizes[midDst], addrs)
	v[valSrcPackets], counters = w.digits(ends[midSrcPackets+1], 0, sizes[midSrcPackets], counters)
	v[valSrcBytes], counters = w.digits(ends[midSrcBytes+1], 0, sizes[midSrcBytes], counters)
	v[valDstPackets], counters = w.digits(ends[midDstPackets+1], 0, sizes[midDstPackets], counters)
	v[valDstBytes], counters = w.digits(ends[midDstBytes+1], 0, sizes[midDstBytes], counters)
	v[valSrcFlags], last = w.digits(ends[midSrcFlags+1], 0, sizes[midSrcFlags], last)
	v[valDstFlags], last = w.digits(ends[midDstFlags+1], 0, sizes[midDstFlags], last)
	_, last = w.digits(ends[midVersion+1], 0, sizes[midVersion], last)
	for group, bad := range [...]uint64{first, addrs, counters, last} {
		if bad&highBits != 0 {
			flaws |= flawFirst << group
		}
	}
	return flaws
}

// digits reads the last characters of a field that ends there, eight at most and without the last skip of them. What
// it returns has a high bit when one is no digit.
func (w *window) digits(end, skip, size uint8, bad uint64) (n, stillBad uint64) {
	kept := lastChars[min(max(size, skip)-skip, 8)]
	t := (binary.LittleEndian.Uint64(w[middleBefore-8-int(skip)+int(end):]) ^ zeroChars) & kept
	return eightDigits(t), bad | (t + aboveNine | t)
}

// findEnds finds the ends of the fields; ok is false when a middle is longer than a window. The ends in a block go
// behind those in the blocks before, over what was written there for want of a |: so that no branch depends on where
// the fields of a usual row end.
func (m *middle) findEnds(w *window) (ok bool) {
	n := 0
	for at := 0; at < middleRoom && n < midFields; at += middleBlock {
		marks := bars((*[middleBlock]byte)(w[middleBefore+at:]))
		count := bits.OnesCount64(marks)
		ends := (*[midFields]uint8)(m.ends[n+1:])
		for i := range ends {
			ends[i] = uint8(at + bits.TrailingZeros64(marks))
			marks &= marks - 1
		}
		n += count
	}
	return n >= midFields
}

// size is how many characters a field has.
func (m *middle) size(field int) int {
	if field == 0 {
		return int(m.ends[1])
	}
	return int(m.ends[field+1]) - int(m.ends[field]) - 1
}

// bars has a bit for each | of a block.
func bars(b *[middleBlock]byte) uint64 {
	le := binary.LittleEndian
	return ^(noBars(le.Uint64(b[0:])) | noBars(le.Uint64(b[8:]))<<8 | noBars(le.Uint64(b[16:]))<<16 | noBars(le.Uint64(b[24:]))<<24 |
		noBars(le.Uint64(b[32:]))<<32 | noBars(le.Uint64(b[40:]))<<40 | noBars(le.Uint64(b[48:]))<<48 | noBars(le.Uint64(b[56:]))<<56)
}

// noBars has a bit for each of eight characters that is no |, the first one in the lowest bit.
func noBars(x uint64) uint64 {
	const gather = 0x0002_0408_1020_4081 // the high bits of the bytes into the highest byte
	x ^= '|' * (zeroChars / '0')
	return ((x&^highBits + ^uint64(highBits)) | x) & highBits * gather >> 56
}

// lastChars keeps the last ones of eight characters, as many as the index says.
var lastChars = [...]uint64{
	0, 0xff << 56, 0xffff << 48, 0xffffff << 40, 0xffffffff << 32, 0xffffffffff << 24, 0xffffffffffff << 16, 0xffffffffffffff << 8, 1<<64 - 1,
}

// middle reads the fields between end time and first file into row, and the addresses into place k of the
// batch; two times lie before pos. It returns where the first file begins, 0 when the fields are not as
// AppendLine writes them, or fill more than a window.
func (p *rowReader) middle(text []byte, pos int, row *[numStored]uint64, k int) (next int) {
	if pos >= len(text)-middleRoom {
		return 0
	}
	if text[pos] == '-' {
		pos++
	}
	m := &p.mid
	flaws := m.read((*window)(text[pos-middleBefore:]))
	if flaws&^(flawAddrs|flawCounters|sizesOfAddrs|sizesOfLong) != 0 {
		return 0
	}
	v := &m.values
	row[stProto], row[stSrcPort], row[stDstPort] = v[valProto], v[valSrcPort], v[valDstPort]
	row[stSrcPackets], row[stSrcBytes] = v[valSrcPackets], v[valSrcBytes]
	row[stDstPackets], row[stDstBytes] = v[valDstPackets], v[valDstBytes]
	row[stSrcFlags], row[stDstFlags] = v[valSrcFlags], v[valDstFlags]
	if (v[valProto]|v[valSrcFlags]|v[valDstFlags])>>8|(v[valSrcPort]|v[valDstPort])>>16 != 0 {
		return 0
	}
	if flaws&(flawCounters|sizesOfLong) != 0 && !m.longCounters(text[pos:], row) {
		return 0
	}
	if !p.endpoints(text[pos:], flaws, row, k) {
		return 0
	}
	return pos + int(m.ends[midVersion+1]) + 1
}

// longCounters reads packets and bytes again of which one has more than eight digits; text begins with the
// middle. ok is false when one is no number.
func (m *middle) longCounters(text []byte, row *[numStored]uint64) (ok bool) {
	var bad uint64
	for i, s := range [...]stored{stSrcPackets, stSrcBytes, stDstPackets, stDstBytes} {
		row[s], _, bad = number(text, int(m.ends[midSrcPackets+i])+1, bad)
	}
	return bad == 0
}

// endpoints reads the addresses, and the IP version that must be theirs.
func (p *rowReader) endpoints(text []byte, flaws uint32, row *[numStored]uint64, k int) (ok bool) {
	m, batch := &p.mid, &p.addrs.addrs
	written := text[m.ends[midVersion]+1 : m.ends[midVersion+1]]
	src, dst := m.values[valSrcHigh]*powersOfTen[8]+m.values[valSrc], m.values[valDstHigh]*powersOfTen[8]+m.values[valDst]
	if flaws&flawAddrs == 0 && (src|dst)>>32 == 0 && ipv4Digits(m.size(midSrc)) && ipv4Digits(m.size(midDst)) {
		batch[2*k], batch[2*k+1] = addrKey{lo: v4Prefix | src, version: 4}, addrKey{lo: v4Prefix | dst, version: 4}
		row[stVersion] = 4
		return len(written) == 1 && written[0] == afInet
	}
	a, srcVersion, srcOK := parseAddrBytes(text[m.ends[midSrc]+1 : m.ends[midSrc+1]])
	b, dstVersion, dstOK := parseAddrBytes(text[m.ends[midDst]+1 : m.ends[midDst+1]])
	if !srcOK || !dstOK || srcVersion != dstVersion {
		return false
	}
	row[stVersion] = uint64(srcVersion)
	batch[2*k], batch[2*k+1] = keyOf(a, srcVersion), keyOf(b, dstVersion)
	return srcVersion == 4 && len(written) == 1 && written[0] == afInet || srcVersion == 6 && string(written) == afInet6
}

// ipv4Digits tells whether an address of that many digits may be an IPv4 one as a number.
func ipv4Digits(size int) bool { return uint(size-1) < uint(len("4294967295")) }
