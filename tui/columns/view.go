package columns

import (
	"fmt"
	"slices"
	"strconv"

	"cxlens/internal/flow"
	"cxlens/themes"
	"cxlens/tui/look"
	"cxlens/tui/table"
)

const hints = "Space shows · < > move · ( ) width · | freezes · ^r as at first"

// View returns the box for a screen of w columns and h rows, and where in it the cursor stands.
func (m *Model) View(l *look.Look, w, h int) (box []string, x, y int) {
	inside := min(74, w-6)
	text, at := m.field.View(l, inside-2)
	shape := m.table.Shape()
	lines := []string{l.Paint(themes.Accent, "❯ ") + text}
	room := max(1, min(h-5, int(flow.NumShown)))
	m.top = max(min(m.top, m.cursor), m.cursor-room+1)
	m.top = max(0, min(m.top, len(m.found)-room))
	for i := m.top; i < m.top+room; i++ {
		switch {
		case i < len(m.found):
			lines = append(lines, m.entry(l, i, shape, inside))
		case i == 0:
			lines = append(lines, l.Paint(themes.Muted, "no column has these letters"))
		default:
			lines = append(lines, "")
		}
	}
	title := fmt.Sprintf("columns · %d of %d shown", len(shape.Columns), int(flow.NumShown))
	if hidden := len(m.found) - room; hidden > 0 {
		title += fmt.Sprintf(" · %d to %d of %d here", m.top+1, m.top+room, len(m.found))
	}
	return l.Box(title, hints, lines, inside), 4 + at, 1
}

// entry is the line of a column: whether it is shown, its name, its width, whether it stays, and what it is about.
func (m *Model) entry(l *look.Look, i int, shape table.Shape, w int) string {
	c := m.found[i]
	place := slices.Index(shape.Columns, c)
	box, state := "[ ] ", ""
	if place >= 0 {
		box = "[x] "
		if width, ok := shape.Widths[c]; ok {
			state = strconv.Itoa(width)
		}
		if place < shape.Frozen {
			state += " frozen"
		}
	}
	name, state := look.Left(table.Name(c), 17), look.Left(state, 11)
	about := look.Left(table.About(c), max(0, w-len(box)-17-11-1))
	if i == m.cursor {
		return l.Paint(themes.Selected, box+name+state+" "+about)
	}
	return l.Paint(themes.Accent, box) + l.Paint(themes.Text, name) + l.Paint(themes.Key, state) + " " + l.Paint(themes.Muted, about)
}
