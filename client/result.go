package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"cxlens/internal/flow"
	"cxlens/internal/wire"
	"cxlens/query"
)

// errorPartWait is how long a refused query waits for the part that says why
// (protocol.md section 5: a 204 is followed by an error part when the id could be read).
const errorPartWait = 3 * time.Second

// ResultState is where a query stands.
type ResultState uint8

// The states.
const (
	Queued    ResultState = iota // not sent yet
	Running                      // sent, no part arrived
	Streaming                    // parts arrive
	Done                         // the last part arrived
	Following                    // done, and new flows keep coming
	Failed                       // Progress.Err says why
	Cancelled
)

// String returns the state as a word for the screen.
func (s ResultState) String() string {
	return [...]string{"queued", "running", "streaming", "done", "following", "failed", "cancelled"}[s]
}

// Ended tells whether nothing more will come.
func (s ResultState) Ended() bool { return s == Done || s == Failed || s == Cancelled }

// Progress is a snapshot of a query's progress.
type Progress struct {
	State    ResultState
	Matched  uint64        // all matches, also those beyond the limit
	Groups   uint64        // of kind top: all groups, also those beyond the limit; 0 when the server does not say
	Rows     int           // rows here
	Cut      uint64        // of a followed query: older rows that are not kept any more
	Expect   uint64        // rows to come in all: the lesser of Matched and the limit
	Elapsed  time.Duration // since Submit; stops with the query
	Server   time.Duration // the server's own elapsed time, when done
	RowsPerS float64       // since the first part
	Err      error         // a *query.RequestError for what the server refused
}

// Result is a query's answer while it arrives. All methods are safe for concurrent use.
type Result struct {
	client  *Client
	req     query.Request
	changed chan struct{}
	ended   chan struct{}
	ctx     context.Context // done when the query has ended
	stop    context.CancelFunc
	table   *flow.Table     // touched by the goroutine that receives parts only
	parts   chan *flow.View // of Stream, nil otherwise
	// The rows of the first answer of a followed query: how many it had, and how many are still here. The
	// receiving goroutine's.
	answered, asked int

	mu        sync.Mutex
	link      *link // what it was sent on
	state     ResultState
	err       error
	matched   uint64
	groups    uint64
	server    time.Duration
	submitted time.Time
	first     time.Time // arrival of the first part
	finished  time.Time // the end, or the last part of a followed query
	view      *flow.View
	columns   []string
	values    [][]string
	handed    int // rows that Stream handed over
	cut       uint64
}

// Submit sends a query with GET CXTRACKER and returns at once; the client chooses
// req.ID. A query that is submitted while the connection is down waits for it.
func (c *Client) Submit(req query.Request) *Result {
	r := c.newResult(req)
	c.work.Go(r.send)
	return r
}

// newResult opens a query that is still to be sent.
func (c *Client) newResult(req query.Request) *Result {
	ctx, stop := context.WithCancel(c.ctx)
	r := &Result{
		client: c, req: req, ctx: ctx, stop: stop,
		changed: make(chan struct{}, 1), ended: make(chan struct{}),
		table: flow.NewTable(), submitted: time.Now(),
	}
	r.view = r.table.View()
	c.mu.Lock()
	c.lastID++
	r.req.ID = c.lastID
	c.results[r.req.ID] = r
	c.mu.Unlock()
	return r
}

// send waits for a connection and sends the query on it.
func (r *Result) send() {
	l, err := r.client.waitOnline(r.ctx)
	if err != nil {
		r.end(Failed, err)
		return
	}
	data, err := json.Marshal(r.req)
	if err != nil {
		r.end(Failed, fmt.Errorf("write the query: %w", err))
		return
	}
	r.set(func() { r.link, r.state = l, max(r.state, Running) })
	err = l.conn.Get(r.ctx, moduleCXTRACKER, data)
	if err == nil || r.ctx.Err() != nil {
		return
	}
	var ack *wire.AckError
	if errors.As(err, &ack) {
		r.awaitErrorPart()
	}
	if errors.Is(err, wire.ErrClosed) {
		r.end(Failed, ErrLost)
	}
	r.end(Failed, fmt.Errorf("the server did not take the query: %w", err))
}

// awaitErrorPart gives the server time to say why it refused.
func (r *Result) awaitErrorPart() {
	select {
	case <-r.ended:
	case <-time.After(errorPartWait):
	}
}

// Request is what was asked, with its id.
func (r *Result) Request() query.Request { return r.req }

// Progress returns a snapshot. It never blocks.
func (r *Result) Progress() Progress {
	r.mu.Lock()
	defer r.mu.Unlock()
	p := Progress{
		State: r.state, Matched: r.matched, Groups: r.groups, Rows: r.view.Len() + len(r.values) + r.handed, Cut: r.cut,
		Expect: r.matched, Server: r.server, Err: r.err,
	}
	if r.req.Limit > 0 {
		p.Expect = min(p.Expect, uint64(r.req.Limit))
	}
	until := r.finished
	if until.IsZero() {
		until = time.Now()
	}
	p.Elapsed = until.Sub(r.submitted)
	if took := until.Sub(r.first); !r.first.IsZero() && took > 0 {
		p.RowsPerS = float64(p.Rows) / took.Seconds()
	}
	return p
}

// View returns the rows so far of a query of kind flows.
func (r *Result) View() *flow.View {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.view
}

// Values returns the columns and rows so far of the other kinds (count, top, timeline), as cleaned text.
func (r *Result) Values() (columns []string, rows [][]string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.columns, slices.Clip(r.values)
}

// Changed gets a value after Progress or the rows changed; values coalesce. For one reader.
func (r *Result) Changed() <-chan struct{} { return r.changed }

// Cancel stops the query, here at once and on the server. Rows that arrived stay.
func (r *Result) Cancel() {
	r.mu.Lock()
	l := r.link
	r.mu.Unlock()
	if !r.end(Cancelled, nil) || l == nil {
		return
	}
	r.client.work.Go(func() { l.cancelQuery(r.client.ctx, r.req.ID) })
}

// cancelQuery tells the server that a query is not wanted any more. A failure needs no
// word: the parts of a query that is not known here are answered 204, which ends it as well.
func (l *link) cancelQuery(ctx context.Context, id int64) {
	data, err := json.Marshal(map[string]int64{"cancel": id})
	if err == nil {
		_ = l.conn.Get(ctx, moduleCXTRACKER, data)
	}
}

// Wait blocks until the query is done, failed or cancelled (a followed one: until it
// is cancelled or fails), or ctx is done; it returns Progress.Err or ctx's error.
func (r *Result) Wait(ctx context.Context) error {
	select {
	case <-r.ended:
		r.mu.Lock()
		defer r.mu.Unlock()
		return r.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// end brings the query to its end once; later calls change nothing and return false.
func (r *Result) end(s ResultState, err error) bool {
	r.mu.Lock()
	if r.state.Ended() {
		r.mu.Unlock()
		return false
	}
	r.state, r.err, r.finished = s, err, time.Now()
	close(r.ended)
	r.mu.Unlock()
	r.stop()
	r.client.forget(r.req.ID)
	wake(r.changed)
	return true
}

// set changes the result under its lock, unless it has ended, and wakes the reader of Changed.
func (r *Result) set(change func()) {
	r.mu.Lock()
	if !r.state.Ended() {
		change()
	}
	r.mu.Unlock()
	wake(r.changed)
}
