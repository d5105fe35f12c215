package tui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"cxlens/query"
	"cxlens/tui/form"
)

// openForm opens the form on the query of the line. A query that cannot be read is marked instead.
func (m *model) openForm() (tea.Cmd, bool) {
	now := form.Search{Text: m.bar.Text(), Span: m.span, Order: m.table.Asked(), Limit: m.limit}
	f, err := form.New(m.ctx, m.keys.form, now, form.Options{
		Names: func() map[string]string { return m.opts.Names }, Known: m.known, Count: m.countMatches, Now: m.now, After: m.after,
	})
	if err != nil {
		m.bar.Fail(err)
		m.edit()
		return nil, false
	}
	f.Run, f.Leave, f.Say = m.runSearch, m.toFlows, m.warn
	m.form, m.mode = f, modeForm
	return f.Begin(), true
}

// known lists the nodes, agents or netgroups that the server reports.
func (m *model) known(f query.Field) (names []string) {
	for _, n := range m.status.Nodes {
		switch f {
		case query.FieldNode:
			names = add(names, n.Name)
		case query.FieldAgent:
			names = add(names, n.Agent)
		case query.FieldNetgroup:
			names = add(names, n.Netgroup)
		}
	}
	return names
}

// countMatches sends a query that only counts, if the server can be asked now. The server does not
// know the named networks, so that they go out as what they stand for.
func (m *model) countMatches(req query.Request) (form.Counting, error) {
	sent, err := m.written(req.Query)
	if err != nil {
		return nil, err
	}
	if m.src == nil || !m.online() {
		return nil, nil
	}
	req.Query = sent
	return m.src.Submit(req), nil
}

// after is the form's timer.
func (m *model) after(d time.Duration) <-chan time.Time {
	if m.opts.After != nil {
		return m.opts.After(d)
	}
	return time.After(d)
}

// runSearch runs what was filled in, as if the query had been typed into the line.
func (m *model) runSearch(s form.Search) (tea.Cmd, error) {
	if err := m.readable(s.Text); err != nil {
		return nil, err
	}
	if !m.bar.Put(s.Text) {
		return nil, form.ErrNoRoom
	}
	m.leaving()
	m.span, m.limit = s.Span, s.Limit
	m.table.Reset(s.Order)
	return m.bar.Enter(), nil
}
