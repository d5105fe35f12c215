package tui

import (
	"errors"
	"fmt"
	"syscall"
	"testing"

	tea "charm.land/bubbletea/v2"
)

// TestMissedSize: a size that nobody told is found when the clock moves, and taken once; a terminal that was hung up
// ends the screen, and one that never had a size does not.
func TestMissedSize(t *testing.T) {
	s := start(t, 100, 30, newSource(), nil)
	w, h, bad := 100, 30, error(nil)
	s.m.askSize = func() (int, int, error) { return w, h, bad }
	check := func(what string, want tea.Msg) {
		t.Helper()
		if got := s.m.checkSize()(); got != want {
			t.Errorf("%s: the screen is told %+v, want %+v", what, got, want)
		}
	}
	check("the same size", nil)
	w, h = 80, 24
	check("another size", tea.WindowSizeMsg{Width: 80, Height: 24})
	s.send(s.m.checkSize()())
	check("the size that was taken", nil)
	w = 90
	check("a further size", tea.WindowSizeMsg{Width: 90, Height: 24})
	w, h = 0, 0
	check("a terminal without a size", nil)
	w, h, bad = 70, 20, errors.New("no terminal")
	check("a terminal that does not tell", nil)
	bad = fmt.Errorf("asked: %w", syscall.EIO)
	check("a terminal that was closed", terminalGone{})
	s.send(s.m.checkSize()())
	s.until("the end", func() bool { return s.quit })
	if err := s.m.left(t.Context(), nil); !errors.Is(err, errTerminalGone) {
		t.Errorf("it ends with %v", err)
	}
	s.m.askSize = nil
	if s.m.checkSize() != nil {
		t.Error("nobody is asked")
	}
}
