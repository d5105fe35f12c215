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
