package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"cxlens/internal/store/duckdb"
)

// shutdown ends the server before the test's end.
func (r *rig) shutdown() {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := r.srv.Shutdown(ctx); err != nil {
		r.t.Error(err)
	}
}

func TestNewRefuses(t *testing.T) {
	r := newRig(t)
	for want, cfg := range map[string]Config{
		"needs a store":  {Accounts: newAccounts(t)},
		"and accounts":   {Store: r.store},
		"limit part_row": {Store: r.store, Accounts: newAccounts(t), Limits: Limits{PartRows: -1}},
		"above zero":     {Store: r.store, Accounts: newAccounts(t), PingInterval: -1},
	} {
		if _, err := New(cfg); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", want, err)
		}
	}
}

// TestManyAtOnce: two clients and two nodes work at the same time, and the clients see the nodes.
func TestManyAtOnce(t *testing.T) {
	const blocks = 20
	r := newRig(t)
	a, b := r.node("eth1"), r.node("eth2")
	ann, bob := r.client("ann"), r.client("bob")
	var work sync.WaitGroup
	for i, n := range []*remote{a, b} {
		work.Go(func() {
			for k := range blocks {
				if err := n.post("DATA", block(1000*(2*k+i), 100)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for _, c := range []*remote{ann, bob} {
		work.Go(func() {
			for k := range blocks {
				before := 0
				if _, rows := c.result(fmt.Sprintf(`{"id":%d,"query":"node eth1"}`, k)); len(rows)%100 != 0 || len(rows) < before {
					t.Errorf("%d rows: part of a block", len(rows))
				}
			}
		})
	}
	work.Wait()
	var result struct {
		Nodes []struct {
			ID    uint32
			Name  string
			State string
			Flows uint64
		}
	}
	if err := json.Unmarshal([]byte(ann.call("ping", object{"timestamp": 1})), &result); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(result.Nodes); got != "[{1 eth1 online 2000} {2 eth2 online 2000}]" {
		t.Errorf("nodes %s", got)
	}
	if _, rows := bob.result(`{"id":1,"query":"node eth2","kind":"count"}`); !strings.HasPrefix(rows[0], "2000|") {
		t.Errorf("eth2 has %v", rows)
	}
}

func TestGetFromNode(t *testing.T) {
	r := newRig(t)
	n := r.node("eth1")
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := r.srv.GetFromNode(ctx, 1, "cxtracker", []byte("now")); err != nil {
		t.Error(err)
	}
	if got := receive(t, "the GET", n.gets); got != "CXTRACKER now\n" {
		t.Errorf("the node got %q", got)
	}
	if err := r.srv.GetFromNode(ctx, 2, "cxtracker", nil); err == nil || err.Error() != "no node has the id 2" {
		t.Errorf("unknown: %v", err)
	}
	n.Close()
	wait(t, "the node to be offline", func() bool { return r.status(1).State == stateOffline })
	if err := r.srv.GetFromNode(ctx, 1, "cxtracker", nil); err == nil || err.Error() != "node eth1 is not connected" {
		t.Errorf("offline: %v", err)
	}
}

// TestConnectionLimit: the connection beyond the limit is closed at once; when one ends, another is taken.
func TestConnectionLimit(t *testing.T) {
	r := newRig(t, func(c *Config) { c.Limits.Clients = 2 })
	first, second := r.client("ann"), r.client("bob")
	r.dial(r.clients).ended()
	r.agent() // the other side has its own limit
	if got := second.call("ping", object{"timestamp": 1}); got[0] != '{' {
		t.Errorf("an admitted client: %s", got)
	}
	first.Close()
	wait(t, "the first one's end", func() bool {
		r.srv.mu.Lock()
		defer r.srv.mu.Unlock()
		return len(r.srv.peers) == 2
	})
	r.client("ann")
}

// TestShutdown: running queries end, every peer is told BYE, listeners are closed, and nobody is served afterwards.
func TestShutdown(t *testing.T) {
	r := newRig(t)
	r.fill(0, 100)
	n, c := r.node("eth1"), r.client("ann")
	began, _ := r.blockCounts()
	if err := c.ask(`{"id":1,"query":"any","kind":"count"}`); err != nil {
		t.Fatal(err)
	}
	receive(t, "the query to begin", began)
	r.shutdown()
	for _, m := range []*remote{n, c} {
		if err := m.ended(); err != nil {
			t.Errorf("a peer's end: %v", err)
		}
	}
	if _, err := r.nodes.Dial(context.Background()); err == nil {
		t.Error("the node side still listens")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := r.srv.ServeClients(l); err != nil {
		t.Errorf("serving after the end: %v", err)
	}
	if _, err := l.Accept(); !errors.Is(err, net.ErrClosed) {
		t.Errorf("the listener given after the end: %v", err)
	}
	r.shutdown() // a second time is nothing
}

// TestShutdownOfDeafPeers: peers that never read do not keep Shutdown beyond its context.
func TestShutdownOfDeafPeers(t *testing.T) {
	before := runtime.NumGoroutine()
	db, err := duckdb.Open(context.Background(), "", duckdb.Options{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	s, err := New(Config{Store: db, Accounts: newAccounts(t)})
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- s.ServeClients(l) }()
	nc, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	wait(t, "the connection", func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		return len(s.peers) == 1
	})
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	if err := s.Shutdown(ctx); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	if err := receive(t, "the end of serving", served); err != nil {
		t.Error(err)
	}
	nc.Close()
	db.Close()
	wait(t, "the end of all goroutines", func() bool { return runtime.NumGoroutine() <= before })
}

// failing is a listener whose Accept fails, first as a full table of descriptors does.
type failing struct {
	net.Listener
	errs []error
}

func (f *failing) Accept() (net.Conn, error) {
	if len(f.errs) == 0 {
		return f.Listener.Accept()
	}
	err := f.errs[0]
	f.errs = f.errs[1:]
	return nil, err
}

type passing struct{}

func (passing) Error() string   { return "too many open files" }
func (passing) Temporary() bool { return true }

func TestAcceptErrors(t *testing.T) {
	r := newRig(t)
	listen := func(errs ...error) *failing {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		return &failing{l, errs}
	}
	if err := r.srv.ServeNodes(listen(errors.New("broken"))); err == nil || !strings.Contains(err.Error(), "accept nodes at 127.0.0.1:") {
		t.Errorf("a broken listener: %v", err)
	}
	l := listen(passing{}, passing{})
	r.serving.Go(func() { r.report(r.srv.ServeNodes(l)) })
	nc, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	wait(t, "the connection after the errors", func() bool {
		r.srv.mu.Lock()
		defer r.srv.mu.Unlock()
		return len(r.srv.peers) == 1
	})
}
