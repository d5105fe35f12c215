package table

import (
	"context"
	"strings"
	"sync/atomic"

	"cxlens/internal/flow"
)

// sought is a column in which is searched, how its cells are written, and which of its values are known
// to have the text: a result has few different values in most columns.
type sought struct {
	col   flow.Column
	form  form
	known map[uint32]bool
	codes []uint8 // of addresses by their code: 0 for one not looked at yet, see hit and miss
}

const (
	hit  = 1
	miss = 2
)

// sweep is the work of one search.
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
}

// run looks at every row, from one on and around the end, until it comes to the match that is wanted. Where
// there are fewer rows with a match it goes around again.
func (s *sweep) run(ctx context.Context) (row int, col flow.Column, wrapped bool, err error) {
	decode := s.narrow()
	var r flow.Record
	matches := 0
	for i := 0; i < s.n || matches > 0 && matches < s.times; i++ {
		if i == s.n { // all matches are known by now
			s.times = matches + (s.times-1)%matches + 1
		}
		if i%findStep == 0 {
			s.looked.Store(int64(min(i, s.n)))
			if err := ctx.Err(); err != nil {
				return -1, 0, false, err
			}
		}
		at := s.from + i*s.by
		place := ((at % s.n) + s.n) % s.n
		row := place
		if s.order != nil {
			row = int(s.order[place])
		}
		if decode {
			s.view.Record(row, &r)
		}
		for _, c := range s.cells {
			if s.has(c, row, &r) {
				if matches++; matches == s.times {
					return row, c.col, at != place, nil
				}
				break
			}
		}
	}
	return -1, 0, false, nil
}

// has tells whether a cell has the text. r is not read for addresses.
func (s *sweep) has(c *sought, row int, r *flow.Record) bool {
	if c.codes != nil {
		var code [1]uint32
		s.view.AddrCodes(c.col, row, code[:])
		if c.codes[code[0]] == 0 {
			addr, version := s.view.Addr(code[0])
			s.buf = addr.AppendText(s.buf[:0], version)
			c.codes[code[0]] = miss
			if s.in(string(s.buf)) {
				c.codes[code[0]] = hit
			}
		}
		return c.codes[code[0]] == hit
	}
	key, few := keyOf(c.col, r)
	if few {
		if known, ok := c.known[key]; ok {
			return known
		}
	}
	s.buf = appendCell(s.buf[:0], s.view, row, r, c.col, c.form)
	in := s.in(string(s.buf))
	if few {
		c.known[key] = in
	}
	return in
}

// keyOf is what decides the text of a cell in the columns that have few different ones.
func keyOf(c flow.Column, r *flow.Record) (key uint32, few bool) {
	switch c {
	case flow.ColProto:
		return uint32(r.Proto), true
	case flow.ColDstPort:
		return uint32(r.Proto)<<16 | uint32(r.DstPort), true
	case flow.ColState:
		return uint32(r.State()), true
	case flow.ColSrcFlags:
		return uint32(r.Proto)<<16 | uint32(r.SrcFlags), true
	case flow.ColDstFlags:
		return uint32(r.Proto)<<16 | uint32(r.DstFlags), true
	case flow.ColNode, flow.ColAgent, flow.ColNetgroup:
		return r.Node, true
	case flow.ColSrcPort:
		return uint32(r.SrcPort), true
	}
	return 0, false
}

// narrow leaves out the columns in which the text cannot stand, and tells whether the others need the
// whole record.
func (s *sweep) narrow() (decode bool) {
	var cells []*sought
	for _, c := range s.cells {
		if !s.possible(c) {
			continue
		}
		c.known = make(map[uint32]bool)
		if isAddress(c.col) {
			c.codes = make([]uint8, s.view.NumAddrs())
		} else {
			decode = true
		}
		cells = append(cells, c)
	}
	s.cells = cells
	return decode
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
