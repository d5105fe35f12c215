package wire

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"math/rand/v2"
	"net"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// choppy is a connected pair of which all bytes pass through pumps that merge and split
// writes at random.
func choppy(seed uint64) (a, b net.Conn) {
	a, nearA := Pipe()
	nearB, b := Pipe()
	go pump(nearA, nearB, rand.New(rand.NewPCG(seed, 1)))
	go pump(nearB, nearA, rand.New(rand.NewPCG(seed, 2)))
	return a, b
}

func pump(from, to net.Conn, r *rand.Rand) {
	defer to.(interface{ CloseWrite() error }).CloseWrite()
	buf := make([]byte, 64<<10)
	for {
		size := 1 + r.IntN(40)
		if r.IntN(2) == 0 {
			size = len(buf)
		}
		n, err := from.Read(buf[:size])
		for p := buf[:n]; len(p) > 0; {
			k := len(p)
			if r.IntN(3) == 0 {
				k = 1 + r.IntN(len(p))
			}
			if _, err := to.Write(p[:k]); err != nil {
				return
			}
			p = p[k:]
			dawdle(r.IntN(4))
		}
		if err != nil {
			return
		}
	}
}

// dawdle is a delay by scheduling only.
func dawdle(n int) {
	for range n {
		runtime.Gosched()
	}
}

// job is one thing that a side does.
type job struct {
	kind   int // 0, 1: transaction; 2: call; 3: notification; 4: ping
	verb   Verb
	module string
	data   []byte
}

// awkward are lines that mean something elsewhere on the wire.
var awkward = []string{
	".\n", "..\r\n", " .\r\n", "\n", "\r\n", "BYE\n", "POST DATA\n", "PING 1\n", "PONG 1\n",
	"{\n", "x{\"jsonrpc\":\"2.0\"}\n", "404 NOT AN ACK\n", "\x01\xff\x00\n",
}

// genData draws a block that a writer does not refuse.
func genData(t *rapid.T) []byte {
	lines := rapid.SliceOfN(rapid.OneOf(rapid.SampledFrom(awkward), rapid.StringMatching(`[a-z|0-9]{0,60}\n`)), 0, 12).Draw(t, "lines")
	data := []byte(strings.Join(lines, ""))
	if len(data) > 0 {
		data = bytes.Repeat(data, rapid.SampledFrom([]int{1, 1, 1, 3, 400}).Draw(t, "repeat"))
	}
	data = append(data, rapid.SampledFrom([]string{"", "", "end", "."}).Draw(t, "end")...)
	if _, err := blockEnd(data, defaultMaxBlock); err != nil {
		return []byte("other\n")
	}
	return data
}

func genJob(t *rapid.T) job {
	return job{
		kind:   rapid.IntRange(0, 4).Draw(t, "kind"),
		verb:   rapid.SampledFrom([]Verb{Post, Get}).Draw(t, "verb"),
		module: rapid.SampledFrom([]string{"TAKE", "TAKE", "REFUSE", "BUSY", "DAMAGE"}).Draw(t, "module"),
		data:   genData(t),
	}
}

// wireForm is what the peer must get for data.
func wireForm(data []byte) string {
	s := string(data)
	if s != "" && !strings.HasSuffix(s, "\n") {
		s += "\n"
	}
	if s == "\n" {
		return ""
	}
	return s
}

// worker answers for one side and keeps what it got.
type worker struct {
	*owner
	mu     sync.Mutex
	blocks map[string]int
	notes  int
}

func newWorker(seed uint64) *worker {
	w := &worker{owner: newOwner(), blocks: map[string]int{}}
	var mu sync.Mutex
	r := rand.New(rand.NewPCG(seed, 3))
	rest := func() {
		mu.Lock()
		n := r.IntN(50)
		mu.Unlock()
		dawdle(n)
	}
	w.verb = func(_ Verb, module string) Answer {
		return map[string]Answer{"TAKE": Accept, "DAMAGE": Accept, "REFUSE": NotSupported, "BUSY": DataError}[module]
	}
	w.data = func(_ context.Context, v Verb, module string, data []byte) Answer {
		rest()
		w.mu.Lock()
		w.blocks[fmt.Sprintf("%s %s %s", v, module, data)]++
		w.mu.Unlock()
		if module == "DAMAGE" {
			return DataError
		}
		return Accept
	}
	w.call = func(_ context.Context, method string, params json.RawMessage) (any, error) {
		rest()
		if method == "note" {
			w.mu.Lock()
			w.notes++
			w.mu.Unlock()
		}
		return params, nil
	}
	return w
}

// do runs a job and checks its answer.
func do(ctx context.Context, c *Conn, j job) error {
	switch j.kind {
	case 2:
		h := fnv.New64()
		h.Write(j.data)
		want := []uint64{h.Sum64()}
		var got []uint64
		if err := c.Call(ctx, "echo", want, &got); err != nil || len(got) != 1 || got[0] != want[0] {
			return fmt.Errorf("call: %v, want %v: %w", got, want, err)
		}
	case 3:
		return c.Notify(ctx, "note", []int{1})
	case 4:
		if date, _, err := c.Ping(ctx); err != nil || date == "" {
			return fmt.Errorf("pong %q: %w", date, err)
		}
	default:
		return transaction1(ctx, c, j)
	}
	return nil
}

// transaction1 runs one transaction; its module says how it must end.
func transaction1(ctx context.Context, c *Conn, j job) error {
	run := c.Post
	if j.verb == Get {
		run = c.Get
	}
	err := run(ctx, j.module, j.data)
	want := map[string]*AckError{
		"REFUSE": {j.verb, j.module, 202, PhaseVerb},
		"BUSY":   {j.verb, j.module, 204, PhaseVerb},
		"DAMAGE": {j.verb, j.module, 204, PhaseFinal},
	}[j.module]
	got, _ := errors.AsType[*AckError](err)
	switch {
	case want == nil && err != nil:
		return err
	case want != nil && (got == nil || *got != *want):
		return fmt.Errorf("%v, want %v", err, want)
	}
	return nil
}

// TestPair has two ends do random things to each other at once, over a choppy connection:
// nothing is lost, mixed up or stuck, and both ends close without an error.
func TestPair(t *testing.T) {
	noLeak(t)
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Uint64().Draw(t, "seed")
		jobs := [2][]job{
			rapid.SliceOfN(rapid.Custom(genJob), 0, 25).Draw(t, "of A"),
			rapid.SliceOfN(rapid.Custom(genJob), 0, 25).Draw(t, "of B"),
		}
		atOnce := rapid.IntRange(1, 6).Draw(t, "at once")
		ncA, ncB := choppy(seed)
		owners := [2]*worker{newWorker(seed), newWorker(seed + 1)}
		conns := [2]*Conn{New(ncA, owners[0], Config{}), New(ncB, owners[1], Config{})}
		ctx, cancel := context.WithTimeout(bg, wait)
		defer cancel()
		if err := play(ctx, conns, jobs, atOnce); err != nil {
			t.Fatalf("%v\nA: %+v\nB: %+v", err, conns[0].Err(), conns[1].Err())
		}
		for i := range owners {
			if err := owners[i].received(ctx, jobs[1-i]); err != nil {
				t.Fatalf("side %d: %v", i, err)
			}
		}
		byes := []<-chan error{start(func() error { return conns[0].Bye(ctx) })}
		if rapid.Bool().Draw(t, "both say BYE") {
			byes = append(byes, start(func() error { return conns[1].Bye(ctx) }))
		}
		for _, bye := range byes {
			if err := <-bye; err != nil {
				t.Fatalf("BYE: %v", err)
			}
		}
		for i, o := range owners {
			if err := <-o.closed; err != nil {
				t.Fatalf("side %d: Closed(%v)", i, err)
			}
		}
	})
}

// play runs the jobs of both sides, some at once.
func play(ctx context.Context, conns [2]*Conn, jobs [2][]job, atOnce int) error {
	errs := make(chan error, len(jobs[0])+len(jobs[1]))
	for i, c := range conns {
		queue := make(chan job, len(jobs[i]))
		for _, j := range jobs[i] {
			queue <- j
		}
		close(queue)
		for range atOnce {
			go func() {
				for j := range queue {
					if err := do(ctx, c, j); err != nil {
						err = fmt.Errorf("side %d, %d %s %s of %d bytes: %w", i, j.kind, j.verb, j.module, len(j.data), err)
						errs <- err
						continue
					}
					errs <- nil
				}
			}()
		}
	}
	var all []error
	for range cap(errs) {
		all = append(all, <-errs)
	}
	return errors.Join(all...)
}

// received compares what a side got with what the other one sent.
func (w *worker) received(ctx context.Context, sent []job) error {
	blocks, notes := map[string]int{}, 0
	for _, j := range sent {
		switch {
		case j.kind == 3:
			notes++
		case j.kind < 2 && (j.module == "TAKE" || j.module == "DAMAGE"):
			blocks[fmt.Sprintf("%s %s %s", j.verb, j.module, wireForm(j.data))]++
		}
	}
	for ctx.Err() == nil {
		w.mu.Lock()
		got := w.notes
		w.mu.Unlock()
		if got == notes {
			break
		}
		runtime.Gosched()
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.notes != notes {
		return fmt.Errorf("%d notifications, want %d", w.notes, notes)
	}
	for b, n := range blocks {
		if w.blocks[b] != n {
			return fmt.Errorf("%d times the block %.200q, want %d", w.blocks[b], b, n)
		}
	}
	if len(w.blocks) != len(blocks) {
		return fmt.Errorf("%d kinds of blocks, want %d", len(w.blocks), len(blocks))
	}
	return nil
}

// TestOrder sends numbered blocks from one queue: they must arrive in its order.
func TestOrder(t *testing.T) {
	noLeak(t)
	a, b := choppy(7)
	var in inbox
	ob := newOwner()
	ob.data = in.take
	c := New(a, newOwner(), Config{})
	New(b, ob, Config{})
	defer c.Close()
	var calls []<-chan error
	c.mu.Lock() // so that all are queued, in order, before the first begins
	for i := range 50 {
		tx := &transaction{verb: Post, module: "M", data: fmt.Appendf(nil, "%d\n", i), tail: endLine, done: make(chan struct{})}
		c.m.waiting.push(tx)
		calls = append(calls, start(func() error { <-tx.done; return tx.err }))
	}
	c.mu.Unlock()
	_ = c.step(func(m *machine) error { m.pump(); return nil })
	for _, call := range calls {
		if err := result(t, call); err != nil {
			t.Fatal(err)
		}
	}
	for i, got := range in.all() {
		if want := fmt.Sprintf("POST M %d\n", i); got != want {
			t.Fatalf("block %d is %q", i, got)
		}
	}
}

// TestUnbufferedPair runs over net.Pipe, where each write waits for its reader: no end
// may wait for the other in a circle.
func TestUnbufferedPair(t *testing.T) {
	noLeak(t)
	ncA, ncB := net.Pipe()
	owners := [2]*worker{newWorker(1), newWorker(2)}
	conns := [2]*Conn{New(ncA, owners[0], Config{}), New(ncB, owners[1], Config{})}
	var jobs [2][]job
	for i := range 60 {
		j := job{kind: i % 5, verb: Post, module: "TAKE", data: bytes.Repeat([]byte("line\n"), 1000*(i%7))}
		jobs[0], jobs[1] = append(jobs[0], j), append(jobs[1], j)
	}
	ctx, cancel := context.WithTimeout(bg, wait)
	defer cancel()
	if err := play(ctx, conns, jobs, 5); err != nil {
		t.Fatal(err)
	}
	if err := conns[0].Bye(ctx); err != nil {
		t.Fatal(err)
	}
}

// FuzzPeer sends anything to a whole connection: it must end when the peer does.
func FuzzPeer(f *testing.F) {
	f.Add([]byte("POST DATA\nx\n.\r\nGET X\nBYE\n"), uint64(1))
	f.Add([]byte(`{"jsonrpc":"2.0","id":1,"method":"ping"}{"id":1,"result":1}[]{"id":"1","error":{}}`+"\nPING\nPONG\n200\n"), uint64(2))
	f.Add([]byte("200 OK ACCEPTED\n200 OK ACCEPTED\n401\n"), uint64(3))
	f.Fuzz(func(t *testing.T, in []byte, seed uint64) {
		near, far := Pipe()
		w := newWorker(seed)
		c := New(near, w, Config{MaxObject: 1000, MaxLine: 1000, MaxBlock: 5000})
		go func() { _ = c.Post(bg, "M", []byte("mine\n")) }()
		go func() { _ = c.Call(bg, "m", nil, nil) }()
		go func() { _, _ = io.Copy(io.Discard, far) }()
		r := rand.New(rand.NewPCG(seed, 4))
		for p := in; len(p) > 0; {
			n, err := far.Write(p[:1+r.IntN(len(p))])
			if err != nil {
				break
			}
			p = p[n:]
		}
		far.Close()
		select {
		case <-w.closed:
		case <-time.After(wait):
			t.Fatal("the connection does not end")
		}
	})
}
