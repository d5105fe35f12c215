package tui

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"cxlens/internal/flow"
	"cxlens/tui/span"
	"cxlens/tui/table"
)

// maxPlaces is how many places the way back has; the oldest go first.
const maxPlaces = 200

// place is a query and where the person stood in its rows.
type place struct {
	text    string
	span    span.Span
	limit   int64
	refined string
	order   []flow.SortKey
	column  flow.Column
	row     table.Mark
	onRow   bool
	pivoted bool // the query came of a pivot
	groups  []flow.Column
	most    int64 // groups
	name    string
	saved   *savedView
}

// trail is the way through the queries of this run of the program, as a browser has it.
type trail struct {
	back, ahead []place // the nearest one last
	// left is the place that is being left, kept before its refinement and its rows are dropped.
	left *place
	// walking says that the next query is one of the trail and not a new one.
	walking bool
}

// here is the place on the screen.
func (m *model) here() place {
	p := place{
		text: m.run.text, span: m.run.span, limit: m.run.limit, refined: m.refined, order: m.table.Keys(), column: m.table.Column(),
		pivoted: m.run.pivoted, groups: m.Grouping(), most: m.mostGroups,
		name: m.name, saved: m.saved,
	}
	p.row, p.onRow = m.table.Mark()
	return p
}

// leaving notes the place on the screen before anything of it is dropped for another query.
func (m *model) leaving() {
	if m.run.res != nil && m.trail.left == nil {
		p := m.here()
		m.trail.left = &p
	}
}

// leave puts the place that a new query replaces on the way back. The same query once more is not new.
func (m *model) leave(text string) {
	m.leaving()
	t := &m.trail
	p, walking := t.left, t.walking
	t.left, t.walking = nil, false
	if p == nil || walking || p.text == text && p.span == m.span && p.limit == m.limit {
		return
	}
	t.back = append(t.back, *p)
	if over := len(t.back) - maxPlaces; over > 0 {
		t.back = slices.Delete(t.back, 0, over)
	}
	t.ahead = nil
}

// goBack returns to the query before, with its span and the cursor where it was.
func (m *model) goBack() (tea.Cmd, bool) { return m.walk(&m.trail.back, &m.trail.ahead) }

// goAhead takes back goBack.
func (m *model) goAhead() (tea.Cmd, bool) { return m.walk(&m.trail.ahead, &m.trail.back) }

func (m *model) walk(from, to *[]place) (tea.Cmd, bool) {
	n := len(*from)
	if n == 0 || m.src == nil {
		return nil, false
	}
	p := (*from)[n-1]
	if err := m.readable(p.text); err != nil { // a name in it is gone
		m.fail(err)
		return nil, true
	}
	*from = (*from)[:n-1]
	*to = append(*to, m.here())
	m.toFlows()
	m.trail.walking = true
	return m.visit(p), true
}

// visit runs the query of a place.
func (m *model) visit(p place) tea.Cmd {
	m.span, m.limit, m.refined = p.span, p.limit, ""
	m.name, m.saved = p.name, p.saved
	m.bar.SetText(p.text)
	m.table.Reset(p.order)
	m.table.SetColumn(p.column)
	m.table.SetFilter(nil)
	cmd := tea.Batch(m.submit(p.text), m.refine(p.refined))
	m.run.pivoted = p.pivoted
	m.SetGrouping(p.groups)
	m.mostGroups = p.most
	if p.onRow {
		m.table.Seek(p.row)
	}
	return cmd
}
