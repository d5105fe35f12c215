package wire

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sourcegraph/jsonrpc2"
)

// methodPing is the one method whose response repeats it (protocol.md section 4).
const methodPing = "ping"

// rpc runs JSON-RPC over the connection: jsonrpc2 matches answers to calls, this type is
// its ObjectStream and its handler. The library never sees what it cannot bear: messages
// reach it normalised, and with ids of ours, so that those of the peer go back as they came.
type rpc struct {
	c      *Conn
	lib    *jsonrpc2.Conn
	inbox  chan json.RawMessage
	ended  chan struct{} // the library reads no more
	closes sync.Once
	nextID atomic.Uint64 // of our calls; from 1, because old peers take 0 for none

	mu   sync.Mutex
	seq  uint64
	open map[uint64]message // requests of the peer by the id that the library has
}

func newRPC(c *Conn) *rpc {
	r := &rpc{c: c, inbox: make(chan json.RawMessage), ended: make(chan struct{}), open: map[uint64]message{}}
	r.lib = jsonrpc2.NewConn(c.ctx, r, r, jsonrpc2.SetLogger(r))
	return r
}

// close waits until the library calls the handler no more.
func (r *rpc) close() {
	_ = r.lib.Close() // ErrClosed when the context was faster
	<-r.ended
}

// Printf implements the library's logger, whose default writes to stderr, over a screen.
func (r *rpc) Printf(format string, v ...any) {
	r.c.cfg.Log.Debug(clean(fmt.Sprintf(format, v...), 200))
}

// ReadObject implements jsonrpc2.ObjectStream.
func (r *rpc) ReadObject(v any) error {
	var err error
	select {
	case raw := <-r.inbox:
		err = json.Unmarshal(raw, v)
	case <-r.c.ctx.Done():
		err = io.EOF
	}
	if err != nil {
		r.closes.Do(func() { close(r.ended) })
		r.c.end(fmt.Errorf("the JSON-RPC reader ended: %w", err)) // it is over already when ctx is done
	}
	return err
}

// WriteObject implements jsonrpc2.ObjectStream. It must not wait: the library holds one
// lock for requests and responses, and a response may go out while a request is held back.
func (r *rpc) WriteObject(v any) error {
	raw, err := json.Marshal(v)
	if err != nil {
		return err
	}
	var e envelope
	if err := json.Unmarshal(raw, &e); err != nil {
		return err
	}
	if e.Method == "" {
		return r.writeResponse(e)
	}
	line, err := e.line()
	if err != nil {
		return err
	}
	if limit := r.c.cfg.MaxObject; len(line) > limit {
		return fmt.Errorf("the request has %d bytes, more than the limit of %d", len(line), limit)
	}
	it := &outItem{kind: outRequest, parts: [2][]byte{line}, token: true}
	return r.c.step(func(m *machine) error { return m.say(it) })
}

// Close implements jsonrpc2.ObjectStream; the connection closes itself.
func (r *rpc) Close() error { return nil }

// writeResponse puts the peer's own id back, and the method of a ping.
func (r *rpc) writeResponse(e envelope) error {
	var n uint64
	if err := json.Unmarshal(e.ID, &n); err != nil {
		return fmt.Errorf("id of a response: %w", err)
	}
	req := r.forget(n)
	e.ID = req.id
	if req.method == methodPing {
		e.Method = methodPing
	}
	line, err := e.line()
	if err != nil {
		return err
	}
	if limit := r.c.cfg.MaxObject; len(line) > limit {
		line = errorLine(req.id, CodeInternal, fmt.Sprintf("the answer has %d bytes, more than the limit of %d", len(line), limit))
	}
	it := &outItem{kind: outResponse, parts: [2][]byte{line}}
	return r.c.step(func(m *machine) error { return m.respond(it) })
}

// forget takes a request off the table.
func (r *rpc) forget(n uint64) message {
	r.mu.Lock()
	defer r.mu.Unlock()
	req := r.open[n]
	delete(r.open, n)
	return req
}

// takeObject handles an object that the peer sent.
func (r *rpc) takeObject(it item) error {
	if it.tooDeep {
		return r.refuse(nil, CodeParse, fmt.Sprintf("objects and arrays are nested deeper than %d", maxDepth))
	}
	msg, id, answer, bad := parseObject(it.data)
	switch {
	case bad != nil && !answer:
		r.c.cfg.Log.Debug("a notification was dropped", "why", bad.Message)
		return nil
	case bad != nil:
		return r.refuse(id, bad.Code, bad.Message)
	case msg.method != "":
		return r.takeRequest(msg)
	case msg.call == 0:
		if msg.err != nil {
			r.c.cfg.Log.Warn("the peer complains", "code", msg.err.Code, "message", msg.err.Message)
		}
		return nil
	}
	return r.takeResponse(msg)
}

// refuse answers an object that the library never sees.
func (r *rpc) refuse(id json.RawMessage, code int, text string) error {
	it := &outItem{kind: outResponse, parts: [2][]byte{errorLine(id, code, text)}}
	return r.c.step(func(m *machine) error {
		if m.end < endSaid {
			m.owe(it)
		}
		return nil
	})
}

// takeResponse passes a response to the library, which finds its call.
func (r *rpc) takeResponse(msg message) error {
	e := envelope{ID: json.RawMessage(fmt.Sprint(msg.call))}
	if msg.err != nil {
		e.Error = &errorObject{Code: int64(msg.err.Code), Message: msg.err.Message}
	} else {
		e.Result = msg.result
	}
	return r.pass(e)
}

// takeRequest waits for a free place among the running ones and passes the request on.
// Waiting here slows a peer down that asks faster than it is answered; it ends with the
// connection, or after AckTimeout.
func (r *rpc) takeRequest(msg message) error {
	late := time.NewTimer(r.c.cfg.AckTimeout)
	defer late.Stop()
	select {
	case r.c.calls <- struct{}{}:
	case <-r.c.ctx.Done():
		return nil
	case <-late.C:
		return &fault{CodeInvalidRequest, fmt.Sprintf("%d requests are being answered and none has ended within %v: ask less at once",
			maxCalls, r.c.cfg.AckTimeout)}
	}
	taken := false
	_ = r.c.step(func(m *machine) error {
		taken = m.mayRequest()
		return nil
	})
	if !taken {
		<-r.c.calls
		return nil
	}
	r.mu.Lock()
	r.seq++
	n := r.seq
	r.open[n] = msg
	r.mu.Unlock()
	return r.pass(envelope{ID: json.RawMessage(fmt.Sprint(n)), Method: msg.method})
}

// pass hands an object to the library's reader.
func (r *rpc) pass(e envelope) error {
	line, err := e.line()
	if err != nil {
		return fmt.Errorf("pass an object on: %w", err)
	}
	select {
	case r.inbox <- line:
	case <-r.c.ctx.Done():
	}
	return nil
}

// Handle implements jsonrpc2.Handler: the library calls it one request after the other,
// so it must not wait.
func (r *rpc) Handle(ctx context.Context, lib *jsonrpc2.Conn, req *jsonrpc2.Request) {
	r.c.work.Go(func() {
		defer func() { <-r.c.calls }()
		r.answer(ctx, lib, req.ID)
	})
}

// answer asks the owner and sends the response.
func (r *rpc) answer(ctx context.Context, lib *jsonrpc2.Conn, id jsonrpc2.ID) {
	r.mu.Lock()
	msg := r.open[id.Num]
	r.mu.Unlock()
	resp := &jsonrpc2.Response{ID: id}
	result, err := r.ask(ctx, msg)
	if err == nil {
		err = resp.SetResult(result)
	}
	if err != nil {
		resp.Error = r.errorFor(msg.method, err)
	}
	if msg.id == nil {
		r.forget(id.Num)
		_ = r.c.step(func(m *machine) error { return m.respond(nil) })
		return
	}
	if err := lib.SendResponse(ctx, resp); err != nil {
		r.c.cfg.Log.Debug("a response was not sent", "method", clean(msg.method, 40), "err", err)
	}
}

// ask calls the handler; a panic becomes an internal error.
func (r *rpc) ask(ctx context.Context, msg message) (result any, err error) {
	err = errors.New("the handler panicked")
	r.c.guard("call", func() { result, err = r.c.h.Call(ctx, msg.method, msg.params) })
	return result, err
}

// errorFor is the error object for an error of the handler. Only an *Error was meant
// for the peer: the text of others may hold what it must not see.
func (r *rpc) errorFor(method string, err error) *jsonrpc2.Error {
	if e, ok := errors.AsType[*Error](err); ok {
		return &jsonrpc2.Error{Code: int64(e.Code), Message: e.Message}
	}
	r.c.cfg.Log.Warn("a request failed", "method", clean(method, 40), "err", err)
	return &jsonrpc2.Error{Code: CodeInternal, Message: "internal error"}
}
