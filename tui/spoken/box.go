package spoken

import (
	"regexp"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"cxlens/tui/look"
)

// reversed finds text in reverse, by which a look without colour shows what is chosen.
var reversed = regexp.MustCompile(`\x1b\[(?:\d+;)*7(?:;\d+)*m`)

// gaps are the blanks between the columns of a line.
var gaps = regexp.MustCompile(` {2,}`)

// Box makes a scene of a box as tui/look draws it, with the cursor at x, y; x is -1 for none.
func Box(box []string, x, y int) Scene {
	s := Scene{Chosen: -1}
	if len(box) < 2 {
		return s
	}
	s.Title, s.Foot = edge(box[0]), edge(box[len(box)-1])
	for i, l := range box[1 : len(box)-1] {
		text := inside(l)
		typing := x >= 0 && i+1 == y
		switch reverse := reversed.MatchString(l); {
		case typing:
			s.Selected = reverse
		case reverse && s.Chosen < 0:
			s.Chosen = len(s.Lines)
		}
		if typing {
			s.Typing, s.Typed, s.Field = true, upTo(text, x-2), i
		}
		s.Lines = append(s.Lines, gaps.ReplaceAllString(strings.TrimSpace(text), ", "))
	}
	if s.Title == "" {
		s.Title = "question"
	}
	return s
}

// edge is the text in an edge of a box.
func edge(l string) string { return strings.TrimSpace(strings.Trim(ansi.Strip(l), "╭╮╰╯─ ")) }

// inside is the text of a line between the sides of a box.
func inside(l string) string {
	text := strings.TrimSuffix(strings.TrimPrefix(ansi.Strip(l), "│ "), " │")
	return strings.TrimRight(text, " ")
}

// upTo is text without the blanks behind it, but with those before a cursor at column x.
func upTo(text string, x int) string {
	if n := look.Width(text); n < x {
		text += look.Blank(x - n)
	}
	return text
}
