package server

import (
	"context"
	"errors"
	"time"

	"cxlens/internal/flow"
	"cxlens/internal/store"
	"cxlens/internal/wire"
	"cxlens/query"
)

// rowBatch is how many records the store hands over at once.
const rowBatch = firstRows

const microsPerSecond = 1_000_000

// job is a query that was accepted.
type job struct {
	srv     *Server
	queries *queries
	req     query.Request
	query   store.Query
	by      []flow.Column
	metric  store.Metric
	began   time.Time

	ctx    context.Context // ends with the connection, or when the query is cancelled
	cancel context.CancelFunc
}

// newJob makes a job of a valid request, or says why it cannot run.
func newJob(s *Server, req query.Request) (*job, *query.RequestError) {
	j := &job{srv: s, req: req, began: s.now(), metric: store.Metric(req.Metric)}
	if j.metric == "" {
		j.metric = store.Flows
	}
	if req.Buckets == 0 {
		j.req.Buckets = defaultBuckets
	}
	where, err := query.Parse(req.Query)
	if err != nil {
		return nil, query.AsRequestError(err)
	}
	j.query = store.Query{Where: where, Env: query.Env{Now: j.began}, Limit: req.Limit}
	// Binding finds what parsing cannot: names that are not defined, times that are none.
	if _, _, err := where.SQL(j.query.Env); err != nil {
		return nil, query.AsRequestError(err)
	}
	if j.query.From, j.query.To, err = req.Bounds(); err != nil {
		return nil, query.AsRequestError(err)
	}
	if j.query.Order, err = query.ParseOrder(req.Order); err != nil {
		return nil, badRequest("order: %v", err)
	}
	if j.by, err = query.ParseColumns(req.By); err != nil {
		return nil, badRequest("by: %v", err)
	}
	if req.Kind == query.KindTop {
		j.query.Steps, j.query.Shift = req.Steps, req.Shift*microsPerSecond
		return j, j.limitGroups()
	}
	return j, nil
}

// limitGroups bounds a top query: its groups are in memory at once.
func (j *job) limitGroups() *query.RequestError {
	most := int64(j.srv.cfg.Limits.Groups)
	switch {
	case j.query.Limit > most:
		return badRequest("this server gives %d groups at most, not %d", most, j.query.Limit)
	case j.query.Limit == 0:
		j.query.Limit = most
	}
	return nil
}

// run answers the query when a slot is free, and posts why when it cannot.
func (j *job) run() {
	out := newParts(j.ctx, j, nil)
	var err error
	if j.req.Follow {
		err = j.follow(out)
	} else {
		err = j.inSlot(func() error { return j.answer(out) })
	}
	var notTaken *postError
	switch {
	case err == nil, j.ctx.Err() != nil:
	case errors.As(err, &notTaken):
		j.queries.peer.log.Debug("query ended by the client", "query", j.req.ID, "err", err)
	default:
		j.queries.peer.log.Error("query failed", "query", j.req.ID, "text", j.query.Where.String(), "err", err)
		refused := &query.RequestError{
			Code: wire.CodeInternal, Offset: -1,
			Message: "the store failed while answering; the server's log says why",
		}
		j.queries.free(j)
		if err := out.fail(refused, j.elapsed()); err != nil {
			j.queries.peer.log.Debug("error part not taken", "query", j.req.ID, "err", err)
		}
	}
}

// inSlot runs f while no more than the allowed number of the client's queries run.
func (j *job) inSlot(f func() error) error {
	select {
	case j.queries.slots <- struct{}{}:
	case <-j.ctx.Done():
		return j.ctx.Err()
	}
	defer func() { <-j.queries.slots }()
	return f()
}

func (j *job) elapsed() time.Duration { return j.srv.now().Sub(j.began) }

func (j *job) answer(out *parts) error {
	switch j.req.Kind {
	case query.KindCount:
		return j.answerCount(out)
	case query.KindTop:
		return j.answerTop(out)
	case query.KindTimeline:
		return j.answerTimeline(out)
	}
	return j.answerFlows(out)
}

// answerFlows posts the rows of kind flows. A row limit cuts the rows and not the count of matches.
func (j *job) answerFlows(out *parts) error {
	out.header.Columns = flow.ResultColumns()
	ctx, cancel := context.WithCancel(j.ctx)
	defer cancel()
	m := j.countMatches(ctx)
	out.matched = func() uint64 { return max(m.soFar(), out.sent+uint64(out.n)) }
	if err := j.srv.cfg.Store.Flows(j.ctx, j.query, rowBatch, out.addFlows); err != nil {
		return err
	}
	rows := out.sent + uint64(out.n)
	if j.query.Limit == 0 || rows < uint64(j.query.Limit) {
		return j.finish(out, rows)
	}
	totals, err := m.wait(j.ctx)
	if err != nil {
		return err
	}
	return j.finish(out, max(totals.Flows, rows))
}

// finish posts the last part.
func (j *job) finish(out *parts, matched uint64) error {
	j.queries.free(j)
	return out.finish(matched, j.elapsed())
}

// addFlows adds a batch of the store.
func (p *parts) addFlows(records []flow.Record) error {
	for i := range records {
		if err := p.addFlow(&records[i]); err != nil {
			return err
		}
	}
	return p.flushOld()
}
