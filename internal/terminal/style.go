package terminal

import (
	"image/color"

	"github.com/charmbracelet/x/ansi"
)

// Color is the colour of a cell: the terminal's default (the zero value), an
// entry of the 256-colour palette, or a true colour.
type Color uint32

const (
	colorIndexed Color = 1 << 24
	colorTrue    Color = 2 << 24
)

// Indexed returns the palette colour i.
func Indexed(i uint8) Color { return colorIndexed | Color(i) }

// True returns the true colour of the three components.
func True(r, g, b uint8) Color { return colorTrue | Color(r)<<16 | Color(g)<<8 | Color(b) }

// IsDefault tells that c is the terminal's own colour.
func (c Color) IsDefault() bool { return c == 0 }

// Index returns the palette entry that c is; ok is false when it is none.
func (c Color) Index() (i uint8, ok bool) { return uint8(c), c&^0xff == colorIndexed }

// Components returns the parts of a true colour; ok is false when c is none.
func (c Color) Components() (rgb RGB, ok bool) {
	return RGB{uint8(c >> 16), uint8(c >> 8), uint8(c)}, c&^0xffffff == colorTrue
}

// Attr is a set of the attributes of a cell.
type Attr uint8

// The attributes, as SGR (ECMA-48 section 8.3.117) sets them.
const (
	Bold Attr = 1 << iota
	Faint
	Italic
	Blink
	Reverse
	Conceal
	Strike
)

// Underline is the kind of line under a cell, as SGR 4:n counts them.
type Underline uint8

// The underlines.
const (
	NoUnderline Underline = iota
	SingleUnderline
	DoubleUnderline
	CurlyUnderline
	DottedUnderline
	DashedUnderline
)

// Style is how a cell looks. Colours are as the program set them: Reverse is
// not yet applied.
type Style struct {
	FG, BG, UnderlineColor Color
	Attr                   Attr
	Underline              Underline
	// Link is the address of a hyperlink (OSC 8), "" for none.
	Link string
}

// attrOn and attrOff are the SGR parameters that set and clear attributes.
var (
	attrOn = map[int]Attr{
		1: Bold, 2: Faint, 3: Italic, 5: Blink, 6: Blink, 7: Reverse, 8: Conceal, 9: Strike,
	}
	attrOff = map[int]Attr{22: Bold | Faint, 23: Italic, 25: Blink, 27: Reverse, 28: Conceal, 29: Strike}
)

// sgr applies the parameters of a Select Graphic Rendition to s. What it does
// not know it passes over, as terminals do. A link is no part of SGR.
func (s *Style) sgr(p ansi.Params) {
	if len(p) == 0 {
		*s = Style{Link: s.Link}
		return
	}
	for i := 0; i < len(p); i++ {
		n, more, _ := p.Param(i, 0)
		switch {
		case n == 38 || n == 48 || n == 58:
			used := s.setColor(n, p[i:])
			if used == 0 {
				return // how long the rest of a broken colour is cannot be known
			}
			i += used - 1
			continue
		case n == 4 && more:
			u, _, _ := p.Param(i+1, 1)
			s.Underline = min(Underline(clamp(u, 0, 5)), DashedUnderline)
		default:
			s.set(n)
		}
		for more && i+1 < len(p) {
			i++
			_, more, _ = p.Param(i, 0)
		}
	}
}

// set applies one SGR parameter that has no arguments.
func (s *Style) set(n int) {
	switch {
	case n == 0:
		*s = Style{Link: s.Link}
	case n == 4:
		s.Underline = SingleUnderline
	case n == 21:
		s.Underline = DoubleUnderline
	case n == 24:
		s.Underline = NoUnderline
	case n >= 30 && n <= 37:
		s.FG = Indexed(uint8(n - 30))
	case n == 39:
		s.FG = 0
	case n >= 40 && n <= 47:
		s.BG = Indexed(uint8(n - 40))
	case n == 49:
		s.BG = 0
	case n == 59:
		s.UnderlineColor = 0
	case n >= 90 && n <= 97:
		s.FG = Indexed(uint8(n - 90 + 8))
	case n >= 100 && n <= 107:
		s.BG = Indexed(uint8(n - 100 + 8))
	default:
		s.Attr = s.Attr&^attrOff[n] | attrOn[n]
	}
}

// setColor reads the extended colour that begins at p[0] (38, 48 or 58) and
// returns the number of parameters it took, 0 when it cannot be read.
func (s *Style) setColor(n int, p ansi.Params) int {
	var c color.Color
	used := ansi.ReadStyleColor(p, &c)
	var to *Color
	switch n {
	case 38:
		to = &s.FG
	case 48:
		to = &s.BG
	default:
		to = &s.UnderlineColor
	}
	switch c := c.(type) {
	case ansi.IndexedColor:
		*to = Indexed(uint8(c))
	case color.RGBA:
		*to = True(c.R, c.G, c.B)
	}
	return used
}

func clamp(n, low, high int) int { return max(low, min(n, high)) }
