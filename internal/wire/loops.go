package wire

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"time"
)

// writeChunk is how much of an item is written under one deadline.
const writeChunk = 256 << 10

// readLoop cuts the stream into items and feeds them to the machine.
func (c *Conn) readLoop() {
	defer c.loops.Done()
	defer close(c.readDone)
	for {
		it, err := c.rd.next(c)
		if err == nil {
			err = c.take(it)
		}
		if err != nil {
			c.readFailed(err)
			return
		}
		c.mu.Lock()
		ended := c.m.end >= endLast
		c.mu.Unlock()
		if ended {
			return
		}
	}
}

// blockDue implements expecter.
func (c *Conn) blockDue() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.m.blockDue()
}

// beforeBlock implements expecter.
func (c *Conn) beforeBlock(line []byte) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.m.beforeBlock(line)
}

// take handles one item.
func (c *Conn) take(it item) error {
	switch it.kind {
	case itemObject:
		return c.rpc.takeObject(it)
	case itemBatch:
		return c.rpc.refuse(nil, CodeInvalidRequest, "batches are not supported: send one object at a time")
	case itemBlock:
		return c.takeBlock(it.data)
	}
	t := parseText(it.data)
	if t.kind == textVerb {
		return c.takeVerb(t)
	}
	now := c.cfg.Now()
	return c.step(func(m *machine) error { return m.readText(t, it.data, now) })
}

// takeVerb asks the owner, outside the lock.
func (c *Conn) takeVerb(t text) error {
	var may bool
	err := c.step(func(m *machine) (err error) {
		may, err = m.mayVerb(t)
		return err
	})
	if err != nil || !may {
		return err
	}
	a := DataError
	c.guard("verb", func() { a = c.h.Verb(t.verb, t.module) })
	return c.step(func(m *machine) error {
		if may, _ = m.mayVerb(t); may {
			m.readVerb(t, a)
		}
		return nil
	})
}

// takeBlock hands the block to the owner on a goroutine of its own. There is one at a
// time, because the peer's next verb is refused before its final ack.
func (c *Conn) takeBlock(data []byte) error {
	var t text
	taken := false
	_ = c.step(func(m *machine) error {
		taken, t = m.readBlock(), m.peerText
		return nil
	})
	if !taken {
		return nil
	}
	c.work.Go(func() {
		limit := c.cfg.FinalAckTimeout
		ctx, cancel := context.WithTimeout(c.ctx, limit)
		defer cancel()
		late := time.AfterFunc(limit+c.cfg.AckTimeout, func() {
			c.end(&TimeoutError{What: fmt.Sprintf("answer of our own side to the block of %s %s", t.verb, t.module), After: limit + c.cfg.AckTimeout})
		})
		defer late.Stop()
		a := DataError
		c.guard("data", func() { a = c.h.Data(ctx, t.verb, t.module, data) })
		_ = c.step(func(m *machine) error {
			m.answerBlock(a)
			return nil
		})
	})
	return nil
}

// guard keeps a panic of the owner from ending the program: one peer's input must not
// take down the connections of the others.
func (c *Conn) guard(what string, f func()) {
	defer func() {
		if p := recover(); p != nil {
			c.cfg.Log.Error("panic in a handler", "of", what, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
		}
	}()
	f()
}

// readFailed ends the connection because of the reader's error. A peer that broke a rule
// is told; one that has gone is not.
func (c *Conn) readFailed(err error) {
	if f, ok := errors.AsType[*fault](err); ok {
		last := &outItem{kind: outResponse, parts: [2][]byte{errorLine(nil, f.code, f.text)}}
		_ = c.step(func(m *machine) error {
			m.stop(last, fmt.Errorf("protocol error of the peer: %w", err))
			return nil
		})
		return
	}
	_ = c.step(func(m *machine) error {
		_, late := errors.AsType[*TimeoutError](err)
		switch {
		case m.end == endSaid:
			m.abort(nil) // closing without an ack is an answer to BYE too
		case errors.Is(err, io.EOF):
			m.abort(fmt.Errorf("the peer closed the connection without BYE: %w", err))
		case errors.Is(err, io.ErrUnexpectedEOF):
			m.abort(fmt.Errorf("the peer closed the connection in the middle of %s: %w", c.src.what, err))
		case late:
			m.abort(err)
		default:
			m.abort(fmt.Errorf("read from the peer: %w", err))
		}
		return nil
	})
}

// writeLoop writes what the machine has ready.
func (c *Conn) writeLoop() {
	defer c.loops.Done()
	for {
		c.mu.Lock()
		it := c.m.next(c.cfg.Now())
		over := c.m.end == endOver
		c.mu.Unlock()
		switch {
		case over:
			return
		case it == nil:
			select {
			case <-c.wake:
			case <-c.ctx.Done():
			}
			continue
		}
		if err := c.write(it); err != nil {
			c.writeFailed(err)
			return
		}
		if it.token {
			<-c.news
		}
		_ = c.step(func(m *machine) error {
			m.written(it)
			return nil
		})
	}
}

// write sends an item under deadlines that allow for slow progress, but not for none.
func (c *Conn) write(it *outItem) error {
	for _, p := range it.parts {
		for len(p) > 0 {
			if err := c.nc.SetWriteDeadline(time.Now().Add(c.cfg.WriteTimeout)); err != nil {
				return err
			}
			n, err := c.nc.Write(p[:min(len(p), writeChunk)])
			if err != nil {
				return err
			}
			p = p[n:]
		}
	}
	return nil
}

// writeFailed ends the connection because of the writer's error. It gives the reader a
// moment to find out why the peer has gone: a 401 or an error may lie unread.
func (c *Conn) writeFailed(err error) {
	if errors.Is(err, os.ErrDeadlineExceeded) {
		c.end(&TimeoutError{What: "progress of a write to the peer", After: c.cfg.WriteTimeout})
		return
	}
	select {
	case <-c.ctx.Done():
	case <-c.readDone:
	case <-time.After(lingerTime):
	}
	_ = c.step(func(m *machine) error {
		switch m.end {
		case endSaid:
			m.abort(nil)
		case endLast:
			m.abort(m.cause)
		default:
			m.abort(fmt.Errorf("write to the peer: %w", err))
		}
		return nil
	})
}
