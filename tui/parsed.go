package tui

import (
	tea "charm.land/bubbletea/v2"

	"cxlens/query"
	"cxlens/tui/parsed"
)

// openParsed shows how the query of the line is read; leaving goes back to where it was opened. A query that
// cannot be read is marked instead.
func (m *model) openParsed() bool {
	q, err := query.Parse(m.bar.Text())
	if err != nil {
		m.bar.Fail(err)
		m.edit()
		return false
	}
	back := m.mode
	m.parsed = parsed.New(m.keys.parsed, q, query.Env{Now: m.now(), Names: m.opts.Names})
	m.parsed.Leave = func() { m.mode = back }
	m.parsed.Say = m.warn
	m.parsed.Copy = func(text string) tea.Cmd {
		m.tell("copied " + text)
		return tea.SetClipboard(text)
	}
	m.mode = modeParsed
	return true
}
