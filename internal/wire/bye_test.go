package wire

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
)

// TestBye waits for what is open, on both sides, and for the ack.
func TestBye(t *testing.T) {
	noLeak(t)
	answer := make(chan struct{})
	o := newOwner()
	o.call = func(ctx context.Context, _ string, _ json.RawMessage) (any, error) {
		select {
		case <-answer:
		case <-ctx.Done():
		}
		return 1, nil
	}
	c, s := newScript(t, o, Config{})
	s.send(`{"jsonrpc":"2.0","id":1,"method":"m"}POST A` + "\n")
	s.expect("200 OK ACCEPTED\n")
	post := start(func() error { return c.Post(bg, "P", []byte("x")) })
	s.expect("POST P\n")
	bye := start(func() error { return c.Bye(bg) })
	eventually(t, "Bye was called", func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		return c.m.end == endAsked
	})
	if err := c.Post(bg, "Q", nil); !errors.Is(err, ErrClosed) {
		t.Errorf("Post after Bye: %v", err)
	}
	s.send("200 OK ACCEPTED\n")
	s.expect("x\n.\r\n")
	s.send("data\n.\r\n200\n")
	s.expect("200 OK ACCEPTED\n")
	if err := result(t, post); err != nil {
		t.Error(err)
	}
	close(answer)
	s.expect(`{"jsonrpc":"2.0","id":1,"result":1}` + "\nBYE\n")
	// These crossed BYE: the peer reads nothing behind it, so nothing answers them.
	s.send("POST CROSSED\nPING 1\n" + `{"jsonrpc":"2.0","id":2,"method":"m"}` + "\n200 OK ACCEPTED\n")
	if rest := s.eof(); rest != "" {
		t.Errorf("%q after BYE", rest)
	}
	if err := result(t, bye); err != nil {
		t.Error(err)
	}
	if err := o.ended(t); err != nil {
		t.Error(err)
	}
}

// TestByeWithoutAck is as good.
func TestByeWithoutAck(t *testing.T) {
	for name, answer := range map[string]func(s *script){
		"closed": func(s *script) { s.nc.Close() },
		"silent": func(s *script) {},
		"BYE":    func(s *script) { s.send("BYE\n"); s.expect("200 OK ACCEPTED\n") },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				noLeak(t)
				o := newOwner()
				cfg := Config{}
				if name == "silent" {
					cfg.AckTimeout = short
				}
				c, s := newScript(t, o, cfg)
				bye := start(func() error { return c.Bye(bg) })
				s.expect("BYE\n")
				answer(s)
				if err := result(t, bye); err != nil {
					t.Error(err)
				}
				if err := o.ended(t); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// TestByeCutShort closes when the context ends before open work does.
func TestByeCutShort(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		noLeak(t)
		o := newOwner()
		c, s := newScript(t, o, Config{})
		post := start(func() error { return c.Post(bg, "P", nil) })
		s.expect("POST P\n")
		ctx, cancel := context.WithTimeout(bg, short)
		defer cancel()
		if err := c.Bye(ctx); !errors.Is(err, context.DeadlineExceeded) || strings.Contains(err.Error(), "\n") {
			t.Error(err)
		}
		if err := result(t, post); !errors.Is(err, ErrClosed) {
			t.Error(err)
		}
	})
}

// TestByeDrains has the peer's BYE wait for the final ack that is owed.
func TestByeDrains(t *testing.T) {
	noLeak(t)
	disk := make(chan struct{})
	o := newOwner()
	o.data = func(context.Context, Verb, string, []byte) Answer { <-disk; return Accept }
	_, s := newScript(t, o, Config{})
	s.send("POST A\nx\n.\r\nBYE\nPING 1\n")
	s.expect("200 OK ACCEPTED\n")
	close(disk)
	s.expect("200 OK ACCEPTED\n200 OK ACCEPTED\n")
	if rest := s.eof(); rest != "" {
		t.Errorf("%q", rest)
	}
	if err := o.ended(t); err != nil {
		t.Error(err)
	}
}
