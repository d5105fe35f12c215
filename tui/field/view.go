package field

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"cxlens/themes"
	"cxlens/tui/look"
)

// View returns the visible part of a field of one line in exactly w columns, and where in it the cursor stands.
func (m *Model) View(l *look.Look, w int) (text string, cursor int) {
	if w < 2 {
		return look.Blank(w), 0
	}
	m.follow(w)
	return look.Left(m.paint(l, m.first, m.visible(w)), w), m.column(m.cursor)
}

// paint returns the runes from..to with the mark in them.
func (m *Model) paint(l *look.Look, from, to int) string {
	if m.selected {
		return l.Paint(themes.Selected, m.show(from, to))
	}
	a, b := clamp(m.markFrom, from, to), clamp(m.markTo, from, to)
	return l.Paint(themes.Field, m.show(from, a)) + l.Paint(themes.Mark, m.show(a, b)) + l.Paint(themes.Field, m.show(b, to))
}

// follow keeps the cursor in the visible part, one column kept free for it at the end.
func (m *Model) follow(w int) {
	m.cursor = clamp(m.cursor, 0, len(m.text))
	m.first = min(m.first, m.cursor)
	for m.first < m.cursor && m.column(m.cursor) > w-1 {
		m.first++
	}
	// Text that was deleted at the end makes room for text at the beginning.
	for m.first > 0 && m.widthOf(m.first-1, len(m.text)) < w {
		m.first--
	}
}

// visible returns the index behind the last rune that fits.
func (m *Model) visible(w int) int {
	end := m.first
	for end < len(m.text) && m.widthOf(m.first, end+1) <= w {
		end++
	}
	return end
}

// column is the screen column of a rune in the visible part.
func (m *Model) column(i int) int { return m.widthOf(m.first, max(i, m.first)) }

func (m *Model) widthOf(from, to int) int { return ansi.StringWidth(m.show(from, to)) }

func (m *Model) show(from, to int) string {
	switch {
	case from >= to:
		return ""
	case m.Hidden:
		return strings.Repeat("•", to-from)
	}
	return string(m.text[from:to])
}
