package table

import (
	"strings"

	"cxlens/internal/flow"
	"cxlens/themes"
	"cxlens/tui/look"
)

// widestText is what a column of names from peers is never wider than.
const widestText = 32

// Every cell whose ground changes is written to the terminal again when the cursor moves, and analysts
// work over SSH: in a table wider than fullBand only the first band columns of the cursor's row have
// its ground. With more of it the renderer also finds the row no longer worth scrolling.
const (
	fullBand = 90
	band     = 30
)

// View returns the titles and the visible rows: as many lines as the pane is high, each as wide as
// it is. They are built anew only when something changed and must not be changed.
func (m *Model) View() []string {
	if m.fresh {
		return m.cache
	}
	m.measure()
	done := m.lookAtYears()
	m.arrangeColumns()
	lines := make([]string, 0, m.height)
	lines = append(lines, look.Left(m.titles(), m.width))
	for place := m.top; place < m.top+m.page(); place++ {
		if place < m.shown {
			lines = append(lines, m.line(place))
		} else {
			lines = append(lines, look.Blank(m.width))
		}
	}
	m.cache, m.fresh = lines, done
	return m.cache
}

// measure takes the widths of the visible cells. Widths only grow while a result is
// shown, so that columns do not jump when the rows scroll.
func (m *Model) measure() {
	var r flow.Record
	var buf []byte
	for place := m.top; place < min(m.top+m.page(), m.shown); place++ {
		m.view.Record(m.row(place), &r)
		for _, c := range m.columns {
			if c == flow.ColStart || c == flow.ColEnd {
				continue
			}
			buf = appendCell(buf[:0], m.view, m.row(place), &r, c, form{exact: m.exact})
			m.widen(c, 0, buf)
			if isAddress(c) {
				m.measureLabels(&r, c, buf)
			}
			if c == flow.ColDstPort {
				buf = appendCell(buf[:0], m.view, m.row(place), &r, c, form{exact: m.exact, service: true})
				m.widen(c, 1, buf)
			}
		}
	}
}

func (m *Model) widen(c flow.Column, service int, cell []byte) {
	w := look.Width(string(cell))
	if c != flow.ColSrcIP && c != flow.ColDstIP {
		w = min(w, widestText)
	}
	m.widest[c][service] = max(m.widest[c][service], w)
}

// want is the measure of a column: its title with its mark, and its cells.
func (m *Model) want(c flow.Column, f form) int {
	if w, ok := m.widths[c]; ok {
		return w
	}
	title := look.Width(f.title(c))
	if mark := m.mark(c); mark != "" {
		title += 1 + look.Width(mark)
	}
	switch {
	case c == flow.ColStart || c == flow.ColEnd:
		return max(title, len(f.layout()))
	case c == flow.ColDstPort && f.service:
		return max(title, m.widest[c][1])
	case isAddress(c):
		return max(title, m.widest[c][0], m.labels.widest[side(c)][f.labels[side(c)]])
	}
	return max(title, m.widest[c][0])
}

func (m *Model) titles() string {
	var b strings.Builder
	for i, p := range m.lay.cols {
		b.WriteString(m.border(i))
		text := m.lay.form.title(p.col)
		if mark := m.mark(p.col); mark != "" {
			text += " " + mark
		}
		if specs[p.col].right {
			text = look.Right(text, p.w)
		} else {
			text = look.Left(text, p.w)
		}
		switch {
		case p.index == m.col:
			b.WriteString(m.look.Paint(themes.Cell, text))
		case m.mark(p.col) != "":
			b.WriteString(m.look.Paint(themes.Accent, text))
		default:
			b.WriteString(m.look.Paint(themes.Title, text))
		}
	}
	if n := len(m.lay.cols); n > 0 && m.lay.width() < m.width-1 {
		if _, drop := m.drop(m.lay.cols[n-1].index); drop {
			b.WriteString(m.look.Paint(themes.Accent, "┃"))
		}
	}
	note := m.lay.outside(m.width - 1 - m.lay.width())
	if note == "" {
		return b.String()
	}
	return look.Between(b.String(), m.look.Paint(themes.Muted, note), m.width)
}

// border is what stands in the line of titles before a column: the margin or a gap, with the place where a title that is
// dragged would go.
func (m *Model) border(i int) string {
	w := 1
	if i > 0 {
		w = m.lay.gap
	}
	drop, _ := m.drop(m.lay.cols[i].index)
	if i > 0 && !drop {
		_, drop = m.drop(m.lay.cols[i-1].index)
	}
	switch {
	case drop:
		return m.look.Paint(themes.Accent, "┃") + look.Blank(w-1)
	case i > 0 && i == m.lay.held:
		return m.look.Paint(themes.Rule, "│") + look.Blank(w-1)
	}
	return look.Blank(w)
}

// line is the line of the row at a place.
func (m *Model) line(place int) string {
	var r flow.Record
	row := m.row(place)
	m.view.Record(row, &r)
	under, ground := place == m.cursor, themes.Text
	if under {
		ground = themes.Cursor
	}
	line := m.look.Line(ground)
	if sign := m.sign(row, under); sign != "" {
		line.Put(themes.Accent, sign)
	} else {
		line.Gap(1)
	}
	var cell []byte
	used := 1
	for i, p := range m.lay.cols {
		if i > 0 {
			if i == m.lay.held {
				line.Put(themes.Rule, "│")
			}
			line.Gap(m.lay.gap - one(i == m.lay.held))
			used += m.lay.gap
		}
		t := token(&r, p.col)
		if under && p.index == m.col {
			t = themes.Cell
		}
		if under && m.width > fullBand && used+p.w > band {
			line.Ground(themes.Text)
		}
		cell = appendCell(cell[:0], m.view, row, &r, p.col, m.formOf(p))
		if isAddress(p.col) && m.labels.of != nil {
			m.putAddress(line, &r, p, t, string(cell))
		} else {
			m.putText(line, t, fitText(string(cell), p))
		}
		used += p.w
	}
	line.Ground(themes.Text)
	line.Gap(m.width - used)
	return line.String()
}

// formOf is how the cells of a column are written: times in a column of a width that a person set as
// they fit into it.
func (m *Model) formOf(p placed) form {
	if _, fixed := m.widths[p.col]; fixed {
		return m.lay.form.timesIn(p.col, p.w)
	}
	return m.lay.form
}

// fitCell brings a cell to its column's width.
func fitCell(s string, p placed) string {
	if isAddress(p.col) {
		s = fitAddress(s, p.w)
	}
	if specs[p.col].right {
		return look.Right(s, p.w)
	}
	return look.Left(s, p.w)
}
