package wire

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

const short = 20 * time.Millisecond

// TestProtocolErrors are told to the peer before the connection closes.
func TestProtocolErrors(t *testing.T) {
	for name, c := range map[string]struct{ in, told string }{
		"unknown line":       {"HELO \x1b[1m you\n", `"\"HELO ?[1m you\" is not POST, GET, PING, BYE or an object"`},
		"HTTP":               {"GET / HTTP/1.1\r\n", `"\"GET / HTTP/1.1\" is not POST`},
		"verb alone":         {"POST\n", `"\"POST\" is not POST`},
		"ack out of nowhere": {"200 OK ACCEPTED\n", `"200 OK ACCEPTED came, but no ack was due"`},
		"long line":          {strings.Repeat("x", 100_000), `a text line is longer than 65536 bytes`},
		"large object":       {`{"a":"` + strings.Repeat("x", 2<<20), `a JSON object is larger than 1048576 bytes`},
	} {
		t.Run(name, func(t *testing.T) {
			noLeak(t)
			o := newOwner()
			_, s := newScript(t, o, Config{})
			sent := start(func() error {
				_, err := io.WriteString(s.nc, c.in)
				return err
			})
			l := s.line()
			if !strings.HasPrefix(l, `{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":`) || !strings.Contains(l, c.told) {
				t.Errorf("told %q", l)
			}
			if err := result(t, sent); err != nil {
				t.Errorf("the peer cannot finish its write: %v", err)
			}
			s.eof()
			s.nc.Close()
			if err := o.ended(t); err == nil || !strings.HasPrefix(err.Error(), "protocol error of the peer: ") {
				t.Error(err)
			}
		})
	}
}

// TestVerbBeforeFinalAck is the one order that is refused outright.
func TestVerbBeforeFinalAck(t *testing.T) {
	noLeak(t)
	o := newOwner()
	o.data = func(ctx context.Context, _ Verb, _ string, _ []byte) Answer {
		<-ctx.Done()
		return Accept
	}
	_, s := newScript(t, o, Config{})
	s.send("POST A\nx\n.\r\nGET B\n")
	s.expect("200 OK ACCEPTED\n")
	if l := s.line(); !strings.Contains(l, "GET B came before the final ack of POST A: wait for it") {
		t.Error(l)
	}
	s.eof()
}

// TestLargeBlock is refused with an error while it is being sent.
func TestLargeBlock(t *testing.T) {
	noLeak(t)
	o := newOwner()
	_, s := newScript(t, o, Config{MaxBlock: 1 << 20})
	s.send("POST A\n")
	s.expect("200 OK ACCEPTED\n")
	sent := start(func() error {
		_, err := io.WriteString(s.nc, strings.Repeat("x\n", 1<<20))
		return err
	})
	if l := s.line(); !strings.Contains(l, "a data block is larger than 1048576 bytes: send it in parts") {
		t.Error(l)
	}
	if err := result(t, sent); err != nil {
		t.Error(err)
	}
}

// TestPeerThatDoesNotRead is disconnected, by its own asking and by ours.
func TestPeerThatDoesNotRead(t *testing.T) {
	t.Run("pings", func(t *testing.T) {
		noLeak(t)
		o := newOwner()
		_, s := newScript(t, o, Config{MaxOutbox: 10_000})
		flood := strings.Repeat("PING\n", 10_000)
		for {
			if _, err := io.WriteString(s.nc, flood); err != nil {
				break
			}
		}
		if err := o.ended(t); err == nil || !strings.Contains(err.Error(), "the peer does not read: more than 10000 bytes") {
			t.Error(err)
		}
	})
	t.Run("post", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			noLeak(t)
			o := newOwner()
			c, s := newScript(t, o, Config{WriteTimeout: short})
			post := start(func() error { return c.Post(bg, "A", make([]byte, 1<<20)[1:]) })
			if err := result(t, post); err == nil || !strings.Contains(err.Error(), "begins with NUL") {
				t.Fatal(err)
			}
			post = start(func() error { return c.Post(bg, "A", []byte(strings.Repeat("x", 1<<20))) })
			s.expect("POST A\n")
			s.send("200\n")
			if err := result(t, post); err == nil || !strings.Contains(err.Error(), "no progress of a write to the peer within 20ms") {
				t.Error(err)
			}
		})
	})
	t.Run("notifications wait", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			noLeak(t)
			o := newOwner()
			c, _ := newScript(t, o, Config{WriteTimeout: time.Minute})
			ctx, cancel := context.WithTimeout(bg, 5*short)
			defer cancel()
			var err error
			n := 0
			for ; err == nil && n < 1000; n++ {
				err = c.Notify(ctx, "n", []string{strings.Repeat("x", 100_000)})
			}
			if !errors.Is(err, context.DeadlineExceeded) || n > maxNews+pipeBuffer/100_000+2 {
				t.Errorf("%d notifications, %v", n, err)
			}
		})
	})
}

func TestEnds(t *testing.T) {
	busy := func(c *Conn) []<-chan error {
		return []<-chan error{
			start(func() error { return c.Post(bg, "A", nil) }),
			start(func() error { return c.Get(bg, "B", nil) }),
			start(func() error { return c.Call(bg, "m", nil, nil) }),
			start(func() error { _, _, err := c.Ping(bg); return err }),
		}
	}
	for name, c := range map[string]struct {
		end  func(c *Conn, s *script)
		want string // of Err; empty: nil
	}{
		"Close":         {func(c *Conn, s *script) { c.Close(); c.Close() }, "the connection is closed"},
		"peer closes":   {func(c *Conn, s *script) { s.nc.Close() }, "the peer closed the connection without BYE: EOF"},
		"within a line": {func(c *Conn, s *script) { s.send("GE"); s.nc.Close() }, "the peer closed the connection in the middle of a text line: unexpected EOF"},
		"BYE":           {func(c *Conn, s *script) { s.send("BYE\n") }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			noLeak(t)
			o := newOwner()
			conn, s := newScript(t, o, Config{})
			calls := busy(conn)
			s.line()
			c.end(conn, s)
			for i, call := range calls {
				if err := result(t, call); !errors.Is(err, ErrClosed) {
					t.Errorf("call %d: %v", i, err)
				}
			}
			s.nc.Close()
			err := o.ended(t)
			if got := conn.Err(); got != err {
				t.Errorf("Err() = %v, but Closed(%v)", got, err)
			}
			if c.want == "" && err != nil || c.want != "" && (err == nil || err.Error() != c.want) {
				t.Errorf("Closed(%v), want %q", err, c.want)
			}
			for i, call := range busy(conn) {
				if err := result(t, call); !errors.Is(err, ErrClosed) {
					t.Errorf("afterwards, call %d: %v", i, err)
				}
			}
			if err := conn.Notify(bg, "n", nil); !errors.Is(err, ErrClosed) {
				t.Error(err)
			}
			select {
			case err := <-o.closed:
				t.Errorf("Closed(%v) again", err)
			default:
			}
		})
	}
}

// TestCancelledTransactions leaves the queue, or runs on without its caller.
func TestCancelledTransactions(t *testing.T) {
	noLeak(t)
	c, s := newScript(t, newOwner(), Config{})
	ctx, cancel := context.WithCancel(bg)
	begun := start(func() error { return c.Post(ctx, "A", []byte("a")) })
	s.expect("POST A\n")
	queued := start(func() error { return c.Post(ctx, "B", []byte("b")) })
	eventually(t, "B is queued", func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		return c.m.waiting.len() == 1
	})
	cancel()
	if err := result(t, begun); !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "POST A: its ack is not known") {
		t.Error(err)
	}
	if err := result(t, queued); !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "POST B: not sent") {
		t.Error(err)
	}
	if err := c.Post(ctx, "C", nil); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	next := start(func() error { return c.Post(bg, "D", []byte("d")) })
	s.send("200\n")
	s.expect("a\n.\r\n")
	s.send("200\n")
	s.expect("POST D\n")
	s.send("200\n")
	s.expect("d\n.\r\n")
	s.send("200\n")
	if err := result(t, next); err != nil {
		t.Error(err)
	}
}

// TestPanics of the owner end as errors of the one item.
func TestPanics(t *testing.T) {
	noLeak(t)
	o := newOwner()
	o.verb = func(_ Verb, module string) Answer {
		if module == "V" {
			panic("verb")
		}
		return Accept
	}
	o.data = func(context.Context, Verb, string, []byte) Answer { panic("data") }
	_, s := newScript(t, o, Config{})
	s.send("POST V\n")
	s.expect("204 DATA RECIEVE ERROR\n")
	s.send("POST D\n.\r\n")
	s.expect("200 OK ACCEPTED\n204 DATA RECIEVE ERROR\n")
	s.silent()
}

// TestUnauthorizedBlock answers a block with 401 and closes.
func TestUnauthorizedBlock(t *testing.T) {
	noLeak(t)
	o := newOwner()
	o.data = func(context.Context, Verb, string, []byte) Answer { return Unauthorized }
	_, s := newScript(t, o, Config{})
	s.send("POST D\n.\r\n")
	s.expect("200 OK ACCEPTED\n401 UNAUTHORIZED\n")
	s.eof()
	s.nc.Close()
	if err := o.ended(t); err == nil || !strings.Contains(err.Error(), "was answered 401") {
		t.Error(err)
	}
}

// TestOverTCP has the last words of a refusal arrive although the peer is still sending.
func TestOverTCP(t *testing.T) {
	noLeak(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Skipf("no loopback TCP here: %v", err)
	}
	defer l.Close()
	o := newOwner()
	go func() {
		if nc, err := l.Accept(); err == nil {
			New(nc, o, Config{MaxObject: 1000})
		}
	}()
	nc, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	sent := start(func() error {
		_, err := io.WriteString(nc, `{"a":"`+strings.Repeat("x", 1<<20))
		return err
	})
	got, err := io.ReadAll(nc)
	if err != nil || !strings.Contains(string(got), "larger than 1000 bytes") {
		t.Errorf("%q, %v", got, err)
	}
	if err := result(t, sent); err != nil {
		t.Error(err)
	}
	nc.Close()
	o.ended(t)
}
