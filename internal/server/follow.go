package server

import (
	"sync"
	"time"

	"cxlens/internal/flow"
	"cxlens/internal/store"
)

// followPause is the least time between two looks of a following query at the store.
const followPause = 200 * time.Millisecond

// follow posts the rows that match now, then, after a part that is done, those that come, until the query is
// cancelled. The limit and the order are those of the first rows; later ones come as they are stored.
func (j *job) follow(out *parts) error {
	changed, stop := j.srv.cfg.Store.Watch()
	defer stop()
	out.header.Columns = flow.ResultColumns()
	var seen store.Totals
	err := j.inSlot(func() (err error) {
		seen, err = j.followBegin(out)
		return err
	})
	out.matched = func() uint64 { return seen.Flows }
	out.release()
	for err == nil {
		select {
		case <-changed:
		case <-j.ctx.Done():
			return j.ctx.Err()
		}
		err = j.inSlot(func() error { return j.followMore(out, &seen) })
		if err == nil {
			err = j.pause(followPause)
		}
	}
	return err
}

// followBegin posts the rows up to now. No block is stored from the count until the store has begun
// to read rows, which then are those that were counted: what comes later has a higher number than seen.LastSeq.
func (j *job) followBegin(out *parts) (seen store.Totals, err error) {
	j.srv.gate.Lock()
	open := sync.OnceFunc(j.srv.gate.Unlock)
	defer open()
	if seen, err = j.srv.cfg.Store.Count(j.ctx, j.query); err != nil {
		return seen, err
	}
	out.matched = func() uint64 { return seen.Flows }
	err = j.srv.cfg.Store.Flows(j.ctx, j.query, rowBatch, func(records []flow.Record) error {
		open()
		return out.addFlows(records)
	})
	if err != nil {
		return seen, err
	}
	return seen, out.finish(seen.Flows, j.elapsed())
}

// followMore posts the matching rows after seen and moves seen on.
func (j *job) followMore(out *parts, seen *store.Totals) error {
	q := j.query
	q.AfterSeq, q.Order, q.Limit = seen.LastSeq, nil, 0
	more, err := j.srv.cfg.Store.Count(j.ctx, q)
	if err != nil || more.Flows == 0 {
		return err
	}
	// In the order of numbers the first more.Flows rows are those that were counted.
	q.Limit = int64(more.Flows)
	seen.Flows += more.Flows
	seen.LastSeq = more.LastSeq
	if err := j.srv.cfg.Store.Flows(j.ctx, q, rowBatch, out.addFlows); err != nil {
		return err
	}
	if out.n > 0 {
		if err := out.flush(); err != nil {
			return err
		}
	}
	return out.wait()
}

// pause waits d or until the query ends.
func (j *job) pause(d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-j.ctx.Done():
		return j.ctx.Err()
	}
}
