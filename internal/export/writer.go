package export

import (
	"context"
	"io"

	"cxlens/internal/flow"
)

const (
	flushBytes = 1 << 16 // what collects before it is written
	checkRows  = 1 << 10 // rows between two looks at the context
)

// Writer writes flows in one format. It is for one goroutine.
type Writer struct {
	// Progress, when set, is called now and then and at the end of each Write
	// with the number of rows written so far, from Write's goroutine.
	Progress func(rows int)

	w      io.Writer
	cols   []flow.Column
	enc    encoder
	buf    []byte
	rows   int
	header bool // is written
	err    error
}

// encoder appends a format's texts.
type encoder interface {
	// prepare is called once, with the first rows (nil: all of v), before the header.
	prepare(v *flow.View, rows []uint32)
	header(dst []byte) []byte
	row(dst []byte, v *flow.View, row int) []byte
}

// NewWriter returns a Writer of the columns cols.
func NewWriter(w io.Writer, format Format, cols []flow.Column) *Writer {
	x := &Writer{w: w, cols: cols}
	switch format {
	case JSONL:
		x.enc = newJSONL(cols)
	case Table:
		x.enc = newTable(cols)
	default:
		x.enc = csv{cols: cols, safe: format == SafeCSV}
	}
	return x
}

// Write writes rows of v (nil: all of them) in their order; it may be called again
// for more. The first call writes the header. It stops with ctx's error when ctx is
// done, and with the writer's error when that fails; a Writer that failed stays failed.
func (x *Writer) Write(ctx context.Context, v *flow.View, rows []uint32) error {
	x.begin(v, rows)
	n := len(rows)
	if rows == nil {
		n = v.Len()
	}
	for i := range n {
		if i%checkRows == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
			x.report()
		}
		row := i
		if rows != nil {
			row = int(rows[i])
		}
		x.buf = x.enc.row(x.buf, v, row)
		x.rows++
		if len(x.buf) >= flushBytes && x.flush() != nil {
			return x.err
		}
	}
	x.report()
	return x.err
}

// Rows is how many rows were written so far.
func (x *Writer) Rows() int { return x.rows }

// Flush writes what is buffered; without any rows that is the header.
func (x *Writer) Flush() error {
	x.begin(flow.NewTable().View(), nil)
	return x.flush()
}

func (x *Writer) begin(v *flow.View, rows []uint32) {
	if x.header {
		return
	}
	x.header = true
	x.enc.prepare(v, rows)
	x.buf = x.enc.header(x.buf)
}

func (x *Writer) flush() error {
	if x.err == nil && len(x.buf) > 0 {
		_, x.err = x.w.Write(x.buf)
	}
	x.buf = x.buf[:0]
	return x.err
}

func (x *Writer) report() {
	if x.Progress != nil {
		x.Progress(x.rows)
	}
}
