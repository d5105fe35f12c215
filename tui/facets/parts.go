package facets

import (
	"strings"

	"cxlens/tui/look"
)

// least is how wide a column beside steps is at least.
const least = 6

// measure looks how wide the values of a list with steps are, which cannot be read when they are cut.
func (m *Model) measure() {
	m.wide = nil
	if !m.InSteps() {
		return
	}
	m.wide = make([]int, len(m.by))
	for i := range m.by {
		m.wide[i] = look.Width(m.columnName(i)) + 1 // and the sign of the order
	}
	for _, g := range m.answer.Groups {
		for i, cell := range m.cells(g) {
			m.wide[i] = max(m.wide[i], look.Width(cell))
		}
	}
}

// wanted is how wide all values together are, 0 where they may be cut.
func (m *Model) wanted() int {
	sum := max(0, len(m.wide)-1)
	for _, n := range m.wide {
		sum += n
	}
	return sum
}

// parts are the widths of the columns of the values in w, without the blank between two: as wide as their values are
// where there are steps, and where that is too much, those of the steps; else equal ones.
func (m *Model) parts(w int) []int {
	n := len(m.by)
	parts := make([]int, n)
	if n == 1 {
		parts[0] = w
		return parts
	}
	left, others := w-(n-1), n
	if m.wide != nil && m.wanted() <= w {
		copy(parts, m.wide)
		return parts
	}
	if m.wide != nil {
		for i := range parts {
			if m.inSteps(i) {
				parts[i] = max(1, min(m.wide[i], left-least*(others-1)))
				left, others = left-parts[i], others-1
			}
		}
	}
	for i := range parts {
		if parts[i] == 0 {
			parts[i] = max(1, left/others)
		}
	}
	return parts
}

// fit lays out the cells of several columns in w.
func (m *Model) fit(cells []string, w int) string {
	if len(cells) == 1 {
		return look.Left(cells[0], w)
	}
	var b strings.Builder
	for i, part := range m.parts(w) {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(look.Left(cells[i], part))
	}
	return look.Left(b.String(), w)
}
