package tui

import (
	tea "charm.land/bubbletea/v2"

	"cxlens/query"
	lang "cxlens/query/copyas"
	"cxlens/tui/copyas"
)

// openCopyAs shows the query in other tools' languages. A query that cannot be read is marked instead.
func (m *model) openCopyAs() bool {
	q, err := query.Parse(m.bar.Text())
	if err == nil {
		q, err = m.whole(q)
	}
	if err == nil {
		m.copyas, err = copyas.New(m.keys.copyas, q, query.Env{Now: m.now(), Names: m.opts.Names})
	}
	if err != nil {
		m.bar.Fail(err)
		m.edit()
		return false
	}
	m.copyas.Leave, m.copyas.Say = m.toFlows, m.warn
	m.copyas.Copy = func(t lang.Target, text string) tea.Cmd {
		m.tell("copied as " + t.Title() + ": " + text)
		return m.toClipboard(text)
	}
	m.mode = modeCopyAs
	return true
}

// whole is the query of the line with what narrows its rows besides: the refinement and the span of time.
func (m *model) whole(q *query.Query) (*query.Query, error) {
	parts := []*query.Query{q}
	if m.refined != "" {
		refined, err := query.Parse(m.refined)
		if err != nil {
			return nil, err
		}
		parts = append(parts, refined)
	}
	from, to := m.span.Bounds(m.now())
	if !from.IsZero() {
		parts = append(parts, query.FromTree(&query.Time{Rel: query.GE, From: query.Moment{Micros: from.UnixMicro()}}))
	}
	if !to.IsZero() {
		parts = append(parts, query.FromTree(&query.Time{Rel: query.LT, From: query.Moment{Micros: to.UnixMicro()}}))
	}
	return query.And(parts...), nil
}
