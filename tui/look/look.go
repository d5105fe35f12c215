// Package look turns a theme into text that a terminal shows: it paints tokens,
// measures and fits text, and lays boxes over a screen.
//
// It may import themes and knows nothing of flows. The surprising thing: it
// writes the escape sequences itself, compiled once a theme, because styling a
// screen of cells one by one is the hot path of every redraw.
package look

import (
	"strconv"
	"strings"

	"cxlens/themes"
)

// reset ends every painted piece.
const reset = "\x1b[m"

// Look is a compiled theme. It never changes; a change of theme makes another.
type Look struct {
	Theme *themes.Theme
	// Mono is true where there is no colour.
	Mono bool
	// NoBars leaves out what is drawn of blocks where numbers say it too: bytes that a slow link has no room for.
	NoBars bool
	on     [themes.NumTokens]string
	over   [themes.NumTokens][themes.NumTokens]string
}

// New compiles th; mono leaves the colours out and uses the theme's mono attributes.
func New(th *themes.Theme, mono bool) *Look {
	l := &Look{Theme: th, Mono: mono}
	made := make(map[themes.Style]string) // most of the pairs look the same
	on := func(s themes.Style) string {
		text, ok := made[s]
		if !ok {
			text = sequence(s, mono)
			made[s] = text
		}
		return text
	}
	for t := range themes.NumTokens {
		l.on[t] = on(th.Style(t))
		for base := range themes.NumTokens {
			l.over[base][t] = on(merge(th.Style(base), th.Style(t)))
		}
	}
	return l
}

// merge lays top over base: what top leaves open comes from base, attributes add up.
func merge(base, top themes.Style) themes.Style {
	if top.FG.IsNone() {
		top.FG = base.FG
	}
	if top.BG.IsNone() {
		top.BG = base.BG
	}
	top.Attr |= base.Attr
	top.Mono |= base.Mono
	return top
}

// Paint returns s in the style of t.
func (l *Look) Paint(t themes.Token, s string) string {
	if s == "" || l.on[t] == "" {
		return s
	}
	return l.on[t] + s + reset
}

// Over returns s in the style of t on the ground of base, as a value in the cursor's row is.
func (l *Look) Over(base, t themes.Token, s string) string {
	if s == "" || l.over[base][t] == "" {
		return s
	}
	return l.over[base][t] + s + reset
}

// Line is a line of pieces on one ground, built with as few changes of style as can be: a terminal
// at the far end of SSH gets every one of them.
type Line struct {
	look   *Look
	ground themes.Token
	buf    []byte
	on     string // the sequence that is in force, "" for none
	color  bool   // on sets nothing but the colour of the text
}

// Line returns an empty line on the ground of a token; Text is the terminal's own ground.
func (l *Look) Line(ground themes.Token) *Line { return &Line{look: l, ground: ground} }

// Ground changes the ground of what follows.
func (n *Line) Ground(t themes.Token) {
	if t != n.ground {
		n.ground, n.color = t, false
	}
}

// Put appends s in the style of t.
func (n *Line) Put(t themes.Token, s string) {
	n.turn(n.look.over[n.ground][t])
	st := n.look.Theme.Style(t)
	n.color = !n.look.Mono && st.BG.IsNone() && st.Attr == 0
	n.buf = append(n.buf, s...)
}

// Gap appends blanks between two pieces. They look the same in any colour of text, so that the
// style stays when it is only that.
func (n *Line) Gap(blanks int) {
	if !n.color {
		n.turn(n.look.over[n.ground][themes.Text])
	}
	n.buf = append(n.buf, Blank(blanks)...)
}

func (n *Line) turn(on string) {
	if on == n.on {
		return
	}
	if n.on != "" {
		n.buf = append(n.buf, reset...)
	}
	n.buf = append(n.buf, on...)
	n.on = on
}

// String ends the line.
func (n *Line) String() string {
	n.turn("")
	return string(n.buf)
}

// sequence is the SGR sequence (ECMA-48 section 8.3.117) that turns s on.
func sequence(s themes.Style, mono bool) string {
	var p []string
	attr := s.Attr
	if mono {
		attr = s.Mono
	}
	for _, a := range []struct {
		bit  themes.Attr
		code string
	}{{themes.Bold, "1"}, {themes.Faint, "2"}, {themes.Italic, "3"}, {themes.Underline, "4"}, {themes.Reverse, "7"}} {
		if attr&a.bit != 0 {
			p = append(p, a.code)
		}
	}
	if !mono {
		p = append(p, color(s.FG, 30)...)
		p = append(p, color(s.BG, 40)...)
	}
	if len(p) == 0 {
		return ""
	}
	return "\x1b[" + strings.Join(p, ";") + "m"
}

// color returns the SGR parameters of c; base is 30 for the text and 40 for the ground.
func color(c themes.Color, base int) []string {
	if r, g, b, ok := c.RGB(); ok {
		return []string{strconv.Itoa(base + 8), "2", strconv.Itoa(int(r)), strconv.Itoa(int(g)), strconv.Itoa(int(b))}
	}
	n, ok := c.Index()
	switch {
	case !ok:
		return nil
	case n < 8:
		return []string{strconv.Itoa(base + int(n))}
	case n < 16:
		return []string{strconv.Itoa(base + 60 + int(n) - 8)}
	}
	return []string{strconv.Itoa(base + 8), "5", strconv.Itoa(int(n))}
}
