package duckdb

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"cxlens/internal/flow"
	"cxlens/internal/store"
)

func TestBlockIsStoredOnce(t *testing.T) {
	s := openTest(t, "")
	records := traffic(newRand(), 1, 0, 10)
	mustAppend(t, s, 1, block(1, records...))
	if err := s.Append(t.Context(), 1, block(1, records...)); !errors.Is(err, store.ErrDuplicate) {
		t.Errorf("the same block again: %v", err)
	}
	mustAppend(t, s, 2, block(1, records...)) // of another node
	mustAppend(t, s, 1, block(2, records...)) // of another hash
	if got := mustCount(t, s, store.Query{}); got.Flows != 30 || got.LastSeq != 30 {
		t.Errorf("%+v", got)
	}
}

// tables counts the rows of every table.
func tables(t *testing.T, s *Store) map[string]uint64 {
	t.Helper()
	counts := make(map[string]uint64)
	err := s.read(context.Background(), func(ctx context.Context, c *conn) error {
		for _, name := range []string{"flow", "files", "blocks", "rejected"} {
			err := c.one(ctx, "SELECT count(*)::UBIGINT FROM "+name, nil, func(r *rows) error {
				counts[name] = vector[uint64](r.chunk, 0, 1)[0]
				return nil
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return counts
}

// endsAfter is a context that ends itself when it is asked the nth time.
type endsAfter struct {
	context.Context
	mu     sync.Mutex
	left   int
	cancel context.CancelFunc
}

func newEndsAfter(ctx context.Context, n int) *endsAfter {
	ctx, cancel := context.WithCancel(ctx)
	return &endsAfter{Context: ctx, left: n, cancel: cancel}
}

func (e *endsAfter) Err() error {
	e.mu.Lock()
	e.left--
	end := e.left < 0
	e.mu.Unlock()
	if end {
		e.cancel()
	}
	return e.Context.Err()
}

// An Append that is cancelled at whichever point either stores the whole block or nothing of it.
func TestCancelledAppendLeavesNothing(t *testing.T) {
	s := openTest(t, tempPath(t))
	b := block(1, traffic(newRand(), 1, 0, 5000)...)
	b.Rejected = []store.Rejected{{Line: 3, Text: "x|y\xff\x00", Reason: "too few fields"}}
	cancelled := 0
	for n := 0; ; n++ {
		ctx := newEndsAfter(t.Context(), n)
		// begin derives a context, whose Err is its own: ask this one where the store asks its.
		err := s.appendAsking(ctx, b)
		ctx.cancel()
		if err == nil {
			break
		}
		if !errors.Is(err, context.Canceled) {
			t.Fatalf("cancelled at point %d: %v", n, err)
		}
		cancelled++
		want := map[string]uint64{"flow": 0, "files": 0, "blocks": 0, "rejected": 0}
		if diff := cmp.Diff(want, tables(t, s)); diff != "" {
			t.Fatalf("cancelled at point %d: %s", n, diff)
		}
		if s.next != (nextIDs{seq: 1, file: 1}) {
			t.Fatalf("cancelled at point %d: the next numbers are %+v", n, s.next)
		}
	}
	if cancelled < 8 {
		t.Errorf("only %d points", cancelled)
	}
	want := map[string]uint64{"flow": 5000, "files": 1, "blocks": 1, "rejected": 1}
	if diff := cmp.Diff(want, tables(t, s)); diff != "" {
		t.Error(diff)
	}
}

// appendAsking is Append with a context that the transaction asks directly.
func (s *Store) appendAsking(ctx context.Context, b store.Block) error {
	return s.write(context.Background(), func(_ context.Context, c *conn) error { return s.appendBlock(ctx, c, 1, b) })
}

// A transaction that fails in its last statement leaves nothing, and the next one works.
func TestFailedAppendLeavesNothing(t *testing.T) {
	s := openTest(t, "")
	ctx := t.Context()
	sabotage := func(sql string) {
		t.Helper()
		if err := s.write(ctx, func(ctx context.Context, c *conn) error { return c.exec(ctx, sql) }); err != nil {
			t.Fatal(err)
		}
	}
	b := block(1, traffic(newRand(), 1, 0, 3000)...)
	sabotage("ALTER TABLE blocks RENAME TO away")
	sabotage(`CREATE TABLE blocks (node UINTEGER, hash BLOB, "rows" UBIGINT CHECK ("rows" < 5), stored_at BIGINT)`)
	if err := s.Append(ctx, 1, b); err == nil || !strings.Contains(err.Error(), "CHECK constraint") {
		t.Fatalf("%v", err)
	}
	sabotage("DROP TABLE blocks")
	sabotage("ALTER TABLE away RENAME TO blocks")
	want := map[string]uint64{"flow": 0, "files": 0, "blocks": 0, "rejected": 0}
	if diff := cmp.Diff(want, tables(t, s)); diff != "" {
		t.Fatal(diff)
	}
	mustAppend(t, s, 1, b)
	if diff := cmp.Diff(b.Records, all(t, s, store.Query{})); diff != "" {
		t.Error(diff)
	}
}

// Rejected lines are kept byte for byte, of a block without a good line too.
func TestRejectedLinesAreKept(t *testing.T) {
	s := openTest(t, "")
	b := block(7)
	for i := range 3000 { // more than a chunk
		b.Rejected = append(b.Rejected, store.Rejected{Line: i + 1, Text: fmt.Sprintf("%d|\xff\x00|\n", i), Reason: "bad \xff time"})
	}
	mustAppend(t, s, 3, b)
	i := 0
	err := s.read(t.Context(), func(ctx context.Context, c *conn) error {
		r, err := c.query(ctx, `SELECT node, block, line, "text", reason FROM rejected ORDER BY line`)
		if err != nil {
			return err
		}
		defer r.close()
		for r.next() {
			nodes, lines := vector[uint32](r.chunk, 0, r.n), vector[int64](r.chunk, 2, r.n)
			for row := range r.n {
				want := b.Rejected[i]
				if nodes[row] != 3 || r.text(1, row) != string(b.Hash[:]) || lines[row] != int64(want.Line) ||
					r.text(3, row) != want.Text || r.text(4, row) != "bad \uFFFD time" {
					t.Fatalf("line %d: %d %q %q", lines[row], nodes[row], r.text(3, row), r.text(4, row))
				}
				i++
			}
		}
		return r.err
	})
	if err != nil || i != len(b.Rejected) {
		t.Errorf("%d lines, %v", i, err)
	}
}

// File names are found again after the cache forgot them, and get one number each.
func TestFileNamesAreStoredOnce(t *testing.T) {
	s := openTest(t, "")
	s.files = newFileNames(200) // room for two or three names
	rng := newRand()
	var want []flow.Record
	for i := range 20 {
		records := traffic(rng, 1, 0, 30)
		for j := range records {
			records[j].File = fmt.Sprintf("file %d \xff", j%10)
			records[j].EndFile = fmt.Sprintf("file %d", rng.IntN(40))
		}
		mustAppend(t, s, 1, block(i, records...))
		want = append(want, records...)
	}
	if got := tables(t, s)["files"]; got != 50 {
		t.Errorf("%d file names are stored", got)
	}
	if diff := cmp.Diff(want, all(t, s, store.Query{})); diff != "" {
		t.Error(diff)
	}
}

// Writers and readers at once: every reader sees whole blocks, in their order.
func TestReadersSeeWholeBlocks(t *testing.T) {
	s := openTest(t, tempPath(t))
	const writers, blocks, size = 2, 15, 500
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	var writing, reading sync.WaitGroup
	for w := range writers {
		writing.Go(func() {
			for i := range blocks {
				n := w*blocks + i
				if err := s.Append(ctx, uint32(w+1), block(n, traffic(newRand(), uint32(w+1), n*size, size)...)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	done := make(chan struct{})
	for range 2 {
		reading.Go(func() {
			for last := false; !last; {
				select {
				case <-done:
					last = true
				default:
				}
				seen := make(map[int64]int)
				err := s.Flows(ctx, store.Query{}, 777, func(batch []flow.Record) error {
					for i := range batch {
						seen[batch[i].Offset/4000/size]++
					}
					return nil
				})
				if err != nil {
					t.Error(err)
					return
				}
				for b, n := range seen {
					if n != size {
						t.Errorf("block %d shows %d flows", b, n)
					}
				}
				if last && len(seen) != writers*blocks {
					t.Errorf("%d blocks in the end", len(seen))
				}
			}
		})
	}
	writing.Wait()
	close(done)
	reading.Wait()
}

func TestAppendWaitsForItsTurnOnlyAsLongAsItMay(t *testing.T) {
	s := openTest(t, "")
	token := <-s.writing
	ctx, cancel := context.WithCancel(t.Context())
	failed := make(chan error, 1)
	go func() { failed <- s.Append(ctx, 1, block(1)) }()
	cancel()
	if err := <-failed; !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	s.writing <- token
	mustAppend(t, s, 1, block(1))
}

func TestStatsAndWatch(t *testing.T) {
	path := tempPath(t)
	s := openTest(t, path)
	changed, stop := s.Watch()
	other, stopOther := s.Watch()
	stopOther()
	mustAppend(t, s, 1, block(1, flow.Record{Start: 50, IPVersion: 4}, flow.Record{Start: -7, IPVersion: 4}))
	mustAppend(t, s, 1, block(2, flow.Record{Start: 90, IPVersion: 4}))
	mustAppend(t, s, 9, block(3, flow.Record{Start: 3, IPVersion: 4}))
	<-changed
	select {
	case <-changed:
		t.Error("three appends woke the watcher twice, though nobody took the first value")
	case <-other:
		t.Error("a watcher was woken after its stop")
	default:
	}
	mustAppend(t, s, 9, block(4)) // no flow
	select {
	case <-changed:
		t.Error("an empty block woke the watcher")
	default:
	}
	stop()
	want := map[uint32]store.NodeStats{1: {Flows: 3, Oldest: -7, Newest: 90}, 9: {Flows: 1, Oldest: 3, Newest: 3}}
	check := func(s *Store) {
		t.Helper()
		got, err := s.Stats(t.Context())
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" || err != nil {
			t.Error(diff, err)
		}
	}
	check(s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	check(openTest(t, path)) // summed up anew
}
