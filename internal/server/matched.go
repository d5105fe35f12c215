package server

import (
	"context"
	"sync"
	"time"

	"cxlens/internal/store"
)

// matchedWait is how long the first part waits for the number of matches.
const matchedWait = 250 * time.Millisecond

// matched counts all matches of a query beside the reading of its rows.
type matched struct {
	first  sync.Once // the wait of the first part
	done   chan struct{}
	totals store.Totals // valid when done is closed
	err    error
}

func (j *job) countMatches(ctx context.Context) *matched {
	m := &matched{done: make(chan struct{})}
	j.queries.peer.goDo(func() {
		defer close(m.done)
		m.totals, m.err = j.srv.cfg.Store.Count(ctx, j.query)
	})
	return m
}

// wait returns the totals.
func (m *matched) wait(ctx context.Context) (store.Totals, error) {
	select {
	case <-m.done:
		return m.totals, m.err
	case <-ctx.Done():
		return store.Totals{}, ctx.Err()
	}
}

// soFar returns the number of matches if it is known, else 0. The first time it waits a little.
func (m *matched) soFar() uint64 {
	m.first.Do(func() {
		timer := time.NewTimer(matchedWait)
		defer timer.Stop()
		select {
		case <-m.done:
		case <-timer.C:
		}
	})
	select {
	case <-m.done:
		return m.totals.Flows
	default:
		return 0
	}
}
