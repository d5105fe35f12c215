package tui

import tea "charm.land/bubbletea/v2"

// mode says which part of the screen has the keyboard.
type mode uint8

const (
	modeFlows mode = iota
	modeNodes
	modeLogin
	modeEdit // the query line
	modePrompt
	modeAsk
	modeColumns
	modeDetail
	modeExport
	modeHelp
	modePalette
	modeForm
	modeHistory
	modeCopyAs
	modeParsed
	modeTabs
	modeThemes
	modeTimeline
	modeFacets
	modeDifference
	modeProfiles
	modeParams

	modeEnd // how many there are
)

// toFlows gives the keyboard back to the table.
func (m *model) toFlows() { m.mode = modeFlows }

// input hands a key or a paste to the part that has the keyboard.
func (m *model) input(msg tea.Msg) tea.Cmd {
	switch m.mode {
	case modeLogin:
		return m.login.Update(msg)
	case modeEdit:
		return m.bar.Update(msg)
	case modePrompt:
		m.prompt.Say = m.warn
		return m.prompt.Update(msg)
	case modeThemes:
		return m.themeList.Update(msg)
	case modeAsk:
		m.ask.Say = m.warn
		return m.ask.Update(msg)
	case modeColumns:
		return m.columns.Update(msg)
	case modeDetail:
		return m.detail.Update(msg)
	case modeExport:
		return m.export.Update(msg)
	case modeHelp:
		return m.help.Update(msg)
	case modePalette:
		return m.palette.Update(msg)
	case modeHistory:
		return m.history.Update(msg)
	case modeForm:
		return m.form.Update(msg)
	case modeTabs:
		return m.tabList.Update(msg)
	case modeDifference:
		return m.diffBox.Update(msg)
	case modeParsed:
		return m.parsed.Update(msg)
	case modeProfiles:
		return m.profiles.list.Update(msg)
	case modeParams:
		return m.profiles.params.Update(msg)
	case modeCopyAs:
		return m.copyas.Update(msg)
	case modeFacets:
		return m.facetsInput(msg)
	}
	if m.onGroups() && m.groups.list.Narrowing() {
		m.idle(m.groups.list.Type(msg))
		return nil
	}
	if key, ok := msg.(tea.KeyPressMsg); ok {
		return m.hotkey(key)
	}
	return nil
}
