package peers

import (
	"context"
	"encoding/json"
	"net"
	"sync"
	"testing"
	"time"

	"cxlens/internal/flow"
	"cxlens/internal/wire"
	"cxlens/query"
)

// poster is a server that answers every query for flows with the same ones, made while they are
// posted, as fast as the client takes them: what it measures is the client.
type poster struct {
	tb       testing.TB
	rows     int
	every    time.Duration // between two parts of trickled rows; 0 posts large parts without a pause
	listener net.Listener
	first    chan time.Time // when a result's first part is posted
	posted   chan time.Time // when its last part was taken
}

// trickled is how many rows a part has that is posted every so often.
const trickled = 1000

// startPoster listens on loopback until the test ends.
func startPoster(tb testing.TB, rows int) *poster {
	tb.Helper()
	return startTrickle(tb, rows, 0)
}

// startTrickle is a poster that posts a small part every so often.
func startTrickle(tb testing.TB, rows int, every time.Duration) *poster {
	tb.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	s := &poster{tb: tb, rows: rows, every: every, listener: l, first: make(chan time.Time, 1), posted: make(chan time.Time, 1)}
	var work sync.WaitGroup
	work.Go(func() {
		for {
			nc, err := l.Accept()
			if err != nil {
				return
			}
			p := &posterPeer{server: s, ready: make(chan struct{})}
			p.conn = wire.New(nc, p, wire.Config{})
			close(p.ready)
			work.Go(func() { <-p.conn.Done() })
		}
	})
	tb.Cleanup(func() {
		_ = l.Close()
		work.Wait()
	})
	return s
}

func (s *poster) addr() string { return s.listener.Addr().String() }

// posterPeer is a client's connection.
type posterPeer struct {
	server *poster
	conn   *wire.Conn
	ready  chan struct{}
}

func (p *posterPeer) Verb(wire.Verb, string) wire.Answer { return wire.Accept }

func (p *posterPeer) Closed(error) {}

func (p *posterPeer) Call(_ context.Context, method string, _ json.RawMessage) (any, error) {
	<-p.ready
	if method == "authenticate" {
		return map[string]any{"id": 1, "level": 2, "description": "benchmark"}, nil
	}
	return map[string]any{"timestamp": wire.Timestamp(time.Now())}, nil
}

// Data answers a query: a further goroutine posts, because Data must not wait for that.
func (p *posterPeer) Data(_ context.Context, _ wire.Verb, _ string, data []byte) wire.Answer {
	req, err := query.DecodeRequest(data)
	switch {
	case err != nil:
		return wire.DataError
	case req.Cancel != nil:
	default:
		go p.answer(req)
	}
	return wire.Accept
}

// answer posts all rows, the first 500 in a part of their own, as the server does.
func (p *posterPeer) answer(req query.Request) {
	<-p.ready
	rows, g := p.server.rows, newFlows(p.server.rows/10)
	if req.Kind != "" && req.Kind != query.KindFlows {
		rows = 0
	}
	h := query.PartHeader{ID: req.ID, Columns: flow.ResultColumns(), Matched: uint64(rows)}
	most := 10_000
	if p.server.every > 0 {
		most = trickled
	}
	var part []byte
	for sent := 0; ; h.Part++ {
		h.Rows = min(most, rows-sent)
		if sent == 0 {
			h.Rows = min(500, rows)
		}
		sent += h.Rows
		h.Done = sent == rows
		head, err := h.MarshalLine()
		if err != nil {
			p.server.tb.Error(err)
			return
		}
		part = append(part[:0], head...)
		var r flow.Record
		for range h.Rows {
			g.next(&r)
			part = flow.AppendLine(part, &r, flow.FormResult)
		}
		if h.Part == 0 && rows > 0 {
			p.server.first <- time.Now()
		}
		if p.conn.Post(context.Background(), "CXTRACKER", part) != nil {
			return // the client went away
		}
		if h.Done {
			break
		}
		time.Sleep(p.server.every)
	}
	if rows > 0 {
		p.server.posted <- time.Now()
	}
}
