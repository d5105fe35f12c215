package terminal

import (
	"fmt"

	"github.com/charmbracelet/x/ansi"
)

// The private modes (DECSET) that mean something to the screen itself.
const (
	modeOrigin  = 6
	modeWrap    = 7
	modeCursor  = 25
	modeAlt     = 1049 // stands for 47 and 1047 too
	modeSync    = 2026
	modeUnicode = 2027
)

// knownModes are the private modes that the terminal says it has. Those that
// are only kept (mouse, focus, paste) are used by the methods that make input.
var knownModes = map[int]bool{
	1: true, modeOrigin: true, modeWrap: true, modeCursor: true,
	1000: true, 1002: true, 1003: true, 1004: true, 1006: true, modeAlt: true, 2004: true, modeSync: true,
}

// csiPrivate carries out a sequence with the prefix "?".
func (e *emulator) csiPrivate(cmd ansi.Cmd, p ansi.Params) {
	switch {
	case cmd.Intermediate() == '$' && cmd.Final() == 'p':
		n := param(p, 0, 0)
		e.answer(fmt.Sprintf("\x1b[?%d;%d$y", n, e.modeState(n)))
	case cmd.Intermediate() != 0:
	case cmd.Final() == 'h' || cmd.Final() == 'l':
		for i := range p {
			e.setMode(param(p, i, 0), cmd.Final() == 'h')
		}
	case cmd.Final() == 'n' && param(p, 0, 0) == 6:
		x, y, _ := e.cursor()
		e.answer(fmt.Sprintf("\x1b[?%d;%dR", y+1, x+1))
	case cmd.Final() == 'W' && param(p, 0, 0) == 5:
		e.tabs = defaultTabs(e.cols)
	}
}

// modeState is the answer of DECRQM: 0 unknown, 1 set, 2 reset.
func (e *emulator) modeState(n int) int {
	switch {
	case n == modeSync:
		return 2 - btoi(e.frozen != nil)
	case !knownModes[n]:
		return 0
	}
	return 2 - btoi(e.modes[n])
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// setMode carries out DECSET and DECRST for one mode.
func (e *emulator) setMode(n int, set bool) {
	switch n {
	case modeSync:
		e.synchronize(set)
		return
	case 47, 1047, modeAlt:
		e.switchScreen(n, set)
		return
	case 1048:
		if set {
			e.saveCursor()
		} else {
			e.restoreCursor()
		}
		return
	case modeOrigin, modeWrap, modeCursor:
		e.emit("\x1b[?%d%c", n, finalOf(set))
	}
	if knownModes[n] {
		e.modes[n] = set
	}
}

// finalOf is the final byte of a sequence that sets or resets a mode.
func finalOf(set bool) byte {
	if set {
		return 'h'
	}
	return 'l'
}

// switchScreen goes to the alternate screen or back. vt10x would swap them on
// every reset: it is told only of changes.
func (e *emulator) switchScreen(n int, set bool) {
	if e.modes[modeAlt] == set {
		return
	}
	if set && n == modeAlt {
		e.saveCursor()
	}
	e.usePen(Style{})
	e.emit("\x1b[?1047%c", finalOf(set))
	e.modes[modeAlt] = set
	if !set && n == modeAlt {
		e.restoreCursor()
	}
}

// synchronize begins or ends an update that is to be seen as a whole.
func (e *emulator) synchronize(begin bool) {
	e.flush()
	if !begin {
		e.frozen = nil
		return
	}
	if e.frozen == nil {
		s := e.current()
		e.frozen, e.syncFrom = &s, e.now()
	}
}

// ansiMode carries out SM and RM: insert (4) and new line (20).
func (e *emulator) ansiMode(n int, set bool) {
	switch n {
	case 4:
		e.insert = set
	case 20:
		e.lineNew = set
	}
}
