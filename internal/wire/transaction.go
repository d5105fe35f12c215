package wire

import (
	"context"
	"fmt"
	"strings"
)

// transaction is one POST or GET of ours, from the call to its final ack.
type transaction struct {
	verb   Verb
	module string
	data   []byte
	tail   []byte // the end line, with the LF that data lacks
	begun  bool   // its verb is committed; guarded by the connection's lock
	err    error  // set before done is closed
	done   chan struct{}
}

// String is the verb line.
func (t *transaction) String() string { return string(t.verb) + " " + t.module }

func (t *transaction) finish(err error) {
	t.err = err
	close(t.done)
}

// Post sends data to a module of the peer and waits for the final ack: nil is the peer's
// promise that it has the block. One transaction runs at a time, others wait in order;
// requests and PINGs go between them. data is one or more lines; a missing last LF is
// added. It must not be changed afterwards, also when ctx ends the wait early.
//
// Errors: *AckError for an ack other than 200; *TimeoutError when an ack did not come,
// with which the connection ends; ErrClosed, wrapped, when the connection ended before
// the final ack; ctx's error, wrapped: it says whether the verb was sent, and if it was, the
// transaction goes on without its caller. A block that would be misread is refused before
// the first byte: too large, one that holds the end line, one that begins with NUL, an ack or
// {"jsonrpc" (protocol.md section 3).
func (c *Conn) Post(ctx context.Context, module string, data []byte) error {
	return c.transact(ctx, Post, module, data)
}

// Get is Post with the verb GET. Its nil says that the peer has taken the request; the
// answer comes later, as a POST of the peer.
func (c *Conn) Get(ctx context.Context, module string, data []byte) error {
	return c.transact(ctx, Get, module, data)
}

func (c *Conn) transact(ctx context.Context, v Verb, module string, data []byte) error {
	name := strings.ToUpper(module)
	if !validModule(name) {
		return fmt.Errorf("%s %q: a module's name is 1 to %d of A-Z 0-9 . _ -", v, clean(module, maxModule), maxModule)
	}
	tail, err := blockEnd(data, c.cfg.MaxBlock)
	if err != nil {
		return fmt.Errorf("%s %s: %w", v, name, err)
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("%s %s: not sent: %w", v, name, err)
	}
	t := &transaction{verb: v, module: name, data: data, tail: tail, done: make(chan struct{})}
	if err := c.step(func(m *machine) error { return m.ask(t) }); err != nil {
		return fmt.Errorf("%s: %w", t, err)
	}
	select {
	case <-t.done:
	case <-ctx.Done():
		return c.leave(ctx, t)
	}
	return t.outcome()
}

// outcome names the transaction in errors that do not.
func (t *transaction) outcome() error {
	if t.err == nil {
		return nil
	}
	if _, named := t.err.(*AckError); named {
		return t.err
	}
	return fmt.Errorf("%s: %w", t, t.err)
}

// leave ends the wait of a caller whose ctx is done. A transaction that has not begun is
// taken out of the queue; one that has must run to its end, or the stream would be lost.
func (c *Conn) leave(ctx context.Context, t *transaction) error {
	begun := false
	_ = c.step(func(m *machine) error {
		m.waiting.remove(func(w *transaction) bool { return w == t })
		begun = t.begun
		m.pump()
		return nil
	})
	select {
	case <-t.done:
		return t.outcome()
	default:
	}
	if begun {
		return fmt.Errorf("%s: its ack is not known: %w", t, context.Cause(ctx))
	}
	return fmt.Errorf("%s: not sent: %w", t, context.Cause(ctx))
}
