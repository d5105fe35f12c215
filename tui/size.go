package tui

import (
	"errors"
	"syscall"

	tea "charm.land/bubbletea/v2"
)

// errTerminalGone ends a screen whose terminal was closed without a signal to this program: the one that started
// it may have kept the hangup to itself, and then it would run on unseen.
var errTerminalGone = errors.New("the terminal was closed")

// terminalGone tells that the terminal answers no more.
type terminalGone struct{}

// checkSize asks the terminal for its size and has the screen take another one, because the word of a change can be
// lost: one that comes while the program begins is heard by nobody, and some multiplexers forget to tell. Bubble Tea's
// own question for it races with the signal that tells of a change.
func (m *model) checkSize() tea.Cmd {
	ask, width, height := m.askSize, m.width, m.height
	if ask == nil {
		return nil
	}
	return func() tea.Msg {
		w, h, err := ask()
		switch {
		case errors.Is(err, syscall.EIO): // what a terminal that was hung up answers; others were none from the beginning
			return terminalGone{}
		case err != nil || w <= 0 || h <= 0 || w == width && h == height:
			return nil
		}
		return tea.WindowSizeMsg{Width: w, Height: h}
	}
}
