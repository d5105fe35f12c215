package terminal

import (
	"strings"
	"unicode/utf8"
)

// row draws the text of row y and the lines under and through it.
func (d *drawing) row(y int) {
	s := d.screen
	for x := 0; x < s.Cols; {
		c := s.Cell(x, y)
		fg, _ := s.Scheme.Colors(c.Style)
		n := d.run(x, y)
		if n == 0 {
			if c.Text != " " && c.Width > 0 {
				d.glyph(x, y, c, fg)
			}
			n = max(c.Width, 1)
		} else {
			d.text(x, y, n, c, fg)
		}
		d.lines(x, y, n, c.Style, fg)
		x += n
	}
}

// run is the number of cells from (x, y) on that are one piece of text: of one
// look, of characters that every font has, and without two blanks in a row,
// because a long blank is better not stretched. 0 when the first is none.
func (d *drawing) run(x, y int) int {
	first := d.screen.Cell(x, y)
	if first.Text == " " {
		return 0
	}
	n, blank := 0, false
	for ; x+n < d.screen.Cols; n++ {
		c := d.screen.Cell(x+n, y)
		if !common(c) || c.Style != first.Style || c.Text == " " && blank {
			break
		}
		blank = c.Text == " "
	}
	if blank {
		n--
	}
	return n
}

// common tells that a cell's text is one that monospaced fonts have at their
// own width.
func common(c Cell) bool {
	r, size := utf8.DecodeRuneInString(c.Text)
	return c.Width == 1 && size == len(c.Text) && r < 0x250
}

// text draws n cells as one piece, fitted into their width.
func (d *drawing) text(x, y, n int, c Cell, fg RGB) {
	var b strings.Builder
	for i := range n {
		b.WriteString(d.screen.Cell(x+i, y).Text)
	}
	d.add(`<text x="%d" y="%d" fill="%s"%s textLength="%d" lengthAdjust="spacingAndGlyphs">%s</text>`+"\n",
		x*cellWidth, y*cellHeight+baseline, fg, fontAttrs(c.Attr), n*cellWidth, escape(b.String()))
}

// glyph draws one cell: as a shape where its character is a line or a block,
// else as text in the middle of its cell.
func (d *drawing) glyph(x, y int, c Cell, fg RGB) {
	left, top := x*cellWidth, y*cellHeight
	if r, size := utf8.DecodeRuneInString(c.Text); size == len(c.Text) && d.shape(r, left, top, fg) {
		return
	}
	d.add(`<text x="%d.5" y="%d" fill="%s"%s text-anchor="middle">%s</text>`+"\n",
		left+max(c.Width, 1)*cellWidth/2, top+baseline, fg, fontAttrs(c.Attr), escape(c.Text))
}

func fontAttrs(a Attr) string {
	s := ""
	if a&Bold != 0 {
		s += ` font-weight="bold"`
	}
	if a&Italic != 0 {
		s += ` font-style="italic"`
	}
	return s
}

// lines draws underline and strike of n cells.
func (d *drawing) lines(x, y, n int, st Style, fg RGB) {
	left, top, width := x*cellWidth, y*cellHeight, n*cellWidth
	if st.Attr&Strike != 0 {
		d.rect(left, top+10, width, 1, fg)
	}
	color := d.screen.Scheme.resolve(st.UnderlineColor, fg)
	switch st.Underline {
	case SingleUnderline:
		d.rect(left, top+17, width, 1, color)
	case DoubleUnderline:
		d.rect(left, top+16, width, 1, color)
		d.rect(left, top+18, width, 1, color)
	case CurlyUnderline:
		d.curl(left, top+17, n, color)
	case DottedUnderline, DashedUnderline:
		dash := "1 2"
		if st.Underline == DashedUnderline {
			dash = "4 2"
		}
		d.add(`<path d="M%d %d.5h%d" stroke="%s" stroke-dasharray="%s"/>`+"\n", left, top+17, width, color, dash)
	}
}

// curl draws a wave, one period a cell.
func (d *drawing) curl(left, top, n int, color RGB) {
	d.add(`<path d="M%d %d%s" fill="none" stroke="%s"/>`+"\n",
		left, top, strings.Repeat("q2.25 -3 4.5 0t4.5 0", n), color)
}
