package field

import (
	"github.com/charmbracelet/x/ansi"

	"cxlens/tui/look"
)

// layout is the text cut into rows.
type layout struct {
	version     uint64
	first, rest int // columns of the first row and of the others
	rows        []row
	top         int // the first row that is visible
	goal        int // the column that up and down aim at, less one; 0 for the cursor's own
	aimed       int // where up and down left the cursor
}

// row is a row of runes, without the line end behind it.
type row struct{ from, to int }

// Rows is the visible part of a field of several lines.
type Rows struct {
	Text []string // as wide as the row, at least one
	// Goes tells of each row whether it goes on with the line of the row before.
	Goes []bool
	X, Y int // where in it the cursor stands
	// Above and Below are how many rows are not shown.
	Above, Below int
	// MarkY and MarkX are where the mark begins and MarkW how wide it is there; 0: no mark is visible.
	MarkX, MarkY, MarkW int
}

// Rows breaks the text into rows, at blanks where it can: the first one of `first` columns, the others
// of `rest`. Of at most `most` rows it returns those around the cursor, or the first ones without follow.
func (m *Model) Rows(l *look.Look, first, rest, most int, follow bool) Rows {
	rows := m.arrange(max(first, 2), max(rest, 2))
	at := m.rowOf(m.cursor)
	top := 0
	if follow {
		m.layout.top = clamp(m.layout.top, at-most+1, at)
		m.layout.top = clamp(m.layout.top, 0, max(0, len(rows)-most))
		top = m.layout.top
	}
	end := min(top+most, len(rows))
	out := Rows{Above: top, Below: len(rows) - end, Y: at - top}
	out.X = min(m.widthOf(rows[at].from, m.cursor), m.columns(at)-1)
	for i := top; i < end; i++ {
		out.Goes = append(out.Goes, i > 0 && m.text[rows[i].from-1] != '\n')
		out.Text = append(out.Text, look.Left(m.paint(l, rows[i].from, rows[i].to), m.columns(i)))
	}
	if m.markTo > 0 {
		i := m.rowOf(min(m.markFrom, len(m.text)))
		if r := rows[i]; i >= top && i < end {
			out.MarkX, out.MarkY = m.widthOf(r.from, min(m.markFrom, len(m.text))), i-top
			out.MarkW = clamp(m.widthOf(r.from, min(m.markTo, r.to))-out.MarkX, 1, max(1, m.columns(i)-out.MarkX))
		}
	}
	return out
}

// columns is how wide a row is.
func (m *Model) columns(i int) int {
	if i == 0 {
		return m.layout.first
	}
	return m.layout.rest
}

// arrange cuts the text into rows unless that was done.
func (m *Model) arrange(first, rest int) []row {
	lay := &m.layout
	if lay.rows == nil || lay.version != m.version || lay.first != first || lay.rest != rest {
		lay.version, lay.first, lay.rest = m.version, first, rest
		lay.rows = cutRows(m.text, first, rest)
	}
	return lay.rows
}

// cutRows cuts text into rows. A blank at which a row is broken may stand in its last column; behind every
// other text that column is free, for the cursor.
func cutRows(text []rune, first, rest int) []row {
	var rows []row
	from, used, blank, w := 0, 0, -1, first
	end := func(to, next int) {
		rows = append(rows, row{from, to})
		from, used, blank, w = next, 0, -1, rest
	}
	for i := 0; i < len(text); i++ {
		r := text[i]
		if r == '\n' {
			end(i, i+1)
			continue
		}
		n := runeWidth(r)
		if used+n > w-1 && i > from && (r != ' ' || used+n > w) {
			if blank >= 0 {
				end(blank+1, blank+1)
			} else {
				end(i, i)
			}
			i = from - 1 // what moved to the new row is measured again
			continue
		}
		if r == ' ' {
			blank = i
		}
		used += n
	}
	full := used >= w
	end(len(text), len(text))
	if full {
		end(len(text), len(text)) // the cursor stands behind a blank in the last column
	}
	return rows
}

// runeWidth is at least as many columns as r takes; what combines is measured for itself.
func runeWidth(r rune) int {
	switch {
	case r < 0x7f:
		return 1
	case r == 0xfe0f: // makes an emoji, which is wide, of the character before it
		return 1
	}
	return ansi.StringWidth(string(r))
}

// rowOf is the row in which the cursor stands before the rune i.
func (m *Model) rowOf(i int) int {
	rows := m.layout.rows
	low, high := 0, len(rows)-1
	for low < high {
		if mid := (low + high + 1) / 2; rows[mid].from <= i {
			low = mid
		} else {
			high = mid - 1
		}
	}
	return low
}

// Vertical moves the cursor by rows as they were shown last, and returns false when there is none.
func (m *Model) Vertical(by int) bool {
	lay := &m.layout
	if lay.rows == nil {
		return false
	}
	rows := m.arrange(lay.first, lay.rest)
	at := m.rowOf(m.cursor)
	to := at + by
	if to < 0 || to >= len(rows) {
		return false
	}
	if lay.goal == 0 || lay.aimed != m.cursor {
		lay.goal = 1 + m.widthOf(rows[at].from, m.cursor)
	}
	last := rows[to].to
	if to+1 < len(rows) && rows[to+1].from == last && last > rows[to].from {
		last-- // the place behind the last rune is the beginning of the next row
	}
	m.cursor = rows[to].from
	for m.cursor < last && m.widthOf(rows[to].from, m.cursor+1) < lay.goal {
		m.cursor++
	}
	lay.aimed, m.journal.kind = m.cursor, kindNone
	return true
}
