package wire

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// owner is a Handler made of functions; nil ones take a default.
type owner struct {
	verb func(Verb, string) Answer
	data func(context.Context, Verb, string, []byte) Answer
	call func(context.Context, string, json.RawMessage) (any, error)

	closed chan error
}

func newOwner() *owner { return &owner{closed: make(chan error, 2)} }

func (o *owner) Verb(v Verb, module string) Answer {
	if o.verb == nil {
		return Accept
	}
	return o.verb(v, module)
}

func (o *owner) Data(ctx context.Context, v Verb, module string, data []byte) Answer {
	if o.data == nil {
		return Accept
	}
	return o.data(ctx, v, module, data)
}

func (o *owner) Call(ctx context.Context, method string, params json.RawMessage) (any, error) {
	if o.call == nil {
		return nil, &Error{CodeNoMethod, "no such method"}
	}
	return o.call(ctx, method, params)
}

func (o *owner) Closed(err error) { o.closed <- err }

// wait is how long a test waits for what must happen; it is for hangs, not for slow machines.
const wait = 2 * time.Minute

// ended waits for Closed and returns its error.
func (o *owner) ended(t testing.TB) error {
	t.Helper()
	select {
	case err := <-o.closed:
		return err
	case <-time.After(wait):
		t.Fatal("the connection does not end")
		return nil
	}
}

// script is a peer that a test plays byte by byte.
type script struct {
	t  testing.TB
	nc net.Conn
	br *bufio.Reader
}

// newScript connects a Conn with a scripted peer.
func newScript(t testing.TB, o *owner, cfg Config) (*Conn, *script) {
	t.Helper()
	near, far := Pipe()
	c := New(near, o, cfg)
	t.Cleanup(func() {
		c.Close()
		far.Close()
	})
	return c, &script{t, far, bufio.NewReader(far)}
}

func (s *script) send(text string) {
	s.t.Helper()
	if _, err := io.WriteString(s.nc, text); err != nil {
		s.t.Fatalf("send %q: %v", text, err)
	}
}

// expect reads exactly text.
func (s *script) expect(text string) {
	s.t.Helper()
	_ = s.nc.SetReadDeadline(time.Now().Add(wait))
	got := make([]byte, len(text))
	n, err := io.ReadFull(s.br, got)
	if string(got[:n]) != text {
		s.t.Fatalf("got %q, want %q (%v)", got[:n], text, err)
	}
}

// line reads a line.
func (s *script) line() string {
	s.t.Helper()
	_ = s.nc.SetReadDeadline(time.Now().Add(wait))
	l, err := s.br.ReadString('\n')
	if err != nil {
		s.t.Fatalf("got %q, want a line: %v", l, err)
	}
	return l
}

// eof reads to the end and returns what came before it.
func (s *script) eof() string {
	s.t.Helper()
	_ = s.nc.SetReadDeadline(time.Now().Add(wait))
	rest, err := io.ReadAll(s.br)
	if err != nil {
		s.t.Fatalf("after %q: want the end: %v", rest, err)
	}
	return string(rest)
}

// silent says that nothing more has come after what was caused is known to be done.
func (s *script) silent() {
	s.t.Helper()
	s.send("PING probe\n")
	if l := s.line(); !strings.HasPrefix(l, "PONG ") {
		s.t.Fatalf("got %q, want nothing before PONG", l)
	}
}

// eventually waits for a condition.
func eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	deadline := time.Now().Add(wait)
	for !ok() {
		if time.Now().After(deadline) {
			t.Fatalf("in vain: %s", what)
		}
		time.Sleep(time.Millisecond)
	}
}

// noLeak runs at the end of a test and waits for the goroutines of this package to end.
func noLeak(t *testing.T) {
	t.Cleanup(func() {
		var stacks string
		deadline := time.Now().Add(wait)
		for time.Now().Before(deadline) {
			buf := make([]byte, 1<<20)
			stacks = string(buf[:runtime.Stack(buf, true)])
			if !strings.Contains(stacks, "wire.(*Conn)") && !strings.Contains(stacks, "jsonrpc2") {
				return
			}
			time.Sleep(time.Millisecond)
		}
		t.Errorf("goroutines are left:\n%s", stacks)
	})
}

// start runs f and returns its error later.
func start(f func() error) <-chan error {
	done := make(chan error, 1)
	go func() { done <- f() }()
	return done
}

func result(t testing.TB, done <-chan error) error {
	t.Helper()
	select {
	case err := <-done:
		return err
	case <-time.After(wait):
		t.Fatal("a call does not return")
		return nil
	}
}

// inbox collects blocks.
type inbox struct {
	mu     sync.Mutex
	blocks []string
}

func (b *inbox) take(_ context.Context, v Verb, module string, data []byte) Answer {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.blocks = append(b.blocks, string(v)+" "+module+" "+string(data))
	return Accept
}

func (b *inbox) all() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]string(nil), b.blocks...)
}

var bg = context.Background()

func TestDocumentExamples(t *testing.T) {
	noLeak(t)
	var in inbox
	o := newOwner()
	o.data = in.take
	o.call = func(_ context.Context, method string, params json.RawMessage) (any, error) {
		var p struct{ Agent, Secret string }
		if err := json.Unmarshal(params, &p); err != nil || method != "authenticate" {
			return nil, &Error{CodeInvalidParams, "wrong"}
		}
		return map[string]any{"id": 1, "description": p.Agent}, nil
	}
	_, s := newScript(t, o, Config{})
	// As the document prints it, without the trailing comma that is no JSON.
	s.send("{\n  \"jsonrpc\": \"2.0\",\n  \"id\": 7,\n  \"method\": \"authenticate\",\n  \"params\": {\n    \"agent\": \"sensor {a}\",\n    \"secret\": \"s\\\"}\"\n  }\n}\n")
	s.expect(`{"jsonrpc":"2.0","id":7,"result":{"description":"sensor {a}","id":1}}` + "\n")
	s.send("POST DATA\n")
	s.expect("200 OK ACCEPTED\n")
	s.send("1|2|3\n.\r\n")
	s.expect("200 OK ACCEPTED\n")
	if got := in.all(); len(got) != 1 || got[0] != "POST DATA 1|2|3\n" {
		t.Errorf("blocks %q", got)
	}
	s.send("BYE\n")
	s.expect("200 OK ACCEPTED\n")
	s.eof()
	if err := o.ended(t); err != nil {
		t.Errorf("Closed(%v), want nil after BYE", err)
	}
}

func TestTwoConns(t *testing.T) {
	noLeak(t)
	near, far := Pipe()
	var in inbox
	ob := newOwner()
	ob.data = in.take
	ob.call = func(_ context.Context, method string, params json.RawMessage) (any, error) {
		return map[string]json.RawMessage{"method": json.RawMessage(`"` + method + `"`), "params": params}, nil
	}
	oa := newOwner()
	a, b := New(near, oa, Config{}), New(far, ob, Config{})
	big := bytes.Repeat([]byte("0123456789abcdef|\n"), 200_000)
	if err := a.Post(bg, "cxtracker", big); err != nil {
		t.Fatal(err)
	}
	if got := in.all(); len(got) != 1 || got[0] != "POST CXTRACKER "+string(big) {
		t.Fatal("the block did not arrive as it was sent")
	}
	var r struct {
		Method string
		Params map[string]int
	}
	if err := a.Call(bg, "ping", map[string]int{"timestamp": 5}, &r); err != nil || r.Method != "ping" || r.Params["timestamp"] != 5 {
		t.Fatalf("%+v, %v", r, err)
	}
	if date, rtt, err := b.Ping(bg); err != nil || date == "" || rtt <= 0 {
		t.Fatal(date, rtt, err)
	}
	if err := b.Bye(bg); err != nil {
		t.Fatal(err)
	}
	if ea, eb := oa.ended(t), ob.ended(t); ea != nil || eb != nil {
		t.Fatal(ea, eb)
	}
}
