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

// blocks cuts session lines into blocks. Where it cuts depends on the content alone.
type blocks struct {
	name string
	r    *bufio.Reader
	// line is the number of the line read last.
	line uint64
	// dropped counts lines that cannot be sent.
	dropped uint64
	// held was read but belongs to the next block.
	held []byte
	buf  []byte
	err  error
}

func newBlocks(name string, r *bufio.Reader) *blocks { return &blocks{name: name, r: r} }

// next returns the next block and its number of lines, io.EOF after the last. The
// block is valid until the next call. Lines before an error are returned first.
func (b *blocks) next() (block []byte, lines int, err error) {
	b.buf = append(b.buf[:0], b.held...)
	if len(b.held) > 0 {
		lines, b.held = 1, nil
	}
	for b.err == nil && lines < MaxLines {
		line, err := b.read()
		if err != nil {
			b.err = err
			break
		}
		if len(line) == 0 {
			continue
		}
		if len(b.buf)+len(line) > MaxBytes {
			b.held = line
			break
		}
		b.buf = append(b.buf, line...)
		lines++
	}
	if lines > 0 {
		return b.buf, lines, nil
	}
	return nil, 0, b.err
}

// read returns the next line with its LF, nothing for a line that is not sent: an
// empty one, or one that is no session line at all.
func (b *blocks) read() ([]byte, error) {
	var line []byte
	for {
		part, err := b.r.ReadSlice('\n')
		line = append(line, part...)
		switch {
		case len(line) > maxLine:
			return nil, fmt.Errorf("%s: line %d is longer than %d bytes; it is no session file", flow.Clean(b.name), b.line+1, maxLine)
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF) && len(line) > 0:
			line = append(line, '\n')
		case errors.Is(err, io.EOF):
			return nil, io.EOF
		case err != nil:
			return nil, fmt.Errorf("%s: line %d: cannot be read: %w", flow.Clean(b.name), b.line+1, err)
		}
		break
	}
	b.line++
	switch {
	case len(bytes.TrimSpace(line)) == 0:
		return nil, nil
	case !sendable(line):
		b.dropped++
		return nil, nil
	}
	return line, nil
}

// sendable tells whether a line can stand in a block. The server keeps a damaged
// session line as rejected; but what has no field at all might be an ack or the end
// of the block, and what begins like an object or with NUL would be misread too
// (protocol.md sections 2 and 3).
func sendable(line []byte) bool {
	return line[0] != '{' && line[0] != 0 && bytes.IndexByte(line, '|') >= 0
}
