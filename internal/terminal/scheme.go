package terminal

import "fmt"

// RGB is a colour of eight bits a component.
type RGB struct{ R, G, B uint8 }

// String returns the colour as #rrggbb.
func (c RGB) String() string { return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B) }

// spec is the colour as terminals answer OSC 4, 10, 11 and 12.
func (c RGB) spec() string {
	return fmt.Sprintf("rgb:%02x%02x/%02x%02x/%02x%02x", c.R, c.R, c.G, c.G, c.B, c.B)
}

// Scheme is the colours of a terminal's own settings: what it answers to a
// program that asks, and what a picture is drawn with.
type Scheme struct {
	// FG and BG are the default colours of text and window.
	FG, BG RGB
	// Palette is the 16 ANSI colours; the other 240 are those of xterm.
	Palette [16]RGB
}

// Dark and Light are two common settings. Programs that ask for the
// background see which one they run in.
var (
	Dark = Scheme{
		FG: RGB{0xd8, 0xde, 0xe9}, BG: RGB{0x14, 0x17, 0x1c},
		Palette: [16]RGB{
			{0x20, 0x24, 0x2b},
			{0xe0, 0x6c, 0x75},
			{0x98, 0xc3, 0x79},
			{0xe5, 0xc0, 0x7b},
			{0x61, 0xaf, 0xef},
			{0xc6, 0x78, 0xdd},
			{0x56, 0xb6, 0xc2},
			{0xab, 0xb2, 0xbf},
			{0x5c, 0x63, 0x70},
			{0xff, 0x8a, 0x93},
			{0xb5, 0xe0, 0x8f},
			{0xff, 0xd7, 0x8f},
			{0x82, 0xc8, 0xff},
			{0xdd, 0x9c, 0xf2},
			{0x7a, 0xd7, 0xe3},
			{0xff, 0xff, 0xff},
		},
	}
	Light = Scheme{
		FG: RGB{0x2b, 0x30, 0x38}, BG: RGB{0xfb, 0xfb, 0xf9},
		Palette: [16]RGB{
			{0x2b, 0x30, 0x38},
			{0xb8, 0x2c, 0x33},
			{0x3b, 0x7d, 0x23},
			{0x8f, 0x65, 0x00},
			{0x1f, 0x5f, 0xb4},
			{0x8a, 0x3a, 0xa0},
			{0x0e, 0x73, 0x80},
			{0x8b, 0x91, 0x9b},
			{0x6b, 0x72, 0x7d},
			{0xd6, 0x48, 0x4f},
			{0x54, 0x9a, 0x39},
			{0xae, 0x80, 0x14},
			{0x3b, 0x7e, 0xd6},
			{0xa8, 0x58, 0xbe},
			{0x2b, 0x92, 0xa0},
			{0xff, 0xff, 0xff},
		},
	}
)

// cube is the six steps of a component in xterm's 6x6x6 colours.
var cube = [6]uint8{0, 95, 135, 175, 215, 255}

// Indexed returns entry i of the 256-colour palette.
func (s *Scheme) Indexed(i uint8) RGB {
	switch {
	case i < 16:
		return s.Palette[i]
	case i < 232:
		n := i - 16
		return RGB{cube[n/36], cube[n/6%6], cube[n%6]}
	default:
		v := 8 + 10*(i-232)
		return RGB{v, v, v}
	}
}

// resolve turns a cell's colour into a real one; def stands for the default.
func (s *Scheme) resolve(c Color, def RGB) RGB {
	if i, ok := c.Index(); ok {
		return s.Indexed(i)
	}
	if rgb, ok := c.Components(); ok {
		return rgb
	}
	return def
}

// Colors returns the colours in which a cell of style st is seen: reverse,
// faint and concealed applied.
func (s *Scheme) Colors(st Style) (fg, bg RGB) {
	fg, bg = s.resolve(st.FG, s.FG), s.resolve(st.BG, s.BG)
	if st.Attr&Reverse != 0 {
		fg, bg = bg, fg
	}
	if st.Attr&Faint != 0 {
		fg = mix(fg, bg)
	}
	if st.Attr&Conceal != 0 {
		fg = bg
	}
	return fg, bg
}

// mix is the colour of faint text: three fifths of fg over bg.
func mix(fg, bg RGB) RGB {
	part := func(a, b uint8) uint8 { return uint8((3*int(a) + 2*int(b)) / 5) }
	return RGB{part(fg.R, bg.R), part(fg.G, bg.G), part(fg.B, bg.B)}
}
