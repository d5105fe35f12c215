package terminal

import (
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// vt10x keeps one rune a cell and knows no width. These runes of the last
// private plane, which programs have no use for, stand in its grid for what it
// cannot hold.
const (
	// firstText and those after it are numbers of the text table.
	firstText rune = 0x100000
	// rightHalf fills the second column of a wide character.
	rightHalf rune = 0x10fffd
)

// textWidth is the number of columns of a cell's text, as a terminal without
// Unicode core mode (2027) counts them.
func textWidth(text string) int {
	if len(text) == 1 {
		return 1
	}
	r, _ := utf8.DecodeRuneInString(text)
	return runeWidth(r)
}

func runeWidth(r rune) int {
	if r >= ' ' && r < 0x7f {
		return 1
	}
	return ansi.StringWidthWc(string(r))
}

// print writes one rune at the cursor.
func (e *emulator) print(r rune) {
	if r < ' ' || r >= 0x7f && r < 0xa0 {
		return
	}
	width := runeWidth(r)
	if width == 0 {
		e.combine(r)
		return
	}
	e.last = r
	if e.insert {
		e.useEraser()
		e.emit("\x1b[%d@", width)
	}
	if width == 2 {
		e.printWide(r)
		return
	}
	e.usePen(e.pen)
	e.put(e.texts.rune(string(r)))
}

func (e *emulator) put(r rune) { e.grid = utf8.AppendRune(e.grid, r) }

// printWide writes a character of two columns. It never stands astride two
// lines: the last column is left as it is instead.
func (e *emulator) printWide(r rune) {
	if e.cols < 2 {
		return
	}
	if x, _, pending := e.cursor(); x == e.cols-1 && !pending {
		if !e.modes[modeWrap] {
			return
		}
		e.useEraser()
		e.emit("\x1bE")
	}
	e.usePen(e.pen)
	e.put(e.texts.rune(string(r)))
	e.put(rightHalf)
}

// maxMarks bounds the bytes of one cell's text.
const maxMarks = 64

// combine adds a rune without width to the character before the cursor.
func (e *emulator) combine(r rune) {
	x, y, pending := e.cursor()
	at := x - 1
	if pending {
		at = x
	}
	if at > 0 && e.vt.Cell(at, y).Char == rightHalf {
		at--
	}
	if at < 0 {
		return
	}
	cell := e.vt.Cell(at, y)
	text := e.texts.text(cell.Char) + string(r)
	if len(text) > maxMarks || cell.Char == rightHalf {
		return
	}
	back, pen := e.sent, uint32(cell.FG)
	if pen >= maxStyles {
		pen = 0
	}
	e.emit("\x1b[%dG", at+1)
	e.emitStyle(pen)
	e.put(e.texts.rune(text))
	if pending && at == x-1 {
		e.put(rightHalf)
	}
	e.emitStyle(back)
	if !pending {
		e.emit("\x1b[%dG", x+1)
	}
}
