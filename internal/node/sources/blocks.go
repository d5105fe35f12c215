package sources

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"cxlens/internal/flow"
)

// maxLine bounds a session line: two file names of 4,096 bytes and the numbers fit.
const maxLine = 16 << 10

// lines reads session lines and leaves out what cannot be sent.
type lines struct {
	name string
	r    *bufio.Reader
	// number is that of the line read last.
	number uint64
	// dropped counts lines that cannot be sent.
	dropped uint64
}

// read appends the next line with its LF to dst, or nothing for a line that is not sent: an empty
// one, or one that is no session line at all. After an error there is nothing of a line in dst.
func (l *lines) read(dst []byte) ([]byte, error) {
	at := len(dst)
	for {
		part, err := l.r.ReadSlice('\n')
		dst = append(dst, part...)
		switch {
		case len(dst)-at > maxLine:
			return dst[:at], fmt.Errorf("%s: line %d is longer than %d bytes; it is no session file", flow.Clean(l.name), l.number+1, maxLine)
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF) && len(dst) > at:
			dst = append(dst, '\n')
		case errors.Is(err, io.EOF):
			return dst, io.EOF
		case err != nil:
			return dst[:at], fmt.Errorf("%s: line %d: cannot be read: %w", flow.Clean(l.name), l.number+1, err)
		}
		break
	}
	l.number++
	line := dst[at:]
	switch {
	case len(bytes.TrimSpace(line)) == 0:
		return dst[:at], nil
	case !sendable(line):
		l.dropped++
		return dst[:at], nil
	}
	return dst, nil
}

// noteDropped tells of lines that could not be sent.
func (l *lines) noteDropped(sink Sink) {
	if l.dropped > 0 {
		sink.Notice(fmt.Sprintf("%s: %d lines were left out: they have no fields separated by |", flow.Clean(l.name), l.dropped))
	}
}

// blocks cuts session lines into blocks. Where it cuts depends on the content alone.
type blocks struct {
	lines
	// held was read but belongs to the next block.
	held []byte
	buf  []byte
	err  error
}

func newBlocks(name string, r *bufio.Reader) *blocks {
	return &blocks{lines: lines{name: name, r: r}}
}

// next returns the next block and its number of lines, io.EOF after the last. The
// block is valid until the next call. Lines before an error are returned first.
func (b *blocks) next() (block []byte, n int, err error) {
	b.buf = append(b.buf[:0], b.held...)
	if len(b.held) > 0 {
		n, b.held = 1, b.held[:0]
	}
	for b.err == nil && n < MaxLines {
		at := len(b.buf)
		b.buf, b.err = b.read(b.buf)
		if len(b.buf) == at {
			continue
		}
		if len(b.buf) > MaxBytes {
			b.held = append(b.held, b.buf[at:]...)
			b.buf = b.buf[:at]
			break
		}
		n++
	}
	if n > 0 {
		return b.buf, n, nil
	}
	return nil, 0, b.err
}

// sendable tells whether a line can stand in a block. The server keeps a damaged
// session line as rejected; but what has no field at all might be an ack or the end
// of the block, and what begins like an object or with NUL would be misread too
// (protocol.md sections 2 and 3).
func sendable(line []byte) bool {
	return line[0] != '{' && line[0] != 0 && bytes.IndexByte(line, '|') >= 0
}
