package server

import (
	"context"
	"encoding/json"
	"testing"

	"cxlens/internal/server/accounts"
	"cxlens/internal/store/duckdb"
	"cxlens/internal/wire"
	"cxlens/query"
)

// sink is a client that counts the rows it is sent.
type sink struct {
	rows int
	done chan int
}

func (*sink) Verb(wire.Verb, string) wire.Answer { return wire.Accept }
func (*sink) Call(context.Context, string, json.RawMessage) (any, error) {
	return struct{}{}, nil
}
func (*sink) Closed(error) {}

func (s *sink) Data(_ context.Context, _ wire.Verb, _ string, data []byte) wire.Answer {
	h, _, _, err := query.ParsePart(data)
	if err != nil {
		return wire.DataError
	}
	s.rows += h.Rows
	if h.Done {
		s.done <- s.rows
		s.rows = 0
	}
	return wire.Accept
}

// benchServer serves an in-memory store and returns a logged-in connection of each side.
func benchServer(b *testing.B) (node, client *wire.Conn, s *sink) {
	b.Helper()
	ctx := context.Background()
	db, err := duckdb.Open(ctx, "", duckdb.Options{})
	if err != nil {
		b.Fatal(err)
	}
	m := accounts.NewMemory()
	for kind, name := range map[accounts.Kind]string{accounts.Agent: "a", accounts.Client: "c"} {
		if err := m.Add(kind, accounts.Account{Name: name}, "s"); err != nil {
			b.Fatal(err)
		}
	}
	srv, err := New(Config{Store: db, Accounts: m})
	if err != nil {
		b.Fatal(err)
	}
	nodes, clients := wire.NewListener(), wire.NewListener()
	go func() { _ = srv.ServeNodes(nodes) }()
	go func() { _ = srv.ServeClients(clients) }()
	s = &sink{done: make(chan int, 1)}
	dial := func(l *wire.Listener) *wire.Conn {
		nc, err := l.Dial(ctx)
		if err != nil {
			b.Fatal(err)
		}
		return wire.New(nc, s, wire.Config{})
	}
	node, client = dial(nodes), dial(clients)
	b.Cleanup(func() {
		if err := srv.Shutdown(ctx); err != nil {
			b.Error(err)
		}
		if err := db.Close(); err != nil {
			b.Error(err)
		}
	})
	for _, c := range []struct {
		conn   *wire.Conn
		method string
		params object
	}{
		{node, "authenticate", object{"agent": "a", "secret": "s"}},
		{node, "identify", object{"name": "n", "type": "CXTRACKER"}},
		{client, "authenticate", object{"client": "c", "secret": "s"}},
	} {
		if err := c.conn.Call(ctx, c.method, c.params, nil); err != nil {
			b.Fatal(err)
		}
	}
	return node, client, s
}

// BenchmarkIngest is blocks of 10,000 session lines from POST to the ack of the stored block.
func BenchmarkIngest(b *testing.B) {
	const size = 10_000
	node, _, _ := benchServer(b)
	n := 0
	for b.Loop() {
		b.StopTimer()
		data := []byte(block(n, size))
		b.StartTimer()
		if err := node.Post(context.Background(), "DATA", data); err != nil {
			b.Fatal(err)
		}
		n += size
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "flows/s")
}

// BenchmarkResult is a query for all of 500,000 flows, from GET to the last part.
func BenchmarkResult(b *testing.B) {
	const size, blocks = 10_000, 50
	node, client, s := benchServer(b)
	for i := range blocks {
		if err := node.Post(context.Background(), "DATA", []byte(block(i*size, size))); err != nil {
			b.Fatal(err)
		}
	}
	rows := 0
	for b.Loop() {
		if err := client.Get(context.Background(), moduleCxtracker, []byte(`{"id":1,"query":"any"}`)); err != nil {
			b.Fatal(err)
		}
		rows += <-s.done
	}
	if rows%(size*blocks) != 0 || rows == 0 {
		b.Fatalf("%d rows", rows)
	}
	b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
}
