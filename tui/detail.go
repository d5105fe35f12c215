package tui

import (
	"fmt"

	tea "charm.land/bubbletea/v2"

	"cxlens/internal/flow"
	"cxlens/tui/detail"
	"cxlens/tui/human"
)

// openDetail shows everything about the flow under the cursor.
func (m *model) openDetail() bool {
	m.detail = detail.New(m.keys.detail, m.zone.besideUTC())
	m.detail.Leave, m.detail.Say, m.detail.Facts = m.toFlows, m.warn, m.facts
	m.detail.Step = func(by int) bool {
		if !m.table.Step(by) {
			return false
		}
		return m.showDetail()
	}
	m.detail.Open = m.actPivot
	m.detail.Aside = func() bool { return m.aside }
	m.detail.Copy = func(text, what string) tea.Cmd {
		m.tell("copied " + what)
		return m.toClipboard(text)
	}
	if !m.showDetail() {
		return false
	}
	m.mode = modeDetail
	return true
}

func (m *model) showDetail() bool {
	var r flow.Record
	if !m.table.Current(&r) {
		return false
	}
	view, _, n := m.table.Present()
	place, _ := m.table.Cursor()
	m.detail.Show(&r, view.Node(r.Node), fmt.Sprintf("%s of %s", human.Exact(uint64(place+1)), human.Exact(uint64(n))), related(&r, m.run.text))
	return true
}

// related are the queries for the flows that have something in common with r; text is the present query.
func related(r *flow.Record, text string) []detail.Related {
	out := make([]detail.Related, 0, len(rowPivots)+1)
	names := map[string]string{
		actPair: "pair", actConnection: "connection", actSource: "source", actTarget: "dst+port", actSamePort: "src, port",
	}
	for _, p := range rowPivots {
		rel := detail.Related{Action: p.action, Name: names[p.action]}
		if q, err := p.query(r); err != nil {
			rel.Why = err.Error()
		} else {
			rel.Query = q.String()
		}
		out = append(out, rel)
	}
	return append(out, detail.Related{Action: actAround, Name: "time", Query: queryText(text) + ", minutes before and after"})
}
