package nodes

import (
	"fmt"
	"strings"
	"time"

	"cxlens/client"
	"cxlens/themes"
	"cxlens/tui/look"
)

// stripHead stands before the first line of the strip; stripCell is the least width of a node in it,
// wideCell that of one with its agent and netgroup, and stripGap what stands between two.
const (
	stripHead = "nodes "
	stripCell = 46
	wideCell  = 70
	stripGap  = 3
)

// Strip is the pane as lines of w columns, several nodes beside each other, at most rows lines. Where
// not all nodes find room the last place sums them up. It stands below the table and not beside it:
// a terminal scrolls whole lines, and what stands beside the rows has to be drawn again each time.
func (m *Model) Strip(l *look.Look, w, rows int, now time.Time) []string {
	n := len(m.status.Nodes)
	if m.status.Phase != client.Online || n == 0 || w < stripCell || rows < 1 {
		return []string{look.Left(m.Summary(l), w)}
	}
	w -= len(stripHead)
	columns := min(n, max(1, (w+stripGap)/(stripCell+stripGap)))
	each := min(wideCell, (w+stripGap)/columns-stripGap)
	places := min(columns*rows, n)
	shown := places
	if n > places {
		shown-- // the last place is for the sum
	}
	lines := make([]string, 0, rows)
	for first := 0; first < places; first += columns {
		var b strings.Builder
		for i := first; i < min(first+columns, places); i++ {
			if i > first {
				b.WriteString(look.Blank(stripGap))
			}
			if i < shown {
				b.WriteString(brief(l, &m.status.Nodes[i], each, now))
			} else {
				b.WriteString(look.Left(l.Paint(themes.Muted, fmt.Sprintf("+%d of ", n-shown))+m.Summary(l), each))
			}
		}
		head := look.Blank(len(stripHead))
		if first == 0 {
			head = l.Paint(themes.Muted, stripHead)
		}
		lines = append(lines, head+look.Left(b.String(), w))
	}
	return lines
}

// brief is a node in one line.
func brief(l *look.Look, n *client.Node, w int, now time.Time) string {
	mark, t := sign(n.State)
	right := heard(n, now)
	const state, ago, rate = 8, 10, 13
	from := 0
	if w >= wideCell {
		from = 22
	}
	name := w - 2 - state - ago - rate - from - 3
	return l.Paint(t, mark) + " " + l.Paint(themes.Text, look.Left(n.Name, name)) + " " + l.Paint(t, look.Left(n.State, state)) + " " +
		l.Paint(themes.Muted, look.Right(right, ago)+look.Left(" "+where(n), from)+" "+look.Right(perSecond(n), rate))
}
