package tui

import (
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"cxlens/internal/flow"
	"cxlens/query"
	"cxlens/query/pivot"
	"cxlens/tui/keymap"
	"cxlens/tui/prompt"
	"cxlens/tui/span"
)

// The pivots: queries made of the cell or the row under the cursor, and the way back from them.
const (
	actOnly       = "pivot.only"
	actInclude    = "pivot.include"
	actExclude    = "pivot.exclude"
	actPair       = "pivot.pair"
	actConnection = "pivot.connection"
	actSamePort   = "pivot.same-port"
	actSource     = "pivot.source"
	actTarget     = "pivot.target"
	actAround     = "pivot.around"
	actAround1    = "pivot.around-1m"
	actAround5    = "pivot.around-5m"
	actAround30   = "pivot.around-30m"
	actAside      = "pivot.new-tab"
	actBack       = "pivot.back"
	actAhead      = "pivot.forward"
)

// pivotKeys are the bindings of the pivots.
func pivotKeys() keymap.Map {
	return keymap.Map{Pane: "pivots", Bindings: []keymap.Binding{
		{ID: actOnly, Keys: []string{"i"}, Help: "only this value", Why: noRow},
		{ID: actInclude, Keys: []string{"+"}, Help: "include: the query and this value", Why: noRow},
		{ID: actExclude, Keys: []string{"-"}, Help: "exclude: the query without this value", Why: noRow},
		{ID: actPair, Keys: []string{"P"}, Help: "this pair: all between these two hosts", Why: noRow},
		{ID: actConnection, Keys: []string{"B"}, Help: "both directions between these hosts and ports", Why: noRow},
		{ID: actSamePort, Keys: []string{"D"}, Help: "same source to the same port of any host", Why: noRow},
		{ID: actSource, Help: "all that this source began", Why: noRow},
		{ID: actTarget, Help: "all to this destination and port", Why: noRow},
		{ID: actAround, Keys: []string{"~", "±"}, Help: "minutes before and after this row (±)", Why: noRow},
		{ID: actAround1, Help: "1 minute before and after this row (±1)", Why: noRow},
		{ID: actAround5, Help: "5 minutes before and after this row (±5)", Why: noRow},
		{ID: actAround30, Help: "30 minutes before and after this row (±30)", Why: noRow},
		{ID: actAside, Keys: []string{"o"}, Help: "the next pivot opens in a new tab", Why: noRow},
		{ID: actBack, Keys: []string{"backspace", "[", "alt+left"}, Help: "back to the query before", Why: "this is the first query"},
		{ID: actAhead, Keys: []string{"]", "alt+right"}, Help: "forward to the query after", Why: "this is the last query"},
	}}
}

// actPivot runs a pivot or walks the way back; ok is false when there is nothing to do it with.
func (m *model) actPivot(id string) (cmd tea.Cmd, ok bool) {
	switch id {
	case actBack:
		return m.goBack()
	case actAhead:
		return m.goAhead()
	}
	var r flow.Record
	if !m.table.Current(&r) || m.src == nil {
		return nil, false
	}
	if id == actAside {
		m.aside = !m.aside
		if m.aside {
			m.tell("the next pivot opens in a new tab; " + m.keys.pivots.KeyOf(actAside) + " again takes that back")
		} else {
			m.tell("the next pivot opens in this tab again")
		}
		return nil, true
	}
	switch id {
	case actOnly:
		return m.pivotCell(&r, "only", onlyTerm), true
	case actInclude:
		return m.pivotCell(&r, "included", pivot.Include), true
	case actExclude:
		return m.pivotCell(&r, "excluded", pivot.Exclude), true
	}
	for _, p := range rowPivots {
		if p.action != id {
			continue
		}
		q, err := p.query(&r)
		if err != nil {
			m.warn(err.Error())
			return nil, true
		}
		return m.pivotTo(q, p.name), true
	}
	return m.pivotTime(&r, id), true
}

// rowPivots are the pivots that are made of a whole row.
var rowPivots = []struct {
	action, name string
	query        func(r *flow.Record) (*query.Query, error)
}{
	{actPair, "this pair", always(pivot.Pair)},
	{actConnection, "both directions", always(pivot.Connection)},
	{actSource, "this source", always(pivot.Source)},
	{actTarget, "this destination and port", pivot.Target},
	{actSamePort, "same source to the same port", pivot.SamePort},
}

func always(f func(r *flow.Record) *query.Query) func(r *flow.Record) (*query.Query, error) {
	return func(r *flow.Record) (*query.Query, error) { return f(r), nil }
}

// pivotCell joins the term of the cell under the cursor with the query that brought the row.
func (m *model) pivotCell(r *flow.Record, what string, join joining) tea.Cmd {
	if m.screenOnly("asked for") {
		return nil
	}
	view, _, _ := m.table.Present()
	term, err := pivot.Term(m.table.Column(), r, view.Node(r.Node))
	if err != nil {
		m.warn(err.Error())
		return nil
	}
	q, text, ok := m.joined(term, join)
	if !ok {
		return nil
	}
	if what != "only" { // narrower than what is here, where the refinement goes on to hold
		return m.pivoted(q, what+" "+text, func() {})
	}
	return m.pivotTo(q, what+" "+text)
}

// joining makes one query of a query and a term.
type joining func(*query.Query, query.Node) (*query.Query, error)

// onlyTerm leaves the query out.
func onlyTerm(_ *query.Query, term query.Node) (*query.Query, error) { return pivot.Only(term) }

// joined is the query that ran with a term, and the term as text; ok is false after it said why there is none.
func (m *model) joined(term query.Node, join joining) (q *query.Query, text string, ok bool) {
	now, err := query.Parse(m.run.text)
	if err != nil { // it ran, and so it can be read
		m.fail(err)
		return nil, "", false
	}
	if q, err = join(now, term); err != nil {
		m.warn(err.Error())
		return nil, "", false
	}
	text = query.Text(term)
	if q.String() == now.String() {
		m.warn("the query has this already: " + text)
		return nil, "", false
	}
	return q, text, true
}

// pivotTo runs a query that takes the place of the present one.
func (m *model) pivotTo(q *query.Query, what string) tea.Cmd {
	return m.pivoted(q, what, func() {
		m.refined = ""
		m.table.SetFilter(nil)
	})
}

// pivoted puts a query into the line, changes what else it needs, and runs it.
func (m *model) pivoted(q *query.Query, what string, change func()) tea.Cmd {
	if err := m.readable(q.String()); err != nil { // a name in it is gone
		m.fail(err)
		return nil
	}
	line, aside := m.tab, m.aside
	if aside {
		line = m.likeThis("")
	}
	if !line.bar.Put(q.String()) {
		m.warn("the query would be longer than the query line; begin with only this value")
		return nil
	}
	row, onRow := m.table.Mark()
	m.aside = false
	if !aside {
		m.leaving()
	} else if !m.openAside(line) {
		return nil
	}
	change()
	m.bar.SetText(q.String())
	m.toFlows()
	cmd := m.submit(q.String())
	m.run.pivoted = !aside
	if onRow { // the flow is in most answers, and the eye is on it
		m.table.Seek(row)
	}
	if aside {
		m.tell(what + " in a new tab; " + m.keys.tabs.KeyOf(actTabClose) + " closes it")
	} else {
		m.tell(what + "; " + m.keys.pivots.KeyOf(actBack) + " goes back")
	}
	return cmd
}

// aroundTimes are the actions that need no prompt.
var aroundTimes = map[string]time.Duration{actAround1: time.Minute, actAround5: 5 * time.Minute, actAround30: 30 * time.Minute}

// pivotTime sets the span to the time around a row, after asking for it where it is not given.
func (m *model) pivotTime(r *flow.Record, id string) tea.Cmd {
	if d, ok := aroundTimes[id]; ok {
		cmd, err := m.around(r, d)
		if err != nil {
			m.warn(err.Error())
		}
		return cmd
	}
	m.prompt = prompt.New(m.keys.prompt, "± minutes around this row", "5",
		"1, 5, 30 or any number of minutes, or a time such as 90s or 2h, before and after the row's start;", "the query stays, its span becomes this time")
	m.prompt.Leave = m.toFlows
	m.prompt.Accept = func(text string) (tea.Cmd, error) {
		d, err := minutes(text, m.now())
		if err != nil {
			return nil, err
		}
		return m.around(r, d)
	}
	m.mode = modePrompt
	return nil
}

// minutes reads a number of minutes, or a duration with its unit.
func minutes(text string, now time.Time) (time.Duration, error) {
	text = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(text), "±"))
	if _, err := strconv.ParseFloat(text, 64); err == nil {
		text += "m"
	}
	now = now.Truncate(time.Microsecond) // as spans are
	from, _, err := query.ParseSpan("last "+text, now, time.UTC)
	if err != nil {
		return 0, err
	}
	return now.Sub(from), nil
}

// around runs the present query on the time around a row.
func (m *model) around(r *flow.Record, d time.Duration) (tea.Cmd, error) {
	from, to, err := pivot.Around(r, d)
	if err != nil {
		return nil, err
	}
	sp, err := span.Between(from, to)
	if err != nil {
		return nil, err
	}
	q, err := query.Parse(m.run.text)
	if err != nil {
		return nil, err
	}
	return m.pivoted(q, "± "+span.Length(d)+" around the row", func() { m.span = sp }), nil
}
