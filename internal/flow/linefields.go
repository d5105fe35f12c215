package flow

import (
	"bytes"
	"fmt"
	"strconv"
)

// lineParser reads the fields of a line one after the other. The first bad field
// is kept in err; what is read after it has no meaning.
type lineParser struct {
	line []byte
	pos  int // of the next field; behind the last one it is len(line)+1
	err  error

	// The last date read and its microseconds: most lines of a block share it.
	date       [10]byte
	dateMicros int64

	file, endFile []byte // slices of line

	// With keepName, lastName is a copy of the last good file name: mostly the next one is the same.
	keepName bool
	lastName []byte
}

// next returns the next field's text.
func (p *lineParser) next() []byte {
	if p.pos > len(p.line) {
		return nil
	}
	rest := p.line[p.pos:]
	n := bytes.IndexByte(rest, '|')
	if n < 0 {
		n = len(rest)
	}
	p.pos += n + 1
	return rest[:n]
}

// refuse keeps the first error, of the field that ends before pos. The text is
// quoted, so that no control character of a peer passes.
func (p *lineParser) refuse(name, reason string, text []byte) {
	if p.err == nil {
		field := bytes.Count(p.line[:min(p.pos-1, len(p.line))], []byte{'|'}) + 1
		p.err = fmt.Errorf("field %d (%s): %s: %q", field, name, reason, clip(string(text)))
	}
}

// uint reads a decimal number from 0 to limit.
func (p *lineParser) uint(name string, limit uint64) uint64 {
	n, end := digitsAt(p.line, p.pos)
	// 19 digits cannot overflow; anything unusual is judged again by strconv.
	if size := end - p.pos; size < 1 || size > 19 || n > limit || end < len(p.line) && p.line[end] != '|' {
		return p.uintSlow(name, limit)
	}
	p.pos = end + 1
	return n
}

// digitsAt reads the digits from pos on and returns their number, modulo 2^64, and where they end.
func digitsAt(line []byte, pos int) (n uint64, end int) {
	for ; pos < len(line); pos++ {
		c := line[pos] - '0'
		if c > 9 {
			break
		}
		n = n*10 + uint64(c)
	}
	return n, pos
}

func (p *lineParser) uintSlow(name string, limit uint64) uint64 {
	text := p.next()
	if len(text) == 0 {
		p.refuse(name, "not a number from 0 up", text)
		return 0
	}
	for _, c := range text {
		if c < '0' || c > '9' {
			p.refuse(name, "not a number from 0 up", text)
			return 0
		}
	}
	n, err := strconv.ParseUint(string(text), 10, 64)
	if err != nil || n > limit {
		p.refuse(name, "above "+strconv.FormatUint(limit, 10), text)
		return 0
	}
	return n
}

// int reads a decimal number that may be negative.
func (p *lineParser) int(name string) int64 {
	start := p.pos
	negative := start < len(p.line) && p.line[start] == '-'
	limit := uint64(1<<63 - 1)
	if negative {
		limit++
		p.pos++
	}
	before := p.err
	n := p.uint(name, limit)
	if p.err != nil && before == nil {
		p.pos, p.err = start, nil
		p.refuse(name, "not a whole number of 64 bits", p.next())
		return 0
	}
	if negative {
		n = -n
	}
	return int64(n)
}

// time reads YYYY-MM-DD HH:MM:SS, or the same with .ffffff, as microseconds.
func (p *lineParser) time(name string) int64 {
	const long = len("YYYY-MM-DD HH:MM:SS.ffffff")
	if end := p.pos + long; end < len(p.line) && p.line[end] == '|' {
		if micros, ok := p.dateTime(p.line[p.pos:end]); ok {
			p.pos = end + 1
			return micros
		}
	}
	s := p.next()
	micros, ok := p.dateTime(s)
	if !ok {
		p.refuse(name, "not a date and time (YYYY-MM-DD HH:MM:SS[.ffffff])", s)
	}
	return micros
}

func (p *lineParser) dateTime(s []byte) (micros int64, ok bool) {
	if len(s) < 19 || s[10] != ' ' {
		return 0, false
	}
	if date := [10]byte(s); date != p.date || date[4] != '-' { // p.date begins as zeros
		days, ok := parseDate(s[:10])
		if !ok {
			return 0, false
		}
		p.date, p.dateMicros = date, days*microsPerDay
	}
	micros, ok = parseClock(s[11:])
	return p.dateMicros + micros, ok
}

// addr reads an address and derives its IP version from its text.
func (p *lineParser) addr(name string) (a Addr, version uint8) {
	// Most are decimal.
	n, end := digitsAt(p.line, p.pos)
	if size := end - p.pos; size > 0 && size <= 10 && n <= 1<<32-1 && end < len(p.line) && p.line[end] == '|' {
		p.pos = end + 1
		return AddrFrom4(uint32(n)), 4
	}
	s := p.next()
	a, version, ok := parseAddrBytes(s)
	if !ok {
		p.refuse(name, "not an IP address", s)
	}
	return a, version
}

// version reads the C constants AF_INET and AF_INET6 of Linux, the BSDs and macOS,
// or 4 and 6, and compares them with the addresses.
func (p *lineParser) version(name string, version uint8) {
	var v uint8
	s := p.next()
	switch string(s) {
	case "2", "4":
		v = 4
	case "10", "28", "30", "6":
		v = 6
	default:
		p.refuse(name, "not 2, 4 (IPv4) or 6, 10, 28, 30 (IPv6)", s)
		return
	}
	if v != version {
		p.refuse(name, fmt.Sprintf("IPv%d, the addresses are IPv%d", v, version), s)
	}
}

// name reads a file name. Bytes beyond ASCII stay as they are, whatever they
// encode: the name must find the file again.
func (p *lineParser) name(name string) []byte {
	if end := p.pos + len(p.lastName); end < len(p.line) && p.line[end] == '|' && string(p.line[p.pos:end]) == string(p.lastName) {
		s := p.line[p.pos:end]
		p.pos = end + 1
		return s
	}
	s := p.next()
	for _, c := range s {
		if c < ' ' || c == 0x7f {
			p.refuse(name, "control character in a file name", s)
			return nil
		}
	}
	if p.keepName {
		p.lastName = append(p.lastName[:0], s...)
	}
	return s
}
