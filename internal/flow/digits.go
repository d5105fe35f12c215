package flow

import (
	"encoding/binary"
	"math/bits"
)

// The readers below take eight characters of a line at a time as one number, the
// first character in its lowest byte. They read a field and its | and give what
// follows them; bad, which collects over a line, is not 0 when a field was no such
// number. What they give then has no meaning, and neither has a place behind it:
// that it may lie anywhere in text is checked on every read.

const (
	zeroChars = 0x3030303030303030
	highBits  = 0x8080808080808080
	// aboveNine carries bytes above 9 into their high bit.
	aboveNine = 0x7676767676767676
	digitsMax = 19 // as many cannot overflow 64 bits
)

var powersOfTen = [...]uint64{1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000}

// nonDigits marks, up to the first one, the bytes of t that are above 9.
func nonDigits(t uint64) uint64 { return (t + aboveNine | t) & highBits }

// eightDigits is the number of eight digits, each the value of its character.
func eightDigits(t uint64) uint64 {
	const pairs, low, high = 0x000000ff_000000ff, 1 + 10_000<<32, 100 + 1_000_000<<32
	t = t*10 + t>>8
	return (t&pairs*high + t>>16&pairs*low) >> 32
}

// number reads digits and the | behind them.
func number(text []byte, pos int, bad uint64) (n uint64, next int, stillBad uint64) {
	return numberBefore(text, pos, bad, '|')
}

// numberBefore is number with another character behind the digits.
func numberBefore(text []byte, pos int, bad, end uint64) (n uint64, next int, stillBad uint64) {
	if pos > len(text)-8 {
		return 0, pos, 1
	}
	x := binary.LittleEndian.Uint64(text[pos:])
	t := x ^ zeroChars
	other := nonDigits(t)
	if other == 0 {
		return longNumber(text, pos+8, bad, end, eightDigits(t))
	}
	// The place of the first other character, in bits. Those behind it leave t, and zeros come before it.
	size := bits.TrailingZeros64(other) &^ 7
	bad |= other&0x80 | (x>>(size&63)&0xff ^ end)
	return eightDigits(t << ((64 - size) & 63)), pos + size>>3 + 1, bad
}

// longNumber reads the rest of a number whose first eight digits are n.
func longNumber(text []byte, pos int, bad, end, n uint64) (_ uint64, next int, stillBad uint64) {
	for room := digitsMax - 8; pos <= len(text)-8; room -= 8 {
		x := binary.LittleEndian.Uint64(text[pos:])
		t := x ^ zeroChars
		other := nonDigits(t)
		if other == 0 && room >= 8 {
			n, pos = n*powersOfTen[8]+eightDigits(t), pos+8
			continue
		}
		size := bits.TrailingZeros64(other) &^ 7
		if size>>3 > room {
			break
		}
		bad |= x>>size&0xff ^ end
		return n*powersOfTen[size>>3] + eightDigits(t<<(64-size)), pos + size>>3 + 1, bad
	}
	return 0, pos, 1
}

// flowID reads an id and the | behind it. Ids of this century have nineteen digits.
func flowID(text []byte, pos int) (n uint64, next int, bad uint64) {
	const size = digitsMax
	if pos > len(text)-24 || text[pos+size] != '|' {
		return number(text, pos, 0)
	}
	at := text[pos : pos+24]
	a, b := binary.LittleEndian.Uint64(at)^zeroChars, binary.LittleEndian.Uint64(at[8:])^zeroChars
	c := (binary.LittleEndian.Uint64(at[16:]) ^ zeroChars) << (64 - 3*8)
	n = eightDigits(a)*(powersOfTen[8]*powersOfTen[3]) + eightDigits(b)*powersOfTen[3] + eightDigits(c)
	return n, pos + size + 1, nonDigits(a) | nonDigits(b) | nonDigits(c)
}

// signedNumber is number with a sign before the digits when it is negative.
func signedNumber(text []byte, pos int, bad uint64) (n int64, next int, stillBad uint64) {
	if pos <= len(text)-16 { // nine to fifteen digits, as most offsets have, in one go
		at := text[pos : pos+16]
		x := binary.LittleEndian.Uint64(at[8:])
		high, low := binary.LittleEndian.Uint64(at)^zeroChars, x^zeroChars
		if other := nonDigits(low); nonDigits(high)|other&0x80 == 0 && other != 0 {
			size := bits.TrailingZeros64(other) &^ 7 & 63
			n := eightDigits(high)*powersOfTen[size>>3] + eightDigits(low<<((64-size)&63))
			return int64(n), pos + 8 + size>>3 + 1, bad | (x>>size&0xff ^ '|')
		}
	}
	var negative uint64
	if pos < len(text) && text[pos] == '-' {
		negative = 1
		pos++
	}
	m, pos, bad := number(text, pos, bad)
	return int64((m ^ -negative) + negative), pos, bad | (m-negative)>>63
}

// minute is a minute that was read, as text and as microseconds: neighbouring rows share it.
type minute struct {
	date, clock uint64 // YYYY-MM- and DD HH:MM
	micros      int64
}

// moment reads YYYY-MM-DD HH:MM:SS.ffffff and the | behind it.
func (m *minute) moment(text []byte, pos int, bad uint64) (micros int64, next int, stillBad uint64) {
	const size = len("YYYY-MM-DD HH:MM:SS.ffffff|")
	if pos > len(text)-size {
		return 0, pos, 1
	}
	at := text[pos : pos+size]
	date, clock := binary.LittleEndian.Uint64(at), binary.LittleEndian.Uint64(at[8:])
	if (date != m.date || clock != m.clock || date == 0) && !m.read(at, date, clock) {
		return 0, pos, 1
	}
	second := twoDigits(at[17], at[18])
	x := binary.LittleEndian.Uint64(at[19:]) // .ffffff|
	t := x>>8&(1<<48-1) ^ zeroChars&(1<<48-1)
	bad |= nonDigits(t) | (x&0xff ^ '.') | (x>>56 ^ '|') | uint64(at[16]^':')
	if second > 59 {
		bad = 1
	}
	return m.micros + int64(second)*microsPerSecond + int64(eightDigits(t<<16)), pos + size, bad
}

// read takes over the minute that at begins with.
func (m *minute) read(at []byte, date, clock uint64) bool {
	days, ok := parseDate(at[:10])
	hours, minutes := twoDigits(at[11], at[12]), twoDigits(at[14], at[15])
	if !ok || at[10] != ' ' || at[13] != ':' || hours > 23 || minutes > 59 {
		return false
	}
	*m = minute{date: date, clock: clock, micros: days*microsPerDay + int64(hours*60+minutes)*60*microsPerSecond}
	return true
}
