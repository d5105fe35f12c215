package export

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// gate is a writer that takes a text only when it is told to.
type gate struct {
	open chan struct{} // closed: everything passes
	got  bytes.Buffer  // the writer's until the backlog is closed
}

func (g *gate) Write(p []byte) (int, error) {
	<-g.open
	return g.got.Write(p)
}

// TestBacklogKeepsOrder: whatever waits in memory or in the file, the writer gets all of it in its order.
func TestBacklogKeepsOrder(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	rapid.Check(t, func(t *rapid.T) {
		g := &gate{open: make(chan struct{})}
		b := NewBacklog(g)
		b.most = rapid.IntRange(0, 40).Draw(t, "most")
		var want bytes.Buffer
		opens := rapid.IntRange(0, 40).Draw(t, "opens")
		for i := range rapid.IntRange(0, 60).Draw(t, "texts") {
			if i == opens {
				close(g.open)
			}
			text := bytes.Repeat([]byte{byte('a' + i%26)}, rapid.IntRange(0, 20).Draw(t, "size"))
			want.Write(text)
			if _, err := b.Write(text); err != nil {
				t.Fatal(err)
			}
			if rapid.Bool().Draw(t, "settle") {
				if err := b.Settle(context.Background(), time.Microsecond); err != nil {
					t.Fatal(err)
				}
			}
		}
		select {
		case <-g.open:
		default:
			close(g.open)
		}
		if err := b.Close(context.Background()); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(g.got.Bytes(), want.Bytes()) {
			t.Fatalf("the writer got\n%s\nwant\n%s", g.got.Bytes(), want.Bytes())
		}
	})
	if left, err := os.ReadDir(os.TempDir()); err != nil || len(left) > 0 {
		t.Errorf("files are left: %v, %v", left, err)
	}
}

// TestBacklogSpills: what a writer that stands still does not take is not kept in memory.
func TestBacklogSpills(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	g := &gate{open: make(chan struct{})}
	b := NewBacklog(g)
	b.most = 100
	part := bytes.Repeat([]byte("x"), 1000)
	for range 50 {
		if _, err := b.Write(part); err != nil {
			t.Fatal(err)
		}
		if err := b.Settle(t.Context(), time.Millisecond); err != nil {
			t.Fatal(err)
		}
	}
	b.mu.Lock()
	inMemory, inFile := len(b.memory)+b.taken, b.to-b.from
	b.mu.Unlock()
	if inMemory > 2*len(part) || inFile < 45*int64(len(part)) {
		t.Errorf("%d bytes in memory and %d in the file", inMemory, inFile)
	}
	if left, err := os.ReadDir(os.TempDir()); err != nil || len(left) > 0 {
		t.Errorf("the file has a name: %v, %v", left, err)
	}
	close(g.open)
	if err := b.Close(t.Context()); err != nil || g.got.Len() != 50*len(part) {
		t.Errorf("%d bytes, %v", g.got.Len(), err)
	}
}

type broken struct{ err error }

func (f broken) Write([]byte) (int, error) { return 0, f.err }

func TestBacklogFails(t *testing.T) {
	full := errors.New("no space")
	b := NewBacklog(broken{full})
	b.most = 0
	_, _ = fmt.Fprint(b, "text")
	if err := b.Settle(t.Context(), time.Minute); !errors.Is(err, full) {
		t.Errorf("settled with %v", err)
	}
	if _, err := b.Write([]byte("more")); !errors.Is(err, full) {
		t.Errorf("a text after the error: %v", err)
	}
	if err := b.Close(t.Context()); !errors.Is(err, full) {
		t.Errorf("closed with %v", err)
	}
	t.Setenv("TMPDIR", t.TempDir()+"/none")
	g := &gate{open: make(chan struct{})}
	defer close(g.open)
	b = NewBacklog(g)
	b.most = 0
	_, _ = b.Write([]byte("text"))
	_ = b.Settle(t.Context(), time.Microsecond)
	if _, err := b.Write([]byte("more")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("without a place for the file: %v", err)
	}
}

// TestBacklogIsLeft: a writer that never returns holds nobody.
func TestBacklogIsLeft(t *testing.T) {
	g := &gate{open: make(chan struct{})}
	defer close(g.open)
	b := NewBacklog(g)
	b.most = 0
	_, _ = b.Write([]byte("text"))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := b.Settle(ctx, time.Hour); !errors.Is(err, context.Canceled) {
		t.Errorf("settled with %v", err)
	}
	if err := b.Close(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("closed with %v", err)
	}
}
