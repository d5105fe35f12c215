package terminal

import "unicode/utf8"

// textTable numbers the texts of cells that are more than one rune, or a rune
// of the last private plane itself.
type textTable struct {
	texts []string
	index map[string]rune
}

func (t *textTable) reset() { t.texts, t.index = nil, map[string]rune{} }

// rune returns the rune that stands for text. When the plane is full it is
// the replacement character: the loss is seen.
func (t *textTable) rune(text string) rune {
	r, size := utf8.DecodeRuneInString(text)
	if size == len(text) && r < firstText {
		return r
	}
	if r, ok := t.index[text]; ok {
		return r
	}
	r = firstText + rune(len(t.texts))
	if r >= rightHalf {
		return utf8.RuneError
	}
	t.texts = append(t.texts, text)
	t.index[text] = r
	return r
}

// text is the reverse of rune.
func (t *textTable) text(r rune) string {
	if i := int(r - firstText); i >= 0 && i < len(t.texts) {
		return t.texts[i]
	}
	return string(r)
}

// styleTable numbers styles; the default one is 0.
type styleTable struct {
	styles []Style
	index  map[Style]uint32
}

// maxStyles bounds the styles that a program can make a terminal remember.
const maxStyles = 1 << 20

func (t *styleTable) reset() { t.styles, t.index = []Style{{}}, map[Style]uint32{{}: 0} }

// number returns the number of s; past the bound it is that of the default.
func (t *styleTable) number(s Style) uint32 {
	if n, ok := t.index[s]; ok {
		return n
	}
	if len(t.styles) >= maxStyles {
		return 0
	}
	n := uint32(len(t.styles))
	t.styles = append(t.styles, s)
	t.index[s] = n
	return n
}

// style is the reverse of number, for a colour as vt10x keeps it.
func (t *styleTable) style(n uint32) Style {
	if int(n) < len(t.styles) {
		return t.styles[n]
	}
	return Style{} // vt10x's own default colour
}
