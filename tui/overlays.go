package tui

import (
	tea "charm.land/bubbletea/v2"

	"cxlens/tui/columns"
	"cxlens/tui/help"
	"cxlens/tui/keymap"
	"cxlens/tui/palette"
	"cxlens/tui/prompt"
	"cxlens/tui/span"
)

// edit gives the keyboard to the query line.
func (m *model) edit() {
	m.mode = modeEdit
	m.bar.Edit()
}

// openSpan asks for the span of time and the limit of rows; the query then runs again.
func (m *model) openSpan() {
	text := m.span.Text() + " limit " + span.LimitText(m.limit)
	m.prompt = prompt.New(m.keys.prompt, "span of time and limit of rows", text,
		"15m, 1h, 24h, 7d, today, yesterday, all, 2026-11-22, or FROM .. TO in UTC;",
		"limit 100k is how many rows come at most, limit none brings all")
	m.prompt.Leave = m.toFlows
	m.prompt.Accept = func(text string) (tea.Cmd, error) {
		sp, limit, err := span.ParseWithLimit(text, m.now())
		if err != nil {
			return nil, err
		}
		m.span = sp
		if limit != 0 {
			m.limit = limit
		}
		m.toFlows()
		return m.again(), nil
	}
	m.mode = modePrompt
}

func (m *model) openColumns() {
	m.columns = columns.New(m.keys.columns, m.table)
	m.columns.Leave, m.columns.Say = m.toFlows, m.warn
	m.mode = modeColumns
}

// openHelp lists the keys of the pane that has the keyboard, and of the screen.
func (m *model) openHelp() {
	list := []keymap.Map{m.keys.table, m.keys.screen}
	if m.mode == modeNodes {
		list = []keymap.Map{m.keys.nodes, m.keys.screen}
	}
	if m.onGroups() {
		list = append([]keymap.Map{m.keys.facets}, list...)
	}
	if m.mode == modeTimeline {
		list = []keymap.Map{m.keys.timeline, m.keys.table, m.keys.screen}
	}
	list = append(list, m.keys.pivots, m.keys.views, m.withState(m.keys.names), m.keys.query, m.keys.form, m.keys.detail, m.keys.columns, m.keys.export, m.keys.copyas, m.keys.parsed)
	back := m.mode
	m.help = help.New(m.keys.help, "keys · cxlens "+m.opts.Version, list)
	m.help.Leave, m.help.Say = func() { m.mode = back }, m.warn
	m.mode = modeHelp
}

// openPalette lists every action by name.
func (m *model) openPalette() {
	back := m.mode
	list := append(m.keys.main(), m.keys.nodes, m.keys.timeline)
	for i := range list {
		list[i] = m.withState(list[i])
	}
	m.palette = palette.New(m.keys.palette, append(list, m.paletteProfiles()))
	m.palette.Leave = func() { m.mode = back }
	m.palette.Run, m.palette.Say = m.runByID, m.warn
	m.mode = modePalette
}
