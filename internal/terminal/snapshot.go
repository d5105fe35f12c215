package terminal

import (
	"maps"
	"time"
)

// screen returns what is to be seen: during a synchronized update the screen
// from before it, until the update has taken too long.
func (e *emulator) screen() Screen {
	if e.frozen != nil && e.heldFor() > 0 {
		return *e.frozen
	}
	return e.current()
}

// heldFor is how long a synchronized update may still hide the screen; zero or
// less when none does.
func (e *emulator) heldFor() time.Duration {
	if e.frozen == nil {
		return 0
	}
	return syncLimit - e.now().Sub(e.syncFrom)
}

// current returns the screen as it is now.
func (e *emulator) current() Screen {
	x, y, _ := e.cursor()
	s := Screen{
		Cols: e.cols, Rows: e.rows,
		Cursor:    Cursor{X: x, Y: y, Visible: e.modes[modeCursor], Shape: e.shape, Blink: e.blink},
		Title:     e.title,
		AltScreen: e.modes[modeAlt],
		Progress:  e.progress,
		Bells:     e.bells,
		Scheme:    e.scheme,
		cells:     make([]Cell, e.cols*e.rows),
		modes:     maps.Clone(e.modes),
	}
	for y := range e.rows {
		e.readRow(s.cells[y*e.cols:(y+1)*e.cols], y)
	}
	return s
}

// readRow fills cells with row y of the grid. Where half of a wide character
// was overwritten the other half is blank.
func (e *emulator) readRow(cells []Cell, y int) {
	for x := 0; x < len(cells); x++ {
		g := e.vt.Cell(x, y)
		c := Cell{Text: " ", Width: 1, Style: e.styles.style(uint32(g.FG))}
		if g.Char == rightHalf {
			cells[x] = c
			continue
		}
		c.Text = e.texts.text(g.Char)
		if textWidth(c.Text) == 2 {
			if x+1 == len(cells) || e.vt.Cell(x+1, y).Char != rightHalf {
				c.Text = " "
				cells[x] = c
				continue
			}
			c.Width = 2
			cells[x] = c
			x++
			c.Text, c.Width = "", 0
		}
		cells[x] = c
	}
}
