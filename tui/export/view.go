package export

import (
	"path/filepath"
	"strings"
	"time"

	"cxlens/internal/flow"
	"cxlens/themes"
	"cxlens/tui/human"
	"cxlens/tui/look"
)

// View returns the box for a screen of w columns, and where in it the cursor stands; x is -1 for
// no cursor.
func (m *Model) View(l *look.Look, w int) (box []string, x, y int) {
	inside := min(76, w-6)
	text, at := m.field.View(l, inside-2)
	sign := themes.Accent
	if m.copies || m.line != linePath {
		sign = themes.Muted
	}
	lines := []string{l.Paint(sign, "❯ ") + text}
	switch m.stage {
	case writing:
		lines = append(lines, m.bar(l, inside))
		return l.Box(m.title(), "Enter back to the flows, it goes on · Esc stops", lines, inside), -1, 0
	case confirming:
		name := flow.Clean(filepath.Base(m.field.Value()))
		for _, line := range look.Wrap(name+" exists. Replace it?", inside) {
			lines = append(lines, l.Paint(themes.Warning, line))
		}
		lines = append(lines, l.Paint(themes.Key, "y")+" replaces it   "+l.Paint(themes.Key, "n")+" another name")
		return l.Box(m.title(), "", lines, inside), -1, 0
	}
	if m.err != "" {
		for _, line := range look.Wrap("✗ "+m.err, inside) {
			lines = append(lines, l.Paint(themes.Error, line))
		}
	}
	for line := lineRows; line < numLines; line++ {
		lines = append(lines, m.option(l, line, inside))
	}
	lines = append(lines, "  "+l.Paint(themes.Muted, "format    by the ending: .csv, .jsonl or .txt"))
	box = l.Box(m.title(), "↑ ↓ lines · Space changes · Enter writes · Esc leaves", lines, inside)
	if m.line != linePath {
		return box, -1, 0
	}
	return box, 4 + at, 1
}

// option is a line with a choice.
func (m *Model) option(l *look.Look, line, w int) string {
	name, value, about := m.optionText(line)
	text := look.Left(name, 10) + look.Left(value, 17)
	about = look.Cut(about, w-2-look.Width(text)-1)
	if line == m.line {
		return l.Paint(themes.Selected, "❯ "+look.Left(text+" "+about, w-2))
	}
	return "  " + l.Paint(themes.Muted, look.Left(name, 10)) + l.Paint(themes.Text, look.Left(value, 17)) + " " + l.Paint(themes.Muted, about)
}

func (m *Model) optionText(line int) (name, value, about string) {
	switch line {
	case lineRows:
		var all []string
		for _, c := range m.choices {
			all = append(all, strings.TrimSpace(c.name()+" "+c.count()))
		}
		return "rows", m.choices[m.chosen].name(), strings.Join(all, " · ")
	case lineColumns:
		if m.all {
			return "columns", "all columns", "Tab: the shown ones"
		}
		return "columns", "shown columns", "Tab: all"
	case lineFormulas:
		if m.safe {
			return "formulas", "neutralised", "CSV: ' before names that begin with = + - @"
		}
		return "formulas", "as they are", "a spreadsheet would run names such as =1+1"
	}
	if m.copies {
		return "goes to", "the clipboard", "in the format of the path, " + human.Exact(MostCopied) + " bytes at most"
	}
	return "goes to", "the file", "or the clipboard"
}

func (c Choice) name() string {
	switch c.Rows {
	case Marked:
		return "marked"
	case Whole:
		return "whole match"
	}
	return "here"
}

// count is how many rows it is, "" when that is not known.
func (c Choice) count() string {
	if c.Count == 0 {
		return ""
	}
	return human.Count(c.Count)
}

func (m *Model) title() string {
	c := m.choices[m.chosen]
	n := human.Exact(c.Count)
	if c.Count == 0 {
		n = "all its"
	}
	switch c.Rows {
	case Marked:
		return "export " + n + " marked rows"
	case Whole:
		return "export the whole match, " + n + " rows, from the server"
	}
	return "export " + n + " rows in their present order"
}

// Line says in a few words how far the writing is, for a status line.
func (m *Model) Line() string { return "export " + m.count() }

func (m *Model) count() string {
	done, of, took := uint64(m.done.Load()), m.of.Load(), m.Now().Sub(m.began)
	text := human.Exact(done)
	if of > 0 {
		text += " of " + human.Exact(max(of, done))
	}
	text += " rows"
	if took >= time.Second {
		text += " " + string(human.AppendFloat(nil, float64(done)/took.Seconds())) + " rows/s"
	}
	return text
}

func (m *Model) bar(l *look.Look, w int) string {
	text := " " + m.count() + " " + human.Duration(m.Now().Sub(m.began).Truncate(100*time.Millisecond))
	if l.NoBars {
		return l.Paint(themes.Text, look.Cut(text[1:], w))
	}
	room := max(4, w-look.Width(text))
	full := min(room, int(float64(room)*float64(m.done.Load())/float64(max(1, m.of.Load()))))
	return l.Paint(themes.Bar, strings.Repeat("█", full)) + l.Paint(themes.Muted, strings.Repeat("░", room-full)) + l.Paint(themes.Text, look.Cut(text, w-4))
}
