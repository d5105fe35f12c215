package tui

import (
	"errors"

	tea "charm.land/bubbletea/v2"

	"cxlens/query"
	"cxlens/tui/prompt"
)

// openRefine asks for a query that narrows the rows here; the server is not asked again.
func (m *model) openRefine() bool {
	if _, arrived := m.table.Len(); arrived == 0 {
		return false
	}
	m.prompt = prompt.New(m.keys.prompt, "refine the rows here", m.refined,
		"a query over the rows that are here, such as port 53 or src net 10.0.0.0/8;", "empty shows all of them again")
	m.prompt.Leave = m.toFlows
	m.prompt.Accept = func(text string) (tea.Cmd, error) {
		f, err := m.bind(text)
		if err != nil {
			var qe *query.Error
			if errors.As(err, &qe) {
				m.prompt.Fail(qe.Offset, max(1, qe.Length))
			}
			return nil, err
		}
		m.toFlows()
		return m.setRefined(text, f), nil
	}
	m.mode = modePrompt
	return true
}

// bind makes a filter of a query's text.
func (m *model) bind(text string) (*query.Filter, error) {
	q, err := query.Parse(text)
	if err != nil {
		return nil, err
	}
	return q.Filter(query.Env{Now: m.now(), Names: m.opts.Names})
}

// refine shows the rows that match text, "" for all.
func (m *model) refine(text string) tea.Cmd {
	f, err := m.bind(text)
	if err != nil {
		m.fail(err)
		return nil
	}
	return m.setRefined(text, f)
}

func (m *model) setRefined(text string, f *query.Filter) tea.Cmd {
	m.refined, m.last.changed = text, true
	if text == "" {
		return m.table.SetFilter(nil)
	}
	return m.table.SetFilter(f)
}
