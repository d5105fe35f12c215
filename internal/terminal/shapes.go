package terminal

import "math/bits"

// shape draws the character r of the cell at pixel (x, y) when it is one that
// must meet its neighbours: fonts and viewers leave gaps between those.
func (d *drawing) shape(r rune, x, y int, fg RGB) bool {
	switch {
	case r >= 0x2500 && r <= 0x257f:
		return d.box(r, x, y, fg)
	case r >= 0x2580 && r <= 0x259f:
		d.block(r, x, y, fg)
		return true
	case r >= 0x2800 && r <= 0x28ff:
		d.braille(uint8(r-0x2800), x, y, fg)
		return true
	}
	return false
}

// arms are the lines of a box character from the middle of its cell to an
// edge, 0 none, 1 light, 2 heavy.
type arms struct{ left, right, up, down int }

// boxes are the box characters of one weight; the others, and the double ones,
// are left to the font.
var boxes = map[rune]arms{
	'─': {1, 1, 0, 0}, '│': {0, 0, 1, 1}, '┌': {0, 1, 0, 1}, '┐': {1, 0, 0, 1}, '└': {0, 1, 1, 0}, '┘': {1, 0, 1, 0},
	'├': {0, 1, 1, 1}, '┤': {1, 0, 1, 1}, '┬': {1, 1, 0, 1}, '┴': {1, 1, 1, 0}, '┼': {1, 1, 1, 1},
	'━': {2, 2, 0, 0}, '┃': {0, 0, 2, 2}, '┏': {0, 2, 0, 2}, '┓': {2, 0, 0, 2}, '┗': {0, 2, 2, 0}, '┛': {2, 0, 2, 0},
	'┣': {0, 2, 2, 2}, '┫': {2, 0, 2, 2}, '┳': {2, 2, 0, 2}, '┻': {2, 2, 2, 0}, '╋': {2, 2, 2, 2},
	'╴': {1, 0, 0, 0}, '╶': {0, 1, 0, 0}, '╵': {0, 0, 1, 0}, '╷': {0, 0, 0, 1},
	'╸': {2, 0, 0, 0}, '╺': {0, 2, 0, 0}, '╹': {0, 0, 2, 0}, '╻': {0, 0, 0, 2},
}

// The middle of a cell, where lines meet.
const (
	midX = cellWidth / 2
	midY = cellHeight / 2
)

// arcs are the rounded corners, as paths from the cell's corner.
var arcs = map[rune]string{
	'╭': "M4.5 20V14.5Q4.5 10.5 9 10.5", '╮': "M0 10.5Q4.5 10.5 4.5 14.5V20",
	'╰': "M4.5 0V6.5Q4.5 10.5 9 10.5", '╯': "M0 10.5Q4.5 10.5 4.5 6.5V0",
}

func (d *drawing) box(r rune, x, y int, fg RGB) bool {
	if arc, ok := arcs[r]; ok {
		d.add(`<path transform="translate(%d %d)" d="%s" fill="none" stroke="%s"/>`+"\n", x, y, arc, fg)
		return true
	}
	a, ok := boxes[r]
	if !ok {
		return false
	}
	// Widest piece first: where light and heavy meet, the middle is covered.
	if w := max(a.left, a.right); w > 0 {
		from, to := x, x+cellWidth
		if a.left == 0 {
			from = x + midX
		}
		if a.right == 0 {
			to = x + midX + w
		}
		d.rect(from, y+midY, to-from, w, fg)
	}
	if w := max(a.up, a.down); w > 0 {
		from, to := y, y+cellHeight
		if a.up == 0 {
			from = y + midY
		}
		if a.down == 0 {
			to = y + midY + w
		}
		d.rect(x+midX, from, w, to-from, fg)
	}
	return true
}

// quadrants are the parts of U+2596 to U+259F: bit 0 upper left, 1 upper
// right, 2 lower left, 3 lower right.
var quadrants = [10]uint8{4, 8, 1, 13, 9, 7, 11, 2, 6, 14}

// block draws a block element, U+2580 to U+259F.
func (d *drawing) block(r rune, x, y int, fg RGB) {
	const w, h = cellWidth, cellHeight
	eighth := func(whole int, n rune) int { return max(1, (whole*int(n)+4)/8) }
	switch {
	case r == 0x2580:
		d.rect(x, y, w, h/2, fg)
	case r <= 0x2588:
		part := eighth(h, r-0x2580)
		d.rect(x, y+h-part, w, part, fg)
	case r <= 0x258f:
		d.rect(x, y, eighth(w, 0x2590-r), h, fg)
	case r == 0x2590:
		d.rect(x+w/2, y, w-w/2, h, fg)
	case r <= 0x2593:
		d.add(`<rect x="%d" y="%d" width="%d" height="%d" fill="%s" fill-opacity="0.%d"/>`+"\n",
			x, y, w, h, fg, 25*(r-0x2590))
	case r == 0x2594:
		d.rect(x, y, w, eighth(h, 1), fg)
	case r == 0x2595:
		d.rect(x+w-1, y, 1, h, fg)
	default:
		d.quadrant(quadrants[r-0x2596], x, y, fg)
	}
}

func (d *drawing) quadrant(parts uint8, x, y int, fg RGB) {
	const w, h = cellWidth / 2, cellHeight / 2
	for parts != 0 {
		i := bits.TrailingZeros8(parts)
		parts &^= 1 << i
		d.rect(x+i%2*w, y+i/2*h, w+i%2, h, fg)
	}
}

// brailleDots is where bit i of a braille character has its dot.
var brailleDots = [8][2]int{{0, 0}, {0, 1}, {0, 2}, {1, 0}, {1, 1}, {1, 2}, {0, 3}, {1, 3}}

func (d *drawing) braille(dots uint8, x, y int, fg RGB) {
	for ; dots != 0; dots &= dots - 1 {
		at := brailleDots[bits.TrailingZeros8(dots)]
		d.add(`<circle cx="%d" cy="%d" r="1.3" fill="%s"/>`+"\n", x+2+at[0]*5, y+3+at[1]*5, fg)
	}
}
