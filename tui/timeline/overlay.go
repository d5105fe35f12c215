package timeline

import (
	"strings"

	"cxlens/themes"
	"cxlens/tui/human"
	"cxlens/tui/look"
	"cxlens/tui/sums"
)

// The patterns of the match, of the refined part of it, and of a cell that has some of both; a low one of the match.
const (
	low = "."

	matchFill, partFill, bothFill = "░", "█", "▒"

	asciiMatch, asciiPart, asciiBoth = ":", "#", "+"
)

func (s Style) patterns() (match, part, both string) {
	if s == ASCII {
		return asciiMatch, asciiPart, asciiBoth
	}
	return matchFill, partFill, bothFill
}

// overlay draws the match with its refined part as the lower end of each bar. Every part that is not nothing can be seen.
func overlay(total, part []uint64, peak uint64, h int, style Style) [][]cell {
	rows := empty(h, len(total))
	for x, n := range total {
		high := level(n, peak, 8*h)
		mine := min(level(part[x], peak, 8*h), high)
		for y := range h {
			rows[h-1-y][x] = shared(style, high-8*y, mine-8*y)
		}
		if top := (high - 1) / 8; n > part[x] && mine == high && high > 0 { // so little is missing that it has no eighth
			_, _, both := style.patterns()
			rows[h-1-top][x].glyph = both
		}
	}
	return rows
}

// shared is a cell of which so many eighths are filled, and so many of these by the refined part.
func shared(style Style, filled, mine int) cell {
	filled, mine = min(filled, 8), min(mine, 8)
	match, part, both := style.patterns()
	switch {
	case filled <= 0:
		return blank
	case mine >= filled && style != ASCII:
		return cell{eighths[mine], themes.Bar}
	case mine >= filled:
		return cell{part, themes.Bar}
	case mine > 0:
		return cell{both, themes.Bar}
	case filled < 4:
		return cell{low, themes.Muted}
	}
	return cell{match, themes.Muted}
}

// splits tells whether the match and its refined part are drawn above each other and not in the same bars: dots have no
// pattern, and one or two lines no room for a part.
func (m *Model) splits(h int) bool {
	return m.refined != "" && (h <= 2 || m.Lanes || m.Style == Braille)
}

// apart draws the match and its refined part above each other, each with its own peak.
func (m *Model) apart(h int) (rows [][]cell, names []string) {
	metric, lower := m.Settings.Metric, max(1, h/2)
	total := values(m.data.Total, metric)
	part := make([]uint64, len(total))
	if m.part != nil {
		part = values(m.part.Total, metric)
	}
	rows = append(plain(total, most(total), h-lower, m.Style, themes.Bar), plain(part, most(part), lower, m.Style, themes.Bar)...)
	names = make([]string, h)
	names[0], names[h-lower] = "match", "refined"
	return rows, names
}

// parted says which is the match and which its refined part, and how much each of them is.
func (m *Model) parted(l *look.Look, room, h int) string {
	match, part, _ := m.Style.patterns()
	match, part = match+" ", part+" "
	if l.NoBars || m.splits(h) {
		match, part = "", ""
	}
	metric := m.Settings.Metric
	exact := func(n uint64) string {
		if metric == sums.Bytes {
			return human.Bytes(n)
		}
		return human.Exact(n)
	}
	text := match + "match " + exact(m.data.all()[metric]) + " · " + part + "refined "
	if m.part == nil {
		return l.Paint(themes.Muted, look.Cut(strings.TrimSuffix(text, "refined ")+"the refined rows are being counted", room))
	}
	return l.Paint(themes.Muted, look.Cut(text+exact(m.part.All[metric])+" of the rows here", room))
}
