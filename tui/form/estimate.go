package form

import (
	"context"
	"strconv"
	"time"

	tea "charm.land/bubbletea/v2"

	"cxlens/client"
	"cxlens/query"
)

// restBefore is how long the form rests after a change before it asks for an estimate.
const restBefore = 200 * time.Millisecond

// Counting is the answer to a query of kind count while it is made; *client.Result is one.
type Counting interface {
	Progress() client.Progress
	Values() (columns []string, rows [][]string)
	Changed() <-chan struct{}
	Cancel()
}

// Due tells that the form has rested long enough for an estimate.
type Due struct{ seq uint64 }

// Counted is the answer to an estimate.
type Counted struct {
	seq    uint64
	failed error
	totals totals
}

// totals is what a count found: flows, frame bytes, and the starts of the first and the last flow.
type totals struct {
	flows, bytes uint64
	first, last  time.Time
	server       time.Duration
}

// state says how far an estimate is.
type state uint8

const (
	resting state = iota // until the last change is a moment ago
	counting
	known
	failed
	blocked // a field cannot be read
	offline
)

// estimate is what is known of the matches of the present query.
type estimate struct {
	seq    uint64 // answers of earlier ones are dropped
	about  string // the query and its span
	asked  bool
	state  state
	stop   context.CancelFunc
	ctx    context.Context
	res    Counting
	totals totals
	err    error
}

// forget ends the present estimate.
func (m *Model) forget() {
	e := &m.count
	e.stop()
	if e.res != nil {
		e.res.Cancel()
	}
	*e = estimate{seq: e.seq + 1, stop: func() {}}
}

// recount begins a new estimate if the query or its span is another.
func (m *Model) recount() tea.Cmd {
	about := m.search.Span.Text() + "\n" + m.text
	if m.wrong > 0 {
		about = ""
	}
	if m.count.asked && m.count.about == about {
		return nil
	}
	m.forget()
	m.count.about, m.count.asked = about, true
	if m.wrong > 0 {
		m.count.state = blocked
		return nil
	}
	m.count.ctx, m.count.stop = context.WithCancel(m.ctx)
	ctx, seq, rest := m.count.ctx, m.count.seq, m.opts.After(restBefore)
	return func() tea.Msg {
		select {
		case <-rest:
			return Due{seq: seq}
		case <-ctx.Done():
			return nil
		}
	}
}

// due sends the count.
func (m *Model) due(msg Due) tea.Cmd {
	if msg.seq != m.count.seq {
		return nil
	}
	from, to := m.search.Span.Ends(m.opts.Now())
	res, err := m.opts.Count(query.Request{Query: m.text, From: from, To: to, Kind: query.KindCount})
	switch {
	case err != nil:
		m.count.state, m.count.err = failed, err
		return nil
	case res == nil:
		m.count.state = offline
		return nil
	}
	m.count.res, m.count.state = res, counting
	ctx, seq := m.count.ctx, m.count.seq
	return func() tea.Msg {
		for {
			if p := res.Progress(); p.State.Ended() {
				return answer(seq, p, res)
			}
			select {
			case <-res.Changed():
			case <-ctx.Done():
				return nil
			}
		}
	}
}

// answer reads the one row of a count.
func answer(seq uint64, p client.Progress, res Counting) Counted {
	c := Counted{seq: seq, failed: p.Err, totals: totals{flows: p.Matched, server: p.Server}}
	columns, rows := res.Values()
	if len(rows) == 0 {
		return c
	}
	for i, value := range rows[0] {
		if i >= len(columns) {
			break
		}
		switch columns[i] {
		case "bytes":
			c.totals.bytes, _ = strconv.ParseUint(value, 10, 64) // 0 where a server says nothing of it
		case "first":
			c.totals.first, _ = time.Parse(time.RFC3339Nano, value)
		case "last":
			c.totals.last, _ = time.Parse(time.RFC3339Nano, value)
		}
	}
	return c
}

// counted takes an answer in, unless the form has changed since.
func (m *Model) counted(msg Counted) {
	if msg.seq != m.count.seq {
		return
	}
	m.count.stop()
	m.count.res = nil
	m.count.state, m.count.totals, m.count.err = known, msg.totals, msg.failed
	if msg.failed != nil {
		m.count.state = failed
	}
}
