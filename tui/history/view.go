package history

import (
	"fmt"
	"strings"

	"cxlens/internal/flow"
	"cxlens/internal/history"
	"cxlens/themes"
	"cxlens/tui/human"
	"cxlens/tui/look"
)

// The widths of the columns at the right of a query, blanks between them included.
const (
	matchesWidth = 10
	tookWidth    = 10
	whenWidth    = 14
)

// View returns the box for a screen of w columns and h rows, and where in it the cursor stands.
func (m *Model) View(l *look.Look, w, h int) (box []string, x, y int) {
	inside := min(110, w-6)
	text, at := m.field.View(l, inside-2)
	lines := []string{l.Paint(themes.Accent, "❯ ") + text, m.titles(l, inside)}
	about := m.about(l, inside)
	if h < roomy {
		about = nil
	}
	room := max(1, min(h-5-len(about), len(m.all)))
	m.page = room
	m.top = max(min(m.top, m.cursor), m.cursor-room+1)
	for i := m.top; i < m.top+room; i++ {
		switch {
		case i < len(m.found):
			lines = append(lines, m.row(l, i, inside))
		case i == 0:
			lines = append(lines, l.Paint(themes.Muted, look.Cut(noMatch, inside)))
		default:
			lines = append(lines, "")
		}
	}
	foot := fmt.Sprintf("%s of %s queries · Enter takes one · %s with its span · Esc", human.Exact(uint64(len(m.found))),
		human.Exact(uint64(len(m.all))), m.keys.KeyOf("history.choose-span"))
	return l.Box("history", foot, append(lines, about...), inside), 4 + at, 1
}

// shown is how many of the columns at the right have room beside a query.
func shown(inside int) int {
	switch {
	case inside >= 66:
		return 3
	case inside >= 50:
		return 2
	}
	return 1
}

// columns fits the cells of one line: the query, and those at the right for which there is room.
func columns(query, when, matches, took string, inside int) string {
	right := look.Right(when, whenWidth)
	switch shown(inside) {
	case 3:
		right = look.Right(matches, matchesWidth) + look.Right(took, tookWidth) + right
	case 2:
		right = look.Right(matches, matchesWidth) + right
	}
	return look.Left(query, inside-look.Width(right)-1) + " " + right
}

func (m *Model) titles(l *look.Look, inside int) string {
	return l.Paint(themes.Muted, columns("QUERY", "RUN", "MATCHES", "TOOK", inside))
}

func (m *Model) row(l *look.Look, i, inside int) string {
	e := m.all[m.found[i]]
	matches, took := "", ""
	if answered(e) {
		matches, took = human.Count(e.Matched), human.Duration(e.Took)
	} else {
		matches = e.Outcome
	}
	text := columns(human.Line(e.Query), human.Ago(m.now(), e.Time), flow.Clean(matches), took, inside)
	if i == m.cursor {
		return l.Paint(themes.Selected, text)
	}
	return l.Paint(themes.Text, text)
}

// answered tells whether the number of matches is known.
func answered(e history.Entry) bool { return e.Outcome == "done" || e.Outcome == "following" }

// roomy is the height from which there is room for what is known of the chosen query.
const roomy = 14

// aboutLines is how many lines what is known of the chosen query takes: two of its text, one of what came of it.
const aboutLines = 3

// about is the whole text of the chosen query, as far as there is room, and what came of it.
func (m *Model) about(l *look.Look, inside int) []string {
	lines := []string{l.Paint(themes.Rule, strings.Repeat("─", inside))}
	if len(m.found) == 0 {
		return append(lines, make([]string, aboutLines)...)
	}
	e := m.all[m.found[m.cursor]]
	text := look.Wrap(human.Line(e.Query), inside)
	if len(text) > 2 {
		text = []string{text[0], look.Cut(text[1], inside-1) + "…"}
	}
	for _, t := range text {
		lines = append(lines, l.Paint(themes.Text, t))
	}
	for len(lines) < aboutLines {
		lines = append(lines, "")
	}
	return append(lines, l.Paint(themes.Muted, look.Cut(strings.Join(facts(e), " · "), inside)))
}

// facts say when and where a query was run and what came of it.
func facts(e history.Entry) []string {
	out := []string{e.Time.UTC().Format("2006-01-02 15:04:05")}
	if e.Span != "" {
		out = append(out, flow.Clean(e.Span))
	}
	if answered(e) {
		out = append(out, human.Exact(e.Matched)+" matched", human.Duration(e.Took))
	} else {
		out = append(out, flow.Clean(e.Outcome))
	}
	if e.Server != "" {
		out = append(out, flow.Clean(e.Server))
	}
	return out
}
