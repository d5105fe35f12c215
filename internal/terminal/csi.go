package terminal

import (
	"fmt"

	"github.com/charmbracelet/x/ansi"
)

// maxParam bounds what a sequence can ask for: no screen is larger, and
// nothing is repeated more often.
const maxParam = 9999

// What the terminal says that it is: a VT220 with colour, xterm's numbering.
const (
	deviceAttributes          = "\x1b[?62;22c"
	secondaryDeviceAttributes = "\x1b[>1;10;0c"
	nameAndVersion            = "\x1bP>|cxlens-terminal(1)\x1b\\"
)

// cellWidth and cellHeight are the pixels of a cell, told to who asks and
// used for pictures.
const (
	cellWidth  = 9
	cellHeight = 20
)

// param returns parameter i of p, def when it is missing or 0.
func param(p ansi.Params, i, def int) int {
	n, _, ok := p.Param(i, def)
	if !ok || n == 0 {
		return def
	}
	return clamp(n, 0, maxParam)
}

// csi carries out a control sequence. Those with a private prefix that are not
// known here are dropped: vt10x would take "CSI > 1 u" for "CSI u".
func (e *emulator) csi(cmd ansi.Cmd, p ansi.Params) {
	switch {
	case cmd.Prefix() == '?':
		e.csiPrivate(cmd, p)
	case cmd.Prefix() == '>':
		switch cmd.Final() {
		case 'c':
			e.answer(secondaryDeviceAttributes)
		case 'q':
			e.answer(nameAndVersion)
		}
	case cmd.Prefix() != 0:
	case cmd.Intermediate() == ' ' && cmd.Final() == 'q':
		e.cursorStyle(param(p, 0, 1))
	case cmd.Intermediate() == '!' && cmd.Final() == 'p':
		e.softReset()
	case cmd.Intermediate() == '$' && cmd.Final() == 'p':
		e.answer(fmt.Sprintf("\x1b[%d;0$y", param(p, 0, 0)))
	case cmd.Intermediate() == 0:
		e.csiPlain(cmd.Final(), p)
	}
}

// csiPlain carries out a sequence without prefix and intermediate byte.
func (e *emulator) csiPlain(final byte, p ansi.Params) {
	n := param(p, 0, 1)
	switch final {
	case 'm':
		e.pen.sgr(p)
	case 'A', 'B', 'C', 'D', 'E', 'F', 'G', '`', 'a', 'd', 'e':
		e.emit("\x1b[%d%c", n, final)
	case 'H', 'f':
		e.emit("\x1b[%d;%dH", n, param(p, 1, 1))
	case 'J', 'K':
		e.erase(final, param(p, 0, 0))
	case '@', 'P', 'X', 'S', 'T':
		e.useEraser()
		e.emit("\x1b[%d%c", n, final)
	case 'L', 'M':
		e.useEraser()
		e.emit("\x1b[%d%c\r", n, final)
	case 'I':
		e.tab(n)
	case 'Z':
		e.tab(-n)
	case 'g':
		e.clearTabs(param(p, 0, 0))
	case 'b':
		for ; n > 0 && e.last != 0; n-- {
			e.print(e.last)
		}
	case 'r':
		e.emit("\x1b[%d;%dr", n, param(p, 1, e.rows))
	case 's':
		e.saveCursor()
	case 'u':
		e.restoreCursor()
	case 'h', 'l':
		e.ansiMode(param(p, 0, 0), final == 'h')
	default:
		e.report(final, p)
	}
}

// erase carries out ED and EL. vt10x forgets the first row when it erases
// above the second: that row is erased by itself.
func (e *emulator) erase(final byte, n int) {
	if n > 2 {
		return // 3 is the scrollback, of which there is none
	}
	e.useEraser()
	if x, y, _ := e.cursor(); final == 'J' && n == 1 && y == 1 {
		e.emit("\x1b[H\x1b[2K")
		e.moveTo(x, y)
	}
	e.emit("\x1b[%d%c", n, final)
}

// report answers the questions for state and size.
func (e *emulator) report(final byte, p ansi.Params) {
	switch n := param(p, 0, 0); {
	case final == 'c' && n == 0:
		e.answer(deviceAttributes)
	case final == 'n' && n == 5:
		e.answer("\x1b[0n")
	case final == 'n' && n == 6:
		x, y, _ := e.cursor()
		e.answer(fmt.Sprintf("\x1b[%d;%dR", y+1, x+1))
	case final == 't' && n == 14:
		e.answer(fmt.Sprintf("\x1b[4;%d;%dt", e.rows*cellHeight, e.cols*cellWidth))
	case final == 't' && n == 16:
		e.answer(fmt.Sprintf("\x1b[6;%d;%dt", cellHeight, cellWidth))
	case final == 't' && n == 18:
		e.answer(fmt.Sprintf("\x1b[8;%d;%dt", e.rows, e.cols))
	}
}

// cursorStyle carries out DECSCUSR.
func (e *emulator) cursorStyle(n int) {
	if n > 6 {
		return
	}
	e.shape = CursorShape((max(n, 1) - 1) / 2)
	e.blink = n%2 == 1
}

// softReset carries out DECSTR.
func (e *emulator) softReset() {
	e.pen = Style{}
	e.insert = false
	e.modes[1] = false
	e.setMode(modeWrap, true)
	e.setMode(modeCursor, true)
	x, y, _ := e.cursor()
	e.emit("\x1b[?6l\x1b[1;%dr", e.rows)
	e.moveTo(x, y)
}

// defaultTabs is a stop every eight columns.
func defaultTabs(cols int) []bool {
	tabs := make([]bool, cols)
	for x := 8; x < cols; x += 8 {
		tabs[x] = true
	}
	return tabs
}

// tab moves the cursor over n tab stops, to the left when n is negative.
func (e *emulator) tab(n int) {
	x, _, _ := e.cursor()
	step := 1
	if n < 0 {
		step, n = -1, -n
	}
	for ; n > 0; n-- {
		for x += step; x > 0 && x < e.cols-1 && !e.tabs[x]; x += step {
		}
		x = clamp(x, 0, e.cols-1)
	}
	e.emit("\x1b[%dG", x+1)
}

// clearTabs carries out TBC.
func (e *emulator) clearTabs(n int) {
	switch x, _, _ := e.cursor(); n {
	case 0:
		e.tabs[x] = false
	case 3:
		clear(e.tabs)
	}
}
