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
	scaleWidth = 7  // the scale to the left of several lines, a blank included
	leftWidth  = 13 // the metric and the peak to the left of one line
	rightWidth = 30 // the span to the right of one line
)

// Lines is how many lines the timeline takes on a screen of so many rows: 1, or the bars' and one for their labels.
func (m *Model) Lines(l *look.Look, screen int) int {
	if l.NoBars {
		return 1
	}
	h := m.bars(screen)
	if h > 1 {
		h++
	}
	return h
}

// bars is how many lines the bars take.
func (m *Model) bars(screen int) int {
	h := m.Height
	if h == 0 {
		switch {
		case screen < 30:
			h = 1
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
		if l.NoBars {
			h = 1
		}
		return m.drawNote(l, w, h)
	}
	if l.NoBars {
		m.place = place{}
		return []string{m.inWords(l, w, spot)}
	}
	grid, names := m.grid(h)
	m.place = place{x: scaleWidth, columns: len(grid[0]), sub: m.sub()}
	if h == 1 {
		m.place.x = leftWidth
		left := " " + look.Right(m.Settings.Metric.String()+" "+m.most()+human.Count(m.peak()), leftWidth-2) + " "
		line := l.Paint(themes.Muted, left) + m.row(l, grid[0], true, spot)
		return []string{look.Left(line+" "+m.beside(l, w-leftWidth-m.place.columns-1, spot), w)}
	}
	lines := make([]string, 0, h+1)
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
	return append(lines, look.Left(m.foot(l, w, spot), w))
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
	for len(lines) < h {
		lines = append(lines, look.Blank(w))
	}
	if h > 1 {
		lines = append(lines, look.Blank(w))
	}
	return lines
}

// grid are the bars' cells, and for lanes what each line is.
func (m *Model) grid(h int) (rows [][]cell, names []string) {
	d, metric := m.data, m.Settings.Metric
	switch {
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
