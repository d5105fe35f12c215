package duckdb

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"
	"time"

	"cxlens/internal/flow"
	"cxlens/internal/store"
)

func TestFlowsEndsWithItsContext(t *testing.T) {
	s := openTest(t, "")
	load(t, s, 200_000)
	why := errors.New("enough")
	for _, order := range [][]flow.SortKey{nil, {{Column: flow.ColBPS}}} {
		ctx, cancel := context.WithCancelCause(t.Context())
		batches := 0
		err := s.Flows(ctx, store.Query{Order: order}, 100, func([]flow.Record) error {
			if batches++; batches == 3 {
				cancel(why)
			}
			return nil
		})
		// The chunk that is at hand may still be handed over.
		if !errors.Is(err, why) || batches > 3+2048/100 {
			t.Errorf("%v after %d batches", err, batches)
		}
	}
	// An error of each ends it at once.
	batches := 0
	err := s.Flows(t.Context(), store.Query{}, 100, func([]flow.Record) error { batches++; return why })
	if !errors.Is(err, why) || batches != 1 {
		t.Errorf("%v after %d batches", err, batches)
	}
	if got := mustCount(t, s, store.Query{}); got.Flows != 200_000 { // the connections are good
		t.Errorf("%+v", got)
	}
}

// A query in the middle of its computing, with no row yet, ends too. The one here would take minutes.
func TestLongQueryIsInterrupted(t *testing.T) {
	s := openTest(t, "")
	const sql = "SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE (a.range * b.range) % 7 = 3"
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	start := time.Now()
	err := s.read(ctx, func(ctx context.Context, c *conn) error {
		return c.one(ctx, sql, nil, func(*rows) error { return nil })
	})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
	if took := time.Since(start); took > time.Minute {
		t.Errorf("it took %v to stop", took)
	}
}

func TestDoneContextStartsNothing(t *testing.T) {
	s := openTest(t, "")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for name, err := range callAll(ctx, s) {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Open(ctx, "", Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("Open: %v", err)
	}
	if got := mustCount(t, s, store.Query{}); got.Flows != 0 {
		t.Errorf("%+v", got)
	}
}

// callAll calls every method and returns their errors.
func callAll(ctx context.Context, s *Store) map[string]error {
	errs := make(map[string]error)
	errs["SaveNode"] = s.SaveNode(ctx, flow.NodeInfo{ID: 1, Name: "n"})
	_, errs["Nodes"] = s.Nodes(ctx)
	errs["Append"] = s.Append(ctx, 1, block(1, flow.Record{IPVersion: 4}))
	errs["Flows"] = s.Flows(ctx, store.Query{}, 10, func([]flow.Record) error { return nil })
	_, errs["Count"] = s.Count(ctx, store.Query{})
	_, _, errs["Top"] = s.Top(ctx, store.Query{}, []flow.Column{flow.ColProto}, store.Flows)
	_, _, errs["Timeline"] = s.Timeline(ctx, store.Query{}, 3)
	_, errs["Stats"] = s.Stats(ctx)
	return errs
}

// Close ends what runs, waits for it, and leaves no goroutine behind.
func TestCloseEndsRunningQueries(t *testing.T) {
	before := runtime.NumGoroutine()
	s := openTest(t, "")
	load(t, s, 50_000)
	running := make(chan struct{})
	ended := make(chan error, 2)
	go func() {
		first := true
		ended <- s.Flows(context.Background(), store.Query{}, 10, func([]flow.Record) error {
			if first {
				running <- struct{}{}
				<-s.life.Done() // a slow reader
				first = false
			}
			return nil
		})
	}()
	<-running
	token := <-s.writing
	go func() { ended <- s.Append(context.Background(), 1, block(0)) }()
	go func() {
		<-s.life.Done()
		s.writing <- token
	}()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := <-ended; !errors.Is(err, store.ErrClosed) {
			t.Errorf("%v", err)
		}
	}
	for name, err := range callAll(t.Context(), s) {
		if !errors.Is(err, store.ErrClosed) {
			t.Errorf("%s after Close: %v", name, err)
		}
	}
	for deadline := time.Now().Add(2 * time.Minute); runtime.NumGoroutine() > before; runtime.Gosched() {
		if time.Now().After(deadline) {
			buf := make([]byte, 1<<16)
			t.Fatalf("%d goroutines, %d before:\n%s", runtime.NumGoroutine(), before, strings.TrimSpace(string(buf[:runtime.Stack(buf, true)])))
		}
	}
}
