package tui

import (
	tea "charm.land/bubbletea/v2"

	"cxlens/tui/themelist"
)

// themesListed are the themes for the list.
type themesListed struct {
	items []themelist.Item
	err   error // the user's folder cannot be read
}

// listThemes loads every theme; files are read in the command.
func (m *model) listThemes() tea.Cmd {
	loader, light := m.opts.Themes, m.theme.light
	return func() tea.Msg {
		items, err := themelist.Load(loader, light)
		return themesListed{items, err}
	}
}

// themesListed opens the list, or replaces its themes when it is open.
func (m *model) themesListed(msg themesListed) {
	if msg.err != nil {
		m.notice(msg.err.Error())
	}
	if m.mode == modeThemes {
		m.themeList.Reload(msg.items)
		for _, it := range msg.items {
			if it.Name == m.theme.before && it.Theme != nil {
				m.theme.back = it.Theme
			}
		}
		return
	}
	if m.mode != modeFlows && m.mode != modeNodes {
		return // something else was opened meanwhile
	}
	back := m.mode
	m.theme.before, m.theme.back = m.theme.theme.Name, m.theme.theme
	if m.theme.auto {
		m.theme.before = themelist.Auto
	}
	m.themeList = themelist.New(m.keys.themes, msg.items, m.theme.before, m.opts.Themes.Dir)
	m.themeList.Say, m.themeList.Bare = m.warn, m.aloud
	m.themeList.Show = func(it themelist.Item) {
		m.theme.theme = it.Theme
		m.relook()
	}
	m.themeList.Leave = func() {
		m.mode = back
		m.theme.theme = m.theme.back
		m.relook()
	}
	m.themeList.Take = func(it themelist.Item) tea.Cmd {
		m.mode = back
		if m.ownTheme != nil {
			m.theme.theme = m.theme.back // what is chosen is for the tab
		}
		return m.takeTheme(it)
	}
	m.mode = modeThemes
}

// takeTheme shows a theme from now on, and keeps it.
func (m *model) takeTheme(it themelist.Item) tea.Cmd {
	if m.ownTheme != nil && it.Name != themelist.Auto { // the profile of this tab has a theme of its own
		m.ownTheme = it.Theme
		m.tell("theme " + it.Name + " in this tab")
		return nil
	}
	m.ownTheme = nil
	m.theme.auto, m.theme.theme = it.Name == themelist.Auto, it.Theme
	m.relook()
	m.tell("theme " + it.Name)
	return m.keep(keptTheme, it.Name)
}

// themesChanged tells that files of the user's themes changed.
type themesChanged struct{}

// waitThemes waits until the user's themes change.
func (m *model) waitThemes() tea.Cmd {
	ctx, changes := m.ctx, m.opts.ThemesChanged
	if changes == nil {
		return nil
	}
	return func() tea.Msg {
		select {
		case _, ok := <-changes:
			if ok {
				return themesChanged{}
			}
		case <-ctx.Done():
		}
		return nil
	}
}

// themesChanged loads the theme on the screen again, and the list when it is open.
func (m *model) themesChanged() tea.Cmd {
	cmds := []tea.Cmd{m.waitThemes()}
	if m.mode == modeThemes {
		cmds = append(cmds, m.listThemes())
	} else if !m.theme.auto {
		loader, name := m.opts.Themes, m.theme.theme.Name
		cmds = append(cmds, func() tea.Msg {
			th, err := loader.Load(name)
			return themeReloaded{name, themeLoaded{th, err}}
		})
	}
	return tea.Batch(cmds...)
}

// themeReloaded brings the theme on the screen after its file changed.
type themeReloaded struct {
	name string
	themeLoaded
}

// themeReloaded takes a changed theme in; with an error the old one stays.
func (m *model) themeReloaded(msg themeReloaded) {
	switch {
	case m.theme.auto || m.theme.theme.Name != msg.name || m.mode == modeThemes: // another one was taken meanwhile
	case msg.err != nil:
		m.notice("the theme stays as it was: " + msg.err.Error())
	case !msg.theme.Equal(m.theme.theme):
		m.theme.theme = msg.theme
		m.relook()
		m.news("theme " + msg.name + " was read again")
	}
}
