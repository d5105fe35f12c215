package themes

import (
	"fmt"
	"strconv"
	"strings"
)

// Color is a colour of a theme: none, one of the terminal's 256, or red, green and blue.
type Color struct {
	kind    colorKind
	index   uint8
	r, g, b uint8
}

type colorKind uint8

const (
	none colorKind = iota
	indexed
	rgb
)

// IsNone reports whether c leaves the terminal's own colour.
func (c Color) IsNone() bool { return c.kind == none }

// Index returns the number of a colour of the terminal's 256; ok is false for other colours.
func (c Color) Index() (n uint8, ok bool) { return c.index, c.kind == indexed }

// RGB returns red, green and blue; ok is false for other colours.
func (c Color) RGB() (r, g, b uint8, ok bool) { return c.r, c.g, c.b, c.kind == rgb }

// String returns c as ParseColor reads it.
func (c Color) String() string {
	switch c.kind {
	case indexed:
		return strconv.Itoa(int(c.index))
	case rgb:
		return fmt.Sprintf("#%02x%02x%02x", c.r, c.g, c.b)
	}
	return "none"
}

// ParseColor reads "#rrggbb", a number from 0 to 255 of the terminal's colours, or "none".
func ParseColor(s string) (Color, error) {
	if s == "none" || s == "" {
		return Color{}, nil
	}
	if hex, ok := strings.CutPrefix(s, "#"); ok && len(hex) == 6 {
		n, err := strconv.ParseUint(hex, 16, 32)
		if err == nil {
			return Color{kind: rgb, r: uint8(n >> 16), g: uint8(n >> 8), b: uint8(n)}, nil
		}
	}
	if n, err := strconv.ParseUint(s, 10, 8); err == nil {
		return Color{kind: indexed, index: uint8(n)}, nil
	}
	return Color{}, fmt.Errorf("%q is not a colour: want #rrggbb, 0 to 255, none, or a name of [palette]", s)
}

// Attr is a set of text attributes.
type Attr uint8

// The attributes.
const (
	Bold Attr = 1 << iota
	Faint
	Italic
	Underline
	Reverse
)

var attrNames = []string{"bold", "faint", "italic", "underline", "reverse"}

// ParseAttr reads attributes separated by blanks, "" for none.
func ParseAttr(s string) (Attr, error) {
	var a Attr
	for _, word := range strings.Fields(s) {
		found := false
		for i, n := range attrNames {
			if n == word {
				a |= 1 << i
				found = true
			}
		}
		if !found {
			return 0, fmt.Errorf("%q is not an attribute: want %s", word, strings.Join(attrNames, ", "))
		}
	}
	return a, nil
}

// String returns a as ParseAttr reads it.
func (a Attr) String() string {
	var names []string
	for i, n := range attrNames {
		if a&(1<<i) != 0 {
			names = append(names, n)
		}
	}
	return strings.Join(names, " ")
}
