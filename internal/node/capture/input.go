package capture

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"slices"
)

// input is the stream below a format: it counts offsets and keeps the buffer that packets lie in.
type input struct {
	name   string
	r      *bufio.Reader
	off    int64
	packet uint64
	buf    []byte
}

// damage makes the error for a record that begins at offset.
func (in *input) damage(packet uint64, offset int64, reason string, err error) error {
	return &DamageError{File: in.name, Packet: packet, Offset: offset, Reason: reason, Err: err}
}

// fail makes the error for the packet being read, whose record begins at offset.
func (in *input) fail(offset int64, reason string, args ...any) error {
	return in.damage(in.packet, offset, fmt.Sprintf(reason, args...), nil)
}

// read fills b. Of a stream that ends inside b it says how much of what is
// missing; one that ends before b gives io.EOF when clean is true.
func (in *input) read(b []byte, start int64, what string, clean bool) error {
	n, err := io.ReadFull(in.r, b)
	in.off += int64(n)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, io.EOF) && clean && n == 0:
		return io.EOF
	case n == 0 && errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return in.damage(in.packet, start, fmt.Sprintf("%s is cut short after %d of %d bytes", what, n, len(b)), io.ErrUnexpectedEOF)
	}
	return in.damage(in.packet, start, readReason(err), err)
}

// take returns the next n bytes in the reused buffer. n is bounded by the caller.
func (in *input) take(n int, start int64, what string) ([]byte, error) {
	in.buf = slices.Grow(in.buf[:0], n)[:n]
	return in.buf, in.read(in.buf, start, what, false)
}

// skip passes over n bytes without keeping them.
func (in *input) skip(n, start int64, what string) error {
	for left := n; left > 0; {
		k, err := in.r.Discard(int(min(left, 1<<30)))
		in.off += int64(k)
		left -= int64(k)
		if err == nil {
			continue
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return in.damage(in.packet, start, fmt.Sprintf("%s is cut short after %d of %d bytes", what, n-left, n), io.ErrUnexpectedEOF)
		}
		return in.damage(in.packet, start, readReason(err), err)
	}
	return nil
}

// readReason says what the reader below said, in words that fit behind a place.
func readReason(err error) string {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return "the compressed data is cut short"
	}
	return "cannot be read: " + err.Error()
}

// size prints a number of bytes for a message.
func size(n uint64) string {
	switch {
	case n >= 1e9:
		return fmt.Sprintf("%.1f GB", float64(n)/1e9)
	case n >= 1e6:
		return fmt.Sprintf("%.1f MB", float64(n)/1e6)
	}
	return fmt.Sprintf("%d bytes", n)
}
