package table

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"sync/atomic"
	"unicode/utf8"

	"cxlens/internal/flow"
)

// sweep is the work of one search. It looks at stripes of rows, a column at a time: a column's values decode many
// times faster than whole rows, and of equal values only one is written as a cell.
type sweep struct {
	needle
	view   *flow.View
	order  []uint32 // nil: the rows as they arrived
	n      int
	from   int
	by     int
	times  int // the match that is looked for: the first one is 1
	cells  []*sought
	looked *atomic.Int64
	buf    []byte
	want   []byte // the text

	places, rows [findStep]int // of a stripe, in the order of the search
	hits         [findStep]bool
	keys, ports  [findStep]uint64
}

// run looks at every row, from one on and around the end, until it comes to the match that is wanted. Where
// there are fewer rows with a match it goes around again.
func (s *sweep) run(ctx context.Context) (row int, col flow.Column, wrapped bool, err error) {
	s.narrow()
	matches := 0
	for i := 0; i < s.n || matches > 0 && matches < s.times; {
		if i == s.n { // all matches are known by now
			s.times = matches + (s.times-1)%matches + 1
		}
		s.looked.Store(int64(min(i, s.n)))
		if err := ctx.Err(); err != nil {
			return -1, 0, false, err
		}
		end := i + findStep
		if i < s.n {
			end = min(end, s.n)
		}
		s.stripe(i, end-i)
		for k, hit := range s.hits[:end-i] {
			if !hit {
				continue
			}
			if matches++; matches == s.times {
				return s.rows[k], s.column(s.rows[k]), s.from+(i+k)*s.by != s.places[k], nil
			}
		}
		i = end
	}
	return -1, 0, false, nil
}

// stripe finds out which of n rows from the i-th of the search on have a match.
func (s *sweep) stripe(i, n int) {
	for k := range n {
		place := ((s.from+(i+k)*s.by)%s.n + s.n) % s.n
		s.places[k], s.rows[k] = place, place
		if s.order != nil {
			s.rows[k] = int(s.order[place])
		}
	}
	clear(s.hits[:n])
	for _, c := range s.cells {
		s.decode(c, n)
		for k, key := range s.keys[:n] {
			if !s.hits[k] {
				s.hits[k] = s.has(c, key, s.rows[k])
			}
		}
	}
}

// column is the first of the searched columns in which a row has the text.
func (s *sweep) column(row int) flow.Column {
	s.rows[0] = row
	for _, c := range s.cells {
		s.decode(c, 1)
		if s.has(c, s.keys[0], row) {
			return c.col
		}
	}
	return 0
}

// decode reads what decides the cells of a column in the first n rows of the stripe.
func (s *sweep) decode(c *sought, n int) {
	s.load(c.key, s.keys[:n])
	if c.col != flow.ColDstPort || !c.form.service {
		return
	}
	s.load(flow.ColProto, s.ports[:n])
	for k := range n {
		s.keys[k] |= s.ports[k] << 16
	}
}

// load decodes a column of the first rows of the stripe: in one go where they follow each other.
func (s *sweep) load(col flow.Column, dst []uint64) {
	n, first := len(dst), s.rows[0]
	if s.order == nil && s.rows[n-1]-first == (n-1)*s.by {
		if s.by < 0 {
			first = s.rows[n-1]
		}
		s.view.Uint64s(col, first, dst)
		if s.by < 0 {
			slices.Reverse(dst)
		}
		return
	}
	for k := range dst {
		dst[k] = s.view.Uint64(col, s.rows[k])
	}
}

// has tells whether the cell of a row that key decides has the text.
func (s *sweep) has(c *sought, key uint64, row int) bool {
	known := c.state(key)
	if known == nil {
		return s.cellHas(c, key, row)
	}
	if *known == 0 {
		*known = miss
		if s.cellHas(c, key, row) {
			*known = hit
		}
	}
	return *known == hit
}

// cellHas writes a cell and looks for the text in it; a whole row is decoded only where key does not say the cell.
func (s *sweep) cellHas(c *sought, key uint64, row int) bool {
	s.buf = s.buf[:0]
	switch c.col {
	case flow.ColSrcIP, flow.ColDstIP:
		addr, version := s.view.Addr(uint32(key))
		s.buf = addr.AppendText(s.buf, version)
	case flow.ColSrcName, flow.ColDstName:
		return s.in(s.view.NameOf(uint32(key)))
	case flow.ColStart, flow.ColEnd:
		s.buf = appendTime(s.buf, int64(key), c.form)
	case flow.ColSrcPackets, flow.ColDstPackets, flow.ColSrcBytes, flow.ColDstBytes, flow.ColBytes, flow.ColPackets:
		s.buf = appendCount(s.buf, key, c.form)
	default:
		var r flow.Record
		s.view.Record(row, &r)
		s.buf = appendCell(s.buf, s.view, row, &r, c.col, c.form)
	}
	return s.inBuf()
}

// inBuf tells whether the text stands in the cell that was written, without another copy of it.
func (s *sweep) inBuf() bool {
	if s.fold {
		for i, b := range s.buf {
			switch {
			case b >= utf8.RuneSelf:
				return s.in(string(s.buf))
			case 'A' <= b && b <= 'Z':
				s.buf[i] = b + ('a' - 'A')
			}
		}
	}
	return bytes.Contains(s.buf, s.want)
}

// narrow leaves out the columns in which the text cannot stand.
func (s *sweep) narrow() {
	s.want = []byte(s.text)
	s.cells = slices.DeleteFunc(s.cells, func(c *sought) bool { return !s.possible(c) })
	for _, c := range s.cells {
		c.prepare(s.view)
	}
}

// possible tells whether the text can stand in a column at all: no letter is looked for in a count.
func (s *sweep) possible(c *sought) bool {
	letters, points := lettersOf(c.col, c.form)
	return letters == "" || strings.Trim(strings.ToLower(s.text), letters) == "" && strings.Count(s.text, ".") <= points
}

// lettersOf are all characters, in lower case, that cells of a column can have, "" for any, and how
// many of them are points at most.
func lettersOf(c flow.Column, f form) (letters string, points int) {
	switch c {
	case flow.ColStart, flow.ColEnd:
		return "0123456789-:. ", one(f.exact)
	case flow.ColSrcIP, flow.ColDstIP:
		return "0123456789abcdef:.", 3
	case flow.ColDuration:
		return "0123456789.-µsmhd", 1
	case flow.ColSrcPort, flow.ColID, flow.ColIPVersion, flow.ColPcapOffset, flow.ColPcapEndOffset:
		return "0123456789-", 0
	}
	if _, ok := count(new(flow.Record), c); ok {
		return "0123456789.,kmgtpe", 1
	}
	return "", 0
}
