package client

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"cxlens/internal/flow"
	"cxlens/query"
)

// receive takes in a result part (protocol.md section 5). An error is answered 204,
// after which the server sends no further part of that query.
func (c *Client) receive(l *link, data []byte) error {
	h, rows, withHeader, err := query.ParsePart(data)
	if err != nil {
		return err
	}
	r := c.result(l, h.ID, withHeader)
	if r == nil {
		return fmt.Errorf("no query %d is open", h.ID)
	}
	if !withHeader {
		// An old server knows no parts: what it posts is the whole answer.
		h = query.PartHeader{Done: true}
	}
	if h.Error != nil {
		h.Error.Message = flow.Clean(h.Error.Message)
		r.end(Failed, h.Error)
		return nil
	}
	if err := r.add(h, rows); err != nil {
		r.end(Failed, fmt.Errorf("part %d of the result: %w", h.Part, err))
		return err
	}
	if h.Done && !r.req.Follow {
		r.end(Done, nil)
	}
	return nil
}

// result finds the open query that a part belongs to: by its id, or the oldest open one.
func (c *Client) result(l *link, id int64, byID bool) *Result {
	c.mu.Lock()
	defer c.mu.Unlock()
	if byID {
		return c.results[id]
	}
	var oldest *Result
	for _, r := range c.results {
		if r.sentOn(l) && (oldest == nil || r.req.ID < oldest.req.ID) {
			oldest = r
		}
	}
	return oldest
}

// openOn lists the queries that were sent on l and have not ended.
func (c *Client) openOn(l *link) []*Result {
	c.mu.Lock()
	defer c.mu.Unlock()
	var open []*Result
	for _, r := range c.results {
		if r.sentOn(l) {
			open = append(open, r)
		}
	}
	return open
}

func (c *Client) forget(id int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.results, id)
}

func (r *Result) sentOn(l *link) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.link == l
}

// add appends a part's rows and takes over what its header says.
func (r *Result) add(h query.PartHeader, rows []byte) error {
	if r.parts != nil {
		return r.hand(h, rows)
	}
	for _, n := range h.Nodes {
		r.table.SetNode(n)
	}
	var values [][]string
	if kind := r.req.Kind; kind == "" || kind == query.KindFlows {
		n, err := r.table.AppendResult(rows)
		if err != nil {
			return err
		}
		if h.Columns != nil && n != h.Rows {
			return fmt.Errorf("%d rows announced, %d arrived", h.Rows, n)
		}
		r.keepFollowed(h.Done)
	} else {
		values = splitRows(rows)
	}
	r.set(func() { r.takeOver(h, r.table.View(), values) })
	return nil
}

// takeOver publishes a part. The lock is held.
func (r *Result) takeOver(h query.PartHeader, view *flow.View, values [][]string) {
	now := time.Now()
	if r.first.IsZero() {
		r.first = now
	}
	r.view = view
	r.values = append(r.values, values...)
	if h.Columns != nil && r.columns == nil {
		r.columns = slices.Clone(h.Columns)
	}
	r.matched = max(h.Matched, uint64(view.Len()+r.handed)+r.cut)
	r.groups = max(r.groups, h.Groups)
	r.state = max(r.state, Streaming)
	if h.Done {
		r.server = millis(h.ElapsedMS)
		if r.req.Follow {
			r.state = Following
		}
	}
	if r.state == Following {
		r.finished = now
	}
}

func splitRows(rows []byte) [][]string {
	var out [][]string
	for line := range strings.Lines(string(rows)) {
		fields := strings.Split(strings.TrimRight(line, "\r\n"), "|")
		for i := range fields {
			fields[i] = flow.Clean(fields[i])
		}
		out = append(out, fields)
	}
	return out
}
