package timeline

import (
	"cxlens/themes"
	"cxlens/tui/sums"
)

// cell is a character of the bars.
type cell struct {
	glyph string
	token themes.Token
}

var blank = cell{" ", themes.Text}

// eighths are the blocks by how much of a cell they fill.
var eighths = [...]string{" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"}

// shades fill whole cells of one ASCII line, by how much.
var shades = [...]string{" ", ".", ":", "-", "=", "+", "*", "#", "@"}

// fills tell series apart without colour; the first is solid.
var (
	fills      = [...]string{"█", "▓", "▒", "░", "·"}
	asciiFills = [...]string{"#", "=", "+", ":", "."}
	tokens     = [...]themes.Token{themes.ProtoTCP, themes.ProtoUDP, themes.ProtoICMP, themes.ProtoOther, themes.Muted}
)

// fill is the pattern of a series.
func (s Style) fill(series int) string {
	series = min(series, len(fills)-1)
	if s == ASCII {
		return asciiFills[series]
	}
	return fills[series]
}

// tokenOf is the colour of a series: protocols have their own everywhere on the screen.
func tokenOf(name string, series int) themes.Token {
	switch name {
	case "tcp":
		return themes.ProtoTCP
	case "udp":
		return themes.ProtoUDP
	case "icmp", "icmp6":
		return themes.ProtoICMP
	case Other, none:
		return themes.Muted
	}
	return tokens[min(series, len(tokens)-1)]
}

// level is how many of steps a value reaches; anything above 0 reaches one.
func level(n, peak uint64, steps int) int {
	if n == 0 || peak == 0 {
		return 0
	}
	return min(max(1, int(float64(n)/float64(peak)*float64(steps)+0.5)), steps)
}

// values are a series' numbers of one metric.
func values(s []sums.Sums, m sums.Metric) []uint64 {
	out := make([]uint64, len(s))
	for i := range s {
		out[i] = s[i][m]
	}
	return out
}

func most(v []uint64) (peak uint64) {
	for _, n := range v {
		peak = max(peak, n)
	}
	return peak
}

// plain draws one series in h lines, the uppermost first.
func plain(v []uint64, peak uint64, h int, style Style, t themes.Token) [][]cell {
	if style == Braille {
		return braille(v, peak, h, t)
	}
	rows := empty(h, len(v))
	for x, n := range v {
		if style == ASCII && h == 1 {
			rows[0][x] = cell{shades[level(n, peak, len(shades)-1)], t}
			continue
		}
		high := level(n, peak, 8*h)
		for y := range h {
			rows[h-1-y][x] = cell{partial(style, 0, high-8*y), t}
		}
	}
	return rows
}

// partial is the cell of a series that is filled to so many eighths.
func partial(style Style, series, n int) string {
	switch {
	case n <= 0:
		return " "
	case n >= 8:
		return style.fill(series)
	case style == ASCII && n < 4:
		return "."
	case style == ASCII, series > 0 && n >= 4:
		return style.fill(series)
	}
	return eighths[n]
}

// stacked draws series on top of each other: a cell shows the one that has the most of it.
func stacked(d *Data, m sums.Metric, peak uint64, h int, style Style) [][]cell {
	rows := empty(h, len(d.Total))
	tops := make([]int, len(d.Series))
	for x := range d.Total {
		high := level(d.Total[x][m], peak, 8*h)
		var sum uint64
		for i := range d.Series {
			sum = sums.Plus(sum, d.Series[i].Sums[x][m])
			tops[i] = level(sum, d.Total[x][m], high)
		}
		for y := range h {
			if high <= 8*y {
				break
			}
			i := owner(tops, 8*y, min(8*y+8, high))
			rows[h-1-y][x] = cell{partial(style, i, high-8*y), tokenOf(d.Series[i].Name, i)}
		}
	}
	return rows
}

// owner is the series that has the most of the eighths from..to; tops are where each one ends.
func owner(tops []int, from, to int) int {
	best, most, low := 0, -1, 0
	for i, top := range tops {
		if over := min(top, to) - max(low, from); over > most {
			best, most = i, over
		}
		low = top
	}
	return best
}

// dots are the bits of a braille cell, from the lowest dot of the left column up, then the right one.
var dots = [2][4]rune{{0x40, 0x04, 0x02, 0x01}, {0x80, 0x20, 0x10, 0x08}}

// braille draws two values in a column, four dots in a line.
func braille(v []uint64, peak uint64, h int, t themes.Token) [][]cell {
	rows := empty(h, (len(v)+1)/2)
	for y := range h {
		for x := range rows[y] {
			r := rune(0x2800)
			for side := range 2 {
				i := 2*x + side
				if i >= len(v) {
					continue
				}
				for k := range min(4, max(0, level(v[i], peak, 4*h)-4*y)) {
					r |= dots[side][k]
				}
			}
			if r != 0x2800 {
				rows[h-1-y][x] = cell{string(r), t}
			}
		}
	}
	return rows
}

func empty(h, w int) [][]cell {
	rows := make([][]cell, h)
	for y := range rows {
		rows[y] = make([]cell, w)
		for x := range rows[y] {
			rows[y][x] = blank
		}
	}
	return rows
}
