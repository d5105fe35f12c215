package wire

import (
	"context"
	"fmt"
	"net"
	"sync"
)

// Listener is an in-memory net.Listener whose connections are Pipes: an embedded server
// listens on it without opening a port.
type Listener struct {
	conns chan net.Conn
	done  chan struct{}
	once  sync.Once
}

// NewListener returns a listener that waits for Dial.
func NewListener() *Listener {
	return &Listener{conns: make(chan net.Conn), done: make(chan struct{})}
}

// Dial connects to the listener. It waits until Accept takes the connection, ctx is done
// or the listener is closed; then the error wraps ctx's error or net.ErrClosed.
func (l *Listener) Dial(ctx context.Context) (net.Conn, error) {
	near, far := Pipe()
	select {
	case l.conns <- far:
		return near, nil
	case <-ctx.Done():
		return nil, fmt.Errorf("dial %s listener: %w", l.Addr(), ctx.Err())
	case <-l.done:
		return nil, fmt.Errorf("dial %s listener: %w", l.Addr(), net.ErrClosed)
	}
}

// Accept waits for the next Dial; net.ErrClosed after Close.
func (l *Listener) Accept() (net.Conn, error) {
	select {
	case <-l.done:
		return nil, net.ErrClosed
	default:
	}
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.done:
		return nil, net.ErrClosed
	}
}

// Close ends waiting and later calls of Accept and Dial. Connections live on.
func (l *Listener) Close() error {
	l.once.Do(func() { close(l.done) })
	return nil
}

// Addr is the name "in-memory" of the network "memory".
func (l *Listener) Addr() net.Addr { return memoryAddr{} }
