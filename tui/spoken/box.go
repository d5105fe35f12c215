package spoken

import (
	"regexp"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"cxlens/tui/look"
)

// reversed finds text in reverse, by which a look without colour shows what is chosen.
var reversed = regexp.MustCompile(`\x1b\[(?:\d+;)*7(?:;\d+)*m([^\x1b]*)`)

// gaps are the blanks between the columns of a line.
var gaps = regexp.MustCompile(` {2,}`)

// Box makes a scene of a box as tui/look draws it, with the cursor at x, y; x is -1 for none.
func Box(box []string, x, y int) Scene {
	s := Scene{Chosen: -1}
	if len(box) < 2 {
		return s
	}
	s.Title, s.Foot = edge(box[0]), edge(box[len(box)-1])
	widest := 0
	cursor := -1 // the line that the cursor's sign points at
	for i, l := range box[1 : len(box)-1] {
		text := inside(l)
		typing := x >= 0 && i+1 == y
		switch reverse := inReverse(l); {
		case typing:
			s.Selected = reverse > 0
		case reverse > widest: // a cell of a heading can be in reverse too; the chosen line is longer
			s.Chosen, widest = len(s.Lines), reverse
		}
		if typing {
			s.Typing, s.Typed, s.Field = true, upTo(text, x-2), i
			s.At, s.Under = x-2, under(text, x-2)
		}
		if cursor < 0 && strings.HasPrefix(text, "❯") {
			cursor = len(s.Lines)
		}
		s.Lines = append(s.Lines, gaps.ReplaceAllString(strings.TrimSpace(text), ", "))
	}
	if s.Chosen < 0 && !s.Typing {
		s.Chosen = cursor
	}
	if s.Title == "" {
		s.Title = "question"
	}
	return s
}

// inReverse is how many columns of a line are in reverse.
func inReverse(l string) (w int) {
	for _, run := range reversed.FindAllStringSubmatch(l, -1) {
		w += look.Width(run[1])
	}
	return w
}

// edge is the text in an edge of a box.
func edge(l string) string { return strings.TrimSpace(strings.Trim(ansi.Strip(l), "╭╮╰╯─ ")) }

// inside is the text of a line between the sides of a box.
func inside(l string) string {
	text := strings.TrimSuffix(strings.TrimPrefix(ansi.Strip(l), "│ "), " │")
	return strings.TrimRight(strings.Map(undrawn, text), " ")
}

// undrawn is a character as it is said: what is drawn of lines, blocks and dots is a blank.
func undrawn(r rune) rune {
	if r >= '\u2500' && r <= '\u259f' || r >= '\u2800' && r <= '\u28ff' {
		return ' '
	}
	return r
}

// Line is a line of the screen outside of a box, as it is said.
func Line(l string) string {
	return gaps.ReplaceAllString(strings.TrimSpace(strings.Map(undrawn, ansi.Strip(l))), ", ")
}

// upTo is text without the blanks behind it, but with those before a cursor at column x.
func upTo(text string, x int) string {
	if n := look.Width(text); n < x {
		text += look.Blank(x - n)
	}
	return text
}

// under is the character at a column as it is said.
func under(text string, x int) string {
	switch c := ansi.Cut(text, x, x+1); c {
	case "":
		return "end"
	case " ":
		return "blank"
	default:
		return c
	}
}
