package form

import (
	"fmt"
	"slices"
	"strings"

	"cxlens/internal/flow"
	"cxlens/themes"
	"cxlens/tui/human"
	"cxlens/tui/look"
)

// footLines are the query's text, the estimate and the hint of the field that has the keyboard, in
// w columns of a box with h lines.
func (m *Model) footLines(l *look.Look, w, h int) []string {
	const label = "query     "
	text := look.Wrap(flow.Clean(m.text), w-len(label))
	most := min(4, max(1, h/5))
	text = clip(text, most)
	out := make([]string, 0, most+2)
	for i := range max(len(text), min(most, 2)) {
		head := look.Blank(len(label))
		if i == 0 {
			head = l.Paint(themes.Muted, label)
		}
		if i < len(text) {
			head += l.Paint(themes.Accent, text[i])
		}
		out = append(out, look.Left(head, w))
	}
	token, estimate := m.estimateText(w - len(label))
	head := l.Paint(themes.Muted, "matches   ")
	for _, text := range clip(look.Wrap(estimate, w-len(label)), 2) {
		out = append(out, look.Left(head+l.Paint(token, text), w))
		head = look.Blank(len(label))
	}
	if h >= 12 {
		out = append(out, look.Left(l.Paint(themes.Muted, m.hint()), w))
	}
	return out
}

// estimateText words the estimate in w columns.
func (m *Model) estimateText(w int) (themes.Token, string) {
	e := &m.count
	switch e.state {
	case blocked:
		return themes.Error, "✗ " + plural(m.wrong, "field") + " with an error, marked above: not counted"
	case counting:
		return themes.Muted, "counting…"
	case failed:
		return themes.Error, "✗ " + flow.Clean(e.err.Error())
	case offline:
		return themes.Warning, "not counted: there is no connection to the server"
	case known:
		return themes.Text, e.totals.text(w)
	}
	return themes.Muted, "…"
}

func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}

// text words what a count found in at most w columns, where it can.
func (t totals) text(w int) string {
	server := human.Duration(t.server)
	if t.flows == 0 {
		return "no flow matches · counted in " + server
	}
	flows := human.Exact(t.flows) + " flows"
	if t.flows == 1 {
		flows = "1 flow"
	}
	const seconds, minutes = "15:04:05", "15:04"
	texts := []string{
		joined(flows, human.Bytes(t.bytes), t.span(seconds), "counted in "+server),
		joined(flows, t.span(seconds), "counted in "+server),
		joined(flows, t.span(minutes), "counted in "+server),
		joined(flows, "in "+server),
	}
	for _, text := range texts {
		if look.Width(text) <= w {
			return text
		}
	}
	return texts[len(texts)-1]
}

func joined(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(p string) bool { return p == "" }), " · ")
}

// span is the time from the first to the last flow, "" when it is not known; a day is named once.
func (t totals) span(clock string) string {
	const day = "2006-01-02"
	if t.first.IsZero() || t.last.IsZero() {
		return ""
	}
	first, last := t.first.UTC(), t.last.UTC()
	if first.Format(day) == last.Format(day) {
		return first.Format(day+" "+clock) + " to " + last.Format(clock)
	}
	return first.Format(day+" "+clock) + " to " + last.Format(day+" "+clock)
}

// hint says what the field takes; of the span also what it comes to.
func (m *Model) hint() string {
	if t, ok := m.on.cells[m.cell].(*text); ok && t.fixed() {
		return tooLong
	}
	if m.on.part != partSpan || len(m.on.errs) > 0 {
		return m.on.hint
	}
	from, to := m.search.Span.Bounds(m.opts.Now())
	const form = "2006-01-02 15:04:05"
	switch {
	case from.IsZero() && to.IsZero():
		return "← → choose, or type " + m.on.hint
	case to.IsZero():
		return "from " + from.Format(form) + " UTC on; ← → or type " + m.on.hint
	case from.IsZero():
		return "up to " + to.Format(form) + " UTC; ← → or type " + m.on.hint
	}
	return "from " + from.Format(form) + " to " + to.Format(form) + " UTC"
}
