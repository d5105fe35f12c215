package tui

import (
	"context"
	"errors"
	"time"

	tea "charm.land/bubbletea/v2"

	"cxlens/client"
	"cxlens/query"
	"cxlens/tui/span"
)

// run is the query whose rows are on the screen.
type run struct {
	seq      uint64 // messages of earlier runs are dropped
	res      result
	text     string // as it was typed
	sent     string // the same without names
	span     span.Span
	limit    int64
	follow   bool
	began    time.Time
	progress client.Progress
	stop     context.CancelFunc
	kept     bool // the history has what came of it
	pivoted  bool // it came of a pivot
	again    bool // a person had it run again
	early    bool // files were being read when it was asked
}

// resultChanged tells that a result has more rows or another state.
type resultChanged struct{ seq uint64 }

// submit runs a query that parses; an earlier one is cancelled.
func (m *model) submit(text string) tea.Cmd {
	sent, err := m.written(text)
	if err != nil {
		m.trail.left = nil
		m.bar.Fail(err)
		m.edit()
		return nil
	}
	m.leave(text)
	keep := m.finished()
	if m.cancelRun() {
		m.run.stop()
	}
	now := m.now()
	from, to := m.span.Ends(now)
	req := query.Request{
		Query: sent, From: from, To: to, Kind: query.KindFlows, Order: m.order(), Limit: max(0, m.limit), Follow: m.follow,
	}
	ctx, stop := context.WithCancel(m.ctx)
	m.runs++
	m.run = run{
		seq: m.runs, res: m.src.Submit(req), text: text, sent: sent, span: m.span, limit: m.limit, follow: m.follow,
		began: now, stop: stop, early: m.read.goesOn(),
	}
	m.began()
	m.last.changed = true
	m.fresh = following{}
	m.table.Again()
	return tea.Batch(keep, m.takeResult(ctx, 0))
}

// submitNew runs a query that was typed: a refinement of the one before does not apply to it.
func (m *model) submitNew(text string) tea.Cmd {
	m.spanBefore = nil
	m.leaving()
	m.refined = ""
	m.table.SetFilter(nil)
	return m.submit(text)
}

// waitResult rests and then waits for the next change of a result.
func waitResult(ctx context.Context, seq uint64, res result, rest time.Duration) tea.Cmd {
	return func() tea.Msg {
		if !rested(ctx, rest) {
			return nil
		}
		select {
		case <-res.Changed():
		case <-ctx.Done():
			return nil
		}
		return resultChanged{seq: seq}
	}
}

// resultChanged takes in the rows and the progress.
func (m *model) resultChanged(msg resultChanged) tea.Cmd {
	t := m.tabOfRun(msg.seq)
	if t == nil {
		return nil
	}
	return m.within(t, func() tea.Cmd {
		m.run.stop()
		ctx, stop := context.WithCancel(m.ctx)
		m.run.stop = stop
		rest := restBetween
		if m.run.res.View().Len() == 0 {
			rest = 0
		}
		return m.takeResult(ctx, rest)
	})
}

// takeResult takes in what there is of the result, and waits for more unless it has ended.
func (m *model) takeResult(ctx context.Context, rest time.Duration) tea.Cmd {
	// The rows are read first: a state that is not following yet then vouches for all of them.
	view, before := m.run.res.View(), m.run.progress.State
	p := m.run.res.Progress()
	m.run.progress = p
	if m.quitting && !m.anyBusy() && !m.exporting() {
		m.quitting = false
		m.toFlows()
		m.news("the query has ended; " + m.keys.screen.KeyOf(actQuit) + " quits")
	}
	cmd := m.takeRows(view, p)
	if p.State == client.Failed && before != client.Failed {
		m.failed(p.Err)
	}
	if ended(p.State) || p.State == client.Following {
		cmd = tea.Batch(cmd, m.finished())
	}
	if ended(p.State) {
		m.run.stop()
		return cmd
	}
	return tea.Batch(cmd, waitResult(ctx, m.run.seq, m.run.res, rest))
}

// failed shows an error of the query under the query, where its place is known.
func (m *model) failed(err error) {
	if err == nil {
		return
	}
	var re *query.RequestError
	if m.run.sent != m.run.text && errors.As(err, &re) {
		err = &query.RequestError{Code: re.Code, Message: re.Message, Offset: -1} // its place is in what was sent
	}
	if m.bar.Text() == m.run.text && !m.goesOn() { // what goes on by itself has nothing to mend
		m.bar.Fail(err)
	}
}

// cancelRun stops the query; the rows that arrived stay. It tells whether one was running.
func (m *model) cancelRun() bool {
	if m.run.res == nil || ended(m.run.progress.State) {
		return false
	}
	m.run.res.Cancel()
	return true
}

// again runs the query of the line once more: with the span as of now and in the present order.
func (m *model) again() tea.Cmd {
	if m.src == nil {
		return nil
	}
	text := m.bar.Text()
	if err := m.readable(text); err != nil {
		m.bar.Fail(err)
		m.mode = modeEdit
		m.bar.Edit()
		return nil
	}
	return m.submit(text)
}
