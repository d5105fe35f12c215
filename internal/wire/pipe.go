package wire

import (
	"io"
	"net"
	"os"
	"sync"
	"time"
)

// pipeBuffer is how many bytes each direction of a Pipe holds before Write waits.
const pipeBuffer = 128 << 10

// Pipe returns the two ends of an in-memory connection. Unlike net.Pipe it is buffered
// (128 KiB a direction), so that neither end waits for the other at each write. Deadlines
// work, CloseWrite half-closes as with TCP, and what was written before Close can still
// be read. Ends are safe for concurrent use.
func Pipe() (a, b net.Conn) {
	x, y := newHalf(), newHalf()
	return &pipeEnd{in: x, out: y}, &pipeEnd{in: y, out: x}
}

// pipeEnd is one end: it reads from one half and writes to the other.
type pipeEnd struct{ in, out *half }

func (p *pipeEnd) Read(b []byte) (int, error)  { return p.in.read(b) }
func (p *pipeEnd) Write(b []byte) (int, error) { return p.out.write(b) }

// CloseWrite lets the peer read what is buffered and then io.EOF.
func (p *pipeEnd) CloseWrite() error {
	p.out.endWrite()
	return nil
}

func (p *pipeEnd) Close() error {
	p.out.endWrite()
	p.in.endRead()
	return nil
}

func (p *pipeEnd) LocalAddr() net.Addr  { return memoryAddr{} }
func (p *pipeEnd) RemoteAddr() net.Addr { return memoryAddr{} }

func (p *pipeEnd) SetDeadline(t time.Time) error {
	p.in.setReadDeadline(t)
	p.out.setWriteDeadline(t)
	return nil
}

func (p *pipeEnd) SetReadDeadline(t time.Time) error {
	p.in.setReadDeadline(t)
	return nil
}

func (p *pipeEnd) SetWriteDeadline(t time.Time) error {
	p.out.setWriteDeadline(t)
	return nil
}

// memoryAddr is the address of both ends.
type memoryAddr struct{}

func (memoryAddr) Network() string { return "memory" }
func (memoryAddr) String() string  { return "in-memory" }

// half is one direction: a ring of bytes with one condition for each side.
type half struct {
	mu      sync.Mutex
	filled  sync.Cond // bytes came, or no more will
	drained sync.Cond // room came, or nobody reads
	ring    []byte
	head, n int
	ended   bool // the writer closed
	unread  bool // the reader closed
	readBy  pipeDeadline
	writeBy pipeDeadline
}

func newHalf() *half {
	h := &half{}
	h.filled.L, h.drained.L = &h.mu, &h.mu
	return h
}

func (h *half) read(b []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for {
		switch {
		case h.unread:
			return 0, net.ErrClosed
		case h.readBy.expired:
			return 0, os.ErrDeadlineExceeded
		case h.n > 0 || len(b) == 0:
			return h.take(b), nil
		case h.ended:
			return 0, io.EOF
		}
		h.filled.Wait()
	}
}

// take copies what is there, in at most two pieces.
func (h *half) take(b []byte) int {
	n := 0
	for n < len(b) && h.n > 0 {
		k := copy(b[n:], h.ring[h.head:min(h.head+h.n, len(h.ring))])
		h.head = (h.head + k) % len(h.ring)
		h.n -= k
		n += k
	}
	if n > 0 {
		h.drained.Broadcast()
	}
	return n
}

func (h *half) write(b []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	done := 0
	for {
		switch {
		case h.ended:
			return done, net.ErrClosed
		case h.unread:
			return done, io.ErrClosedPipe
		case h.writeBy.expired:
			return done, os.ErrDeadlineExceeded
		}
		done += h.put(b[done:])
		if done == len(b) {
			return done, nil
		}
		h.drained.Wait()
	}
}

// put copies what fits, in at most two pieces.
func (h *half) put(b []byte) int {
	if h.ring == nil {
		h.ring = make([]byte, pipeBuffer)
	}
	n := 0
	for n < len(b) && h.n < len(h.ring) {
		tail := (h.head + h.n) % len(h.ring)
		room := min(len(h.ring)-tail, len(h.ring)-h.n)
		k := copy(h.ring[tail:tail+room], b[n:])
		h.n += k
		n += k
	}
	if n > 0 {
		h.filled.Broadcast()
	}
	return n
}

func (h *half) endWrite() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ended = true
	h.wake()
}

func (h *half) endRead() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.unread = true
	h.n, h.ring = 0, nil
	h.readBy.set(time.Time{}, h)
	h.writeBy.set(time.Time{}, h)
	h.wake()
}

func (h *half) setReadDeadline(t time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.readBy.set(t, h)
	h.wake()
}

func (h *half) setWriteDeadline(t time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.writeBy.set(t, h)
	h.wake()
}

func (h *half) wake() {
	h.filled.Broadcast()
	h.drained.Broadcast()
}

// pipeDeadline is a point in time at which the half is woken.
type pipeDeadline struct {
	expired bool
	timer   *time.Timer
	turn    int // counts the settings, so that a timer that fired late is ignored
}

// set replaces the deadline; the zero time means none. h.mu is held.
func (d *pipeDeadline) set(t time.Time, h *half) {
	if d.timer != nil {
		d.timer.Stop()
		d.timer = nil
	}
	d.turn++
	wait := time.Until(t)
	d.expired = !t.IsZero() && wait <= 0
	if t.IsZero() || d.expired || h.unread {
		return
	}
	turn := d.turn
	d.timer = time.AfterFunc(wait, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		if d.turn == turn {
			d.expired = true
			h.wake()
		}
	})
}
