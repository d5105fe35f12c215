package tui

import (
	"context"
	"errors"
	"fmt"
	"time"

	tea "charm.land/bubbletea/v2"

	"cxlens/client"
	"cxlens/internal/flow"
	"cxlens/query"
	"cxlens/tui/facets"
	"cxlens/tui/human"
	"cxlens/tui/sums"
	"cxlens/tui/table"
)

// listedMost is how many values or groups are listed at first, and so many more at a time; mostListed bounds them.
const (
	listedMost = 1000
	mostListed = 20_000
)

// listedAtMost is how many groups are listed where a profile wants so many; -1 is no limit, 0 leaves it to the program.
func listedAtMost(limit int64) int {
	switch {
	case limit < 0:
		return mostListed
	case limit == 0:
		return listedMost
	}
	return int(min(limit, mostListed))
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
	adding   bool               // rows here are being summed up
	here     *facets.Here       // the rows here, once they are summed up
	of       table.Passing      // the rows here that are, or were, summed up
	most     int                // so many are listed at most
	whole    bool               // the server's answer is shown
	lost     bool               // the question was lost with the connection
	single   bool               // the server knows no steps
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
	tab  *tab
	list *listing
	here *facets.Here
	ctx  context.Context
	more bool
}

// listingDue tells that the groups of a followed query may be asked for again.
type listingDue struct{ list *listing }

// newListing counts by columns as look says; most is how many it lists.
func (m *model) newListing(by []flow.Column, look groupLook, most int) (*listing, tea.Cmd, error) {
	req, err := m.scoped(look.scope)
	if err != nil {
		return nil, nil, err
	}
	l := &listing{
		list: facets.New(m.keys.facets, by, look.metric), run: m.run.seq, text: req.Query, from: req.From, to: req.To, most: most, stop: func() {},
	}
	l.list.SetScope(look.scope, flow.Clean(m.refined))
	l.list.SetSingles(look.singles)
	_ = l.list.SetOrder(look.order) // other columns have another one
	return l, m.countListing(l), nil
}

// scoped asks for the matches of a scope.
func (m *model) scoped(scope facets.Scope) (query.Request, error) {
	if scope == facets.OfMatch {
		return m.matchRefined("")
	}
	return m.wholeMatch()
}

// countListing sums up the rows here, and asks the server unless they are all that is wanted.
func (m *model) countListing(l *listing) tea.Cmd {
	l.whole = false
	cmd := m.addHere(l)
	if l.list.Scope() != facets.OfHere {
		cmd = tea.Batch(cmd, m.askListing(l))
	}
	return cmd
}

// addHere sums up the rows here that the list is about, as far as they are known.
func (m *model) addHere(l *listing) tea.Cmd {
	l.stop()
	l.adding, l.here = false, nil
	p, ok := m.table.Passing()
	if p.View != nil && l.list.Scope() == facets.OfMatch {
		p.Rows, p.N, ok = nil, p.View.Len(), true
	}
	l.of = p
	switch {
	case !ok && l.list.Scope() == facets.OfHere:
		l.list.Say("waiting for the rows here…")
		l.of = table.Passing{}
		return nil
	case !ok || p.N == 0 && l.list.Scope() != facets.OfHere:
		return nil
	}
	ctx, stop := context.WithCancel(m.ctx)
	l.stop, l.adding = stop, true
	here := facets.NewHere(p.View, p.Rows, p.N, l.list.By(), l.most)
	if l.list.InSteps() {
		here.InSteps(m.stepShift() * microsPerSecond)
	}
	return stepHere(summedHere{tab: m.tab, list: l, here: here, ctx: ctx})
}

// askListing asks the server for the groups and, for their shares, for the sum of all matches.
func (m *model) askListing(l *listing) tea.Cmd {
	l.top.drop()
	l.sum.drop()
	l.groups, l.total, l.lost, l.single = answer{}, answer{}, false, false
	l.seen, l.at = m.run.progress.Matched, m.now()
	if !l.whole {
		l.list.Say(m.askedNote())
	}
	req := query.Request{Query: l.text, From: l.from, To: l.to, Kind: query.KindCount}
	var count, top tea.Cmd
	l.sum, count = m.askServer(req, func(a answer) tea.Cmd { l.total = a; l.sum = nil; l.arrived(); return nil })
	req.Kind, req.Metric, req.Limit, req.Times = query.KindTop, l.list.Metric().String(), int64(l.most), true
	for _, c := range l.list.By() {
		req.By = append(req.By, c.String())
	}
	if l.list.InSteps() {
		req.Steps, req.Shift = true, m.stepShift()
	}
	l.top, top = m.askServer(req, func(a answer) tea.Cmd { l.groups = a; l.top = nil; l.arrived(); return nil })
	return tea.Batch(count, top)
}

// arrived shows the server's answer once both parts of it are here.
func (l *listing) arrived() {
	if l.asked() {
		return
	}
	a, err := l.answer()
	if l.lost = errors.Is(err, client.ErrLost); l.lost && !l.whole {
		err = errLostHere
	}
	l.single = errors.Is(err, errSingleHere)
	if err != nil {
		l.list.Fail(err)
		return
	}
	l.stop()
	l.whole, l.adding = true, false
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
	if !l.stepped() {
		return out, errSingleHere
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
func stepHere(s summedHere) tea.Cmd {
	return func() tea.Msg {
		s.more = s.here.Step(s.ctx)
		return s
	}
}

// summedHere goes on with the rows here, unless the server was faster.
func (m *model) summedHere(s summedHere) tea.Cmd {
	l := s.list
	if s.ctx.Err() != nil || l.whole {
		return nil
	}
	asks := "; " + m.askedNote()
	if l.list.Scope() == facets.OfHere {
		asks = ", " + m.keys.facets.KeyOf(facets.Leave) + " leaves it"
	}
	if s.more {
		l.list.Say(fmt.Sprintf("%d %% of the %s rows here are summed up%s", int(s.here.Done()*100), human.Exact(uint64(l.of.N)), asks))
		return stepHere(s)
	}
	l.adding, l.here = false, s.here
	l.list.Show(s.here.Answer(l.list.Metric()))
	l.list.Say("")
	switch {
	case l.lost:
		l.list.Fail(errLostHere)
	case l.single:
		l.list.Fail(errSingleHere)
	case l.asked():
		l.list.Say(m.askedNote())
	}
	return nil
}

// reorder lists by the metric of the list, which is another one; where not all groups are listed, those with most of it
// are asked for.
func (m *model) reorder(l *listing) tea.Cmd {
	switch {
	case !l.whole && l.here != nil:
		l.list.Show(l.here.Answer(l.list.Metric()))
	case l.list.Complete() && l.top == nil:
		return nil
	}
	if l.list.Scope() == facets.OfHere {
		return nil
	}
	return m.askListing(l)
}

// listMore lists so many more; ok is false when all are listed.
func (m *model) listMore(l *listing) (cmd tea.Cmd, ok bool) {
	if l.list.Complete() {
		return nil, false
	}
	if l.most >= mostListed {
		m.warn(fmt.Sprintf("at most %s are listed; a narrower query or another metric lists others", human.Exact(mostListed)))
		return nil, true
	}
	l.most = min(l.most-l.most%listedMost+listedMost, mostListed)
	if l == m.groups {
		m.mostGroups = int64(l.most)
	}
	if l.list.Scope() == facets.OfHere {
		return m.addHere(l), true
	}
	l.list.Say("the server is asked for more…")
	return m.askListing(l), true
}

// nextScope counts what the next scope says.
func (m *model) nextScope(l *listing) tea.Cmd {
	scope := l.list.Scope().Next(m.refined != "")
	req, err := m.scoped(scope)
	if err != nil {
		m.fail(err)
		return nil
	}
	l.text, l.from, l.to = req.Query, req.From, req.To
	l.list.SetScope(scope, flow.Clean(m.refined))
	return m.recount(l)
}

// refreshListing counts again when there are more rows here, or more matches of a followed query.
func (m *model) refreshListing(l *listing) tea.Cmd {
	var again func(*listing) tea.Cmd
	switch {
	case l.timed || l.adding || l.top != nil || l.sum != nil:
		return nil
	case l.list.Scope() == facets.OfHere:
		if p, ok := m.table.Passing(); !ok || p.Stamp == l.of.Stamp && p.N == l.of.N && l.of.View != nil {
			return nil
		}
		again = m.addHere
	case m.run.progress.State == client.Following && m.run.progress.Matched != l.seen:
		again = m.askListing
	default:
		return nil
	}
	wait := l.at.Add(2 * refreshTimeline).Sub(m.now())
	if wait <= 0 || l.of.View == nil && l.list.Scope() == facets.OfHere {
		l.at = m.now()
		return again(l)
	}
	l.timed = true
	return tea.Tick(wait, func(time.Time) tea.Msg { return listingDue{l} })
}
