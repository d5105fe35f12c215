package tui

import (
	tea "charm.land/bubbletea/v2"

	"cxlens/tui/keymap"
)

// The actions that change how the screen works and looks.
const (
	actThemes    = "modes.themes"
	actNextTheme = "modes.next-theme"
	actSlow      = "modes.low-bandwidth"
)

// modeKeys are their bindings.
func modeKeys() keymap.Map {
	return keymap.Map{Pane: "modes", Bindings: []keymap.Binding{
		{ID: actThemes, Keys: []string{"V"}, Help: "themes, each shown while it is chosen"},
		{ID: actNextTheme, Help: "next theme"},
		{ID: actSlow, Keys: []string{"K"}, Help: "low bandwidth, or no longer"},
	}}
}

func (m *model) actModes(id string) (tea.Cmd, bool) {
	switch id {
	case actThemes:
		return m.listThemes(), true
	case actNextTheme:
		return m.nextTheme(), true
	case actSlow:
		m.toggleSlow()
	}
	return nil, true
}

// choiceKept tells that a choice could not be kept for the next time.
type choiceKept struct{ err error }

// keep keeps a choice for the next time.
func (m *model) keep(what, value string) tea.Cmd {
	keep := m.opts.Keep
	if keep == nil {
		return nil
	}
	return func() tea.Msg {
		if err := keep(what, value); err != nil {
			return choiceKept{err}
		}
		return nil
	}
}
