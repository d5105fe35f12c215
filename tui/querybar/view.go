package querybar

import (
	"strconv"
	"strings"

	"cxlens/internal/flow"
	"cxlens/query"
	"cxlens/themes"
	"cxlens/tui/field"
	"cxlens/tui/human"
	"cxlens/tui/look"
)

// indent is the width of the prompt.
const indent = 3

// How many rows the text takes at most.
const (
	mostRows = 12
	restRows = 3 // while it is not edited
)

// rowsFor is how many rows of a screen of h rows the text takes at most.
func rowsFor(h int, editing bool) int {
	most := max(2, min(mostRows, h/4))
	if !editing {
		most = min(most, restRows)
	}
	return most
}

// View returns the rows of the text on a screen of w columns and h rows and, below them, what is wrong with it
// or what completes it. x and y are where the text cursor stands in them while the line is edited. The first
// of suffixes that leaves the query half of the first row stands at its right.
func (m *Model) View(w, h int, editing bool, suffixes []string) (lines []string, x, y int) {
	room, suffix := w-indent, ""
	for _, s := range suffixes {
		if n := look.Width(s) + 2; n <= w/2 {
			suffix, room = s, room-n
			break
		}
	}
	most := rowsFor(h, editing)
	rows := m.field.Rows(m.look, room, w-indent, most, editing)
	if rows.Above+rows.Below > 0 {
		rows = m.field.Rows(m.look, room, w-indent, most-1, editing) // a row for how much is not shown
	}
	if m.field.Value() == "" && !editing {
		rows.Text[0] = m.look.Paint(themes.Muted, look.Left("any", room))
	}
	y = rows.Y
	for i, text := range rows.Text {
		line := m.prompt(rows.Above+i == 0, rows.Goes[i], editing) + text
		if rows.Above+i == 0 && suffix != "" {
			line += "  " + m.look.Paint(themes.Muted, suffix)
		}
		lines = append(lines, line)
		if rows.MarkW > 0 && i == rows.MarkY && m.problem != "" {
			under := m.problemUnder(rows, w)
			if lines = append(lines, under...); rows.Y > i {
				y += len(under)
			}
		}
	}
	if rows.Above+rows.Below > 0 {
		lines = append(lines, look.Blank(indent)+m.look.Paint(themes.Muted, look.Cut(hidden(rows), w-indent)))
	}
	if m.problem != "" && rows.MarkW == 0 {
		lines = append(lines, m.wrap(w, "✗ "+m.said())...)
	}
	if editing && m.problem == "" {
		lines = append(lines, m.completionLines(w)...)
	}
	return lines, indent + rows.X, y
}

// prompt stands before a row: the first one, one that goes on with the line before, or a new line.
func (m *Model) prompt(first, goes, editing bool) string {
	t := themes.Muted
	if editing {
		t = themes.Accent
	}
	switch {
	case first:
		return m.look.Paint(t, " ❯ ")
	case goes:
		return look.Blank(indent)
	}
	return m.look.Paint(t, " · ")
}

// hidden says how many rows of the text are not shown.
func hidden(rows field.Rows) string {
	var parts []string
	if rows.Above > 0 {
		parts = append(parts, "↑ "+strconv.Itoa(rows.Above)+" more above")
	}
	if rows.Below > 0 {
		parts = append(parts, "↓ "+strconv.Itoa(rows.Below)+" more below")
	}
	return strings.Join(parts, " · ")
}

// said is what is wrong with the text and what may have been meant.
func (m *Model) said() string {
	if m.hint == "" {
		return m.problem
	}
	return m.problem + "; " + m.hint
}

// problemUnder puts a mark under the place of the error and says what is wrong.
func (m *Model) problemUnder(rows field.Rows, w int) []string {
	text := m.said()
	mark := look.Blank(indent+rows.MarkX) + m.look.Paint(themes.Error, strings.Repeat("^", rows.MarkW))
	if indent+rows.MarkX+rows.MarkW+1+look.Width(text) <= w {
		return []string{mark + " " + m.look.Paint(themes.Error, text)}
	}
	return append([]string{mark}, m.wrap(w, text)...)
}

// wrap breaks an error over two lines at most.
func (m *Model) wrap(w int, text string) []string {
	var out []string
	for i, line := range look.Wrap(text, w-indent) {
		if i == 2 {
			out[1] = look.Cut(out[1], w-2) + "…"
			break
		}
		out = append(out, look.Blank(indent)+m.look.Paint(themes.Error, line))
	}
	return out
}

// completionLines lists what may stand at the cursor and says how much it does not show.
func (m *Model) completionLines(w int) []string {
	c := &m.complete
	if len(c.words) == 0 {
		return nil
	}
	var b strings.Builder
	b.WriteString(look.Blank(indent))
	used := indent
	for i := c.firstShown(w - indent); i < len(c.words); i++ {
		word := flow.Clean(c.words[i].Text)
		if used+look.Width(word)+moreWidth > w {
			b.WriteString(m.look.Paint(themes.Muted, more(len(c.words)-i)))
			break
		}
		t := themes.Muted
		if i == c.at {
			t = themes.Selected
		}
		b.WriteString(m.look.Paint(t, word) + "  ")
		used += look.Width(word) + 2
	}
	lines := []string{b.String()}
	if c.at >= 0 && c.at < len(c.words) {
		if text := about(c.words[c.at]); text != "" {
			lines = append(lines, look.Blank(indent)+m.look.Paint(themes.Muted, look.Cut(flow.Clean(text), w-indent)))
		}
	}
	return lines
}

// about says what is known of a word.
func about(c query.Candidate) string {
	var parts []string
	if c.Help != "" {
		parts = append(parts, c.Help)
	}
	if c.Used > 0 {
		parts = append(parts, "used in "+times(c.Used, "query", "queries"))
	}
	if c.Seen > 0 {
		parts = append(parts, "seen "+times(c.Seen, "time", "times")+" in the rows here")
	}
	return strings.Join(parts, " · ")
}

func times(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return human.Exact(uint64(n)) + " " + many
}

// moreWidth is the room that more takes at most.
const moreWidth = 12

// firstShown is the first word of the page that holds the chosen one, in w columns.
func (c *completion) firstShown(w int) int {
	first, used := 0, 0
	for i := 0; i <= min(c.at, len(c.words)-1); i++ {
		n := look.Width(flow.Clean(c.words[i].Text)) + 2
		if used+n+moreWidth > w && i > first {
			first, used = i, 0
		}
		used += n
	}
	return first
}

func more(n int) string { return "+" + strconv.Itoa(n) + " more" }
