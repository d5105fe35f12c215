package tui

import (
	tea "charm.land/bubbletea/v2"
)

// sizing asks the terminal for its size, because the word of a change can be lost: one that comes while
// the program begins is heard by nobody, and some multiplexers forget to tell.
type sizing struct {
	ask   func() (width, height int, err error) // nil: nobody can be asked
	asked [2]int                                // what made the screen look again, which it does once for a size
}

// sizeDiffers tells that the terminal has another size than the screen.
type sizeDiffers struct{ width, height int }

// checkSize compares the terminal's size with that of the screen.
func (m *model) checkSize() tea.Cmd {
	ask, width, height := m.sizing.ask, m.width, m.height
	if ask == nil {
		return nil
	}
	return func() tea.Msg {
		w, h, err := ask()
		if err != nil || w <= 0 || h <= 0 || w == width && h == height {
			return nil
		}
		return sizeDiffers{w, h}
	}
}

// sizeDiffers has the screen take the terminal's size, as it is by then. Bubble Tea's own question for it races
// with the signal that tells of a change.
func (m *model) sizeDiffers(msg sizeDiffers) tea.Cmd {
	size := [2]int{msg.width, msg.height}
	if size == [2]int{m.width, m.height} || size == m.sizing.asked {
		return nil
	}
	m.sizing.asked = size
	ask := m.sizing.ask
	return func() tea.Msg {
		w, h, err := ask()
		if err != nil || w <= 0 || h <= 0 {
			return nil
		}
		return tea.WindowSizeMsg{Width: w, Height: h}
	}
}
