package wire

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestTimeouts names what was awaited.
func TestTimeouts(t *testing.T) {
	for name, c := range map[string]struct {
		cfg  Config
		play func(c *Conn, s *script) <-chan error
		want string
	}{
		"verb ack": {Config{AckTimeout: short}, func(c *Conn, s *script) <-chan error {
			return start(func() error { return c.Post(bg, "DATA", nil) })
		}, "no ack of POST DATA within 20ms"},
		"final ack": {Config{FinalAckTimeout: short}, func(c *Conn, s *script) <-chan error {
			post := start(func() error { return c.Post(bg, "DATA", nil) })
			s.expect("POST DATA\n")
			s.send("200\n")
			return post
		}, "no final ack of POST DATA within 20ms"},
		"pong": {Config{AckTimeout: short}, func(c *Conn, s *script) <-chan error {
			return start(func() error { _, _, err := c.Ping(bg); return err })
		}, "no PONG within 20ms"},
		"block": {Config{AckTimeout: short}, func(c *Conn, s *script) <-chan error {
			s.send("GET PCAP\n")
			return nil
		}, "no block of GET PCAP within 20ms"},
		"rest of a block": {Config{AckTimeout: short}, func(c *Conn, s *script) <-chan error {
			s.send("GET PCAP\nx\n")
			return nil
		}, "no end of a data block within 20ms"},
		"rest of a line": {Config{AckTimeout: short}, func(c *Conn, s *script) <-chan error {
			s.send("GET PC")
			return nil
		}, "no end of a text line within 20ms"},
		"rest of an object": {Config{AckTimeout: short}, func(c *Conn, s *script) <-chan error {
			s.send(`{"a":`)
			return nil
		}, "no end of a JSON object within 20ms"},
		"anything": {Config{IdleTimeout: short}, func(c *Conn, s *script) <-chan error {
			return nil
		}, "no byte from the peer within 20ms"},
		"own handler": {Config{FinalAckTimeout: short, AckTimeout: short}, func(c *Conn, s *script) <-chan error {
			s.send("GET STUCK\n.\r\n")
			return nil
		}, "no answer of our own side to the block of GET STUCK within 40ms"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				noLeak(t)
				o := newOwner()
				free := make(chan struct{})
				defer close(free)
				o.data = func(_ context.Context, _ Verb, module string, _ []byte) Answer {
					if module == "STUCK" {
						<-free
					}
					return Accept
				}
				conn, s := newScript(t, o, c.cfg)
				call := c.play(conn, s)
				select {
				case <-conn.Done():
				case <-time.After(wait):
					t.Fatal("it does not end")
				}
				if err := conn.Err(); err == nil || err.Error() != c.want {
					t.Errorf("Err() = %v, want %s", err, c.want)
				}
				if call != nil {
					err := result(t, call)
					late, ok := errors.AsType[*TimeoutError](err)
					if !ok || !late.Timeout() || !errors.Is(err, ErrClosed) || !strings.Contains(err.Error(), c.want) {
						t.Errorf("the call returns %v", err)
					}
				}
			})
		})
	}
}

// TestSlowBlock lets a block that keeps arriving take longer than AckTimeout.
func TestSlowBlock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		noLeak(t)
		var in inbox
		o := newOwner()
		o.data = in.take
		c, s := newScript(t, o, Config{AckTimeout: 300 * time.Millisecond})
		s.send("POST A\n")
		s.expect("200 OK ACCEPTED\n")
		part := strings.Repeat(strings.Repeat("x", 99)+"\n", 2*minRate/100)
		s.send(part)
		began := time.Now()
		eventually(t, "more than AckTimeout passes", func() bool { return time.Since(began) > 400*time.Millisecond })
		if c.Err() != nil {
			t.Fatal(c.Err())
		}
		s.send(".\r\n")
		s.expect("200 OK ACCEPTED\n")
		if got := in.all(); len(got) != 1 || got[0] != "POST A "+part {
			t.Fatal("the block did not arrive as it was sent")
		}
	})
}

// TestWaitsInOrder gives what stands second in line its own time.
func TestWaitsInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		noLeak(t)
		o := newOwner()
		c, s := newScript(t, o, Config{AckTimeout: 500 * time.Millisecond, FinalAckTimeout: wait})
		post := start(func() error { return c.Post(bg, "A", nil) })
		s.expect("POST A\n")
		s.send("200\n")
		s.expect(".\r\n")
		ping := start(func() error { _, _, err := c.Ping(bg); return err })
		s.line()
		began := time.Now()
		eventually(t, "more than AckTimeout passes", func() bool { return time.Since(began) > 600*time.Millisecond })
		if c.Err() != nil {
			t.Fatalf("the pong was awaited while the final ack was due: %v", c.Err())
		}
		s.send("200\nPONG\n")
		if err := errors.Join(result(t, post), result(t, ping)); err != nil {
			t.Fatal(err)
		}
	})
}
