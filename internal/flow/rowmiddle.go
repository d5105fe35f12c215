package flow

import (
	"encoding/binary"
	"math/bits"
)

// The fields between a row's end time and its first file are found before they are read: the places of
// the | behind them are bits of a number, and a field is the eight characters that end there without those of
// the field before. So no field waits for the one before it, whose length no guess of the processor knows.

const (
	windowBefore = 16 // characters of a window in front of its fields
	windowBlock  = 64 // characters whose | are found together
)

// window is the part of a row in which the fields of its middle lie, and a little before them.
type window [windowBefore + 2*windowBlock]byte

// The fields of the middle.
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

// middleEnds are the places behind the fields of the middle, from the end of what is before them.
type middleEnds [16]uint8

// find finds the ends of the fields; ok is false when a row's middle is longer than a window.
func (w *window) find(ends *middleEnds) (ok bool) {
	first := bars((*[windowBlock]byte)(w[windowBefore:]))
	marks, before := first, uint64(0)
	for n := range midFields {
		ends[n] = uint8(bits.TrailingZeros64(marks))
		marks, before = marks&(marks-1), marks
	}
	if before != 0 {
		return true
	}
	marks = bars((*[windowBlock]byte)(w[windowBefore+windowBlock:]))
	for n := bits.OnesCount64(first); n < midFields; n++ {
		ends[n] = uint8(bits.TrailingZeros64(marks)) + windowBlock
		marks, before = marks&(marks-1), marks
	}
	return before != 0
}

// bars has a bit for each | of a block.
func bars(b *[windowBlock]byte) uint64 {
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
var lastChars = [16]uint64{
	0, 0xff << 56, 0xffff << 48, 0xffffff << 40, 0xffffffff << 32, 0xffffffffff << 24, 0xffffffffffff << 16, 0xffffffffffffff << 8, 1<<64 - 1,
}

// faults collects what is wrong with the fields of a middle.
type faults struct {
	chars uint64 // a high bit where a character is no digit
	sizes uint64 // 8 or more where a field is empty or has more than eight characters
}

// digits reads a field of one to eight digits.
func (w *window) digits(from, end uint8, bad faults) (n uint64, stillBad faults) {
	size := uint64(end - from)
	t := (binary.LittleEndian.Uint64(w[windowBefore-8+int(end&127):]) ^ zeroChars) & lastChars[size&15]
	return eightDigits(t), faults{bad.chars | (t + aboveNine | t), bad.sizes | (size - 1)}
}

// ipv4 reads an address as a number of up to ten digits; ok is false when it is no such number.
func (w *window) ipv4(from, end uint8) (n uint64, ok bool) {
	size := uint64(end - from)
	low := (binary.LittleEndian.Uint64(w[windowBefore-8+int(end&127):]) ^ zeroChars) & lastChars[min(size, 8)]
	high := (binary.LittleEndian.Uint64(w[windowBefore-16+int(end&127):]) ^ zeroChars) & lastChars[(max(size, 8)-8)&15]
	n = eightDigits(low) + (high>>48&0xff*10+high>>56)*powersOfTen[8]
	return n, ((low+aboveNine|low)|(high+aboveNine|high))&highBits|n>>32 == 0 && size-1 < uint64(len("4294967295"))
}

// middle reads the fields between end time and first file into row, and the addresses into place k of the
// batch; two times lie before pos. It returns where the first file begins, 0 when the fields are not as
// AppendLine writes them, or fill more than a window.
func (p *rowReader) middle(text []byte, pos int, row *[numStored]uint64, k int) (next int) {
	if pos > len(text)-len(window{})+windowBefore {
		return 0
	}
	w := (*window)(text[pos-windowBefore:])
	var e middleEnds
	if !w.find(&e) {
		return 0
	}
	start := uint8(0)
	if w[windowBefore] == '-' {
		start = 1
	}
	var bad, long faults
	_, bad = w.digits(start, e[midDuration], bad)
	row[stProto], bad = w.digits(e[midDuration]+1, e[midProto], bad)
	row[stSrcPort], bad = w.digits(e[midSrc]+1, e[midSrcPort], bad)
	row[stDstPort], bad = w.digits(e[midDst]+1, e[midDstPort], bad)
	row[stSrcPackets], long = w.digits(e[midDstPort]+1, e[midSrcPackets], long)
	row[stSrcBytes], long = w.digits(e[midSrcPackets]+1, e[midSrcBytes], long)
	row[stDstPackets], long = w.digits(e[midSrcBytes]+1, e[midDstPackets], long)
	row[stDstBytes], long = w.digits(e[midDstPackets]+1, e[midDstBytes], long)
	row[stSrcFlags], bad = w.digits(e[midDstBytes]+1, e[midSrcFlags], bad)
	row[stDstFlags], bad = w.digits(e[midSrcFlags]+1, e[midDstFlags], bad)
	large := row[stProto]>>8 | row[stSrcFlags]>>8 | row[stDstFlags]>>8 | row[stSrcPort]>>16 | row[stDstPort]>>16
	if long.sizes>>3 != 0 {
		long.chars = longCounters(text[pos:], &e, row)
	}
	if (bad.chars|long.chars)&highBits|bad.sizes>>3|large != 0 || !p.endpoints(w, text[pos:], &e, row, k) {
		return 0
	}
	return pos + int(e[midVersion]) + 1
}

// longCounters reads packets and bytes again of which one has more than eight digits; text begins with the
// middle. What it returns has a high bit when one is no number.
func longCounters(text []byte, e *middleEnds, row *[numStored]uint64) (bad uint64) {
	for i, s := range [...]stored{stSrcPackets, stSrcBytes, stDstPackets, stDstBytes} {
		row[s], _, bad = number(text, int(e[midDstPort+i])+1, bad)
	}
	if bad != 0 {
		return highBits
	}
	return 0
}

// endpoints reads the addresses, and the IP version that must be theirs.
func (p *rowReader) endpoints(w *window, text []byte, e *middleEnds, row *[numStored]uint64, k int) (ok bool) {
	version, batch := uint64(4), &p.addrs.addrs
	src, srcOK := w.ipv4(e[midProto]+1, e[midSrc])
	dst, dstOK := w.ipv4(e[midSrcPort]+1, e[midDst])
	if srcOK && dstOK {
		batch[2*k], batch[2*k+1] = addrKey{lo: v4Prefix | src, version: 4}, addrKey{lo: v4Prefix | dst, version: 4}
	} else {
		a, srcVersion, srcOK := parseAddrBytes(text[e[midProto]+1 : e[midSrc]])
		b, dstVersion, dstOK := parseAddrBytes(text[e[midSrcPort]+1 : e[midDst]])
		if !srcOK || !dstOK || srcVersion != dstVersion {
			return false
		}
		version = uint64(srcVersion)
		batch[2*k], batch[2*k+1] = keyOf(a, srcVersion), keyOf(b, dstVersion)
	}
	row[stVersion] = version
	written := text[e[midDstFlags]+1 : e[midVersion]]
	return version == 4 && len(written) == 1 && written[0] == afInet || version == 6 && string(written) == afInet6
}
