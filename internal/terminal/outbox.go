package terminal

import (
	"errors"
	"io"
	"sync"
)

// outboxLimit bounds what waits for a program that does not read its input.
const outboxLimit = 1 << 20

var (
	errOutboxFull = errors.New("the program does not read its input")
	errEnded      = errors.New("the program has ended")
)

// outbox is the terminal's way to the program: keys and answers in the order
// in which they came, without ever holding up the reading of output.
type outbox struct {
	mu     sync.Mutex
	filled sync.Cond
	buf    []byte
	closed bool
}

func newOutbox() *outbox {
	o := &outbox{}
	o.filled.L = &o.mu
	return o
}

// put adds p, whole or not at all.
func (o *outbox) put(p []byte) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	switch {
	case o.closed:
		return errEnded
	case len(o.buf)+len(p) > outboxLimit:
		return errOutboxFull
	}
	o.buf = append(o.buf, p...)
	o.filled.Signal()
	return nil
}

func (o *outbox) close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.closed = true
	o.filled.Signal()
}

// drain writes what is put to w until the outbox is closed or w fails, which
// is when the terminal is gone.
func (o *outbox) drain(w io.Writer) {
	for {
		p := o.take()
		if p == nil {
			return
		}
		if _, err := w.Write(p); err != nil {
			o.close()
			return
		}
	}
}

// take waits for something to write; nil means that the outbox is closed.
func (o *outbox) take() []byte {
	o.mu.Lock()
	defer o.mu.Unlock()
	for len(o.buf) == 0 && !o.closed {
		o.filled.Wait()
	}
	if o.closed {
		return nil
	}
	p := o.buf
	o.buf = nil
	return p
}
