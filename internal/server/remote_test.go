package server

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"sync"
	"testing"
	"time"

	"cxlens/internal/wire"
	"cxlens/query"
)

// remote is the other end of a connection: it takes what the server posts.
type remote struct {
	*wire.Conn
	t      *testing.T
	parts  chan part
	gets   chan string
	closed chan error
	mu     sync.Mutex
	answer func(p part) wire.Answer // nil: Accept
	noPong bool
}

// part is a result part that came.
type part struct {
	query.PartHeader
	groups uint64
	rows   []string
	size   int
}

func (m *remote) Verb(v wire.Verb, module string) wire.Answer { return wire.Accept }

func (m *remote) Data(_ context.Context, v wire.Verb, module string, data []byte) wire.Answer {
	if v == wire.Get {
		m.gets <- module + " " + string(data)
		return wire.Accept
	}
	p, err := readPart(data)
	if err != nil {
		m.t.Errorf("part: %v", err)
		return wire.DataError
	}
	m.mu.Lock()
	f := m.answer
	m.mu.Unlock()
	answer := wire.Accept
	if f != nil {
		answer = f(p)
	}
	m.parts <- p
	return answer
}

func readPart(data []byte) (part, error) {
	h, rows, ok, err := query.ParsePart(data)
	if err != nil || !ok {
		return part{}, fmt.Errorf("%q: %v", data[:min(len(data), 200)], err)
	}
	p := part{PartHeader: h, size: len(data)}
	var extra struct{ Groups uint64 }
	if err := json.Unmarshal(data[:len(data)-len(rows)], &extra); err != nil {
		return part{}, err
	}
	p.groups = extra.Groups
	p.rows = lines(rows)
	if len(p.rows) != h.Rows {
		return part{}, fmt.Errorf("%d rows announced, %d came", h.Rows, len(p.rows))
	}
	return p, nil
}

func lines(data []byte) []string {
	var out []string
	for len(data) > 0 {
		i := 0
		for data[i] != '\n' {
			i++
		}
		out = append(out, string(data[:i]))
		data = data[i+1:]
	}
	return out
}

func (m *remote) Call(ctx context.Context, method string, _ json.RawMessage) (any, error) {
	m.mu.Lock()
	silent := m.noPong
	m.mu.Unlock()
	if silent {
		<-ctx.Done()
	}
	return map[string]float64{"timestamp": 1795355793.5}, nil
}

func (m *remote) Closed(err error) { m.closed <- err }

// dial connects to a side of the server and does nothing more.
func (r *rig) dial(l *wire.Listener) *remote {
	r.t.Helper()
	nc, err := l.Dial(context.Background())
	if err != nil {
		r.t.Fatal(err)
	}
	m := &remote{t: r.t, parts: make(chan part, 100_000), gets: make(chan string, 100), closed: make(chan error, 1)}
	m.Conn = wire.New(nc, m, wire.Config{IdleTimeout: -1})
	r.t.Cleanup(func() {
		m.Close()
		receive(r.t, "the end of a connection's handler", m.closed)
	})
	return m
}

// call is a request with its result as text; the error's code is part of it.
func (m *remote) call(method string, params any) string {
	m.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	var result json.RawMessage
	if err := m.Conn.Call(ctx, method, params, &result); err != nil {
		return err.Error()
	}
	return string(result)
}

type object map[string]any

// client connects and authenticates a client.
func (r *rig) client(name string) *remote {
	r.t.Helper()
	m := r.dial(r.clients)
	if got := m.call("authenticate", object{"client": name, "secret": "client secret"}); got[0] != '{' {
		r.t.Fatal(got)
	}
	return m
}

// agent connects and authenticates sensor-a.
func (r *rig) agent() *remote {
	r.t.Helper()
	m := r.dial(r.nodes)
	if got := m.call("authenticate", object{"agent": "sensor-a", "secret": "agent secret"}); got[0] != '{' {
		r.t.Fatal(got)
	}
	return m
}

// node connects a node of sensor-a.
func (r *rig) node(name string) *remote {
	r.t.Helper()
	m := r.agent()
	if got := m.call("identify", object{"name": name, "type": "CXTRACKER", "netgroup": "dmz"}); got[0] != '{' {
		r.t.Fatal(got)
	}
	return m
}

func (m *remote) post(module, data string) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	return m.Post(ctx, module, []byte(data))
}

// ask sends a query and returns the answer to its block.
func (m *remote) ask(request string) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	return m.Get(ctx, moduleCxtracker, []byte(request))
}

// next returns the next part.
func (m *remote) next() part {
	m.t.Helper()
	return receive(m.t, "a part", m.parts)
}

// result asks and collects all parts of one query, done included.
func (m *remote) result(request string) (all []part, rows []string) {
	m.t.Helper()
	if err := m.ask(request); err != nil {
		m.t.Fatal(err)
	}
	for {
		p := m.next()
		all, rows = append(all, p), append(rows, p.rows...)
		if p.Done {
			return all, rows
		}
	}
}

// ended waits for the end of the connection.
func (m *remote) ended() error {
	m.t.Helper()
	select {
	case <-m.Done():
		return m.Err()
	case <-time.After(patience):
		m.t.Fatal("the connection goes on")
		return io.EOF
	}
}
