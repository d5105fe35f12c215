package server

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"cxlens/internal/flow"
	"cxlens/query"
)

const (
	// firstRows is the size of a query's first part, so that its rows are seen at once.
	firstRows = 500
	// partWait is how long rows wait for a part to fill.
	partWait = 250 * time.Millisecond
	// headerBytes is what a part's header takes beside its nodes, at most.
	headerBytes = 4096
	// nodeBytes is what a node takes in a header, at most: three texts of 64 bytes, each byte escaped, and their names.
	nodeBytes = 3*64*6 + 64
)

// parts cuts a query's rows into parts and posts them, one while the next is filled. A part is a whole
// block (protocol.md section 3), so the client's acks pace the reading of the store, and what
// waits here is two parts at most.
type parts struct {
	post  func(data []byte) error
	async func(f func()) // runs f beside
	// nodes tells what the ids in rows of kind flows stand for.
	nodes func(ids map[uint32]struct{}) []flow.NodeInfo
	// matched is what is known of the number of matches, for parts before the last.
	matched           func() uint64
	maxRows, maxBytes int

	header  query.PartHeader // of every part
	rows    []byte           // of the part that is filled
	n       int              // rows in it
	limit   int              // rows that fill it
	ids     map[uint32]struct{}
	began   time.Time // when its first row came
	sent    uint64    // rows of all parts before it
	payload []byte    // the part that is posted
	posting chan error
}

// addFlow adds a row of kind flows.
func (p *parts) addFlow(r *flow.Record) error {
	at := len(p.rows)
	p.rows = flow.AppendLine(p.rows, r, flow.FormResult)
	if err := p.makeRoom(at, r.Node); err != nil {
		return err
	}
	p.ids[r.Node] = struct{}{}
	return p.added()
}

// addText adds a row of another kind.
func (p *parts) addText(fields ...string) error {
	at := len(p.rows)
	for i, f := range fields {
		if i > 0 {
			p.rows = append(p.rows, '|')
		}
		p.rows = append(p.rows, strings.ReplaceAll(flow.Clean(f), "|", flow.Mark)...)
	}
	p.rows = append(p.rows, '\n')
	if err := p.makeRoom(at, 0); err != nil {
		return err
	}
	return p.added()
}

// makeRoom sends the rows before offset at when the row behind it makes the part too large.
func (p *parts) makeRoom(at int, node uint32) error {
	nodes := len(p.ids)
	if _, ok := p.ids[node]; !ok {
		nodes++
	}
	if p.n == 0 || len(p.rows)+headerBytes+nodes*nodeBytes <= p.maxBytes {
		return nil
	}
	row := bytes.Clone(p.rows[at:])
	p.rows = p.rows[:at]
	if err := p.flush(); err != nil {
		return err
	}
	p.rows = append(p.rows, row...)
	return nil
}

// added counts the row and sends a part that is full.
func (p *parts) added() error {
	if p.n == 0 {
		p.began = time.Now()
	}
	if p.n++; p.n >= p.limit {
		return p.flush()
	}
	return nil
}

// flushOld sends what has waited long enough.
func (p *parts) flushOld() error {
	if p.n > 0 && time.Since(p.began) >= partWait {
		return p.flush()
	}
	return nil
}

// flush sends a part that is not the last.
func (p *parts) flush() error {
	h := p.header
	h.Matched = p.matched()
	return p.send(h)
}

// finish sends the last part, also without rows, and waits for its ack.
func (p *parts) finish(matched uint64, elapsed time.Duration) error {
	h := p.header
	h.Matched, h.Done, h.ElapsedMS = matched, true, millis(elapsed)
	if err := p.send(h); err != nil {
		return err
	}
	return p.wait()
}

// fail sends the error as the last part, without the rows that wait.
func (p *parts) fail(refused *query.RequestError, elapsed time.Duration) error {
	p.rows, p.n = p.rows[:0], 0
	h := p.header
	h.Done, h.Error, h.ElapsedMS, h.Columns = true, refused, millis(elapsed), nil
	if err := p.send(h); err != nil {
		return err
	}
	return p.wait()
}

// send posts the rows under a header, when the part before has its ack.
func (p *parts) send(h query.PartHeader) error {
	if err := p.wait(); err != nil {
		return err
	}
	h.Rows, h.Nodes = p.n, p.nodes(p.ids)
	line, err := json.Marshal(h)
	if err != nil {
		return fmt.Errorf("write a part's header: %w", err)
	}
	p.payload = append(append(append(p.payload[:0], line...), '\n'), p.rows...)
	p.header.Part++
	p.sent += uint64(p.n)
	p.rows, p.n, p.limit = p.rows[:0], 0, p.maxRows
	clear(p.ids)

	payload, done := p.payload, make(chan error, 1)
	p.posting = done
	p.async(func() { done <- p.post(payload) })
	return nil
}

// wait returns what became of the part that is being posted. After an error payload is not used again:
// its block may still be on its way.
func (p *parts) wait() error {
	if p.posting == nil {
		return nil
	}
	err := <-p.posting
	p.posting = nil
	if err != nil {
		p.payload = nil
		return &postError{err}
	}
	return nil
}

// release gives the memory of large parts back, when only small ones are to come.
func (p *parts) release() { p.rows, p.payload = nil, nil }

// postError is a part that the client did not take.
type postError struct{ err error }

func (e *postError) Error() string { return "post a part: " + e.err.Error() }
func (e *postError) Unwrap() error { return e.err }

// newParts makes the parts of a query.
func newParts(ctx context.Context, j *job, columns []string) *parts {
	l := j.srv.cfg.Limits
	p := &parts{
		post:     func(data []byte) error { return j.queries.post(ctx, data) },
		async:    j.queries.peer.goDo,
		nodes:    j.srv.registry.infos,
		matched:  func() uint64 { return 0 },
		maxRows:  l.PartRows,
		maxBytes: l.PartBytes,
		limit:    min(firstRows, l.PartRows),
		ids:      map[uint32]struct{}{},
	}
	p.header.ID, p.header.Columns = j.req.ID, columns
	return p
}
