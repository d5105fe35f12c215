package form

import (
	"fmt"

	"cxlens/internal/flow"
	"cxlens/themes"
	"cxlens/tui/look"
)

// Widths of the parts of a row, in columns.
const (
	markWidth   = 1 // the mark of the row that has the keyboard
	labelWidth  = 10
	choiceWidth = 9  // the longest of rowChoices between its signs
	gapWidth    = 3  // between the columns
	twoFrom     = 70 // the inner width from which there are two columns
	mostWidth   = 112
)

// line is a line of a column.
type line struct {
	text string
	on   bool // it has the keyboard
	x    int  // where the cursor stands, -1 for nowhere
}

// View returns the box for a screen of w columns and h rows, and where in it the cursor stands; x is -1
// for no cursor.
func (m *Model) View(l *look.Look, w, h int) (box []string, x, y int) {
	inside := max(20, min(mostWidth, w-4))
	foot := m.footLines(l, inside, h-2)
	room := max(1, h-3-len(foot))
	lines := m.fieldLines(l, inside)
	at := 0
	for i, line := range lines {
		if line.on {
			at = i
		}
	}
	m.top = max(0, min(m.top, at, len(lines)-room))
	m.top = max(m.top, at-room+1)
	shown := lines[m.top:min(m.top+room, len(lines))]
	out := make([]string, 0, len(shown)+1+len(foot))
	x = -1
	for i, line := range shown {
		out = append(out, line.text)
		if line.on {
			x, y = line.x, i+1
		}
	}
	out = append(out, m.rule(l, inside, m.top, len(lines)-m.top-len(shown)))
	out = append(out, foot...)
	if x >= 0 {
		x += 2
	}
	return l.Box("query form", "Enter runs · Esc leaves · ↑ ↓ Tab move · ← → choose · Space toggles", out, inside), x, y
}

// rule ends the fields and says how many lines of them are out of sight.
func (m *Model) rule(l *look.Look, w, above, below int) string {
	text := ""
	if above > 0 {
		text += fmt.Sprintf(" ↑ %d more ", above)
	}
	if below > 0 {
		text += fmt.Sprintf(" ↓ %d more ", below)
	}
	return l.Paint(themes.Rule, rule(w-look.Width(text))) + l.Paint(themes.Muted, text)
}

func rule(w int) string {
	r := make([]rune, max(0, w))
	for i := range r {
		r[i] = '─'
	}
	return string(r)
}

// fieldLines draws the fields in two columns, or in one where there is no room for two.
func (m *Model) fieldLines(l *look.Look, w int) []line {
	if w < twoFrom {
		var all []line
		for _, col := range m.rows {
			all = append(all, m.columnLines(l, col, w)...)
		}
		return all
	}
	cw := (w - gapWidth) / 2
	a, b := m.columnLines(l, m.rows[0], cw), m.columnLines(l, m.rows[1], w-gapWidth-cw)
	lines := make([]line, max(len(a), len(b)))
	for i := range lines {
		lines[i] = line{text: look.Blank(cw), x: -1}
		if i < len(a) {
			lines[i] = a[i]
		}
		lines[i].text += look.Blank(gapWidth)
		if i >= len(b) {
			continue
		}
		lines[i].text += b[i].text
		if b[i].on {
			lines[i].on, lines[i].x = true, b[i].x
			if b[i].x >= 0 {
				lines[i].x += cw + gapWidth
			}
		}
	}
	return append(lines, m.columnLines(l, m.rows[2], w)...)
}

// columnLines draws rows, each with what is wrong with it below.
func (m *Model) columnLines(l *look.Look, rows []*row, w int) []line {
	lines := make([]line, 0, len(rows))
	for i, r := range rows {
		label := r.label
		if i > 0 && rows[i-1].part == r.part && rows[i-1].label == label {
			label = "" // a further row of the same field
		}
		lines = append(lines, m.rowLine(l, r, label, w))
		for _, err := range r.errs {
			for _, text := range clip(look.Wrap("✗ "+err, w-markWidth), 2) {
				lines = append(lines, line{text: look.Left(look.Blank(markWidth)+l.Paint(themes.Error, text), w), x: -1})
			}
		}
	}
	return lines
}

// clip keeps the first lines and says when there were more.
func clip(lines []string, most int) []string {
	if len(lines) <= most {
		return lines
	}
	lines = lines[:most]
	lines[most-1] += "…"
	return lines
}

func (m *Model) rowLine(l *look.Look, r *row, label string, w int) line {
	out := line{x: -1, on: r == m.on}
	mark, token := look.Blank(markWidth), themes.Muted
	if out.on {
		mark, token = l.Paint(themes.Accent, "▌"), themes.Accent
	}
	out.text = mark + l.Paint(token, look.Left(label, labelWidth))
	used := markWidth + labelWidth
	widths := cellWidths(r, w-used)
	for i, c := range r.cells {
		text, at := drawCell(l, c, widths[i], out.on && i == m.cell)
		if out.on && i == m.cell && at >= 0 {
			out.x = used + at
		}
		if i > 0 {
			out.text += " "
		}
		out.text += text
		used += widths[i] + 1
	}
	out.text = look.Left(out.text, w)
	return out
}

// cellWidths shares w columns, of which every cell but the last leaves one blank.
func cellWidths(r *row, w int) []int {
	widths := make([]int, len(r.cells))
	rest, texts := w-len(r.cells)+1, 0
	for i, c := range r.cells {
		switch c := c.(type) {
		case *choice:
			widths[i] = choiceWidth
			if len(r.cells) == 1 {
				widths[i] = w
			}
			rest -= widths[i]
		case *flags:
			widths[i] = min(rest, 2*len(flagLetters))
		default:
			_ = c
			texts++
		}
	}
	for i, c := range r.cells {
		if _, ok := c.(*text); ok {
			widths[i] = rest / texts
			rest, texts = rest-widths[i], texts-1
		}
	}
	return widths
}

// drawCell draws a cell in exactly w columns; at is where the cursor stands in it, -1 for nowhere.
func drawCell(l *look.Look, c cell, w int, on bool) (out string, at int) {
	switch c := c.(type) {
	case *choice:
		return drawChoice(l, c, w, on), -1
	case *flags:
		return drawFlags(l, c, w, on), -1
	}
	return drawText(l, c.(*text), w, on)
}

func drawChoice(l *look.Look, c *choice, w int, on bool) string {
	word := c.options[c.at]
	if on {
		return look.Left(l.Paint(themes.Selected, "‹"+look.Cut(word, w-2)+"›"), w)
	}
	return look.Left(l.Paint(themes.Muted, "‹")+l.Paint(themes.Text, look.Cut(word, w-2))+l.Paint(themes.Muted, "›"), w)
}

func drawText(l *look.Look, t *text, w int, on bool) (out string, at int) {
	from, to := "", ""
	if t.picks != nil {
		token := themes.Muted
		if on {
			token = themes.Accent
		}
		from, to = l.Paint(token, "‹"), l.Paint(token, "›")
		w -= 2
	}
	text, at := t.field.View(l, w)
	switch {
	case on:
	case t.value() == "" && t.picks == nil:
		text = l.Paint(themes.Muted, look.Left(t.empty, w))
	case t.value() == "":
		return look.Left(from+l.Paint(themes.Muted, look.Cut(t.empty, w))+to, w+2), -1
	case t.picks != nil && t.picked:
		return look.Left(from+l.Paint(themes.Text, look.Cut(flow.Clean(t.value()), w))+to, w+2), -1
	}
	if t.picks != nil {
		at++
	}
	return from + text + to, at
}

// drawFlags draws the letters: + and a capital is set, - has to be unset, a small one does not matter.
func drawFlags(l *look.Look, f *flags, w int, on bool) string {
	out := ""
	for i, letter := range flagLetters {
		bit := flow.Flags(1) << i
		text, token := " "+string(letter+'a'-'A'), themes.Muted
		switch {
		case f.set&bit != 0:
			text, token = "+"+string(letter), themes.Text
		case f.masked() && f.mask&bit != 0:
			text, token = "-"+string(letter), themes.Text
		}
		if on && i == f.at {
			token = themes.Selected
		}
		out += l.Paint(token, text)
	}
	return look.Left(out, w)
}
