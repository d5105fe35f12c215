package server

import (
	"context"
	"fmt"
	"sync"

	"cxlens/internal/wire"
	"cxlens/query"
)

// moduleCxtracker is the module that queries and results are of.
const moduleCxtracker = "CXTRACKER"

// maxRefusals is how many error parts may wait for a client that does not read, beside its queries.
const maxRefusals = 32

// queries are the queries of one client.
type queries struct {
	peer  *peer
	slots chan struct{} // one a running query

	mu       sync.Mutex
	jobs     map[int64]*job // by the ids that are in use
	live     int            // all that run, wait, follow or end
	refusals int
}

func newQueries(p *peer) *queries {
	return &queries{
		peer: p, slots: make(chan struct{}, p.srv.cfg.Limits.Queries),
		jobs: map[int64]*job{},
	}
}

// take starts the query, or ends the one, that a GET CXTRACKER block is. DataError: it cannot be read
// or may not run; an error part that says why follows when its id is known (protocol.md section 5).
func (q *queries) take(data []byte) wire.Answer {
	req, err := query.DecodeRequest(data)
	if err != nil {
		if id, ok := query.RequestID(data); ok {
			q.refuse(id, query.AsRequestError(err))
		}
		return wire.DataError
	}
	if req.Cancel != nil {
		q.cancel(*req.Cancel)
		return wire.Accept
	}
	j, refused := newJob(q.peer.srv, req)
	if refused == nil {
		refused = q.add(j)
	}
	if refused != nil {
		q.refuse(req.ID, refused)
		return wire.DataError
	}
	q.peer.goDo(func() {
		defer q.remove(j)
		j.run()
	})
	return wire.Accept
}

// add makes the job one of those that run or wait.
func (q *queries) add(j *job) *query.RequestError {
	q.mu.Lock()
	defer q.mu.Unlock()
	limits := q.peer.srv.cfg.Limits
	if _, running := q.jobs[j.req.ID]; running {
		return badRequest("the query id %d is in use: cancel that query first, or take another id", j.req.ID)
	}
	if q.live >= limits.Queries+limits.Queued {
		return badRequest("%d queries run, wait or follow already: cancel one, or wait for one", q.live)
	}
	j.ctx, j.cancel = context.WithCancel(q.peer.ctx)
	j.queries = q
	q.jobs[j.req.ID] = j
	q.live++
	return nil
}

// free gives a job's id back. It comes before the last part, after which the client may use the id again.
func (q *queries) free(j *job) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.jobs[j.req.ID] == j {
		delete(q.jobs, j.req.ID)
	}
}

// remove is the end of a job.
func (q *queries) remove(j *job) {
	j.cancel()
	q.free(j)
	q.mu.Lock()
	defer q.mu.Unlock()
	q.live--
}

// cancel ends a query; its id is free at once. Nothing more is posted of it but the part that is on its way.
func (q *queries) cancel(id int64) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if j := q.jobs[id]; j != nil {
		j.cancel()
		delete(q.jobs, id)
	}
}

// refuse posts an error part for a query that does not run.
func (q *queries) refuse(id int64, refused *query.RequestError) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.refusals >= maxRefusals {
		q.peer.log.Warn("query refused without a word: the client does not read", "query", id)
		return
	}
	q.refusals++
	q.peer.goDo(func() {
		header := query.PartHeader{ID: id, Done: true, Error: refused}
		if data, err := header.MarshalLine(); err == nil {
			err = q.post(q.peer.ctx, data)
			q.peer.log.Debug("query refused", "query", id, "reason", refused.Message, "post", err)
		}
		q.mu.Lock()
		q.refusals--
		q.mu.Unlock()
	})
}

func (q *queries) post(ctx context.Context, data []byte) error {
	return q.peer.wire().Post(ctx, moduleCxtracker, data)
}

// badRequest is a refusal with code -1 and no place in the query's text.
func badRequest(format string, args ...any) *query.RequestError {
	return &query.RequestError{Code: wire.CodeBadRequest, Message: fmt.Sprintf(format, args...), Offset: -1}
}
