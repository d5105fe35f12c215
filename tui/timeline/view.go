package timeline

import (
	"strings"

	"cxlens/themes"
	"cxlens/tui/human"
	"cxlens/tui/look"
	"cxlens/tui/sums"
)

// place is where the bars stand in the pane.
type place struct{ x, columns, sub int }

// The widths beside the bars.
const (
	scaleWidth = 8  // the scale to the left of several lines, a blank included
	leftWidth  = 16 // the metric and the peak to the left of one line
	rightWidth = 30 // the span to the right of one line
)

// Lines is how many lines the timeline takes on a screen of so many rows: 1 (2 with a refinement), or the bars' and two
// for their times and for what they show.
func (m *Model) Lines(l *look.Look, screen int) int {
	if l.NoBars {
		return 1
	}
	h := m.bars(screen)
	switch {
	case h > 1:
		return h + 2
	case m.refined != "":
		return 2
	}
	return h
}

// bars is how many lines the bars take.
func (m *Model) bars(screen int) int {
	h := m.Height
	if h == 0 {
		switch {
		case screen < 20:
			h = 1
		case screen < 30:
			h = 2
		case screen < 45:
			h = 3
		case screen < 55:
			h = 4
		default:
			h = 5
		}
	}
	return min(h, max(1, screen/3), MaxHeight)
}

// Buckets is how many buckets fit on a screen of w columns and so many rows.
func (m *Model) Buckets(w, screen int) int {
	columns := w - scaleWidth - 1
	if m.bars(screen) == 1 {
		columns = w - leftWidth - min(rightWidth, w/3) - 1
	}
	return max(2, columns) * m.sub()
}

func (m *Model) sub() int {
	if m.Style == Braille {
		return 2
	}
	return 1
}

// Spot is what a view points out: whether the timeline has the keyboard, and the time of a row.
type Spot struct {
	Active bool
	Row    int64 // microseconds UTC
	OnRow  bool
}

// cache is what was drawn last, and for what.
type cache struct {
	look    *look.Look
	w, h    int
	spot    Spot
	version uint64
	lines   []string
}

// View returns the lines for a screen of w columns and so many rows. They must not be changed.
func (m *Model) View(l *look.Look, w, screen int, spot Spot) []string {
	key := cache{look: l, w: w, h: screen, spot: spot, version: m.version}
	c := &m.cache
	if c.lines != nil && c.look == key.look && c.w == w && c.h == screen && c.spot == spot && c.version == m.version {
		return c.lines
	}
	key.lines = m.draw(l, w, m.bars(screen), spot)
	m.cache = key
	return key.lines
}

func (m *Model) draw(l *look.Look, w, h int, spot Spot) []string {
	if m.data == nil || len(m.data.Total) == 0 {
		m.place = place{}
		return m.drawNote(l, w, h)
	}
	if l.NoBars {
		m.place = place{}
		return []string{m.inWords(l, w, spot)}
	}
	if h == 1 {
		return m.drawFlat(l, w, spot)
	}
	grid, names := m.grid(h)
	m.place = place{x: scaleWidth, columns: len(grid[0]), sub: m.sub()}
	lines := make([]string, 0, h+2)
	for y := range grid {
		scale := ""
		switch {
		case names != nil:
			scale = names[y]
		case y == 0:
			scale = human.Count(m.peak())
		case y == h-1:
			scale = "0"
		}
		line := l.Paint(themes.Muted, look.Right(look.Cut(scale, scaleWidth-1), scaleWidth-1)+" ") + m.row(l, grid[y], y == h-1, spot)
		lines = append(lines, look.Left(line, w))
	}
	return append(lines, m.axis(l, w), m.foot(l, w, h, spot))
}

// drawFlat draws one line, or with a refinement one for the match and one for its refined part, with what they show
// beside them.
func (m *Model) drawFlat(l *look.Look, w int, spot Spot) []string {
	rows, names, peaks := plain(values(m.data.Total, m.Settings.Metric), m.peak(), 1, m.Style, themes.Bar), []string{m.Settings.Metric.String()}, []uint64{m.peak()}
	if m.refined != "" {
		rows, names = m.apart(2)
		peaks = append(peaks, 0)
		if m.part != nil {
			peaks[1] = most(values(m.part.Total, m.Settings.Metric))
		}
	}
	m.place = place{x: leftWidth, columns: len(rows[0]), sub: m.sub()}
	var lines []string
	for y := range rows {
		left := " " + look.Right(names[y]+" "+m.most()+human.Count(peaks[y]), leftWidth-2) + " "
		room := w - leftWidth - m.place.columns - 1
		beside := m.beside(l, room, spot)
		if y > 0 && m.part != nil {
			beside = l.Paint(themes.Muted, look.Cut(human.Exact(m.part.All[sums.Flows])+" of the rows here", room))
		} else if y > 0 {
			beside = l.Paint(themes.Muted, look.Cut("being counted", room))
		}
		lines = append(lines, look.Left(l.Paint(themes.Muted, left)+m.row(l, rows[y], y == len(rows)-1, spot)+" "+beside, w))
	}
	return lines
}

// most is the sign before the peak in the one line.
func (m *Model) most() string {
	if m.Style == ASCII {
		return "<="
	}
	return "≤"
}

func (m *Model) drawNote(l *look.Look, w, h int) []string {
	t, note := themes.Muted, m.note
	if m.failed {
		t, note = themes.Error, "✗ timeline: "+note
	} else if m.data != nil {
		note = "no flow matches, and so there is no timeline"
	}
	lines := []string{look.Left(" "+l.Paint(t, look.Cut(note, w-2)), w)}
	all := 1
	switch {
	case l.NoBars:
	case h > 1:
		all = h + 2
	case m.refined != "":
		all = 2
	}
	for len(lines) < all {
		lines = append(lines, look.Blank(w))
	}
	return lines
}

// grid are the bars' cells, and for lanes what each line is.
func (m *Model) grid(h int) (rows [][]cell, names []string) {
	d, metric := m.data, m.Settings.Metric
	switch {
	case m.splits(h):
		return m.apart(h)
	case m.refined != "":
		part := make([]uint64, len(d.Total))
		if m.part != nil {
			part = values(m.part.Total, metric)
		}
		return overlay(values(d.Total, metric), part, m.peak(), h, m.Style), nil
	case h > 1 && m.Lanes && len(d.Series) > 0:
		for i, s := range d.Series {
			if i == h-1 && len(d.Series) > h { // the last line is all that have none
				s = m.together(i)
			}
			v := values(s.Sums, metric)
			rows = append(rows, plain(v, most(v), 1, m.Style, tokenOf(s.Name, i))[0])
			names = append(names, s.Name)
			if len(rows) == h {
				break
			}
		}
		for len(rows) < h {
			rows, names = append(rows, empty(1, len(rows[0]))[0]), append(names, "")
		}
		return rows, names
	case h > 1 && len(d.Series) > 0 && m.Style != Braille:
		return stacked(d, metric, m.peak(), h, m.Style), nil
	}
	return plain(values(d.Total, metric), m.peak(), h, m.Style, themes.Bar), nil
}

// together is the series from i on as one.
func (m *Model) together(i int) Series {
	s := Series{Name: Other, Sums: make([]sums.Sums, len(m.data.Total))}
	for _, one := range m.data.Series[i:] {
		for b := range one.Sums {
			s.Sums[b].Add(one.Sums[b])
		}
		s.All.Add(one.All)
	}
	return s
}

func (m *Model) peak() uint64 {
	_, n := m.data.peak(m.Settings.Metric)
	return n
}

// row paints a line of the bars: the selection, and on the lowest line where the table's row is.
func (m *Model) row(l *look.Look, cells []cell, lowest bool, spot Spot) string {
	first, last := -1, -1
	if spot.Active || m.drag {
		first, last = m.selected()
	}
	mark := -1
	if spot.OnRow && lowest {
		if i, ok := m.data.bucket(spot.Row); ok {
			mark = i / m.place.sub
		}
	}
	var b, run strings.Builder
	base, token := themes.Text, themes.Text
	flush := func() {
		if run.Len() > 0 {
			b.WriteString(l.Over(base, token, run.String()))
			run.Reset()
		}
	}
	for x, c := range cells {
		ground := themes.Text
		switch {
		case x >= first/m.place.sub && x <= last/m.place.sub && first >= 0:
			ground = themes.Selected
		case x == mark:
			ground = themes.Cell
		}
		if ground != base || c.token != token && c.glyph != " " {
			flush()
			base, token = ground, c.token
		}
		run.WriteString(c.glyph)
	}
	flush()
	return b.String()
}
