package tui

import (
	"errors"
	"testing"

	tea "charm.land/bubbletea/v2"
)

// TestMissedSize: a size that nobody told is found when the clock moves, and asked for once.
func TestMissedSize(t *testing.T) {
	s := start(t, 100, 30, newSource(), nil)
	w, h, bad := 100, 30, error(nil)
	s.m.sizing.ask = func() (int, int, error) { return w, h, bad }
	asks := func() bool {
		t.Helper()
		cmd := s.m.checkSize()
		if cmd == nil {
			return false
		}
		differs, ok := cmd().(sizeDiffers)
		if !ok {
			return false
		}
		if cmd = s.m.sizeDiffers(differs); cmd == nil {
			return false
		}
		if got, want := cmd(), tea.Msg(tea.WindowSizeMsg{Width: w, Height: h}); got != want {
			t.Errorf("the screen is told %+v, want %+v", got, want)
		}
		return true
	}
	if asks() {
		t.Error("the size is the same")
	}
	w, h = 80, 24
	if !asks() {
		t.Error("another size is not asked for")
	}
	if asks() {
		t.Error("a size that does not come is asked for again and again")
	}
	s.send(tea.WindowSizeMsg{Width: 80, Height: 24})
	w = 90
	if !asks() {
		t.Error("a further size is not asked for")
	}
	w, h = 0, 0
	if asks() {
		t.Error("a terminal without a size")
	}
	if w, h, bad = 70, 20, errors.New("gone"); asks() {
		t.Error("a terminal that does not tell")
	}
}
