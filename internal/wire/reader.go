package wire

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
)

// itemKind is what the demultiplexer found.
type itemKind uint8

const (
	itemObject itemKind = iota // a JSON object, whole, not yet parsed
	itemBatch                  // a JSON array, whole
	itemLine                   // a text line with its LF
	itemBlock                  // a data block without its end line
)

// item is one thing read from the stream. data is valid until the next one is read,
// except that of a block, which belongs to the receiver.
type item struct {
	kind    itemKind
	data    []byte
	tooDeep bool // of an object
}

// fault is an error after which the stream cannot be followed: the peer is told, and the
// connection is closed.
type fault struct {
	code int
	text string
}

func (f *fault) Error() string { return f.text }

// expecter knows what the stream may hold next; the machine is one.
type expecter interface {
	// blockDue says whether a granted block is awaited. Only the reader's own doing changes it.
	blockDue() bool
	// beforeBlock says whether a line that could be the first of the due block is an item before it.
	beforeBlock(line []byte) bool
}

// reader is the demultiplexer of protocol.md section 2: it cuts the stream into items.
type reader struct {
	src    *source
	br     *bufio.Reader
	cfg    *Config
	object []byte // reused for the next object
	lineOf bool   // an object ended while a block was due: the rest of its line is not the block's
}

func newReader(src *source, cfg *Config) *reader {
	return &reader{src: src, br: bufio.NewReaderSize(src, max(cfg.MaxLine, 64<<10)), cfg: cfg}
}

// next reads one item. The error is a *fault when the peer broke a rule, io.EOF when the
// stream ended between two items, io.ErrUnexpectedEOF when within one.
func (r *reader) next(x expecter) (item, error) {
	r.src.between()
	if x.blockDue() {
		return r.nextDue(x)
	}
	b, err := r.skip(" \t\r\n\x00")
	if err != nil {
		return item{}, err
	}
	if b == '{' || b == '[' {
		return r.nextObject(b)
	}
	r.src.begin("a text line", r.br.Buffered())
	line, err := r.br.ReadSlice('\n')
	if err == nil && len(line) <= r.cfg.MaxLine {
		return item{kind: itemLine, data: line}, nil
	}
	if err == nil || errors.Is(err, bufio.ErrBufferFull) {
		return item{}, &fault{CodeInvalidRequest, fmt.Sprintf("a text line is longer than %d bytes", r.cfg.MaxLine)}
	}
	return item{}, unexpected(err)
}

// skip drops bytes of the set and returns the first other one, unread.
func (r *reader) skip(set string) (byte, error) {
	for n := 0; ; n++ {
		p, err := r.br.Peek(1)
		if err != nil {
			return 0, err
		}
		if bytes.IndexByte([]byte(set), p[0]) < 0 {
			return p[0], nil
		}
		if n == r.cfg.MaxLine {
			return 0, &fault{CodeInvalidRequest, fmt.Sprintf("more than %d blanks between two items", n)}
		}
		if _, err := r.br.Discard(1); err != nil {
			return 0, err
		}
	}
}

// nextObject reads to the brace that matches open.
func (r *reader) nextObject(open byte) (item, error) {
	r.src.begin("a JSON object", r.br.Buffered())
	it := item{kind: itemObject, data: r.object[:0]}
	if open == '[' {
		it.kind = itemBatch
	}
	var scan objectScan
	for {
		if _, err := r.br.Peek(1); err != nil {
			return item{}, unexpected(err)
		}
		room := r.cfg.MaxObject - len(it.data)
		if room == 0 {
			return item{}, &fault{CodeInvalidRequest, fmt.Sprintf("a JSON object is larger than %d bytes", r.cfg.MaxObject)}
		}
		p, _ := r.br.Peek(min(room, r.br.Buffered()))
		n, done, err := scan.feed(p)
		if err != nil {
			return item{}, &fault{CodeParse, err.Error()}
		}
		it.data = append(it.data, p[:n]...)
		r.object = it.data
		if _, err := r.br.Discard(n); err != nil {
			return item{}, unexpected(err)
		}
		if done {
			it.tooDeep = scan.tooDeep
			return it, nil
		}
	}
}

// nextDue reads while a block is due: the block, or what may stand before it.
func (r *reader) nextDue(x expecter) (item, error) {
	if err := r.skipToBlock(); err != nil {
		return item{}, err
	}
	r.src.begin("a data block", r.br.Buffered())
	object, err := r.at(objectPrefix)
	if err != nil {
		return item{}, unexpected(err)
	}
	if object {
		r.lineOf = true
		return r.nextObject('{')
	}
	line, err := r.br.ReadSlice('\n')
	if err == nil && x.beforeBlock(line) {
		return item{kind: itemLine, data: line}, nil
	}
	return r.block(line, err)
}

// skipToBlock drops what can stand before a due block and is not of it: NULs, because
// old peers end their lines with LF NUL, and the end of the line of an object before it.
func (r *reader) skipToBlock() error {
	if r.lineOf {
		r.lineOf = false
		b, err := r.skip(" \t\r\x00")
		if err != nil {
			return err
		}
		if b == '\n' {
			_, _ = r.br.Discard(1) // skip has it in the buffer
		}
	}
	_, err := r.skip("\x00")
	return err
}

// at says whether the stream goes on with want, waiting only for bytes that can decide it.
func (r *reader) at(want []byte) (bool, error) {
	for n := 1; n <= len(want); n++ {
		p, err := r.br.Peek(n)
		if errors.Is(err, io.EOF) && len(p) > 0 {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		if p[n-1] != want[n-1] {
			return false, nil
		}
	}
	return true, nil
}

// block collects lines from the first one to the end line.
func (r *reader) block(line []byte, err error) (item, error) {
	var data []byte
	for atStart := true; ; line, err = r.br.ReadSlice('\n') {
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return item{}, unexpected(err)
		}
		if atStart && bytes.Equal(line, endLine) {
			break
		}
		if len(data)+len(line) > r.cfg.MaxBlock {
			return item{}, &fault{CodeInvalidRequest, fmt.Sprintf("a data block is larger than %d bytes: send it in parts", r.cfg.MaxBlock)}
		}
		if cap(data)-len(data) < len(line) {
			data = slices.Grow(data, max(len(line), len(data))) // doubling copies less than append does
		}
		data = append(data, line...)
		atStart = err == nil
	}
	if len(data) == 1 {
		data = nil // the empty block, as the document spells it: LF . CR LF
	}
	return item{kind: itemBlock, data: data}, nil
}

// unexpected is the error within an item.
func unexpected(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}
