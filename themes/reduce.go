package themes

import (
	"math"
	"sync"
)

// Depth is how many colours a terminal shows.
type Depth uint8

// The depths.
const (
	Full Depth = iota // red, green and blue
	Indexed
	Basic // the sixteen that every terminal's owner chooses
)

// Reduced returns the theme for a terminal with fewer colours. Of 256 the nearest one is taken that
// keeps the contrast of the original, which the nearest of all often loses. Sixteen are the owner's:
// a style then takes what can be read on any such palette, and light tells the ground they stand on;
// colours below 16 that the theme itself names stay.
func (th *Theme) Reduced(d Depth, light bool) *Theme {
	if d == Full {
		return th
	}
	out := *th
	if d == Basic {
		out.Ground = Ground{}
		for t := range NumTokens {
			out.styles[t] = basic(t, th.styles[t], light)
		}
		return &out
	}
	for t := range NumTokens {
		out.styles[t].BG = nearestIndexed(th.styles[t].BG, nil, nil)
	}
	for t := range NumTokens {
		s := th.styles[t]
		was, is := []Color{th.Ground.BG, th.styles[Cursor].BG}, []Color{th.Ground.BG, out.styles[Cursor].BG}
		if !s.BG.IsNone() {
			was, is = []Color{s.BG}, []Color{out.styles[t].BG}
		}
		out.styles[t].FG = nearestIndexed(s.FG, was, is)
	}
	return &out
}

// nearestIndexed is the colour of the 256 that is nearest to c among those whose contrast with each
// ground is what c has with it in the original, or enough (WCAG 2.1, 1.4.3 and 1.4.6).
func nearestIndexed(c Color, was, is []Color) Color {
	if c.kind != rgb {
		return c
	}
	best, least := Color{kind: indexed, index: 16}, math.Inf(1)
	at, looks := c.lab(), indexedLooks()
	for i := 16; i < 256; i++ {
		d := apart(at, looks[i])
		if d >= least {
			continue
		}
		x := xterm(uint8(i))
		for k := range is {
			if !is[k].IsNone() && contrast(x, is[k]) < enough(contrast(c, was[k])) {
				d += 1000 // still the nearest of all when none is good enough
			}
		}
		if d < least {
			best, least = Color{kind: indexed, index: uint8(i)}, d
		}
	}
	return best
}

// enough is the contrast to keep of an original one.
func enough(c float64) float64 {
	switch {
	case c >= 7:
		return 7
	case c >= 4.5:
		return 4.5
	}
	return c
}

// indexedLooks are the colours from 16 of the 256, computed once.
var indexedLooks = sync.OnceValue(func() *[256][3]float64 {
	var out [256][3]float64
	for i := 16; i < 256; i++ {
		out[i] = xterm(uint8(i)).lab()
	}
	return &out
})

// xterm is the colour behind a number from 16 of the 256: a cube of six steps, then greys.
func xterm(i uint8) Color {
	if i >= 232 {
		v := 8 + 10*(i-232)
		return Color{kind: rgb, r: v, g: v, b: v}
	}
	level := func(n uint8) uint8 {
		if n == 0 {
			return 0
		}
		return 55 + 40*n
	}
	i -= 16
	return Color{kind: rgb, r: level(i / 36), g: level(i / 6 % 6), b: level(i % 6)}
}

// basic is the style of a token where there are sixteen colours of an unknown palette: only those
// that stand out on the ground on every usual one, and attributes in place of grounds. Bold stays
// away from the dark ones, because many terminals make a bold colour a bright one.
func basic(t Token, s Style, light bool) Style {
	if own(s.FG) && own(s.BG) {
		return s
	}
	out := Style{Attr: s.Attr, Mono: s.Mono}
	switch t {
	case Cell, Selected:
		out.Attr = Reverse
		return out
	case Cursor:
		if !light {
			out.Attr |= Bold
		}
		return out
	}
	n, ok := basicDark[t]
	if light {
		n, ok = basicLight[t]
		out.Attr &^= Bold
	}
	if ok {
		out.FG = Color{kind: indexed, index: n}
	}
	return out
}

// own tells whether the sixteen colours have c.
func own(c Color) bool { return c.kind == none || c.kind == indexed && c.index < 16 }

// The colours of tokens among the sixteen; what is missing keeps the terminal's own.
var (
	basicDark = map[Token]uint8{
		Accent: 14, Key: 14, Bar: 14, OK: 10, Warning: 11, Error: 9, Mark: 9,
		ProtoTCP: 14, ProtoUDP: 12, ProtoICMP: 11,
		StateOpen: 10, StateUnanswered: 11, StateRefused: 9, StateReset: 9,
		NodeOnline: 10, NodeLate: 11, NodeOffline: 9, ConnOnline: 10, ConnWaiting: 11, ConnRefused: 9,
		NetOwn: 10, NetOther: 11,
	}
	basicLight = map[Token]uint8{
		Accent: 4, Key: 4, Bar: 4, OK: 4, Warning: 5, Error: 1, Mark: 1,
		ProtoTCP: 4, ProtoUDP: 5,
		StateOpen: 4, StateUnanswered: 5, StateRefused: 1, StateReset: 1,
		NodeOnline: 4, NodeLate: 5, NodeOffline: 1, ConnOnline: 4, ConnWaiting: 5, ConnRefused: 1,
		NetOwn: 4, NetOther: 5,
	}
)
