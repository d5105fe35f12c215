package tui

import (
	tea "charm.land/bubbletea/v2"

	"cxlens/tui/facets"
	"cxlens/tui/table"
)

// wheelRows is how far one notch of the wheel scrolls.
const wheelRows = 3

// onMouse scrolls by the wheel and acts on clicks; only the main screen takes the mouse.
func (m *model) onMouse(msg tea.MouseMsg) tea.Cmd {
	if m.mode != modeFlows && m.mode != modeNodes && m.mode != modeTimeline || m.tooSmall() {
		return nil
	}
	g := m.geometry()
	if m.table.Dragging() && m.groups == nil {
		if cmd, ok := m.dragTitles(msg); ok {
			return cmd
		}
	}
	if cmd, ok := m.timelineMouse(msg, g); ok {
		return cmd
	}
	at := msg.Mouse()
	inTable := at.Y >= g.body && at.Y < g.body+g.rows && at.X < g.table
	switch msg.(type) {
	case tea.MouseWheelMsg:
		if !inTable {
			return nil
		}
		if m.groups != nil {
			m.wheelGroups(at)
			return nil
		}
		m.wheel(at)
	case tea.MouseClickMsg:
		return m.onClick(at, g, inTable)
	}
	return nil
}

// wheel scrolls the rows or, by a wheel that tilts or with shift, the columns.
func (m *model) wheel(at tea.Mouse) {
	across := at.Mod.Contains(tea.ModShift)
	switch {
	case at.Button == tea.MouseWheelLeft, across && at.Button == tea.MouseWheelUp:
		m.table.Do(table.ScrollLeft)
	case at.Button == tea.MouseWheelRight, across && at.Button == tea.MouseWheelDown:
		m.table.Do(table.ScrollRight)
	case at.Button == tea.MouseWheelUp:
		m.table.Wheel(-wheelRows)
	case at.Button == tea.MouseWheelDown:
		m.table.Wheel(wheelRows)
	}
}

func (m *model) onClick(at tea.Mouse, g geometry, inTable bool) tea.Cmd {
	m.say = message{}
	switch {
	case at.Button != tea.MouseLeft:
	case inTable && m.groups != nil:
		m.toFlows()
		if m.groups.list.Click(at.X, at.Y-g.body) {
			cmd, _ := m.actListing(m.groups, facets.Sort)
			return cmd
		}
	case inTable:
		m.toFlows()
		m.table.Press(at.X, at.Y-g.body, at.Mod&(tea.ModShift|tea.ModCtrl|tea.ModAlt) != 0)
	case g.tabs > 0 && at.Y == 1+g.head:
		return m.clickTab(at.X)
	case at.Y == 1:
		m.edit()
	case at.Y >= g.body && at.Y < g.body+g.rows, m.onStrip(at, g):
		m.mode = modeNodes
	}
	return nil
}

// dragTitles follows the mouse after a button went down on the titles: until it is up they have it, wherever it is.
func (m *model) dragTitles(msg tea.MouseMsg) (cmd tea.Cmd, ok bool) {
	switch msg.(type) {
	case tea.MouseMotionMsg:
		m.table.Drag(msg.Mouse().X)
		return nil, true
	case tea.MouseReleaseMsg:
		return m.table.Release(), true
	}
	return nil, false
}

// onStrip tells whether a click is on the nodes below the table.
func (m *model) onStrip(at tea.Mouse, g geometry) bool {
	below := 1 // the status line
	if m.height >= 30 {
		below++
	}
	end := m.height - below
	return g.pane == 0 && at.Y < end && at.Y >= end-len(m.nodeLines(g))
}
