package client

import (
	"context"
	"encoding/json"
	"log/slog"
	"net"
	"sync"
	"testing"
	"time"

	"cxlens/internal/flow"
	"cxlens/internal/wire"
	"cxlens/query"
)

// patience bounds every wait of these tests; it is for hangs, not for slow machines.
const patience = 2 * time.Minute

// fakeServer is a scripted SERVER, client side. Its secret is "right".
type fakeServer struct {
	t        *testing.T
	listener *wire.Listener
	requests chan query.Request // what GET CXTRACKER brought
	answer   func(query.Request) wire.Answer

	mu    sync.Mutex
	peers []*fakePeer
}

// fakePeer is one connection of the fake server.
type fakePeer struct {
	server *fakeServer
	conn   *wire.Conn
	ready  chan struct{}
}

func newFakeServer(t *testing.T) *fakeServer {
	t.Helper()
	s := &fakeServer{
		t: t, listener: wire.NewListener(), requests: make(chan query.Request, 64),
		answer: func(query.Request) wire.Answer { return wire.Accept },
	}
	var work sync.WaitGroup
	work.Go(func() {
		for {
			nc, err := s.listener.Accept()
			if err != nil {
				return
			}
			s.serve(nc)
		}
	})
	t.Cleanup(func() {
		_ = s.listener.Close()
		work.Wait()
		s.dropAll()
	})
	return s
}

func (s *fakeServer) serve(nc net.Conn) {
	p := &fakePeer{server: s, ready: make(chan struct{})}
	p.conn = wire.New(nc, p, wire.Config{})
	close(p.ready)
	s.mu.Lock()
	s.peers = append(s.peers, p)
	s.mu.Unlock()
}

// dropAll cuts all connections, as a killed server does.
func (s *fakeServer) dropAll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range s.peers {
		_ = p.conn.Close()
	}
	s.peers = nil
}

// peer is the newest connection.
func (s *fakeServer) peer() *fakePeer {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.peers[len(s.peers)-1]
}

func (p *fakePeer) Verb(wire.Verb, string) wire.Answer { return wire.Accept }

func (p *fakePeer) Data(_ context.Context, v wire.Verb, module string, data []byte) wire.Answer {
	var req query.Request
	if v != wire.Get || module != moduleCXTRACKER || json.Unmarshal(data, &req) != nil {
		return wire.DataError
	}
	a := p.server.answer(req)
	p.server.requests <- req
	return a
}

func (p *fakePeer) Call(_ context.Context, method string, params json.RawMessage) (any, error) {
	switch method {
	case "authenticate":
		var a struct{ Client, Secret string }
		if err := json.Unmarshal(params, &a); err != nil || a.Secret != "right" {
			return nil, &wire.Error{Code: wire.CodeAuthUnsupported, Message: "refused"}
		}
		return map[string]any{"id": 7, "level": 2, "description": "an \x1b[31manalyst"}, nil
	case "ping":
		return map[string]any{"timestamp": wire.Timestamp(time.Now().Add(time.Minute)), "nodes": []any{
			map[string]any{"id": 3, "name": "eth1\x07", "agent": "a", "state": "online", "rtt_ms": 1.5, "flows": 12},
		}}, nil
	}
	return nil, &wire.Error{Code: wire.CodeNoMethod, Message: "no such method"}
}

func (p *fakePeer) Closed(error) {}

// post sends a part; it fails the test unless the client answers as wanted.
func (p *fakePeer) post(t *testing.T, h query.PartHeader, rows string) error {
	t.Helper()
	line, err := h.MarshalLine()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	return p.conn.Post(ctx, moduleCXTRACKER, append(line, rows...))
}

// rows makes n result rows.
func rows(n int) string {
	var b []byte
	for i := range n {
		r := flow.Record{
			ID: uint64(i + 1), Start: int64(i), End: int64(i + 5), Proto: flow.TCP, IPVersion: 4,
			Src: flow.AddrFrom4(0x0a000001), Dst: flow.AddrFrom4(0x0a000002), SrcPort: 1000, DstPort: 443,
			SrcPackets: 1, SrcBytes: 60, Offset: -1, EndOffset: -1, Node: 3,
		}
		b = flow.AppendLine(b, &r, flow.FormResult)
	}
	return string(b)
}

// dialled returns a client that is connected to s. It pings once and then no more: a connection of which nothing
// is heard for three intervals is lost, and these processes may stand still for long.
func dialled(t *testing.T, s *fakeServer) *Client {
	t.Helper()
	c := New(Config{
		Name: "me", Secret: "right", Dial: s.listener.Dial,
		Log: slog.New(slog.NewTextHandler(t.Output(), nil)), PingInterval: time.Hour, MaxBackoff: 20 * time.Millisecond,
	})
	t.Cleanup(func() { _ = c.Close() })
	if err := c.Connect(t.Context()); err != nil {
		t.Fatal(err)
	}
	return c
}

// until waits for a condition on the status.
func (c *Client) until(t *testing.T, what string, ok func(Status) bool) Status {
	t.Helper()
	deadline := time.After(patience)
	for {
		if s := c.Status(); ok(s) {
			return s
		}
		select {
		case <-c.Changed():
		case <-deadline:
			t.Fatalf("waited in vain for: %s; status %+v", what, c.Status())
		}
	}
}

// until waits for a condition on the progress.
func (r *Result) until(t *testing.T, what string, ok func(Progress) bool) Progress {
	t.Helper()
	deadline := time.After(patience)
	for {
		if p := r.Progress(); ok(p) {
			return p
		}
		select {
		case <-r.Changed():
		case <-deadline:
			t.Fatalf("waited in vain for: %s; progress %+v", what, r.Progress())
		}
	}
}

// request is the next query that reached the server.
func (s *fakeServer) request(t *testing.T) query.Request {
	t.Helper()
	select {
	case req := <-s.requests:
		return req
	case <-time.After(patience):
		t.Fatal("no query reached the server")
		return query.Request{}
	}
}
