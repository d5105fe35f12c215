package profiles

import (
	"fmt"
	"strconv"
	"strings"

	"cxlens/internal/flow"
	"cxlens/query/profile"
	"cxlens/themes"
	"cxlens/tui/human"
	"cxlens/tui/look"
)

// roomy is the height from which there is room for what the profile under the cursor asks for.
const roomy = 17

// View returns the box for a screen of w columns and h rows, and where in it the cursor stands; x is -1 for none.
func (m *List) View(l *look.Look, w, h int) (box []string, x, y int) {
	inside := min(110, w-6)
	m.measure(inside)
	lines := []string{m.searchLine(l, inside, &x), m.titles(l, inside)}
	tail := m.tail(l, inside, h)
	m.page = max(1, min(h-2-len(lines)-len(tail), max(1, len(m.all))))
	m.top = max(min(m.top, m.cursor), m.cursor-m.page+1)
	for i := m.top; i < m.top+m.page; i++ {
		switch {
		case i < len(m.found):
			lines = append(lines, m.row(l, i, inside))
		case i == 0:
			lines = append(lines, l.Paint(themes.Muted, look.Cut(m.none(), inside)))
		default:
			lines = append(lines, "")
		}
	}
	return l.Box(m.title(), m.foot(), append(lines, tail...), inside), x, 1
}

func (m *List) searchLine(l *look.Look, inside int, x *int) string {
	*x = -1
	if !m.typing && m.field.Value() == "" {
		return l.Paint(themes.Key, m.keys.KeyOf(actSearch)) + l.Paint(themes.Muted, " search")
	}
	text, at := m.field.View(l, inside-2)
	if m.typing {
		*x = 4 + at
	}
	return l.Paint(themes.Accent, "❯ ") + text
}

func (m *List) none() string {
	if !m.read {
		return "the profiles are being read"
	}
	return "no profile has these letters"
}

// title says how many there are, and how many of them cannot be seen.
func (m *List) title() string {
	if !m.read {
		return "profiles"
	}
	text := "profiles · " + human.Exact(uint64(len(m.all)))
	if n := len(m.found); n < len(m.all) {
		text = fmt.Sprintf("profiles · %d of %d found", n, len(m.all))
	}
	above, below := m.top, len(m.found)-m.top-m.page
	if above > 0 {
		text += fmt.Sprintf(" · %d above", above)
	}
	if below > 0 {
		text += fmt.Sprintf(" · %d below", below)
	}
	return text
}

func (m *List) foot() string {
	switch {
	case m.numbering:
		return "1-9 is its number · 0 takes it away · Esc"
	case m.typing:
		return "Enter runs · Tab keeps what is found · Esc ends the search"
	}
	return "Enter runs · t in a new tab · 1-9 run a favourite · Esc"
}

// The widths of the columns, blanks behind them included.
const (
	numberWidth = 3
	originWidth = 9
	startWidth  = 6
)

// measure finds the widths of the columns that depend on what they hold: a name is cut only where it would take more
// than a third, and there is no room for what runs on start when nothing does.
func (m *List) measure(inside int) {
	m.nameWidth, m.startWidth = 14, 0
	for _, it := range m.all {
		m.nameWidth = max(m.nameWidth, len(it.Name)+2)
		if it.Start {
			m.startWidth = startWidth
		}
	}
	m.nameWidth = min(m.nameWidth, max(14, inside/3))
}

func (m *List) columns(number, name, origin, start, text string, inside int) string {
	line := look.Left(number, numberWidth) + look.Left(look.Cut(name, m.nameWidth-1), m.nameWidth) +
		look.Left(origin, originWidth) + look.Left(start, m.startWidth)
	return look.Left(line+look.Cut(text, max(0, inside-look.Width(line))), inside)
}

func (m *List) titles(l *look.Look, inside int) string {
	return l.Paint(themes.Muted, m.columns("KEY", " PROFILE", "FROM", "", "DESCRIPTION", inside))
}

func (m *List) row(l *look.Look, i, inside int) string {
	it := m.all[m.found[i]]
	number, name, start := "", " "+it.Name, ""
	if it.Number > 0 {
		number = strconv.Itoa(it.Number)
	}
	if it.Here {
		name = "▸" + it.Name
	}
	if it.Start {
		start = "start"
	}
	text := it.Description
	if text == "" {
		text = it.Query
	}
	line := m.columns(number, name, it.Origin.String(), start, flow.Clean(text), inside)
	if i == m.cursor {
		return l.Paint(themes.Selected, line)
	}
	return l.Paint(themes.Text, line)
}

// tail is what stands below the profiles: what the one under the cursor asks for, files that cannot be used, the keys.
func (m *List) tail(l *look.Look, inside, h int) []string {
	var out []string
	if h >= roomy {
		out = append(out, l.Paint(themes.Rule, strings.Repeat("─", inside)))
		out = append(out, m.about(l, inside)...)
	}
	if n := len(m.damaged); n > 0 {
		text := "! " + m.damaged[0]
		if n > 1 {
			text = fmt.Sprintf("! %d files cannot be used: %s", n, m.damaged[0])
		}
		out = append(out, l.Paint(themes.Warning, look.Cut(flow.Clean(text), inside)))
	}
	if h >= roomy {
		out = append(out, l.Paint(themes.Muted, look.Cut("s save · S save as · r rename · x delete · c copy · f number · D on start", inside)))
	}
	return out
}

// aboutLines is how many lines the text about a profile takes: two of its description, two of its query, two of the rest.
const aboutLines = 6

func (m *List) about(l *look.Look, inside int) []string {
	lines := make([]string, 0, aboutLines)
	if it, ok := m.at(); ok {
		lines = append(lines, paragraph(l, themes.Text, it.Description, inside, 2)...)
		lines = append(lines, paragraph(l, themes.Accent, it.Query, inside, 2)...)
		lines = append(lines, paragraph(l, themes.Muted, strings.Join(facts(it), " · "), inside, 2)...)
	}
	for len(lines) < aboutLines {
		lines = append(lines, "")
	}
	return lines
}

// paragraph is text in at most n lines; a text that is longer ends in an ellipsis.
func paragraph(l *look.Look, t themes.Token, text string, w, n int) []string {
	if text == "" {
		return nil
	}
	lines := look.Wrap(flow.Clean(text), w)
	if len(lines) > n {
		lines = lines[:n]
		lines[n-1] = look.Cut(lines[n-1], w-1) + "…"
	}
	for i := range lines {
		lines[i] = l.Paint(t, lines[i])
	}
	return lines
}

// facts say what a profile asks for beside its query, and where it is.
func facts(it Item) []string {
	var out []string
	add := func(label, text string) {
		if text != "" {
			out = append(out, label+flow.Clean(text))
		}
	}
	if asks, err := it.Asks(); err == nil {
		names := make([]string, len(asks))
		for i, a := range asks {
			names[i] = "?" + a.Name
		}
		add("asks for ", strings.Join(names, " "))
	}
	add("", it.Span)
	add("by ", strings.Join(it.Group, " "))
	add("order ", strings.Join(it.Order, " "))
	switch {
	case it.Limit > 0:
		add("limit ", human.Exact(uint64(it.Limit)))
	case it.Limit < 0:
		add("", "no limit")
	}
	if n := len(it.Columns); n > 0 {
		add("", human.Plural(n, "column"))
	}
	add("theme ", it.Theme)
	if it.Origin != profile.Shipped {
		add("", it.Path)
	} else {
		add("", "comes with the program")
	}
	return out
}
