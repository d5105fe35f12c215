package server

import (
	"context"
	"log/slog"
	"runtime"
	"sync"
	"testing"
	"time"

	"cxlens/internal/flow"
	"cxlens/internal/server/accounts"
	"cxlens/internal/store"
	"cxlens/internal/store/duckdb"
	"cxlens/internal/wire"
)

// patience bounds every wait of the tests; it is for hangs, not for slow machines.
const patience = 2 * time.Minute

// clock is a clock that tests move.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock {
	return &clock{now: time.Date(2026, 11, 22, 13, 56, 33, 250_000_000, time.UTC)}
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// hooked is a real store whose methods a test can watch, hold or fail.
type hooked struct {
	store.Store
	mu       sync.Mutex
	onAppend func(ctx context.Context) error
	onSave   func() error
	onCount  func(ctx context.Context) error
	onBatch  func(n int) error // before each batch of Flows is handed on
}

func (h *hooked) set(f func(h *hooked)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	f(h)
}

func (h *hooked) get() hooks {
	h.mu.Lock()
	defer h.mu.Unlock()
	return hooks{h.onAppend, h.onCount, h.onSave, h.onBatch}
}

type hooks struct {
	onAppend, onCount func(ctx context.Context) error
	onSave            func() error
	onBatch           func(n int) error
}

func (h *hooked) Append(ctx context.Context, node uint32, b store.Block) error {
	if f := h.get().onAppend; f != nil {
		if err := f(ctx); err != nil {
			return err
		}
	}
	return h.Store.Append(ctx, node, b)
}

func (h *hooked) SaveNode(ctx context.Context, n flow.NodeInfo) error {
	if f := h.get().onSave; f != nil {
		if err := f(); err != nil {
			return err
		}
	}
	return h.Store.SaveNode(ctx, n)
}

func (h *hooked) Count(ctx context.Context, q store.Query) (store.Totals, error) {
	if f := h.get().onCount; f != nil {
		if err := f(ctx); err != nil {
			return store.Totals{}, err
		}
	}
	return h.Store.Count(ctx, q)
}

func (h *hooked) Flows(ctx context.Context, q store.Query, batch int, each func([]flow.Record) error) error {
	return h.Store.Flows(ctx, q, batch, func(records []flow.Record) error {
		if f := h.get().onBatch; f != nil {
			if err := f(len(records)); err != nil {
				return err
			}
		}
		return each(records)
	})
}

// rig is a server on in-memory listeners, with the agent sensor-a and the clients ann and bob.
type rig struct {
	t       *testing.T
	srv     *Server
	store   *hooked
	clock   *clock
	nodes   *wire.Listener
	clients *wire.Listener
	serving sync.WaitGroup
}

func newAccounts(t *testing.T) *accounts.Memory {
	t.Helper()
	m := accounts.NewMemory()
	for _, a := range []struct {
		kind   accounts.Kind
		secret string
		accounts.Account
	}{
		{accounts.Agent, "agent secret", accounts.Account{Name: "sensor-a", Description: "the lab's sensor"}},
		{accounts.Agent, "agent secret", accounts.Account{Name: "sensor-b"}},
		{accounts.Client, "client secret", accounts.Account{Name: "ann", Description: "first shift", Level: 3}},
		{accounts.Client, "client secret", accounts.Account{Name: "bob"}},
	} {
		if err := m.Add(a.kind, a.Account, a.secret); err != nil {
			t.Fatal(err)
		}
	}
	return m
}

// newRig starts a server; tests change its configuration by edit. At the test's end it is shut down and nothing may be left running.
func newRig(t *testing.T, edit ...func(*Config)) *rig {
	t.Helper()
	before := runtime.NumGoroutine()
	db, err := duckdb.Open(context.Background(), "", duckdb.Options{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	return startRig(t, db, before, edit...)
}

func startRig(t *testing.T, db store.Store, before int, edit ...func(*Config)) *rig {
	t.Helper()
	r := &rig{t: t, store: &hooked{Store: db}, clock: newClock(), nodes: wire.NewListener(), clients: wire.NewListener()}
	cfg := Config{
		Store: r.store, Accounts: newAccounts(t), Now: r.clock.Now, PingInterval: time.Hour, Version: "test",
		Log: slog.New(slog.NewTextHandler(testLog{t}, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	for _, e := range edit {
		e(&cfg)
	}
	var err error
	if r.srv, err = New(cfg); err != nil {
		t.Fatal(err)
	}
	r.serving.Go(func() { r.report(r.srv.ServeNodes(r.nodes)) })
	r.serving.Go(func() { r.report(r.srv.ServeClients(r.clients)) })
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		r.report(r.srv.Shutdown(ctx))
		r.serving.Wait()
		r.report(db.Close())
		wait(t, "the end of all goroutines", func() bool { return runtime.NumGoroutine() <= before })
	})
	return r
}

func (r *rig) report(err error) {
	if err != nil {
		r.t.Error(err)
	}
}

// testLog writes to the test's log, and nothing after its end.
type testLog struct{ t *testing.T }

func (l testLog) Write(p []byte) (int, error) {
	if testing.Verbose() && l.t.Context().Err() == nil {
		l.t.Logf("%s", p)
	}
	return len(p), nil
}

// wait waits for a condition that another goroutine brings about.
func wait(t *testing.T, what string, cond func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !cond(); runtime.Gosched() {
		if time.Now().After(deadline) {
			buf := make([]byte, 1<<20)
			t.Fatalf("waited in vain for %s\n%s", what, buf[:runtime.Stack(buf, true)])
		}
		time.Sleep(time.Millisecond)
	}
}

// receive takes a value that another goroutine sends.
func receive[T any](t *testing.T, what string, c <-chan T) T {
	t.Helper()
	select {
	case v := <-c:
		return v
	case <-time.After(patience):
		buf := make([]byte, 1<<20)
		t.Fatalf("waited in vain for %s\n%s", what, buf[:runtime.Stack(buf, true)])
		panic("unreachable")
	}
}

// line is a session line: the n-th flow, an IPv4 connection of host n%250 to port 80+n%3 that starts n seconds after the start of 2026-11-20.
func line(n int) string {
	r := record(n)
	return string(flow.AppendLine(nil, &r, flow.Form20))
}

func record(n int) flow.Record {
	start := time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC).UnixMicro() + int64(n)*1_000_000
	return flow.Record{
		ID: uint64(n + 1), Start: start, End: start + 500_000, Proto: flow.TCP, IPVersion: 4,
		Src: flow.AddrFrom4(0x0a000000 + uint32(n%250)), Dst: flow.AddrFrom4(0xc0000209),
		SrcPort: uint16(40000 + n%1000), DstPort: uint16(80 + n%3),
		SrcPackets: 2, SrcBytes: uint64(100 + n), DstPackets: 1, DstBytes: 60,
		SrcFlags: flow.SYN | flow.ACK, DstFlags: flow.ACK, Offset: -1, EndOffset: -1,
	}
}

// block is n session lines from the from-th on.
func block(from, n int) string {
	var b []byte
	for i := range n {
		r := record(from + i)
		b = flow.AppendLine(b, &r, flow.Form20)
	}
	return string(b)
}

// fill puts n flows of node 1 (eth1 of sensor-a) straight into the store.
func (r *rig) fill(from, n int) {
	r.t.Helper()
	ctx := context.Background()
	l := &fakeLink{heard: r.clock.Now()}
	j, err := r.srv.registry.join(ctx, nodeKey{"sensor-a", "eth1"}, nodeType, "dmz", "", l)
	if err != nil || j.id != 1 {
		r.t.Fatal(j, err)
	}
	r.srv.registry.leave(j.id, l)
	if err := r.store.Store.Append(ctx, j.id, parseBlock([]byte(block(from, n)), j.id)); err != nil {
		r.t.Fatal(err)
	}
}
