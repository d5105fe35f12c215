package terminal

import (
	"fmt"
	"strings"
)

// SVGOptions say how a picture of a screen is framed. The zero value draws a
// window with the title that the program gave it.
type SVGOptions struct {
	// Title stands in the window's bar and is the picture's name for those who
	// cannot see it; the screen's own title when empty.
	Title string
	// Bare leaves the window's frame and bar away.
	Bare bool
	// NoCursor leaves the cursor away.
	NoCursor bool
}

// The measures of a picture in pixels beside those of a cell: the fonts of
// the stack are as good as all 0.6 em wide, so that 15 px fill a cell of 9.
const (
	fontSize = 15
	baseline = 15
	padding  = 14
	barSize  = 34
	fonts    = "ui-monospace, 'SFMono-Regular', 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', monospace"
)

// SVG draws the screen. The picture needs no font in particular and no script:
// every piece of text is fitted into its cells, lines and blocks are shapes,
// and the same screen gives the same bytes.
func (s Screen) SVG(o SVGOptions) string {
	if o.Title == "" {
		o.Title = s.Title
	}
	d := drawing{screen: s}
	left, top := padding, padding
	if !o.Bare {
		top += barSize - padding/2
	}
	width, height := s.Cols*cellWidth+2*left, s.Rows*cellHeight+top+padding
	d.add(`<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" role="img" `+
		`font-family="%s" font-size="%d">`+"\n", width, height, width, height, fonts, fontSize)
	d.add("<title>%s</title>\n", escape(o.Title))
	d.window(width, height, o)
	d.add(`<g transform="translate(%d %d)">`+"\n", left, top)
	for y := range s.Rows {
		d.backgrounds(y)
		d.row(y)
	}
	if s.Cursor.Visible && !o.NoCursor {
		d.cursor()
	}
	d.add("</g>\n</svg>\n")
	return d.out.String()
}

// drawing is a picture that is being written.
type drawing struct {
	screen Screen
	out    strings.Builder
}

func (d *drawing) add(format string, args ...any) { fmt.Fprintf(&d.out, format, args...) }

// window draws what is behind the cells.
func (d *drawing) window(width, height int, o SVGOptions) {
	sch := &d.screen.Scheme
	if o.Bare {
		d.add(`<rect width="%d" height="%d" fill="%s"/>`+"\n", width, height, sch.BG)
		return
	}
	edge := mix(sch.BG, mix(sch.BG, sch.FG))
	d.add(`<rect x="0.5" y="0.5" width="%d" height="%d" rx="9" fill="%s" stroke="%s"/>`+"\n", width-1, height-1, sch.BG, edge)
	for i := range 3 {
		d.add(`<circle cx="%d" cy="%d" r="5" fill="%s"/>`+"\n", 20+i*17, barSize/2, edge)
	}
	if o.Title != "" {
		d.add(`<text x="%d" y="%d" fill="%s" font-size="13" text-anchor="middle">%s</text>`+"\n",
			width/2, barSize/2+5, mix(sch.FG, sch.BG), escape(o.Title))
	}
}

// backgrounds draws the runs of row y whose background is not the window's.
func (d *drawing) backgrounds(y int) {
	s := d.screen
	for x := 0; x < s.Cols; {
		_, bg := s.Scheme.Colors(s.Cell(x, y).Style)
		from := x
		for x++; x < s.Cols; x++ {
			if _, next := s.Scheme.Colors(s.Cell(x, y).Style); next != bg {
				break
			}
		}
		if bg != s.Scheme.BG {
			d.rect(from*cellWidth, y*cellHeight, (x-from)*cellWidth, cellHeight, bg)
		}
	}
}

func (d *drawing) rect(x, y, width, height int, fill RGB) {
	d.add(`<rect x="%d" y="%d" width="%d" height="%d" fill="%s" shape-rendering="crispEdges"/>`+"\n", x, y, width, height, fill)
}

// cursor draws the cursor: a block turns its cell's colours round.
func (d *drawing) cursor() {
	c := d.screen.Cursor
	cell := d.screen.Cell(c.X, c.Y)
	fg, bg := d.screen.Scheme.Colors(cell.Style)
	x, y, width := c.X*cellWidth, c.Y*cellHeight, max(cell.Width, 1)*cellWidth
	switch c.Shape {
	case BarCursor:
		d.rect(x, y, 2, cellHeight, fg)
	case UnderlineCursor:
		d.rect(x, y+cellHeight-2, width, 2, fg)
	default:
		d.rect(x, y, width, cellHeight, fg)
		d.glyph(c.X, c.Y, cell, bg)
	}
}

// escape makes text fit for XML. Blanks are made unbreakable, so that they
// are kept without an attribute that some viewers strip.
func escape(text string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;",
		" ", "\u00a0", "\ufffe", "\ufffd", "\uffff", "\ufffd").Replace(strings.Map(printable, text))
}

// printable drops the characters that XML cannot hold.
func printable(r rune) rune {
	if r < ' ' || r == 0x7f {
		return -1
	}
	return r
}
