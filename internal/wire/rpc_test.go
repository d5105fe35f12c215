package wire

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// TestObjects sends objects one after the other on one connection and reads each answer.
func TestObjects(t *testing.T) {
	noLeak(t)
	o := newOwner()
	var notes atomic.Int32
	o.call = func(_ context.Context, method string, params json.RawMessage) (any, error) {
		switch method {
		case "echo", "ping":
			return params, nil
		case "note":
			notes.Add(1)
			return nil, errors.New("nobody reads this")
		case "refuse":
			return nil, fmt.Errorf("wrapped: %w", &Error{CodeUnauthorized, "not yet"})
		case "fail":
			return nil, errors.New("secret path")
		case "panic":
			panic("boom")
		case "unencodable":
			return make(chan int), nil
		case "huge":
			return strings.Repeat("x", 2<<20), nil
		}
		return nil, &Error{CodeNoMethod, "no such method"}
	}
	_, s := newScript(t, o, Config{})
	for _, c := range []struct{ name, in, out string }{
		{"echo", `{"jsonrpc":"2.0","id":1,"method":"echo","params":{"b":1.50,"a":[true]}}`, `"id":1,"result":{"b":1.50,"a":[true]}}`},
		{"string id", `{"jsonrpc":"2.0","id":"7","method":"echo","params":[]}`, `"id":"7","result":[]}`},
		{"negative id", `{"jsonrpc":"2.0","id":-3,"method":"echo","params":[]}`, `"id":-3,"result":[]}`},
		{"fractional id", `{"jsonrpc":"2.0","id":1.5,"method":"echo","params":[]}`, `"id":1.5,"result":[]}`},
		{"id past int64", `{"jsonrpc":"2.0","id":18446744073709551616,"method":"echo","params":[]}`, `"id":18446744073709551616,"result":[]}`},
		{"id zero", `{"jsonrpc":"2.0","id":0,"method":"echo","params":[]}`, `"id":0,"result":[]}`},
		{"no params", `{"jsonrpc":"2.0","id":1,"method":"echo"}`, `"id":1,"result":null}`},
		{"null params", `{"jsonrpc":"2.0","id":1,"method":"echo","params":null}`, `"id":1,"result":null}`},
		{"unknown members", `{"jsonrpc":"2.0","x":{"y":[]},"id":1,"method":"echo","params":[1]}`, `"id":1,"result":[1]}`},
		{"without jsonrpc", `{"id":1,"method":"echo","params":[1]}`, `"id":1,"result":[1]}`},
		{"ping repeats its method", `{"jsonrpc":"2.0","id":4,"method":"ping","params":{"timestamp":1.25}}`, `"id":4,"method":"ping","result":{"timestamp":1.25}}`},
		{"error", `{"jsonrpc":"2.0","id":1,"method":"refuse"}`, `"id":1,"error":{"code":-2,"message":"not yet"}}`},
		{"internal error", `{"jsonrpc":"2.0","id":1,"method":"fail"}`, `"id":1,"error":{"code":-32603,"message":"internal error"}}`},
		{"panic", `{"jsonrpc":"2.0","id":1,"method":"panic"}`, `"id":1,"error":{"code":-32603,"message":"internal error"}}`},
		{"unencodable", `{"jsonrpc":"2.0","id":1,"method":"unencodable"}`, `"id":1,"error":{"code":-32603,"message":"internal error"}}`},
		{"huge", `{"jsonrpc":"2.0","id":1,"method":"huge"}`, `"id":1,"error":{"code":-32603,"message":"the answer has 2097189 bytes, more than the limit of 1048576"}}`},
		{"no method of the owner", `{"jsonrpc":"2.0","id":1,"method":"METHOD"}`, `"id":1,"error":{"code":-32601,"message":"no such method"}}`},
		{"member names have a case", `{"jsonrpc":"2.0","id":1,"Method":"echo"}`, `"id":1,"error":{"code":-32600,"message":"neither a request nor a response: it has no method, result or error"}}`},
		{"no method", `{"jsonrpc":"2.0","id":"x"}`, `"id":"x","error":{"code":-32600,"message":"neither a request nor a response: it has no method, result or error"}}`},
		{"empty object", `{}`, `"id":null,"error":{"code":-32600,"message":"neither a request nor a response: it has no method, result or error"}}`},
		{"method is a number", `{"jsonrpc":"2.0","id":1,"method":5}`, `"id":1,"error":{"code":-32600,"message":"the method must be a string"}}`},
		{"id is an object", `{"jsonrpc":"2.0","id":{},"method":"echo"}`, `"id":null,"error":{"code":-32600,"message":"the id must be a string or a number"}}`},
		{"id is a bool", `{"jsonrpc":"2.0","id":true,"method":"echo"}`, `"id":null,"error":{"code":-32600,"message":"the id must be a string or a number"}}`},
		{"version", `{"jsonrpc":"1.0","id":1,"method":"echo"}`, `"id":1,"error":{"code":-32600,"message":"\"jsonrpc\" must be \"2.0\""}}`},
		{"params is a string", `{"jsonrpc":"2.0","id":1,"method":"echo","params":"x"}`, `"id":1,"error":{"code":-32602,"message":"params must be an object or an array"}}`},
		{"not JSON", `{"jsonrpc":"2.0",}`, `"id":null,"error":{"code":-32700,"message":"not JSON: invalid character '}' looking for beginning of object key string"}}`},
		{"too deep", `{"a":` + strings.Repeat("[", 1001) + strings.Repeat("]", 1001) + `}`, `"id":null,"error":{"code":-32700,"message":"objects and arrays are nested deeper than 1000"}}`},
		{"batch", `[{"jsonrpc":"2.0","id":1,"method":"echo"},{"jsonrpc":"2.0","id":2,"method":"echo"}]`, `"id":null,"error":{"code":-32600,"message":"batches are not supported: send one object at a time"}}`},
		{"empty batch", `[]`, `"id":null,"error":{"code":-32600,"message":"batches are not supported: send one object at a time"}}`},
	} {
		s.send(c.in + "\n")
		if want, got := `{"jsonrpc":"2.0",`+c.out+"\n", s.line(); got != want {
			t.Errorf("%s:\ngot  %swant %s", c.name, got, want)
		}
	}
	// What gets no answer.
	for _, in := range []string{
		`{"jsonrpc":"2.0","method":"note"}`,
		`{"jsonrpc":"2.0","id":null,"method":"note"}`,
		`{"jsonrpc":"2.0","method":"note","params":"x"}`,
		`{"jsonrpc":"2.0","id":999,"result":1}`,
		`{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"parse error"}}`,
		`{"jsonrpc":"2.0","id":{},"error":[]}`,
		`{"jsonrpc":"2.0","result":null}`,
	} {
		s.send(in)
	}
	s.silent()
	eventually(t, "both notifications are handled", func() bool { return notes.Load() == 2 })
	s.silent()
}

// TestResponses has a call answered in all the ways of real peers.
func TestResponses(t *testing.T) {
	noLeak(t)
	c, s := newScript(t, newOwner(), Config{})
	for i, r := range []struct{ name, answer, want, err string }{
		{"result", `{"jsonrpc":"2.0","id":ID,"result":{"a":1}}`, `{"a":1}`, ""},
		{"id as a string", `{"jsonrpc":"2.0","id":"ID","result":2}`, `2`, ""},
		{"id as a fraction", `{"jsonrpc":"2.0","id":ID.0,"result":3}`, `3`, ""},
		{"method in the response", `{"jsonrpc":"2.0","id":ID,"method":"ping","result":{"timestamp":5}}`, `{"timestamp":5}`, ""},
		{"null error beside", `{"id":ID,"result":4,"error":null}`, `4`, ""},
		{"null result", `{"id":ID,"result":null}`, `null`, ""},
		{"null error alone", `{"id":ID,"error":null}`, `null`, ""},
		{"error", `{"id":ID,"error":{"code":-10,"message":"no \u001b[31m"}}`, ``, "no ?[31m (code -10)"},
		{"error and null result", `{"id":ID,"result":null,"error":{"code":-21,"message":"twice"}}`, ``, "twice (code -21)"},
		{"error with a method", `{"id":ID,"method":"m","error":{"code":-2,"message":"x"}}`, ``, "x (code -2)"},
		{"error as text", `{"id":ID,"error":"broken"}`, ``, "the peer's error object cannot be read: \"broken\" (code -32603)"},
		{"error without members", `{"id":ID,"error":{}}`, ``, "an error without a message (code -32603)"},
		{"another first", `{"id":77,"result":1}{"id":0,"result":1}{"id":"x","result":1}{"id":ID,"result":5}`, `5`, ""},
	} {
		var got json.RawMessage
		call := start(func() error { return c.Call(bg, "m", nil, &got) })
		id := fmt.Sprint(i + 1)
		s.expect(`{"jsonrpc":"2.0","id":` + id + `,"method":"m"}` + "\n")
		s.send(strings.ReplaceAll(r.answer, "ID", id))
		err := result(t, call)
		if r.err == "" && (err != nil || string(got) != r.want) {
			t.Errorf("%s: %s, %v", r.name, got, err)
		}
		if r.err != "" && (err == nil || err.Error() != r.err) {
			t.Errorf("%s: %v, want %s", r.name, err, r.err)
		}
	}
}

func TestCallErrors(t *testing.T) {
	noLeak(t)
	c, s := newScript(t, newOwner(), Config{FinalAckTimeout: 30 * time.Millisecond, MaxObject: 200})
	err := c.Call(bg, "slow", nil, nil)
	if late, ok := errors.AsType[*TimeoutError](err); !ok || err.Error() != "slow: no answer to slow within 30ms" || !late.Timeout() {
		t.Error(err)
	}
	s.line()
	ctx, cancel := context.WithCancel(bg)
	call := start(func() error { return c.Call(ctx, "cancelled", nil, nil) })
	s.line()
	cancel()
	if err := result(t, call); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if err := c.Call(ctx, "late", nil, nil); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if err := c.Call(bg, "m", make(chan int), nil); err == nil {
		t.Error("params that are no JSON")
	}
	if err := c.Notify(bg, "m", []string{strings.Repeat("x", 200)}); err == nil || !strings.Contains(err.Error(), "more than the limit of 200") {
		t.Error(err)
	}
	if len(c.news) != 0 {
		t.Errorf("%d places are lost", len(c.news))
	}
	s.silent()
	var number int
	call = start(func() error { return c.Call(bg, "m", nil, &number) })
	id := strings.Split(strings.Split(s.line(), `"id":`)[1], ",")[0]
	s.send(`{"id":` + id + `,"result":"text"}`)
	if e, ok := errors.AsType[*Error](result(t, call)); !ok || e.Code != CodeInvalidParams {
		t.Error(e)
	}
}

// TestParseErrorWithoutEnd answers and closes.
func TestParseErrorWithoutEnd(t *testing.T) {
	noLeak(t)
	o := newOwner()
	_, s := newScript(t, o, Config{})
	s.send("{\"jsonrpc\":\"2.0\n")
	s.expect(`{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"a JSON string is not closed at the end of its line"}}` + "\n")
	s.eof()
	if err := o.ended(t); err == nil {
		t.Error("Closed(nil)")
	}
}

// TestManyRequests runs at most maxCalls at once and answers all.
func TestManyRequests(t *testing.T) {
	noLeak(t)
	var running, most atomic.Int32
	gate := make(chan struct{})
	o := newOwner()
	o.call = func(ctx context.Context, _ string, _ json.RawMessage) (any, error) {
		n := running.Add(1)
		for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
		}
		select {
		case <-gate:
		case <-ctx.Done():
		}
		running.Add(-1)
		return 1, nil
	}
	_, s := newScript(t, o, Config{})
	const all = 5 * maxCalls
	for i := range all {
		s.send(fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"m"}`, i))
	}
	eventually(t, "as many as may are running", func() bool { return running.Load() == maxCalls })
	close(gate)
	seen := map[string]bool{}
	for range all {
		seen[s.line()] = true
	}
	if len(seen) != all || most.Load() > maxCalls {
		t.Errorf("%d answers, %d at once", len(seen), most.Load())
	}
}

// TestRequestsThatNeverEnd are not waited for without end.
func TestRequestsThatNeverEnd(t *testing.T) {
	noLeak(t)
	o := newOwner()
	o.call = func(ctx context.Context, _ string, _ json.RawMessage) (any, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	_, s := newScript(t, o, Config{AckTimeout: 20 * time.Millisecond})
	for range maxCalls + 1 {
		s.send(`{"jsonrpc":"2.0","id":1,"method":"m"}`)
	}
	if got := s.eof(); !strings.Contains(got, "32 requests are being answered and none has ended within 20ms") {
		t.Errorf("%q", got)
	}
	if err := o.ended(t); err == nil {
		t.Error("Closed(nil)")
	}
}
