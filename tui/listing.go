package tui

import (
	"context"
	"fmt"
	"time"

	tea "charm.land/bubbletea/v2"

	"cxlens/client"
	"cxlens/internal/flow"
	"cxlens/query"
	"cxlens/tui/facets"
	"cxlens/tui/human"
	"cxlens/tui/sums"
)

// listedMost is how many values or groups are listed at most; the list says how many there are.
const listedMost = 1000

// listedAtMost is how many groups are listed where a profile wants so many; -1 is no limit, 0 leaves it to the program.
func listedAtMost(limit int64) int {
	if limit <= 0 {
		return listedMost
	}
	return int(min(limit, listedMost))
}

// listing is a list of values or groups and what was asked for it.
type listing struct {
	list *facets.Model
	run  uint64 // of the rows it is about
	text string // the query of the whole match
	from string
	to   string

	top, sum *ask
	groups   answer // of top, once it is here
	total    answer
	stop     context.CancelFunc // ends the summing of the rows here
	most     int                // so many are listed at most
	whole    bool               // the server's answer is shown
	seen     uint64             // matches of the run when it was asked
	at       time.Time
	timed    bool
}

// drop ends all that is on its way; nil is none.
func (l *listing) drop() {
	if l == nil {
		return
	}
	l.stop()
	l.top.drop()
	l.sum.drop()
}

// summedHere tells that a piece of the rows here is summed up.
type summedHere struct {
	tab    *tab
	list   *listing
	here   *facets.Here
	ctx    context.Context
	answer *facets.Answer // when nothing is left
}

// listingDue tells that the groups of a followed query may be asked for again.
type listingDue struct{ list *listing }

// newListing sums up the rows here by columns and asks the server for all matches; most is how many it lists.
func (m *model) newListing(by []flow.Column, metric sums.Metric, most int) (*listing, tea.Cmd, error) {
	req, err := m.wholeMatch()
	if err != nil {
		return nil, nil, err
	}
	ctx, stop := context.WithCancel(m.ctx)
	l := &listing{list: facets.New(m.keys.facets, by, metric), run: m.run.seq, text: req.Query, from: req.From, to: req.To, most: most, stop: stop}
	cmd := m.askListing(l)
	if view, rows, n := m.table.Present(); n > 0 {
		cmd = tea.Batch(cmd, stepHere(summedHere{tab: m.tab, list: l, here: facets.NewHere(view, rows, n, by), ctx: ctx}, metric))
	}
	return l, cmd, nil
}

// askListing asks the server for the groups and, for their shares, for the sum of all matches.
func (m *model) askListing(l *listing) tea.Cmd {
	l.top.drop()
	l.sum.drop()
	l.groups, l.total = answer{}, answer{}
	l.seen, l.at = m.run.progress.Matched, m.now()
	if !l.whole {
		l.list.Say("the server is asked for all matches…")
	}
	req := query.Request{Query: l.text, From: l.from, To: l.to, Kind: query.KindCount}
	var count, top tea.Cmd
	l.sum, count = m.askServer(req, func(a answer) tea.Cmd { l.total = a; l.sum = nil; l.arrived(); return nil })
	req.Kind, req.Metric, req.Limit, req.Times = query.KindTop, l.list.Metric().String(), int64(l.most), true
	for _, c := range l.list.By() {
		req.By = append(req.By, c.String())
	}
	l.top, top = m.askServer(req, func(a answer) tea.Cmd { l.groups = a; l.top = nil; l.arrived(); return nil })
	return tea.Batch(count, top)
}

// arrived shows the server's answer once both parts of it are here.
func (l *listing) arrived() {
	if l.top != nil || l.sum != nil {
		return
	}
	a, err := l.answer()
	if err != nil {
		l.list.Fail(err)
		return
	}
	l.stop()
	l.whole = true
	l.list.Say("")
	l.list.Show(a)
}

// answer reads what the server sent.
func (l *listing) answer() (facets.Answer, error) {
	for _, a := range []answer{l.groups, l.total} {
		if a.err != nil {
			return facets.Answer{}, a.err
		}
	}
	out := facets.Answer{Of: max(l.groups.progress.Groups, uint64(len(l.groups.rows))), Whole: true, Exact: true}
	if len(l.total.rows) != 1 {
		return out, fmt.Errorf("the server's count has %d rows", len(l.total.rows))
	}
	var err error
	if out.All, err = sums.Columns(l.total.columns).Sums(l.total.rows[0]); err != nil {
		return out, err
	}
	by, a := l.list.By(), sums.Columns(l.groups.columns)
	for _, row := range l.groups.rows {
		if len(row) < len(by) {
			return out, fmt.Errorf("the server's answer has a group of %d values", len(row))
		}
		g := facets.Group{Values: row[:len(by)], First: a.Cell(row, "first"), Last: a.Cell(row, "last")}
		if g.Sums, err = a.Sums(row); err != nil {
			return out, err
		}
		out.Groups = append(out.Groups, g)
	}
	return out, nil
}

// stepHere sums up the next piece of the rows here.
func stepHere(s summedHere, metric sums.Metric) tea.Cmd {
	return func() tea.Msg {
		if !s.here.Step(s.ctx) && s.ctx.Err() == nil {
			a := s.here.Answer(metric, s.list.most)
			s.answer = &a
		}
		return s
	}
}

// summedHere goes on with the rows here, unless the server was faster.
func (m *model) summedHere(s summedHere) tea.Cmd {
	l := s.list
	if s.ctx.Err() != nil || l.whole {
		return nil
	}
	if s.answer != nil {
		l.list.Show(*s.answer)
		return nil
	}
	rows, of := s.here.Done()
	l.list.Say(fmt.Sprintf("%s of %s rows here are summed up; the server is asked for all matches…", human.Exact(uint64(rows)), human.Exact(uint64(of))))
	return stepHere(summedHere{tab: s.tab, list: l, here: s.here, ctx: s.ctx}, l.list.Metric())
}

// reorder orders a list by the next metric; when not all groups are listed the server is asked for them.
func (m *model) reorder(l *listing) tea.Cmd {
	l.list.SortBy(l.list.Order())
	if l.list.Complete() && l.top == nil {
		return nil
	}
	return m.askListing(l)
}

// refreshListing asks again when a followed query has more matches.
func (m *model) refreshListing(l *listing) tea.Cmd {
	if l.top != nil || l.sum != nil || l.timed || m.run.progress.State != client.Following || m.run.progress.Matched == l.seen {
		return nil
	}
	wait := l.at.Add(2 * refreshTimeline).Sub(m.now())
	if wait <= 0 {
		return m.askListing(l)
	}
	l.timed = true
	return tea.Tick(wait, func(time.Time) tea.Msg { return listingDue{l} })
}
