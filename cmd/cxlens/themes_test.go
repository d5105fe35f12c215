package main

import (
	"testing"

	"cxlens/internal/terminal"
)

// TestThemeGround: the ground of a theme is the terminal's own while the screen is shown, and only then.
func TestThemeGround(t *testing.T) {
	t.Parallel()
	nord := terminal.RGB{R: 0x2e, G: 0x34, B: 0x40}
	s := openSessions(t, terminal.Options{Scheme: terminal.Light}, 20, "--theme", "nord")
	if bg := s.Screen().Scheme.BG; bg != nord {
		t.Errorf("the ground is %v", bg)
	}
	s.press("q")
	s.ends(exitFine)
	s.restored()
	if bg := s.Screen().Scheme.BG; bg != terminal.Light.BG {
		t.Errorf("the terminal keeps the ground %v", bg)
	}
}

// TestSixteenColours: a terminal with sixteen colours is asked for no others.
func TestSixteenColours(t *testing.T) {
	t.Parallel()
	env := append(home(t), "TERM=xterm-16color", "COLORTERM=")
	s := openSessions(t, terminal.Options{Env: env, Scheme: terminal.Light}, 20, "--theme", "nord")
	sc := s.Screen()
	if sc.Scheme.BG != terminal.Light.BG {
		t.Error("the ground is set on a terminal with sixteen colours")
	}
	for y := range sc.Rows {
		for x := range sc.Cols {
			c := sc.Cell(x, y)
			if fg, _ := sc.Scheme.Colors(c.Style); fg == terminal.Light.Indexed(11) || fg == terminal.Light.Indexed(10) {
				t.Fatalf("%q at %d,%d is in a colour for dark grounds", c.Text, x, y)
			}
		}
	}
	if coloured(sc) == "" {
		t.Error("there is no colour at all")
	}
}
