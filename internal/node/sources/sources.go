// Package sources is where a node's flows come from: cxtracker's session files, one
// directory of them or single ones, and capture files, which it meters itself. It
// may import flow, capture, meter and packed; it knows nothing of the wire.
//
// A source hands blocks of session lines (protocol.md section 6) to a Sink. A block
// is at most MaxLines lines and MaxBytes bytes, more for a server in the same process
// (Open), and ends in LF.
//
// The surprising thing: blocks of a session file are cut by its content alone, so
// that after a crash the same blocks are sent again, byte for byte, and the server
// recognises those that it has.
package sources

import (
	"context"
	"errors"
	"fmt"
	"time"

	"cxlens/internal/node/meter"
)

// The bounds of a block (protocol.md section 3).
const (
	MaxLines = 10_000
	MaxBytes = 1 << 20
	// NearLines and NearBytes are those of Open's sources, whose server is in the same process. So many
	// rows are a group of the store's columns, which it then takes over whole.
	NearLines = 122_880
	NearBytes = 32 << 20
)

// ErrRefused is what a Sink's Post returns, wrapped or not, when the server
// answered the block with 204: it is damaged or could not be kept.
var ErrRefused = errors.New("the server refused the block (204)")

// Sink takes what a source brings. It is safe for concurrent use.
type Sink interface {
	// Post returns when the server has stored the block for good. It survives the
	// loss of the connection. Its errors are ErrRefused and ctx's. It does not keep lines.
	Post(ctx context.Context, lines []byte) error
	// Notice tells a person something on one line: a damaged file, a refused block.
	Notice(text string)
	// Progress tells how far a source is.
	Progress(p Progress)
}

// Progress is how far a source is with what it reads.
type Progress struct {
	// Source is the source's name, File what it reads now.
	Source, File string
	// Read and Size are bytes of the file as stored; Size is 0 where it is not known.
	Read, Size int64
	// Number is the file's among the source's Files, from 1; Before is the size of those before it and Total of all of
	// them. Files is 0 for a directory, Total where a size is not known.
	Number, Files int
	Before, Total int64
	// Lines is the number of session lines the server has taken from this source.
	Lines uint64
	// Backlog is the number of session files that wait.
	Backlog int
	// Meter counts the packets of a capture source.
	Meter meter.Stats
	// Done: the source has ended.
	Done bool
}

// Source brings flows.
type Source interface {
	// Name is a short name for people: a directory, a file, "3 captures".
	Name() string
	// Run brings flows until there are no more or ctx is done. Damage of one file
	// does not end it: the file's error is joined to the one returned at the end.
	Run(ctx context.Context, sink Sink) error
}

// Rescanner is a Source that can be asked to look, or to send what it holds, at
// once. Rescan does not wait.
type Rescanner interface{ Rescan() }

// The attempts for a block that the server refuses.
const (
	maxRefusals  = 5
	firstRefusal = time.Second // doubled each time
)

// post gives a block to the sink and, while it is refused, again after a growing pause.
func post(ctx context.Context, sink Sink, lines []byte) error {
	pause := firstRefusal
	for n := 1; ; n++ {
		err := sink.Post(ctx, lines)
		if !errors.Is(err, ErrRefused) {
			return err
		}
		if n == maxRefusals {
			return fmt.Errorf("a block of %d bytes was given up after %d attempts: %w", len(lines), n, err)
		}
		if err := wait(ctx, pause); err != nil {
			return err
		}
		pause *= 2
	}
}

// wait waits for d or for ctx, whose error it returns.
func wait(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
