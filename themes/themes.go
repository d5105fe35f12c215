// Package themes says how the screen's meanings look: a theme maps each Token
// (text, cursor, state.refused, ...) to colours and attributes. Those of Builtin
// are part of the program; others are TOML files of the user.
//
// It may import nearest and smallfile, no other package of cxlens, and knows no Bubble Tea. The surprising
// thing: every style has a second set of attributes, mono, which alone is used
// where there is no colour (NO_COLOR, a terminal without colours), so that the
// cursor and an error stay visible there.
package themes

// Style is how a token looks.
type Style struct {
	FG, BG Color
	Attr   Attr
	// Mono replaces all of the above where there is no colour.
	Mono Attr
}

// Theme says how every token looks.
type Theme struct {
	Name string
	// Light is true for a theme that is made for a light background.
	Light bool
	// Ground is what the terminal's own colours become while the theme is shown.
	Ground Ground
	styles [NumTokens]Style
	source file // the merged files, for themes that inherit from this one
}

// Ground is the colour of plain text and of the screen behind it; none leaves the terminal's own.
type Ground struct{ FG, BG Color }

// Equal tells whether two themes look the same and have the same name.
func (th *Theme) Equal(other *Theme) bool {
	return th.Name == other.Name && th.Light == other.Light && th.Ground == other.Ground && th.styles == other.styles
}

// Style returns how t looks.
func (th *Theme) Style(t Token) Style {
	if t >= NumTokens {
		t = Text
	}
	return th.styles[t]
}
