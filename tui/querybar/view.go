package querybar

import (
	"strconv"
	"strings"

	"cxlens/internal/flow"
	"cxlens/themes"
	"cxlens/tui/look"
)

// indent is the width of the prompt.
const indent = 3

// View returns the line and, below it, what is wrong with the text or what completes it.
// cursor is the column of the text cursor while the line is edited. The first of suffixes that leaves
// the query half of the line stands at the right.
func (m *Model) View(w int, editing bool, suffixes []string) (lines []string, cursor int) {
	room, suffix := w-indent, ""
	for _, s := range suffixes {
		if n := look.Width(s) + 2; n <= w/2 {
			suffix, room = s, room-n
			break
		}
	}
	text, at := m.field.View(m.look, room)
	if m.field.Value() == "" && !editing {
		text = m.look.Paint(themes.Muted, look.Left("any", room))
	}
	prompt := themes.Muted
	if editing {
		prompt = themes.Accent
	}
	line := m.look.Paint(prompt, " ❯ ") + text
	if suffix != "" {
		line += "  " + m.look.Paint(themes.Muted, suffix)
	}
	lines = append(lines, line)
	lines = append(lines, m.problemLines(w, room)...)
	if editing && m.problem == "" {
		lines = append(lines, m.completionLines(w)...)
	}
	return lines, indent + at
}

// problemLines puts a mark under the place of the error and says what is wrong.
func (m *Model) problemLines(w, room int) []string {
	if m.problem == "" {
		return nil
	}
	text := m.problem
	if m.hint != "" {
		text += "; " + m.hint
	}
	x, width, ok := m.field.MarkAt(room)
	if !ok {
		return m.wrap(w, "✗ "+text)
	}
	mark := look.Blank(indent+x) + m.look.Paint(themes.Error, strings.Repeat("^", width))
	if indent+x+width+1+look.Width(text) <= w {
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
	if c.at >= 0 && c.at < len(c.words) && c.words[c.at].Help != "" {
		lines = append(lines, look.Blank(indent)+m.look.Paint(themes.Muted, look.Cut(flow.Clean(c.words[c.at].Help), w-indent)))
	}
	return lines
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
