package tui

import (
	tea "charm.land/bubbletea/v2"

	"cxlens/tui/export"
	"cxlens/tui/form"
	"cxlens/tui/table"
)

// Update takes in one message. It never blocks: whatever takes time is a command.
func (m *model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	m.hurry(msg)
	cmd := m.handle(msg)
	if follow := m.afterwards(); follow != nil {
		cmd = tea.Batch(cmd, follow)
	}
	return m, cmd
}

func (m *model) handle(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		m.say = message{}
		m.table.EndDrag()
		if msg.String() == "ctrl+z" {
			return tea.Suspend
		}
		return m.input(msg)
	case tea.PasteMsg:
		return m.input(msg)
	case tea.MouseMsg:
		return m.onMouse(msg)
	case tea.WindowSizeMsg:
		m.width, m.height = msg.Width, msg.Height
	case tea.BackgroundColorMsg:
		if !m.theme.told || !m.showsGround() { // else it is the theme's own
			m.background(!msg.IsDark())
		}
		return m.terminalAnswered()
	case tea.ColorProfileMsg:
		m.colours(msg.Profile)
	case frameDue:
		m.slow.timer = false
	case linkSlow:
		m.slowLink("the terminal takes a write in", msg.took)
	case unveiled:
		m.theme.veil = false
	case tea.ResumeMsg:
		return tea.ClearScreen
	default:
		return m.event(msg)
	}
	return nil
}

// event takes in what commands found out.
func (m *model) event(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case table.Message:
		if m.tabOfTable(msg.Table()) == nil {
			return nil
		}
		return msg.Table().Update(msg)
	case resultChanged:
		return m.resultChanged(msg)
	case statusChanged:
		return m.statusChanged(msg)
	case answered:
		return m.answered(msg)
	case summedHere:
		return m.within(msg.tab, func() tea.Cmd { return m.summedHere(msg) })
	case listingDue:
		msg.list.timed = false
	case listingWritten:
		m.listingWritten(msg)
	case timelineDue:
		m.timelineDue(msg)
	case refinedCounted:
		m.refinedCounted(msg)
	case refinedDue:
		msg.tab.part.timed = false
	case connected:
		return m.connected(msg)
	case export.Finished:
		return m.exportFinished(msg)
	case form.Due, form.Counted:
		if m.form != nil {
			return m.form.Update(msg)
		}
	case tabsLoaded:
		m.tabsLoaded(msg)
	case tabsKept:
		m.tabsFailed(msg.err)
	case seenCollected:
		m.seenCollected(msg)
	case differenceChanged:
		return m.differenceChanged(msg)
	case differenceFound:
		m.differenceFound(msg)
	case differenceWritten:
		m.differenceWritten(msg)
	case profilesRead, profileFound, startFound, profileFiled, tabThemeLoaded:
		return m.profileEvent(msg)
	case historyLoaded:
		m.historyLoaded(msg)
	case clipReady:
		return m.clipReady(msg)
	case clipFailed:
		m.news("the terminal has the text; the clipboard of this machine does not: " + msg.err.Error())
	case shapeKept:
		m.shapeKept(msg)
	case historyKept:
		m.historyFailed(msg.err)
	case noticed:
		for _, text := range msg {
			m.notice(text)
		}
		return m.waitNotice()
	case Reading:
		return m.readOn(msg)
	case NamesChanged:
		return m.namesChanged(msg)
	case themesListed:
		m.themesListed(msg)
	case themesChanged:
		return m.themesChanged()
	case themeReloaded:
		m.themeReloaded(msg)
	case choiceKept:
		m.notice(msg.err.Error())
	case themeLoaded:
		return m.themeLoaded(msg)
	case ticked:
		m.forgetNews()
		m.noteFollowed()
		m.ticking = false
		return tea.Batch(m.tick(), m.checkSize())
	case terminalGone:
		m.hungUp = true
		return tea.Quit
	case pulsed:
		m.pulsing = false
	default:
		return m.lookedUp(msg)
	}
	return nil
}

// afterwards continues what depends on several things: the sizes, the sum of the rows here, the
// names of the addresses here, and the pulse that redraws while something runs.
func (m *model) afterwards() tea.Cmd {
	m.retheme()
	m.resize()
	m.hear()
	views := m.wantViews()
	return tea.Batch(views, m.table.Tally(), m.table.Recognize(), m.pulse(), m.keepTabs(), m.collectSeen(), m.lookUp(), m.keepShape(), m.nextFrame())
}
