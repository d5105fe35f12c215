package wire

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

// TestCrossing plays the example of protocol.md section 3, "Order", as B, byte for byte.
func TestCrossing(t *testing.T) {
	noLeak(t)
	var in inbox
	o := newOwner()
	o.data = in.take
	c, s := newScript(t, o, Config{})
	get := start(func() error { return c.Get(bg, "CXTRACKER", []byte("dst port 443")) })
	s.expect("GET CXTRACKER\n")
	s.send("POST DATA\n")         // crosses our GET
	s.expect("200 OK ACCEPTED\n") // the grant of POST
	s.send("200 OK ACCEPTED\n")   // grants GET
	s.expect("dst port 443\n.\r\n")
	s.send("1|2\n.\r\n")          // the block of POST
	s.expect("200 OK ACCEPTED\n") // final for POST
	s.send("200 OK ACCEPTED\n")   // final for GET
	if err := result(t, get); err != nil {
		t.Fatal(err)
	}
	if got := in.all(); len(got) != 1 || got[0] != "POST DATA 1|2\n" {
		t.Fatalf("%q", got)
	}
	s.silent()
}

// TestCrossingOrders lets the peer answer a crossing GET in every order that a strict or
// a less strict peer may choose.
func TestCrossingOrders(t *testing.T) {
	const ack = "200 OK ACCEPTED\n"
	for name, sent := range map[string][]string{
		"strict":                {ack, "1|2\n.\r\n", ack},
		"block before its acks": {"1|2\n.\r\n", ack, ack},
		"object before block":   {ack, `{"jsonrpc":"2.0","id":null,"error":{"code":-1,"message":"x"}}` + "\n", "1|2\n.\r\n", ack},
		"prefix, CR and NUL":    {"NSMF/1.0 200 OK ACCEPTED\x00\r\n", "1|2\n.\r\n", "NSMF/1.0 200 OK\x00\n"},
		"own words":             {"200 go on\n", "1|2\n.\r\n", "200\n"},
	} {
		t.Run(name, func(t *testing.T) {
			var in inbox
			o := newOwner()
			o.data = in.take
			c, s := newScript(t, o, Config{})
			get := start(func() error { return c.Get(bg, "CXTRACKER", []byte("q")) })
			s.expect("GET CXTRACKER\n")
			s.send("POST DATA\n")
			s.expect(ack)
			s.send(strings.Join(sent, ""))
			if err := result(t, get); err != nil {
				t.Fatal(err)
			}
			eventually(t, "the block arrives", func() bool { return len(in.all()) == 1 })
			if got := in.all(); got[0] != "POST DATA 1|2\n" {
				t.Fatalf("%q", got)
			}
		})
	}
}

// TestGrantFirst has the peer's verb first: its block stands before the ack of our verb,
// but a less strict peer acks first.
func TestGrantFirst(t *testing.T) {
	for name, early := range map[string]bool{"strict": false, "ack before block": true} {
		t.Run(name, func(t *testing.T) {
			var in inbox
			o := newOwner()
			o.data = in.take
			c, s := newScript(t, o, Config{})
			s.send("POST DATA\n")
			s.expect("200 OK ACCEPTED\n")
			get := start(func() error { return c.Get(bg, "PCAP", []byte("q\n")) })
			s.expect("GET PCAP\n")
			if early {
				s.send("200 OK ACCEPTED\n202 and data\n.\r\n")
				s.expect("q\n.\r\n200 OK ACCEPTED\n")
			} else {
				s.send("202 and data\n.\r\n200 OK ACCEPTED\n")
				s.expect("200 OK ACCEPTED\nq\n.\r\n")
			}
			s.send("200 OK ACCEPTED\n")
			if err := result(t, get); err != nil {
				t.Fatal(err)
			}
			if got := in.all(); len(got) != 1 || got[0] != "POST DATA 202 and data\n" {
				t.Fatalf("%q", got)
			}
		})
	}
}

// TestPongBeforeBlock has a PONG due before a block, and one after it.
func TestPongBeforeBlock(t *testing.T) {
	var in inbox
	o := newOwner()
	o.data = in.take
	c, s := newScript(t, o, Config{})
	ping := func() <-chan error {
		return start(func() error {
			date, _, err := c.Ping(bg)
			if err == nil && date != "12.5" {
				return errors.New(date)
			}
			return err
		})
	}
	before := ping()
	s.line()
	s.send("POST DATA\n")
	s.expect("200 OK ACCEPTED\n")
	after := ping()
	s.line()
	s.send("PONG 12.5\nPONG is data\n.\r\nPONG 12.5\n")
	if err := errors.Join(result(t, before), result(t, after)); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the block arrives", func() bool { return len(in.all()) == 1 })
	if got := in.all(); got[0] != "POST DATA PONG is data\n" {
		t.Fatalf("%q", got)
	}
}

// TestNothingNewBeforeTheBlock holds requests and PINGs back between a verb and its
// block, but not responses.
func TestNothingNewBeforeTheBlock(t *testing.T) {
	noLeak(t)
	o := newOwner()
	o.call = func(context.Context, string, json.RawMessage) (any, error) { return 1, nil }
	c, s := newScript(t, o, Config{})
	post := start(func() error { return c.Post(bg, "DATA", []byte("x\n")) })
	s.expect("POST DATA\n")
	notify := start(func() error { return c.Notify(bg, "note", nil) })
	ping := start(func() error {
		_, _, err := c.Ping(bg)
		return err
	})
	call := start(func() error { return c.Call(bg, "ask", nil, nil) })
	if err := result(t, notify); err != nil {
		t.Fatal(err)
	}
	eventually(t, "all three wait", func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		return c.m.news.len() == 3
	})
	s.send(`{"jsonrpc":"2.0","id":1,"method":"ping"}` + "\n")
	s.expect(`{"jsonrpc":"2.0","id":1,"method":"ping","result":1}` + "\n")
	s.send("200 OK ACCEPTED\n")
	s.expect("x\n.\r\n")
	// Before the final ack they go out.
	seen := map[string]bool{}
	for range 3 {
		l := s.line()
		switch {
		case strings.HasPrefix(l, "PING "):
			s.send("PONG\n")
			seen["ping"] = true
		case strings.Contains(l, `"ask"`):
			s.send(`{"jsonrpc":"2.0","id":1,"result":null}` + "\n")
			seen["ask"] = true
		default:
			if l != `{"jsonrpc":"2.0","method":"note"}`+"\n" {
				t.Errorf("notification %q", l)
			}
			seen["note"] = true
		}
	}
	if len(seen) != 3 {
		t.Fatal(seen)
	}
	s.send("204 DATA RECIEVE ERROR\n")
	if err := errors.Join(result(t, ping), result(t, call)); err != nil {
		t.Fatal(err)
	}
	want := AckError{Post, "DATA", 204, PhaseFinal}
	if got, ok := errors.AsType[*AckError](result(t, post)); !ok || *got != want {
		t.Fatalf("%+v, want %+v", got, want)
	}
}

// TestSlowFinalAck answers requests while a final ack waits for its handler; pongs and
// our verb wait behind it.
func TestSlowFinalAck(t *testing.T) {
	noLeak(t)
	disk := make(chan Answer)
	o := newOwner()
	o.data = func(ctx context.Context, _ Verb, _ string, _ []byte) Answer {
		select {
		case a := <-disk:
			return a
		case <-ctx.Done():
			return Accept
		}
	}
	o.call = func(context.Context, string, json.RawMessage) (any, error) { return true, nil }
	c, s := newScript(t, o, Config{})
	s.send("POST DATA\n")
	s.expect("200 OK ACCEPTED\n")
	s.send("x\n.\r\nPING 1\n")
	eventually(t, "the block is taken and a pong is owed", func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		return c.m.peer == peerTaken && c.m.out.texts.len() == 2
	})
	post := start(func() error { return c.Post(bg, "M", nil) })
	eventually(t, "the transaction waits", func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		return c.m.waiting.len() == 1
	})
	s.send(`{"jsonrpc":"2.0","id":"a","method":"x"}`)
	s.expect(`{"jsonrpc":"2.0","id":"a","result":true}` + "\n")
	if err := c.Notify(bg, "n", nil); err != nil {
		t.Fatal(err)
	}
	s.expect(`{"jsonrpc":"2.0","method":"n"}` + "\n")
	disk <- DataError
	s.expect("204 DATA RECIEVE ERROR\nPONG ")
	s.line()
	s.expect("POST M\n")
	s.send("200 OK ACCEPTED\n")
	s.expect(".\r\n")
	s.send("200 OK ACCEPTED\n")
	if err := result(t, post); err != nil {
		t.Fatal(err)
	}
}

// TestEagerPeer sends the block without waiting for the grant, as a pipe into netcat does.
func TestEagerPeer(t *testing.T) {
	var in inbox
	o := newOwner()
	o.data = in.take
	_, s := newScript(t, o, Config{})
	s.send("GET cxTracker\r\ndst port 443\n.\r\n")
	s.expect("200 OK ACCEPTED\n200 OK ACCEPTED\n")
	if got := in.all(); len(got) != 1 || got[0] != "GET CXTRACKER dst port 443\n" {
		t.Fatalf("%q", got)
	}
}

// TestVerbAnswers sends each answer to a verb and the next verb after it.
func TestVerbAnswers(t *testing.T) {
	o := newOwner()
	o.verb = func(_ Verb, module string) Answer {
		return map[string]Answer{"A": Accept, "N": NotSupported, "D": DataError, "U": Unauthorized}[module]
	}
	_, s := newScript(t, o, Config{})
	s.send("GET N\n")
	s.expect("202 MODULE NOT SUPPORTED\n")
	s.send("POST D\n")
	s.expect("204 DATA RECIEVE ERROR\n")
	s.send("POST UNKNOWN-TO-THE-OWNER\n")
	s.expect("204 DATA RECIEVE ERROR\n")
	s.send("POST A\n")
	s.expect("200 OK ACCEPTED\n")
	s.send(".\r\n")
	s.expect("200 OK ACCEPTED\n")
	s.send("POST U\nPOST A\n")
	s.expect("401 UNAUTHORIZED\n")
	if rest := s.eof(); rest != "" {
		t.Errorf("%q after 401", rest)
	}
	if err := o.ended(t); err == nil || !strings.Contains(err.Error(), "POST U before its time") {
		t.Error(err)
	}
}

// TestAckErrors reads each ack as the answer of a verb and of a block.
func TestAckErrors(t *testing.T) {
	for _, c := range []struct {
		line  string
		code  int
		final bool
		text  string
	}{
		{"202 MODULE NOT SUPPORTED\n", 202, false, "POST M: the peer answered the verb with 202 MODULE NOT SUPPORTED"},
		{"204 DATA RECIEVE ERROR\r\n", 204, false, "POST M: the peer answered the verb with 204 DATA RECIEVE ERROR"},
		{"NSMF/1.0 402 UNSUPPORTED\x00\n", 402, false, "POST M: the peer answered the verb with 402"},
		{"204 DATA RECIEVE ERROR\n", 204, true, "POST M: the peer answered the block with 204 DATA RECIEVE ERROR"},
		{"500\n", 500, true, "POST M: the peer answered the block with 500"},
		{"401 UNAUTHORIZED\n", 401, false, "POST M: the peer answered the verb with 401 UNAUTHORIZED"},
	} {
		o := newOwner()
		conn, s := newScript(t, o, Config{})
		post := start(func() error { return conn.Post(bg, "m", []byte("x")) })
		s.expect("POST M\n")
		if c.final {
			s.send("200 OK ACCEPTED\n")
			s.expect("x\n.\r\n")
		}
		s.send(c.line)
		err := result(t, post)
		ack, ok := errors.AsType[*AckError](err)
		if !ok || ack.Code != c.code || (ack.Phase == PhaseFinal) != c.final || err.Error() != c.text {
			t.Errorf("%q: %v", c.line, err)
		}
		if c.code == 401 {
			if got, ok := errors.AsType[*AckError](o.ended(t)); !ok || got.Code != 401 {
				t.Errorf("the end is %v", got)
			}
			continue
		}
		again := start(func() error { return conn.Post(bg, "m", []byte("y")) })
		s.expect("POST M\n")
		s.send("202\n")
		if _, ok := errors.AsType[*AckError](result(t, again)); !ok {
			t.Errorf("after %q the next transaction fails otherwise", c.line)
		}
	}
}

// TestRefusedBlocks are never begun.
func TestRefusedBlocks(t *testing.T) {
	c, s := newScript(t, newOwner(), Config{MaxBlock: 100})
	for _, data := range []string{
		".\r\n", "a\n.\r\n", "a\n.\r\nb", ".\r", "a\n.\r", ".\r\na",
		"\x00", `{"jsonrpc":"2.0"}`, "200 OK ACCEPTED", "NSMF/1.0 204 DATA RECIEVE ERROR\r\nx", "401 UNAUTHORIZED\nx\n",
		strings.Repeat("x", 100), strings.Repeat("x", 100) + "\n",
	} {
		if err := c.Post(bg, "M", []byte(data)); err == nil || !strings.HasPrefix(err.Error(), "POST M: the block") {
			t.Errorf("%q: %v", data, err)
		}
	}
	for _, module := range []string{"", "a b", "é", "x\n", strings.Repeat("x", 65)} {
		if err := c.Get(bg, module, nil); err == nil || !strings.Contains(err.Error(), "a module's name is") {
			t.Errorf("%q: %v", module, err)
		}
	}
	s.silent()
}
