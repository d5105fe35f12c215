package tui

import (
	"time"

	tea "charm.land/bubbletea/v2"
)

// pulseEvery is how often the screen is redrawn while something runs: its elapsed time moves.
const pulseEvery = 200 * time.Millisecond

// ticked tells that the clock shows another second.
type ticked struct{}

// pulsed tells that what runs has run a little longer.
type pulsed struct{}

// tick moves the clock once a second.
func (m *model) tick() tea.Cmd {
	if m.ticking {
		return nil
	}
	m.ticking = true
	return tea.Every(time.Second, func(time.Time) tea.Msg { return ticked{} })
}

// pulse redraws soon when something runs; an idle screen has only its clock.
func (m *model) pulse() tea.Cmd {
	running := m.anyBusy() || m.table.Sorting() || m.finding() != "" || m.exporting() || m.mode == modeDifference && m.diffBox.Running()
	if m.pulsing || !running {
		return nil
	}
	m.pulsing = true
	return tea.Tick(pulseEvery, func(time.Time) tea.Msg { return pulsed{} })
}
