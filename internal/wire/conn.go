package wire

import (
	"context"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// Conn is one connection; it speaks both directions of the protocol. Its methods are
// safe for concurrent use, also from within the handler's, except as Handler.Data says.
type Conn struct {
	nc  net.Conn
	h   Handler
	cfg Config
	src *source
	rd  *reader
	rpc *rpc

	mu      sync.Mutex
	m       machine     // guarded by mu
	timer   *time.Timer // of the oldest debt
	watched *debt
	running bool // timer belongs to watched

	ctx    context.Context // ends with the machine
	cancel context.CancelFunc
	wake   chan struct{} // the writer may have something to write
	news   chan struct{} // a place for each request and PING that is not written
	calls  chan struct{} // a place for each request of the peer that is being answered

	heard    atomic.Int64 // nanoseconds of cfg.Now
	readDone chan struct{}
	loops    sync.WaitGroup // reader and writer
	work     sync.WaitGroup // calls of the handler
	done     chan struct{}
	err      error // set before done is closed
}

// New takes over nc and starts the connection's goroutines. It returns at once; the
// handler may be called before it has returned.
func New(nc net.Conn, h Handler, cfg Config) *Conn {
	c := &Conn{
		nc: nc, h: h, cfg: cfg.withDefaults(),
		wake:  make(chan struct{}, 1),
		news:  make(chan struct{}, maxNews),
		calls: make(chan struct{}, maxCalls),

		readDone: make(chan struct{}),
		done:     make(chan struct{}),
	}
	c.ctx, c.cancel = context.WithCancel(context.Background())
	c.m.cfg = &c.cfg
	c.src = &source{nc: nc, cfg: &c.cfg, heard: c.hear}
	c.rd = newReader(c.src, &c.cfg)
	c.hear()
	c.rpc = newRPC(c)
	c.loops.Add(2)
	go c.readLoop()
	go c.writeLoop()
	go c.closeAfter()
	return c
}

func (c *Conn) hear() { c.heard.Store(c.cfg.Now().UnixNano()) }

// step runs f on the machine, watches the oldest debt and wakes the writer.
func (c *Conn) step(f func(*machine) error) error {
	c.mu.Lock()
	err := f(&c.m)
	c.watch()
	over := c.m.end == endOver
	c.mu.Unlock()
	if over {
		c.cancel()
	}
	select {
	case c.wake <- struct{}{}:
	default:
	}
	return err
}

// end is a step that aborts with cause.
func (c *Conn) end(cause error) {
	_ = c.step(func(m *machine) error {
		m.abort(cause)
		return nil
	})
}

// watch sets the timer for the oldest debt once its cause is written. c.mu is held.
func (c *Conn) watch() {
	d := c.m.owed.head()
	if d == c.watched && (d == nil || d.sent == c.running) {
		return
	}
	if c.timer != nil {
		c.timer.Stop()
		c.timer = nil
	}
	c.watched, c.running = d, d != nil && d.sent
	if c.running {
		c.timer = time.AfterFunc(d.limit(&c.cfg), func() { c.overdue(d) })
	}
}

// overdue ends the connection when d is still the oldest debt. While an item is arriving
// it waits on: the reader has its own deadline for that, and d may stand behind it.
func (c *Conn) overdue(d *debt) {
	_ = c.step(func(m *machine) error {
		switch {
		case m.owed.head() != d:
		case c.src.inItem.Load():
			c.watched = nil
		case d.kind == debtByeAck:
			m.abort(nil)
		default:
			m.abort(&TimeoutError{What: d.name, After: d.limit(&c.cfg)})
		}
		return nil
	})
}

// Close ends the connection at once; open calls return ErrClosed. It does not wait for
// the handler's calls and is always nil.
func (c *Conn) Close() error {
	_ = c.step(func(m *machine) error {
		if m.end == endSaid {
			m.abort(nil)
		} else {
			m.abort(ErrClosed)
		}
		return nil
	})
	return nil
}

// closeAfter tears everything down when the machine is over.
func (c *Conn) closeAfter() {
	<-c.ctx.Done()
	c.mu.Lock()
	err, lastWords := c.m.cause, c.m.lastWritten
	if c.timer != nil {
		c.timer.Stop()
	}
	c.mu.Unlock()
	if lastWords {
		c.linger()
	}
	_ = c.nc.Close() // the cause is known already
	c.loops.Wait()
	c.err = err
	close(c.done)
	c.rpc.close()
	c.work.Wait()
	c.h.Closed(err)
}

// linger lets the peer read our last words: closing with unread bytes would reset a TCP
// connection and take the words back.
func (c *Conn) linger() {
	if half, ok := c.nc.(interface{ CloseWrite() error }); ok {
		_ = half.CloseWrite()
	}
	by := time.Now().Add(lingerTime)
	select {
	case <-c.readDone:
	case <-time.After(lingerTime):
		return
	}
	if c.nc.SetReadDeadline(by) != nil {
		return
	}
	buf := make([]byte, 16<<10)
	for dropped := 0; dropped < lingerRead; {
		n, err := c.nc.Read(buf)
		if err != nil {
			return
		}
		dropped += n
	}
}

// Bye says BYE when open work has ended: queued transactions of this side, the running
// one of the peer, requests that are being answered. It waits for the ack and closes; a
// peer that closes or stays silent instead is fine. Nothing new is taken meanwhile. When
// ctx ends or a minute (FinalAckTimeout) passes first, the connection is closed and the
// error says so.
func (c *Conn) Bye(ctx context.Context) error {
	_ = c.step(func(m *machine) error {
		m.sayBye()
		return nil
	})
	ctx, cancel := context.WithTimeoutCause(ctx, c.cfg.FinalAckTimeout,
		&TimeoutError{What: "end of open work before BYE", After: c.cfg.FinalAckTimeout})
	defer cancel()
	select {
	case <-c.done:
	case <-ctx.Done():
		_ = c.Close()
		<-c.done
		if c.err != nil {
			return fmt.Errorf("closed without BYE: %w", context.Cause(ctx))
		}
	}
	return c.err
}

// Done is closed when the connection has ended and Err is set. Calls of the handler may
// still be returning; Handler.Closed comes after them.
func (c *Conn) Done() <-chan struct{} { return c.done }

// Err is why the connection ended: nil while it lives and after BYE, ErrClosed after Close.
func (c *Conn) Err() error {
	select {
	case <-c.done:
		return c.err
	default:
		return nil
	}
}

// LastHeard is when the last byte came from the peer, at first when New was called.
func (c *Conn) LastHeard() time.Time { return time.Unix(0, c.heard.Load()) }

// LocalAddr is the address on this side.
func (c *Conn) LocalAddr() net.Addr { return c.nc.LocalAddr() }

// RemoteAddr is the address of the peer.
func (c *Conn) RemoteAddr() net.Addr { return c.nc.RemoteAddr() }
