package terminal

import (
	"fmt"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/hinshun/vt10x"
)

// syncLimit is how long a synchronized update (mode 2026) may keep the screen
// from changing, as in other terminals.
const syncLimit = time.Second

// emulator is the translator of the package comment: it reads what a program
// writes and keeps the screen. It is not safe for concurrent use.
type emulator struct {
	vt     vt10x.Terminal
	parser *ansi.Parser
	// grid is the translated bytes that vt has not got yet.
	grid []byte
	// partial is the begin of a character whose rest has not come yet.
	partial []byte
	// answer takes what the terminal says to the program.
	answer func(string)
	now    func() time.Time

	cols, rows int
	initial    Scheme
	scheme     Scheme

	pen     Style
	sent    uint32 // number of the style that vt writes with
	styles  styleTable
	texts   textTable
	last    rune // for REP
	insert  bool
	lineNew bool
	tabs    []bool
	saved   [2]savedCursor // of the main and of the alternate screen

	modes     map[int]bool
	shape     CursorShape
	blink     bool
	title     string
	progress  string
	bells     int
	clipboard map[string]string

	// frozen is the screen that is shown during a synchronized update.
	frozen   *Screen
	syncFrom time.Time
}

type savedCursor struct {
	x, y int
	pen  Style
}

func newEmulator(cols, rows int, scheme Scheme, answer func(string)) *emulator {
	e := &emulator{
		vt:     vt10x.New(vt10x.WithSize(cols, rows)),
		parser: ansi.NewParser(),
		answer: answer, now: time.Now,
		cols: cols, rows: rows, initial: scheme, scheme: scheme,
		clipboard: map[string]string{},
	}
	e.styles.reset()
	e.texts.reset()
	e.resetState()
	e.parser.SetHandler(ansi.Handler{
		Print: e.print, Execute: e.control, HandleCsi: e.csi, HandleEsc: e.esc, HandleDcs: e.dcs, HandleOsc: e.osc,
	})
	return e
}

// resetState is what a full reset (RIS) does beside vt's own.
func (e *emulator) resetState() {
	e.pen, e.sent = Style{}, 0
	e.modes = map[int]bool{modeWrap: true, modeCursor: true}
	e.insert, e.lineNew = false, false
	e.shape, e.blink = BlockCursor, false
	e.title, e.progress = "", ""
	e.scheme = e.initial
	e.saved = [2]savedCursor{}
	e.frozen = nil
	e.tabs = defaultTabs(e.cols)
}

// emit adds a translated sequence for vt.
func (e *emulator) emit(format string, args ...any) {
	e.grid = fmt.Appendf(e.grid, format, args...)
}

// flush gives vt what was translated so far.
func (e *emulator) flush() {
	if len(e.grid) > 0 {
		_, _ = e.vt.Write(e.grid) // it parses memory and has no error to return
		e.grid = e.grid[:0]
	}
}

// wrapPending is the bit of vt10x's cursor state that says that the last
// column was written and the next character goes to the next line.
const wrapPending = 1 << 1

// cursor returns where vt's cursor is.
func (e *emulator) cursor() (x, y int, pending bool) {
	e.flush()
	c := e.vt.Cursor()
	return c.X, c.Y, c.State&wrapPending != 0
}

func (e *emulator) moveTo(x, y int) { e.emit("\x1b[%d;%dH", y+1, x+1) }

// usePen makes vt write with style s.
func (e *emulator) usePen(s Style) {
	if n := e.styles.number(s); n != e.sent {
		e.emitStyle(n)
	}
}

func (e *emulator) emitStyle(n uint32) {
	e.sent = n
	if n == 0 {
		e.emit("\x1b[39m")
		return
	}
	e.emit("\x1b[38;2;%d;%d;%dm", n>>16, n>>8&0xff, n&0xff)
}

// useEraser makes vt fill with the pen's background, and nothing else of it.
func (e *emulator) useEraser() { e.usePen(Style{BG: e.pen.BG}) }

// resize changes the size of the screen.
func (e *emulator) resize(cols, rows int) {
	e.usePen(Style{})
	e.flush()
	e.vt.Resize(cols, rows)
	old := e.tabs
	e.tabs = defaultTabs(cols)
	copy(e.tabs, old)
	e.cols, e.rows = cols, rows
	e.frozen = nil
}

// control carries out a control character.
func (e *emulator) control(b byte) {
	switch b {
	case '\a':
		e.bells++
	case '\b', '\r':
		e.grid = append(e.grid, b)
	case '\t':
		e.tab(1)
	case '\n', '\v', '\f':
		// As an index, so that a line scrolled in has the pen's background.
		e.useEraser()
		e.emit("\x1bD")
		if e.lineNew {
			e.emit("\r")
		}
	}
}

// esc carries out an escape sequence without parameters.
func (e *emulator) esc(cmd ansi.Cmd) {
	switch cmd.Intermediate() {
	case '(':
		e.emit("\x1b(%c", cmd.Final()) // line drawing is vt's
		return
	case 0:
	default:
		return
	}
	switch cmd.Final() {
	case '7':
		e.saveCursor()
	case '8':
		e.restoreCursor()
	case 'D', 'M', 'E':
		e.useEraser()
		e.emit("\x1b%c", cmd.Final())
	case 'H':
		if x, _, _ := e.cursor(); x < len(e.tabs) {
			e.tabs[x] = true
		}
	case 'c':
		if e.modes[modeAlt] {
			e.emit("\x1b[?1047l")
		}
		e.emit("\x1bc")
		e.resetState()
	case 'Z':
		e.answer(deviceAttributes)
	}
}

func (e *emulator) saveCursor() {
	x, y, _ := e.cursor()
	e.saved[e.screenIndex()] = savedCursor{x, y, e.pen}
}

func (e *emulator) restoreCursor() {
	s := e.saved[e.screenIndex()]
	e.pen = s.pen
	e.moveTo(s.x, s.y)
}

// screenIndex is 1 on the alternate screen.
func (e *emulator) screenIndex() int {
	if e.modes[modeAlt] {
		return 1
	}
	return 0
}
