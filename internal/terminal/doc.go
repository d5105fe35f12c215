// Package terminal runs a real program in a real pseudo-terminal and looks at
// its screen the way a person does: tests wait for what they expect to see,
// press keys, resize the window, and draw the screen as an SVG picture.
//
// It may import the pseudo-terminal, emulator and escape sequence libraries,
// and nothing of cxlens: it knows programs, not flows.
//
// Its one surprising thing: the emulator library (vt10x) knows neither faint
// text, true colour beside the palette, wide characters, nor the questions
// that a Bubble Tea program asks. So a translator stands before it. It reads
// every sequence itself, answers the questions (colours, modes, device
// attributes, clipboard), keeps the pen, and gives vt10x only movements,
// erasures and text whose "colour" is the number of the true style. vt10x is
// the grid; the meaning is here.
//
// Insert mode, double-height lines, left and right margins, sixel and kitty
// graphics, and the kitty keyboard protocol are not emulated: programs are
// told so where they ask, and such sequences leave no trace on the screen.
package terminal
