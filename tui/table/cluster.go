package table

import (
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"

	"cxlens/tui/look"
)

// fitText brings a cell to its column's width, where it is as wide between others as by itself. A peer can begin a name
// with a mark that joins what stands before it, end it with one that joins what follows, or choose the presentation of what is
// no emoji, and would move the rest of the line; such characters are replaced as those are that flow.Clean replaces.
func fitText(s string, p placed) string {
	out := fitCell(s, p)
	if isASCII(out) || look.Width(out) == p.w && between(out) {
		return out
	}
	return fitCell(strings.Map(func(r rune) rune {
		if one := string(r); look.Width(one) == 0 || !between(one) {
			return utf8.RuneError
		}
		return r
	}, s), p)
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// between tells whether s is as wide between blanks as by itself.
func between(s string) bool { return look.Width(" "+s+" ") == look.Width(s)+2 }

// whole widens a part of s, which begins at at and is length bytes long, to whole characters as terminals draw them:
// a sequence for a style inside of one would take it apart.
func whole(s string, at, length int) (from, n int) {
	end := at + length
	for pos := 0; pos < len(s) && pos < end; {
		cluster, _ := ansi.FirstGraphemeCluster(s[pos:], ansi.GraphemeWidth)
		next := pos + max(1, len(cluster))
		if pos <= at {
			from = pos
		}
		if next >= end {
			return from, next - from
		}
		pos = next
	}
	return from, end - from
}
