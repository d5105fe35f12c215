package table

import (
	"context"
	"math/bits"

	tea "charm.land/bubbletea/v2"

	"cxlens/internal/flow"
)

// The signs in the margin: of a marked row, and of one that is under the cursor as well.
const (
	signMarked      = "•"
	signMarkedUnder = "◉"
)

// rowSet is a set of rows by their numbers.
type rowSet struct {
	words []uint64
	n     int
}

func (s *rowSet) has(row int) bool {
	return row>>6 < len(s.words) && s.words[row>>6]&(1<<(row&63)) != 0
}

func (s *rowSet) put(row int, in bool) {
	if s.has(row) == in {
		return
	}
	s.grow(row + 1)
	s.words[row>>6] ^= 1 << (row & 63)
	s.n += 2*one(in) - 1
}

// grow makes room for so many rows.
func (s *rowSet) grow(rows int) {
	if more := (rows+63)>>6 - len(s.words); more > 0 {
		s.words = append(s.words, make([]uint64, more)...)
	}
}

// count counts the rows again.
func (s *rowSet) count() {
	s.n = 0
	for _, w := range s.words {
		s.n += bits.OnesCount64(w)
	}
}

// clone returns a copy that later changes do not reach.
func (s *rowSet) clone() rowSet {
	return rowSet{words: append([]uint64(nil), s.words...), n: s.n}
}

// each calls f with the rows of s, the lowest first.
func (s *rowSet) each(f func(row int)) {
	for i, w := range s.words {
		for ; w != 0; w &= w - 1 {
			f(i<<6 + bits.TrailingZeros64(w))
		}
	}
}

// ToggleMark marks the row under the cursor, or no longer, and goes to the next one.
func (m *Model) ToggleMark() bool {
	if m.cursor >= m.shown {
		return false
	}
	row := m.row(m.cursor)
	m.marks.put(row, !m.marks.has(row))
	m.touched, m.fresh = true, false
	m.move(1)
	return true
}

// markShown marks the rows that are shown, or turns the marks of each around.
func (m *Model) markShown(invert bool) bool {
	if m.shown > 0 {
		m.marks.grow(m.view.Len())
	}
	words := m.marks.words
	for place := range m.shown { // of millions of rows, and the screen waits
		row := m.row(place)
		if invert {
			words[row>>6] ^= 1 << (row & 63)
		} else {
			words[row>>6] |= 1 << (row & 63)
		}
	}
	m.marks.count()
	m.touched, m.fresh = m.touched || m.shown > 0, false
	return m.shown > 0
}

// ClearMarks takes all marks away, those of flows that are not here included.
func (m *Model) ClearMarks() bool {
	had := m.marks.n+m.away.n > 0
	m.away.reset()
	m.away = away{job: m.away.job}
	m.marks, m.fresh = rowSet{}, false
	return had
}

// NumMarked is how many rows are marked, those that are not shown now included; see NumAway for flows that are not here.
func (m *Model) NumMarked() int { return m.marks.n }

// Marked returns the marked rows: those that are shown in their order, then those that the refinement
// hides as they arrived. Without any it is nil.
func (m *Model) Marked() []uint32 {
	if m.marks.n == 0 {
		return nil
	}
	rest := m.marks.clone()
	rows := make([]uint32, 0, m.marks.n)
	for place := 0; place < m.shown && rest.n > 0; place++ {
		if row := m.row(place); rest.has(row) {
			rest.put(row, false)
			rows = append(rows, uint32(row))
		}
	}
	rest.each(func(row int) { rows = append(rows, uint32(row)) })
	return rows
}

// OnlyMarked tells whether only rows are shown that were marked when that was asked for.
func (m *Model) OnlyMarked() bool { return m.only != nil }

// ToggleOnlyMarked shows only the marked rows, or all again. A row whose mark is taken away meanwhile
// stays until then.
func (m *Model) ToggleOnlyMarked() (cmd tea.Cmd, ok bool) {
	switch {
	case m.only != nil:
		m.only = nil
	case m.marks.n == 0:
		return nil, false
	default:
		set := m.marks.clone()
		m.only = &set
	}
	return m.refilter(), true
}

// onlyMarked selects the rows of a set of those that another filter passes.
type onlyMarked struct {
	set  rowSet
	also Filter // nil for none
}

// Select returns those of rows (nil: all of v) that are in the set.
func (f onlyMarked) Select(ctx context.Context, v *flow.View, rows []uint32) ([]uint32, error) {
	kept := make([]uint32, 0, min(f.set.n, v.Len()))
	for row := range uint32(v.Len()) {
		if rows == nil && f.set.has(int(row)) {
			kept = append(kept, row)
		}
	}
	for _, row := range rows {
		if f.set.has(int(row)) {
			kept = append(kept, row)
		}
	}
	if f.also == nil {
		return kept, ctx.Err()
	}
	return f.also.Select(ctx, v, kept)
}

// sign is what stands in the margin of a row.
func (m *Model) sign(row int, under bool) string {
	switch marked := m.marks.n > 0 && m.marks.has(row); {
	case marked && under:
		return signMarkedUnder
	case marked:
		return signMarked
	case under:
		return "▌"
	}
	return ""
}
