package look

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

const blanks = "                                                                                                                                "

// Blank returns n blanks, "" for n below 1.
func Blank(n int) string {
	if n <= 0 {
		return ""
	}
	if n <= len(blanks) {
		return blanks[:n]
	}
	return strings.Repeat(" ", n)
}

// Width is the number of terminal columns that s takes; escape sequences take none.
func Width(s string) int {
	for i := range len(s) {
		if s[i] < 0x20 || s[i] > 0x7e {
			return ansi.StringWidth(s)
		}
	}
	return len(s)
}

// Cut shortens s to w columns, with an ellipsis where something is missing.
func Cut(s string, w int) string {
	switch {
	case w <= 0:
		return ""
	case Width(s) <= w:
		return s
	}
	return ansi.Truncate(s, w, "…")
}

// Left fits s into exactly w columns, blanks to the right.
func Left(s string, w int) string {
	s = Cut(s, w)
	return s + Blank(w-Width(s))
}

// Right fits s into exactly w columns, blanks to the left.
func Right(s string, w int) string {
	s = Cut(s, w)
	return Blank(w-Width(s)) + s
}

// Between fits left and right into exactly w columns with blanks between them; right
// gives way when there is not room for both.
func Between(left, right string, w int) string {
	gap := w - Width(left) - Width(right)
	if gap < 1 {
		room := w - Width(left) - 1
		if room < 1 {
			return Left(left, w)
		}
		right, gap = Cut(right, room), 1
		gap = w - Width(left) - Width(right)
	}
	return left + Blank(gap) + right
}

// Wrap breaks s into lines of at most w columns, at blanks where it can: a date, an option or a name with hyphens
// stays whole where it fits on a line.
func Wrap(s string, w int) []string {
	if w < 1 {
		return nil
	}
	hyphen := '\ue000' // ansi.Wrap breaks behind every "-"
	for strings.ContainsRune(s, hyphen) {
		hyphen++
	}
	wrapped := ansi.Wrap(strings.ReplaceAll(s, "-", string(hyphen)), w, "")
	return strings.Split(strings.ReplaceAll(wrapped, string(hyphen), "-"), "\n")
}

// Lines fits lines into exactly w columns and h rows.
func Lines(lines []string, w, h int) []string {
	out := make([]string, h)
	for i := range out {
		if i < len(lines) {
			out[i] = Left(lines[i], w)
		} else {
			out[i] = Blank(w)
		}
	}
	return out
}
