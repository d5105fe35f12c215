package look

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"cxlens/themes"
)

// Box frames lines under a title and over a foot; all lines come out equally wide. The
// inside is w columns wide, the box w+4.
func (l *Look) Box(title, foot string, lines []string, w int) []string {
	out := make([]string, 0, len(lines)+2)
	out = append(out, l.edge("╭", title, "╮", w, themes.Accent))
	side := l.Paint(themes.Frame, "│")
	for _, line := range lines {
		out = append(out, side+" "+Left(line, w)+" "+side)
	}
	return append(out, l.edge("╰", foot, "╯", w, themes.Muted))
}

func (l *Look) edge(from, text, to string, w int, t themes.Token) string {
	if text == "" {
		return l.Paint(themes.Frame, from+strings.Repeat("─", w+2)+to)
	}
	text = Cut(text, w-2)
	rest := w - 1 - Width(text)
	return l.Paint(themes.Frame, from+"─") + l.Paint(t, " "+text+" ") + l.Paint(themes.Frame, strings.Repeat("─", max(0, rest))+to)
}

// Lay puts box over screen with its upper left corner at x, y. Lines of box that would
// fall outside are left out.
func Lay(screen, box []string, x, y int) {
	for i, line := range box {
		if y+i < 0 || y+i >= len(screen) {
			continue
		}
		under := screen[y+i]
		w := Width(line)
		left := ansi.Truncate(under, x, "")
		right := ansi.TruncateLeft(under, x+w, "")
		if over := Width(right) - max(0, Width(under)-x-w); over > 0 { // the box ends in the middle of a wide character
			right = Blank(over) + ansi.TruncateLeft(under, x+w+over, "")
		}
		screen[y+i] = left + Blank(x-Width(left)) + line + right
	}
}

// Center returns where a box of w by h columns and rows stands in the middle of a
// screen of sw by sh.
func Center(w, h, sw, sh int) (x, y int) { return max(0, (sw-w)/2), max(0, (sh-h)/2) }
