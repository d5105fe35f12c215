// Package field is a line of text that a person types: the query, a path, a secret.
//
// It may import the leaf packages of tui. The surprising thing: it is not the text input
// of Bubbles, because the query line must know which part of a long text is on the screen
// in order to put a mark under the place of an error.
package field

import (
	"unicode"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"cxlens/internal/flow"
	"cxlens/themes"
	"cxlens/tui/look"
)

// maxRunes bounds a field: more is not taken in.
const maxRunes = 8192

// Model is a line of text with a cursor. Its zero value is an empty field.
type Model struct {
	// Hidden shows a dot in place of every character.
	Hidden bool
	text   []rune
	cursor int // before text[cursor]
	first  int // the first visible rune
	// markFrom and markTo are the runes that are marked as wrong.
	markFrom, markTo int
}

// Value returns the text.
func (m *Model) Value() string { return string(m.text) }

// Set replaces the text and puts the cursor at its end.
func (m *Model) Set(s string) {
	m.text = nil
	m.cursor, m.first = 0, 0
	m.insert(s)
	m.Unmark()
}

// Cursor is the place of the cursor in bytes of the text.
func (m *Model) Cursor() int { return len(string(m.text[:m.cursor])) }

// SetCursor puts the cursor before the rune at a byte offset.
func (m *Model) SetCursor(offset int) { m.cursor = m.rune(offset) }

// Mark marks length bytes at offset as wrong; at least one character is marked.
func (m *Model) Mark(offset, length int) {
	m.markFrom = m.rune(offset)
	m.markTo = max(m.rune(offset+length), m.markFrom+1)
}

// Unmark takes the mark away.
func (m *Model) Unmark() { m.markFrom, m.markTo = 0, 0 }

// rune turns a byte offset into an index of runes.
func (m *Model) rune(offset int) int {
	at := 0
	for i, r := range m.text {
		if at >= offset {
			return i
		}
		at += len(string(r))
	}
	return len(m.text)
}

// Update edits the text by a key or a paste and tells whether the text changed.
func (m *Model) Update(msg tea.Msg) (changed bool) {
	before := len(m.text)
	switch msg := msg.(type) {
	case tea.PasteMsg:
		m.insert(msg.Content)
	case tea.KeyPressMsg:
		if msg.Text != "" && !m.special(msg.String()) {
			m.insert(msg.Text)
		} else {
			m.edit(msg.String())
		}
	}
	return len(m.text) != before
}

func (m *Model) special(key string) bool { return key == "enter" || key == "tab" || key == "esc" }

// insert adds text at the cursor, on one line and without control characters.
func (m *Model) insert(s string) {
	clean := make([]rune, 0, len(s))
	for _, r := range flow.Clean(oneLine(s)) {
		clean = append(clean, r)
	}
	clean = clean[:min(len(clean), maxRunes-len(m.text))]
	rest := append(clean, m.text[m.cursor:]...)
	m.text = append(m.text[:m.cursor:m.cursor], rest...)
	m.cursor += len(clean)
}

// oneLine makes blanks of line ends and tabs, as a pasted query has them.
func oneLine(s string) string {
	out := []rune(s)
	for i, r := range out {
		if r == '\n' || r == '\r' || r == '\t' {
			out[i] = ' '
		}
	}
	return string(out)
}

func (m *Model) edit(key string) {
	switch key {
	case "left", "ctrl+b":
		m.cursor = max(0, m.cursor-1)
	case "right", "ctrl+f":
		m.cursor = min(len(m.text), m.cursor+1)
	case "home", "ctrl+a":
		m.cursor = 0
	case "end", "ctrl+e":
		m.cursor = len(m.text)
	case "alt+b", "alt+left", "ctrl+left":
		m.cursor = m.wordLeft()
	case "alt+f", "alt+right", "ctrl+right":
		m.cursor = m.wordRight()
	default:
		m.erase(key)
	}
}

func (m *Model) erase(key string) {
	switch key {
	case "backspace", "ctrl+h":
		m.cut(max(0, m.cursor-1), m.cursor)
	case "delete", "ctrl+d":
		m.cut(m.cursor, min(len(m.text), m.cursor+1))
	case "ctrl+w", "alt+backspace", "ctrl+backspace":
		m.cut(m.wordLeft(), m.cursor)
	case "alt+d", "ctrl+delete":
		m.cut(m.cursor, m.wordRight())
	case "ctrl+u":
		m.cut(0, m.cursor)
	case "ctrl+k":
		m.cut(m.cursor, len(m.text))
	}
}

func (m *Model) cut(from, to int) {
	m.text = append(m.text[:from:from], m.text[to:]...)
	m.cursor = from
}

func (m *Model) wordLeft() int {
	i := m.cursor
	for i > 0 && unicode.IsSpace(m.text[i-1]) {
		i--
	}
	for i > 0 && !unicode.IsSpace(m.text[i-1]) {
		i--
	}
	return i
}

func (m *Model) wordRight() int {
	i := m.cursor
	for i < len(m.text) && unicode.IsSpace(m.text[i]) {
		i++
	}
	for i < len(m.text) && !unicode.IsSpace(m.text[i]) {
		i++
	}
	return i
}

// View returns the visible part in exactly w columns and where in it the cursor stands.
func (m *Model) View(l *look.Look, w int) (text string, cursor int) {
	if w < 2 {
		return look.Blank(w), 0
	}
	m.follow(w)
	end := m.visible(w)
	from, to := clamp(m.markFrom, m.first, end), clamp(m.markTo, m.first, end)
	text = l.Paint(themes.Field, m.show(m.first, from)) + l.Paint(themes.Mark, m.show(from, to)) + l.Paint(themes.Field, m.show(to, end))
	return look.Left(text, w), m.column(m.cursor)
}

// MarkAt returns where the mark stands in the visible part and how wide it is; ok is false
// when nothing is marked or the mark is not visible.
func (m *Model) MarkAt(w int) (x, width int, ok bool) {
	if m.markTo == 0 || m.markFrom < m.first {
		return 0, 0, false
	}
	x = m.column(min(m.markFrom, len(m.text)))
	width = m.column(min(m.markTo, len(m.text))) - x
	return x, max(1, min(width, w-x)), x < w
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
	if from >= to {
		return ""
	}
	if !m.Hidden {
		return string(m.text[from:to])
	}
	dots := make([]rune, to-from)
	for i := range dots {
		dots[i] = '•'
	}
	return string(dots)
}

func clamp(v, low, high int) int { return max(low, min(v, high)) }
