package client

import (
	"context"
	"fmt"

	"cxlens/internal/flow"
	"cxlens/query"
)

// Stream runs a query of kind flows whose rows are not kept: each gets them part by part, in their
// order, as views that hold nothing but the rows of one part, and the progress so far. The server sends no
// faster than each returns, so that memory holds two parts at most. It ends with the query, with
// each's error, or when ctx is done; the query is cancelled in the last two cases.
func (c *Client) Stream(ctx context.Context, req query.Request, each func(v *flow.View, p Progress) error) error {
	r := c.newResult(req)
	r.parts = make(chan *flow.View)
	c.work.Go(r.send)
	defer r.Cancel()
	for {
		select {
		case v := <-r.parts:
			if err := each(v, r.Progress()); err != nil {
				return err
			}
		case <-r.ended:
			if p := r.Progress(); p.State != Done && p.Err == nil {
				return context.Canceled
			}
			return r.Wait(ctx)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// hand parses a part's rows into a table of their own and waits until they are taken.
func (r *Result) hand(h query.PartHeader, rows []byte) error {
	table := flow.NewTable()
	for _, n := range h.Nodes {
		table.SetNode(n)
	}
	n, err := table.AppendResult(rows)
	if err == nil && h.Columns != nil && n != h.Rows {
		err = fmt.Errorf("%d rows announced, %d arrived", h.Rows, n)
	}
	if err != nil {
		return err
	}
	r.set(func() {
		r.handed += n
		r.takeOver(h, r.view, nil)
	})
	select {
	case r.parts <- table.View():
	case <-r.ctx.Done():
	}
	return nil
}
