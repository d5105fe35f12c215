package tui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"cxlens/tui/human"
	"cxlens/tui/keymap"
	"cxlens/tui/nodes"
	"cxlens/tui/prompt"
)

// hotkey runs the action of a key on the main screen, or says why it does nothing.
func (m *model) hotkey(key tea.KeyPressMsg) tea.Cmd {
	name := key.String()
	if m.mode == modeNodes {
		if b, ok := m.keys.nodes.Lookup(name); ok {
			return m.act(b)
		}
	}
	if m.mode == modeTimeline {
		if b, ok := m.keys.timeline.Lookup(name); ok {
			return m.act(b)
		}
	}
	if m.onGroups() {
		if b, ok := m.keys.facets.Lookup(name); ok {
			return m.act(b)
		}
	}
	for _, km := range m.keys.main() {
		if b, ok := km.Lookup(name); ok {
			return m.act(b)
		}
	}
	m.armed = false
	m.warn(keymap.Show(name) + " has no action here; " + m.keys.screen.KeyOf(actHelp) + " lists the keys, " + m.keys.screen.KeyOf(actPalette) + " the actions")
	return nil
}

// runByID runs an action that was chosen by name.
func (m *model) runByID(id string) tea.Cmd {
	if name, ok := strings.CutPrefix(id, runProfileID); ok {
		return m.findProfile(name, false)
	}
	for _, km := range append(m.keys.main(), m.keys.nodes, m.keys.timeline) {
		if b, ok := km.Find(id); ok {
			return m.act(b)
		}
	}
	return nil
}

// act runs an action; one that can do nothing now says why.
func (m *model) act(b keymap.Binding) tea.Cmd {
	if b.ID != actCancel {
		m.armed = false
	}
	pane, _, _ := strings.Cut(b.ID, ".")
	if pane != "pivot" && pane != "table" && pane != "facets" {
		m.aside = false
	}
	var cmd tea.Cmd
	ok := true
	switch pane {
	case "table":
		cmd, ok = m.actTable(b.ID)
	case "pivot":
		cmd, ok = m.actPivot(b.ID)
	case "tabs":
		cmd, ok = m.actTabs(b.ID)
	case "rows":
		cmd, ok = m.actRows(b.ID)
	case "aloud":
		ok = m.actAloud(b.ID)
	case "modes":
		cmd, ok = m.actModes(b.ID)
	case "names":
		cmd, ok = m.actLabels(b.ID)
	case "profiles":
		cmd, ok = m.actProfile(b.ID)
	case "nodes":
		ok = m.actNodes(b.ID)
	case "view":
		cmd, ok = m.actView(b.ID)
	case "facets":
		cmd, ok = m.actGroups(b.ID)
	case "timeline":
		cmd, ok = m.actTimes(b.ID)
	default:
		cmd, ok = m.actScreen(b.ID)
	}
	if !ok {
		m.warn(b.Why)
	}
	return cmd
}

func (m *model) actNodes(id string) bool {
	if id == nodes.Leave {
		m.toFlows()
		return true
	}
	m.mode = modeNodes
	return m.nodes.Do(id)
}

// actScreen runs the actions that open something; the rest is in actRun.
func (m *model) actScreen(id string) (tea.Cmd, bool) {
	switch id {
	case actEdit:
		m.edit()
	case actForm:
		return m.openForm()
	case actRefine:
		return nil, m.openRefine()
	case actSpan:
		m.openSpan()
	case actDetail:
		return nil, m.openDetail()
	case actColumns:
		m.openColumns()
	case actExport:
		return nil, m.openExport()
	case actDiffer:
		return nil, m.openDifference()
	case actCopyAs:
		return nil, m.openCopyAs()
	case actParsed:
		return nil, m.openParsed()
	case actNodes:
		m.mode = modeNodes
		m.nodes.Open()
	case actNotices:
		return nil, m.openNotices()
	case actHistory:
		return nil, m.openHistory()
	case actPalette:
		m.openPalette()
	case actHelp:
		m.openHelp()
	default:
		return m.actRun(id)
	}
	return nil, true
}

func (m *model) actRun(id string) (tea.Cmd, bool) {
	switch id {
	case actUnrefine:
		if cmd, ok := m.endSearch(); ok {
			return cmd, true
		}
		if m.refined == "" && m.run.pivoted {
			return m.goBack()
		}
		if m.refined == "" {
			return nil, false
		}
		return m.refine(""), true
	case actAgain:
		cmd := m.again()
		m.run.again = true
		return cmd, true
	case actFollow:
		m.follow = !m.follow
		return m.again(), true
	case actPause:
		return m.pauseFollow()
	case actCopy:
		return m.copy(m.table.CellText())
	case actCopyRow:
		return m.copyRows()
	case actMouse:
		return m.toggleMouse(), true
	case actSuspend:
		return tea.Suspend, true
	case actCancel:
		return m.cancel(), true
	case actQuit:
		return m.askQuit(), true
	}
	return nil, true
}

func (m *model) toggleMouse() tea.Cmd {
	m.mouse = !m.mouse
	if m.mouse {
		m.tell("the mouse works in the program")
		return m.keep(keptMouse, "on")
	}
	m.tell("the mouse is the terminal's: select text as usual; " + m.keys.screen.KeyOf(actMouse) + " takes it back")
	return m.keep(keptMouse, "off")
}

// cancel stops what runs; pressed again it quits.
func (m *model) cancel() tea.Cmd {
	if m.armed {
		return m.quit()
	}
	m.armed = true
	again := m.keys.screen.KeyOf(actCancel) + " again quits"
	_, finds := m.table.Finding()
	switch {
	case finds && m.table.Cancel():
		m.warn("search cancelled; " + again)
	case m.cancelRun():
		m.warn("query cancelled: the rows that arrived stay; " + again)
	case m.table.Cancel():
		m.warn("sort cancelled: the order on the screen stays; " + again)
	default:
		m.warn("nothing runs; " + again)
	}
	return nil
}

// askQuit quits, after a question when something runs.
func (m *model) askQuit() tea.Cmd {
	question := "A query is running. Quit all the same?"
	switch {
	case m.exporting():
		question = "An export is being written. Quit all the same, without it?"
	case m.anyBusy():
	case m.numMarked() > 0:
		question = human.Plural(m.numMarked(), "row") + " marked. Quit all the same?"
	default:
		return m.quit()
	}
	m.quitting = true
	m.ask = &prompt.Ask{
		Keys: m.keys.ask, Question: question, Yes: m.quit,
		No: func() tea.Cmd { m.quitting = false; m.toFlows(); return nil },
	}
	m.mode = modeAsk
	return nil
}

func (m *model) quit() tea.Cmd {
	m.stop()
	return tea.Quit
}
