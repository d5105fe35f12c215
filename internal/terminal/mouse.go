package terminal

import (
	"errors"
	"fmt"
)

// Button is a button of the mouse, as xterm numbers them.
type Button int

// The buttons; the wheel's notches are buttons to a terminal.
const (
	LeftButton   Button = 0
	MiddleButton Button = 1
	RightButton  Button = 2
	NoButton     Button = 3
	WheelUp      Button = 64
	WheelDown    Button = 65
)

const motionFlag = 32

// errNoMouse is a mouse event for a program that has not asked for the mouse.
var errNoMouse = errors.New("the program has not asked for mouse events in SGR form (modes 1000, 1002 or 1003, with 1006)")

// Click presses and releases a button over the cell in column x and row y,
// from 0. For a wheel button it is one notch.
func (t *Terminal) Click(b Button, x, y int) error {
	if err := t.mouse(int(b), x, y, 'M'); err != nil || b >= WheelUp {
		return err
	}
	return t.mouse(int(b), x, y, 'm')
}

// Drag presses a button over one cell, moves to another and releases it there.
func (t *Terminal) Drag(b Button, x0, y0, x1, y1 int) error {
	if err := t.mouse(int(b), x0, y0, 'M'); err != nil {
		return err
	}
	if s := t.Screen(); s.Mode(1002) || s.Mode(1003) {
		if err := t.mouse(int(b)|motionFlag, x1, y1, 'M'); err != nil {
			return err
		}
	}
	return t.mouse(int(b), x1, y1, 'm')
}

// Hover moves the mouse over a cell without a button; programs hear of it only
// in mode 1003.
func (t *Terminal) Hover(x, y int) error {
	if !t.Screen().Mode(1003) {
		return nil
	}
	return t.mouse(int(NoButton)|motionFlag, x, y, 'M')
}

// mouse sends one event as mode 1006 writes it.
func (t *Terminal) mouse(code, x, y int, final byte) error {
	s := t.Screen()
	if !s.Mode(1006) || !s.Mode(1000) && !s.Mode(1002) && !s.Mode(1003) {
		return errNoMouse
	}
	if x < 0 || y < 0 || x >= s.Cols || y >= s.Rows {
		return fmt.Errorf("mouse at column %d, row %d: the screen is %dx%d", x, y, s.Cols, s.Rows)
	}
	return t.Type(fmt.Sprintf("\x1b[<%d;%d;%d%c", code, x+1, y+1, final))
}
