package node_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net"
	"sync"
	"time"

	"cxlens/internal/node"
	"cxlens/internal/node/sources"
	"cxlens/internal/wire"
)

// fakeServer is a server of any number of connections in memory, whose answers a test decides.
type fakeServer struct {
	mu        sync.Mutex
	up        bool
	calls     []string // method and params, in order
	blocks    []string
	modules   []string
	dials     []time.Duration // since began
	conns     []*wire.Conn
	ended     []error
	answer    func(s *fakeServer, n int) wire.Answer  // of the n-th block, from 1
	call      func(n int, method string) (any, error) // of the n-th call of authenticate or identify
	began     time.Time
	forbidden int // so many verbs are answered with 401
	pings     int
}

func newServer() *fakeServer { return &fakeServer{up: true, began: time.Now()} }

func (s *fakeServer) dial(context.Context) (net.Conn, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.dials = append(s.dials, time.Since(s.began))
	if len(s.dials) > 5000 {
		panic("the node connects for ever")
	}
	if !s.up {
		return nil, errors.New("nobody listens")
	}
	near, far := wire.Pipe()
	s.conns = append(s.conns, wire.New(far, serverSide{s}, wire.Config{IdleTimeout: -1}))
	return near, nil
}

// hang cuts the newest connection, without a BYE.
func (s *fakeServer) hang() {
	s.mu.Lock()
	c := s.conns[len(s.conns)-1]
	s.mu.Unlock()
	c.Close()
}

func (s *fakeServer) newest() *wire.Conn {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.conns[len(s.conns)-1]
}

func (s *fakeServer) connections() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.conns)
}

// serverSide is the handler of one connection.
type serverSide struct{ s *fakeServer }

func (h serverSide) Verb(v wire.Verb, module string) wire.Answer {
	h.s.mu.Lock()
	defer h.s.mu.Unlock()
	if h.s.forbidden > 0 {
		h.s.forbidden--
		return wire.Unauthorized
	}
	if v == wire.Post && module == "DATA" {
		return wire.Accept
	}
	return wire.NotSupported
}

func (h serverSide) Data(_ context.Context, _ wire.Verb, module string, data []byte) wire.Answer {
	h.s.mu.Lock()
	h.s.blocks = append(h.s.blocks, string(data))
	h.s.modules = append(h.s.modules, module)
	n, answer := len(h.s.blocks), h.s.answer
	h.s.mu.Unlock()
	if answer == nil {
		return wire.Accept
	}
	return answer(h.s, n)
}

func (h serverSide) Call(_ context.Context, method string, params json.RawMessage) (any, error) {
	h.s.mu.Lock()
	defer h.s.mu.Unlock()
	if method == "ping" {
		h.s.pings++
		return map[string]float64{"timestamp": 1}, nil
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, params); err != nil {
		return nil, err
	}
	h.s.calls = append(h.s.calls, method+" "+compact.String())
	if h.s.call != nil {
		return h.s.call(len(h.s.calls), method)
	}
	return map[string]any{"id": 7, "description": "a\x1b[31m name"}, nil
}

func (h serverSide) Closed(err error) {
	h.s.mu.Lock()
	defer h.s.mu.Unlock()
	h.s.ended = append(h.s.ended, err)
}

// list is a source of fixed blocks, posted once each.
type list struct {
	blocks  []string
	results []error
	hold    chan struct{} // when set, Run waits for it (or ctx) at the end
	rescans chan struct{}
	err     error
}

func (l *list) Name() string { return "list" }

func (l *list) Run(ctx context.Context, sink sources.Sink) error {
	for _, b := range l.blocks {
		err := sink.Post(ctx, []byte(b))
		l.results = append(l.results, err)
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	sink.Progress(sources.Progress{Source: "list", Done: true})
	if l.hold != nil {
		select {
		case <-l.hold:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return l.err
}

func (l *list) Rescan() {
	if l.rescans != nil {
		l.rescans <- struct{}{}
	}
}

func config(s *fakeServer) node.Config {
	return node.Config{Agent: "sensor-a", Secret: "s3cret", Name: "eth1", Netgroup: "dmz", Dial: s.dial, Once: true}
}

const row = "1700000000000000001|2023-11-14 22:13:20|2023-11-14 22:13:21|1|6|167772161|1000|167772162|80|1|60|1|60|2|18\n"
