package tui

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"cxlens/client"
	"cxlens/internal/flow"
	"cxlens/themes"
	"cxlens/tui/querybar"
	"cxlens/tui/span"
	"cxlens/tui/table"
)

// tab is a query with all that belongs to its view: the line, the rows, the way back.
type tab struct {
	views
	name string // as the person called it, "" for the query's text
	// waiting tells that the query in the line is to run when the tab is shown.
	waiting bool

	run   run
	fresh following
	trail trail
	span  span.Span
	// spanBefore is the span before one came of the history with a query that has not run; nil for none.
	spanBefore *span.Span
	limit      int64
	follow     bool
	refined    string     // the text of the refinement, "" for none
	saved      *savedView // the profile that it runs, nil for none
	// ownTheme is the theme of its profile, nil for that of the screen.
	ownTheme *themes.Theme

	table  *table.Model
	bar    *querybar.Model
	seen   seen   // the values of the rows, for completion
	shaped uint64 // changes of the shape of the table that are kept
}

// newTab returns a tab with a query in its line that has not run.
func (m *model) newTab(text string) *tab {
	t := &tab{limit: DefaultLimit, table: table.New(m.keys.table, m.look, m.now), bar: querybar.New(m.keys.query, m.look, text)}
	t.table.SetShape(m.shapes.first)
	t.table.SetZone(m.zone.shown)
	t.table.SetExact(m.exact)
	m.labelTable(t.table)
	_ = t.table.SetAround(m.surroundings()) // there are no rows yet that it would order
	t.table.Reset([]flow.SortKey{{Column: flow.ColStart, Desc: true}})
	t.views = m.newViews()
	t.bar.Run, t.bar.Leave, t.bar.Say = m.submitNew, m.toFlows, m.warn
	t.bar.Check = m.readable
	t.bar.Complete, t.bar.Past, t.bar.Search = m.complete, m.pastQueries, m.searchHistory
	t.bar.Parsed, t.bar.Left = m.openParsed, m.lineLeft
	return t
}

// likeThis returns a new tab that looks at the same time in the same way as the one on the screen.
func (m *model) likeThis(text string) *tab {
	t := m.newTab(text)
	t.span, t.limit, t.follow = m.span, m.limit, m.follow
	t.table.Like(m.table)
	t.views.like(&m.views)
	return t
}

// busy tells whether a query runs whose rows are still to come.
func (t *tab) busy() bool {
	return t.run.res != nil && slices.Contains([]client.ResultState{client.Queued, client.Running, client.Streaming}, t.run.progress.State)
}

// within runs f with another tab in the place of the one on the screen, for what came of a query in the background.
func (m *model) within(t *tab, f func() tea.Cmd) tea.Cmd {
	shown := m.tab
	m.tab = t
	cmd := f()
	m.tab = shown
	return cmd
}

// tabOfRun is the tab of a run, nil when it has another one by now or is closed.
func (m *model) tabOfRun(seq uint64) *tab {
	for _, t := range m.tabs.open {
		if t.run.res != nil && t.run.seq == seq {
			return t
		}
	}
	return nil
}

// tabOfTable is the tab of a table, nil when it is closed.
func (m *model) tabOfTable(tb *table.Model) *tab {
	for _, t := range m.tabs.open {
		if t.table == tb {
			return t
		}
	}
	return nil
}

// anyBusy tells whether rows of any tab are still to come.
func (m *model) anyBusy() bool { return slices.ContainsFunc(m.tabs.open, (*tab).busy) }
