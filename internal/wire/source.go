package wire

import (
	"errors"
	"net"
	"os"
	"sync/atomic"
	"time"
)

// source reads from the connection under a deadline: between items the idle timeout,
// within an item AckTimeout plus the time that its bytes take at minRate.
type source struct {
	nc    net.Conn
	cfg   *Config
	heard func()

	inItem atomic.Bool // the debt timer waits while an item is arriving
	what   string      // the item that is arriving
	start  time.Time
	bytes  int64
}

// between is called when an item has ended.
func (s *source) between() { s.inItem.Store(false) }

// begin is called with the first byte of an item; buffered is how much of it may have
// been read already.
func (s *source) begin(what string, buffered int) {
	s.what, s.start, s.bytes = what, time.Now(), int64(buffered)
	s.inItem.Store(true)
}

// Read implements io.Reader.
func (s *source) Read(p []byte) (int, error) {
	by, late := s.deadline()
	if err := s.nc.SetReadDeadline(by); err != nil {
		return 0, err
	}
	n, err := s.nc.Read(p)
	if n > 0 {
		s.bytes += int64(n)
		s.heard()
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		err = late
	}
	return n, err
}

// deadline returns when the next byte must be there, and the error if it is not.
func (s *source) deadline() (time.Time, error) {
	if s.inItem.Load() {
		grace := s.cfg.AckTimeout + time.Duration(s.bytes/minRate)*time.Second
		return s.start.Add(grace), &TimeoutError{What: "end of " + s.what, After: grace}
	}
	if s.cfg.IdleTimeout < 0 {
		return time.Time{}, nil
	}
	return time.Now().Add(s.cfg.IdleTimeout), &TimeoutError{What: "byte from the peer", After: s.cfg.IdleTimeout}
}
