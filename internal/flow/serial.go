package flow

import (
	"slices"
	"sync/atomic"
)

// generations numbers the tables of the process.
var generations atomic.Uint64

// serials number the rows of a table and of the tables that Keep made of it, one after the other: a row has
// the same serial in all of them, so that it can be found again when older rows are gone.
type serials struct {
	generation uint64
	first      []uint64 // of the first rows, ascending
	base       uint64   // of the row behind them; from there on they follow one by one
}

func newSerials() *serials { return &serials{generation: generations.Add(1)} }

func (s *serials) of(row int) uint64 {
	if row < len(s.first) {
		return s.first[row]
	}
	return s.base + uint64(row-len(s.first))
}

// find returns the row of a serial among the first n rows, -1 for none.
func (s *serials) find(serial uint64, n int) int {
	row, ok := slices.BinarySearch(s.first, serial)
	if !ok {
		if serial < s.base || serial-s.base >= uint64(n) {
			return -1
		}
		row = len(s.first) + int(serial-s.base)
	}
	if row >= n {
		return -1
	}
	return row
}

// kept returns the serials of some of n rows, which ascend; more rows may follow the last one of n only.
func (s *serials) kept(rows []uint32, n int) *serials {
	whole := len(rows) // from here on the rows follow one by one up to the last
	for whole > 0 && int(rows[whole-1]) == n-(len(rows)-whole)-1 && int(rows[whole-1]) >= len(s.first) {
		whole--
	}
	out := &serials{generation: generations.Add(1), base: s.of(n) - uint64(len(rows)-whole)}
	out.first = make([]uint64, whole)
	for i, row := range rows[:whole] {
		out.first[i] = s.of(int(row))
	}
	return out
}

// Generation tells views of one table from those of another: row numbers are the same only within one.
func (v *View) Generation() uint64 { return v.serials.generation }

// Serial is what identifies a row in this table and in those that Keep makes of it.
func (v *View) Serial(row int) uint64 { return v.serials.of(row) }

// RowOf is the row with a serial, -1 when it is not here.
func (v *View) RowOf(serial uint64) int { return v.serials.find(serial, v.n) }

// Keep returns a new table of some of v's rows, which are given in ascending order: with no memory of the
// others, its names and addresses included, and with the same serials. Rows that are added to it
// are numbered on from v's last one, so v should be the newest view of its table.
func (v *View) Keep(rows []uint32) *Table {
	t := NewTable()
	t.serials = v.serials.kept(rows, v.n)
	for _, n := range v.Nodes() {
		t.SetNode(n)
	}
	var r Record
	for _, row := range rows {
		v.Record(int(row), &r)
		t.append(&r)
	}
	t.publish()
	return t
}
