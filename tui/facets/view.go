package facets

import (
	"fmt"
	"math"
	"strings"

	"cxlens/internal/flow"
	"cxlens/themes"
	"cxlens/tui/human"
	"cxlens/tui/look"
	"cxlens/tui/sums"
)

// The widths of the columns, blanks between them included.
const (
	sumWidth   = 9
	shareWidth = 7
	barWidth   = 12
	timeWidth  = 21
)

// layout is which columns have room.
type layout struct {
	value int // the values' width
	bar   int // the bar's, 0 for none
	times bool
}

func (m *Model) layout(look *look.Look, w int, times bool) layout {
	fixed := 3*sumWidth + shareWidth
	l := layout{value: w - fixed}
	enough := max(24, min(60, m.wanted()))
	if times && l.value-2*timeWidth >= enough {
		l.times, l.value = true, l.value-2*timeWidth
	}
	if l.value-barWidth >= enough && !look.NoBars {
		l.bar, l.value = barWidth, l.value-barWidth
	}
	if most := max(60, m.wanted()); l.value > most {
		if l.bar > 0 {
			l.bar = min(l.bar+l.value-most, 40)
		}
		l.value = most
	}
	return l
}

// lines are the titles and as many groups as fit into w columns and h rows.
func (m *Model) lines(l *look.Look, w, h int, times bool) []string {
	lay := m.layout(l, w, times)
	lines := []string{m.title(l, lay)}
	room := max(1, h-1)
	m.page = room
	m.lay, m.cols = lay, len(m.by)+numCols
	if !lay.times {
		m.cols -= 2
	}
	m.top = max(min(m.top, m.cursor), m.cursor-room+1)
	m.top = max(0, min(m.top, len(m.shown)-room))
	for i := m.top; i < m.top+room; i++ {
		switch {
		case i < len(m.shown):
			lines = append(lines, m.row(l, lay, i, w))
		case i == 0 && m.field.Value() != "":
			lines = append(lines, l.Paint(themes.Muted, look.Left("no value has these letters", w)))
		case i == 0 && m.note == "":
			lines = append(lines, l.Paint(themes.Muted, look.Left("no flow matches, and so there are no values", w)))
		default:
			lines = append(lines, look.Blank(w))
		}
	}
	return lines
}

func (m *Model) title(l *look.Look, lay layout) string {
	line := l.Line(themes.Text)
	at := 0
	for col, p := range m.places(lay) {
		line.Put(themes.Title, look.Blank(p.from-at))
		token, title := themes.Title, m.columnTitle(col)
		switch {
		case col == m.col:
			token = themes.Selected
		case col == m.order.Column:
			token = themes.Accent
		}
		text := look.Cut(title, p.to-p.from)
		if p.right {
			line.Put(themes.Title, look.Blank(p.to-p.from-look.Width(text)))
			line.Put(token, text)
		} else {
			line.Put(token, text)
			line.Put(themes.Title, look.Blank(p.to-p.from-look.Width(text)))
		}
		at = p.to
	}
	return line.String()
}

// columnTitle names a column, with the sign of its direction where the list is sorted by it.
func (m *Model) columnTitle(col int) string {
	title := strings.ToUpper(m.columnName(col))
	switch {
	case col != m.order.Column:
		return title
	case m.order.Desc:
		return title + "▼"
	}
	return title + "▲"
}

// columnName is what a column of the list is called.
func (m *Model) columnName(col int) string {
	if col < len(m.by) {
		return m.by[col].String()
	}
	return colNames[col-len(m.by)]
}

// place is where a column stands in a line: from..to.
type place struct {
	from, to int
	right    bool // its cells end there
}

// places are those of the columns that have room.
func (m *Model) places(lay layout) []place {
	var out []place
	at := 0
	for _, part := range m.parts(lay.value) {
		out = append(out, place{min(at, lay.value), min(at+part, lay.value), false})
		at += part + 1
	}
	at = lay.value
	for range sums.NumMetrics {
		out = append(out, place{at, at + sumWidth, true})
		at += sumWidth
	}
	out = append(out, place{at, at + shareWidth, true})
	if at += shareWidth + lay.bar; lay.times {
		out = append(out, place{at + 2, at + timeWidth, false}, place{at + timeWidth + 2, at + 2*timeWidth, false})
	}
	return out
}

func (m *Model) row(l *look.Look, lay layout, i, w int) string {
	g := m.answer.Groups[m.shown[i]]
	var b strings.Builder
	b.WriteString(m.fit(m.cells(g), lay.value))
	for _, n := range g.Sums {
		b.WriteString(look.Right(human.Count(n), sumWidth))
	}
	share, bar := "", ""
	if all := m.answer.All[m.metric]; m.answer.Exact && all > 0 {
		f := float64(g.Sums[m.metric]) / float64(all)
		share = fmt.Sprintf("%.1f%%", f*100)
		bar = strings.Repeat("▪", int(f*float64(max(0, lay.bar-2))+0.5))
	}
	b.WriteString(look.Right(share, shareWidth))
	if lay.bar > 0 {
		b.WriteString(look.Left("  "+bar, lay.bar))
	}
	if lay.times {
		b.WriteString("  " + look.Left(seconds(g.First), timeWidth-2) + "  " + look.Left(seconds(g.Last), timeWidth-2))
	}
	t := themes.Text
	if i == m.cursor {
		t = themes.Selected
	}
	return l.Paint(t, look.Left(b.String(), w))
}

// seconds shortens a time of an output to what a person reads.
func seconds(t string) string {
	if len(t) < len("2006-01-02T15:04:05") {
		return t
	}
	return t[:10] + " " + t[11:19]
}

// what says what is listed, and how much of it.
func (m *Model) what() string {
	names := make([]string, len(m.by))
	for i, c := range m.by {
		names[i] = c.String()
	}
	noun := "value"
	switch {
	case len(m.by) > 1:
		noun = "group"
	case m.InSteps():
		noun = "step"
	}
	count := human.Plural(int(min(m.answer.Of, math.MaxInt)), noun)
	if n := len(m.answer.Groups); uint64(n) < m.answer.Of {
		count = "the " + human.Exact(uint64(n)) + " with most " + m.metric.String() + " of " + count
	}
	if m.field.Value() != "" {
		count = human.Exact(uint64(len(m.shown))) + " of " + count
	}
	return strings.Join(names, ", ") + " · " + count + " " + m.Of()
}

// status is what is on its way or went wrong, and the text that narrows.
func (m *Model) status(l *look.Look, w int) (line string, cursor int) {
	if m.narrowing || m.field.Value() != "" {
		text, at := m.field.View(l, max(2, w-2))
		cursor = -1
		if m.narrowing {
			cursor = 2 + at
		}
		return l.Paint(themes.Accent, "/ ") + text, cursor
	}
	switch {
	case m.failed:
		return l.Paint(themes.Error, look.Cut("✗ "+m.note, w)), -1
	case m.note != "":
		return l.Paint(themes.Muted, look.Cut(m.note, w)), -1
	}
	return "", -1
}

// Box returns the top values as a box for a screen of w columns and h rows, and where its cursor stands, x below
// 0 for nowhere.
func (m *Model) Box(l *look.Look, w, h int) (box []string, x, y int) {
	inside := min(100, w-6)
	room := max(2, min(h-4, 1+max(8, len(m.answer.Groups))))
	lines := m.lines(l, inside, room, false)
	status, at := m.status(l, inside)
	x, y = -1, 0
	if at >= 0 {
		x, y = 2+at, len(lines)+1
	}
	lines = append(lines, status)
	return l.Box("top values: "+flow.Clean(m.what()), m.hint(inside), lines, inside), x, y
}

// Pane returns the groups in the place of the rows, w columns and h rows, and where the cursor stands.
func (m *Model) Pane(l *look.Look, w, h int) (pane []string, x, y int) {
	head := look.Between(" "+l.Paint(themes.Accent, "groups ")+l.Paint(themes.Muted, look.Cut(flow.Clean(m.what()), max(1, w-10))), "", w)
	lines := append([]string{head}, m.lines(l, w-2, max(2, h-2), true)...)
	for i := 1; i < len(lines); i++ {
		lines[i] = " " + lines[i]
	}
	status, at := m.status(l, w-2)
	x, y = -1, 0
	if at >= 0 {
		x, y = 1+at, len(lines)
	}
	lines = append(lines, " "+status)
	for i := range lines {
		lines[i] = look.Left(lines[i], w)
	}
	return lines[:min(len(lines), h)], x, y
}

// hint is what the lowest line of the box says of its keys, as much as has room.
func (m *Model) hint(w int) string {
	text := "Enter + in · - not · i only"
	if m.HasSteps() {
		text += " · v " + map[bool]string{true: "single values", false: "steps"}[m.InSteps()]
	}
	for _, more := range []string{"m metric", "s sort", "/ narrow", "x export", "w what is counted", ". more", "o new tab"} {
		if look.Width(text)+3+look.Width(more) > w-2 {
			break
		}
		text += " · " + more
	}
	return text
}

// Click puts the cursor on the group at a line of the pane. On a title it chooses that column and tells so.
func (m *Model) Click(x, y int) (title bool) {
	if i := m.top + y - 2; y >= 2 && i < len(m.shown) && i < m.top+m.page {
		m.cursor = i
	}
	if y != 1 {
		return false
	}
	for col, p := range m.places(m.lay) {
		if x-1 >= p.from && x-1 < p.to {
			m.col = col
			return true
		}
	}
	return false
}

// Scroll moves the cursor by so many groups.
func (m *Model) Scroll(by int) { m.move(by) }
