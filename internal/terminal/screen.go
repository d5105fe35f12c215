package terminal

import (
	"strings"
	"unicode/utf8"
)

// Cell is one place of the grid.
type Cell struct {
	// Text is what stands there: one character with its combining marks, " "
	// where nothing was written, "" in the right half of a wide character.
	Text string
	// Width is the number of columns of Text: 1, 2, or 0 for a right half.
	Width int
	Style
}

// CursorShape is the form of the cursor.
type CursorShape uint8

// The cursor shapes of DECSCUSR.
const (
	BlockCursor CursorShape = iota
	UnderlineCursor
	BarCursor
)

// Cursor is where the next character would be written.
type Cursor struct {
	// X and Y are column and row, from 0.
	X, Y int
	// Visible is false while the program hides the cursor.
	Visible bool
	Shape   CursorShape
	Blink   bool
}

// Screen is what a terminal showed at one moment. It never changes.
type Screen struct {
	// Cols and Rows are the size in cells.
	Cols, Rows int
	// Cursor is where the cursor was.
	Cursor Cursor
	// Title is the title that the program gave its window.
	Title string
	// AltScreen tells that the program was on the alternate screen.
	AltScreen bool
	// Progress is the last progress report (OSC 9;4) as "state;percent", "" for none.
	Progress string
	// Bells counts the bells since the start.
	Bells int
	// Scheme is the colours of the terminal, with the defaults that the program set (OSC 10, 11).
	Scheme Scheme

	cells []Cell
	modes map[int]bool
}

// Cell returns the cell in column x and row y, from 0; outside of the screen
// it is the zero Cell.
func (s Screen) Cell(x, y int) Cell {
	if x < 0 || y < 0 || x >= s.Cols || y >= s.Rows {
		return Cell{}
	}
	return s.cells[y*s.Cols+x]
}

// Mode tells whether the program has set the private mode n (DECSET), such as
// 2004 for bracketed paste.
func (s Screen) Mode(n int) bool { return s.modes[n] }

// Line returns the text of row y without the blanks at its end.
func (s Screen) Line(y int) string {
	if y < 0 || y >= s.Rows {
		return ""
	}
	var b strings.Builder
	for _, c := range s.cells[y*s.Cols : (y+1)*s.Cols] {
		b.WriteString(c.Text)
	}
	return strings.TrimRight(b.String(), " ")
}

// Lines returns the text of every row.
func (s Screen) Lines() []string {
	lines := make([]string, s.Rows)
	for y := range lines {
		lines[y] = s.Line(y)
	}
	return lines
}

// String returns the text of the screen, a row a line, without the empty rows
// at its end.
func (s Screen) String() string {
	return strings.TrimRight(strings.Join(s.Lines(), "\n"), "\n")
}

// Contains tells whether text stands in one row of the screen.
func (s Screen) Contains(text string) bool {
	_, _, ok := s.Find(text)
	return ok
}

// Find returns the column and row of the first cell of text, the topmost and
// leftmost place where it stands in one row.
func (s Screen) Find(text string) (x, y int, ok bool) {
	for y := range s.Rows {
		if i := strings.Index(s.Line(y), text); i >= 0 {
			return s.column(y, i), y, true
		}
	}
	return 0, 0, false
}

// column returns the column of the cell that holds byte i of row y's text.
func (s Screen) column(y, i int) int {
	n := 0
	for x := range s.Cols {
		n += len(s.Cell(x, y).Text)
		if n > i {
			return x
		}
	}
	return s.Cols - 1
}

// Frame returns the text of the screen in a box with its size, cursor and
// title: what the message of a failed wait shows.
func (s Screen) Frame() string {
	var b strings.Builder
	rule := strings.Repeat("-", s.Cols)
	b.WriteString("+" + rule + "+\n")
	for y := range s.Rows {
		line := s.Line(y)
		b.WriteString("|" + line + strings.Repeat(" ", max(0, s.Cols-s.width(y, line))) + "|\n")
	}
	b.WriteString("+" + rule + "+")
	return b.String()
}

// width is the number of columns that the text of row y takes.
func (s Screen) width(y int, line string) int {
	if line == "" {
		return 0
	}
	_, size := utf8.DecodeLastRuneInString(line)
	x := s.column(y, len(line)-size)
	return x + s.Cell(x, y).Width
}
