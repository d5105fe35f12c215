package export

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"
)

// backlogMemory is how much text a Backlog lets wait in memory before its maker is held back.
const backlogMemory = 4 << 20

// Backlog stands between what makes text and a writer that may take its time, such as a pager: Write never
// waits, Settle does, for as long as its caller can. What has not been taken by then waits in a temporary file
// without a name, so that memory holds no more than what is written between two calls of Settle and
// 4 MB. Write and Settle are for one goroutine; the writer is called from another one.
type Backlog struct {
	w     io.Writer
	most  int           // bytes in memory that need not be waited for
	wake  chan struct{} // something to write, or the end
	eased chan struct{} // something was written
	ended chan struct{} // nothing is written any more

	mu     sync.Mutex
	memory []byte // written before what is in the file
	taken  int    // bytes that are on their way to w
	spill  *os.File
	named  bool // the file could not be unlinked while it is open
	from   int64
	to     int64
	toFile bool
	closed bool
	err    error // of w or of the file
}

// NewBacklog returns a Backlog in front of w. It is to be closed.
func NewBacklog(w io.Writer) *Backlog {
	b := &Backlog{w: w, most: backlogMemory, wake: make(chan struct{}, 1), eased: make(chan struct{}, 1), ended: make(chan struct{})}
	go b.pass()
	return b
}

// Write takes in text. An error is one that an earlier text met, or the temporary file's.
func (b *Backlog) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.err != nil {
		return 0, b.err
	}
	if b.toFile {
		if err := b.append(p); err != nil {
			b.err = fmt.Errorf("keep what the output does not take yet: %w", err)
			return 0, b.err
		}
	} else {
		b.memory = append(b.memory, p...)
	}
	notify(b.wake)
	return len(p), nil
}

// Settle waits until no more than a little is waiting for the writer, at most for so long; it does not say
// which of the two it was. When the time is up, later text goes to the file until all of it is written.
func (b *Backlog) Settle(ctx context.Context, patience time.Duration) error {
	late := time.NewTimer(patience)
	defer late.Stop()
	for {
		b.mu.Lock()
		waiting, err := int64(len(b.memory)+b.taken)+b.to-b.from, b.err
		b.mu.Unlock()
		if err != nil || waiting <= int64(b.most) {
			return err
		}
		select {
		case <-b.eased:
		case <-b.ended: // with an error
		case <-ctx.Done():
			return ctx.Err()
		case <-late.C:
			b.mu.Lock()
			b.toFile = len(b.memory)+b.taken > 0 || b.to > b.from
			b.mu.Unlock()
			return nil
		}
	}
}

// Close waits until all is written, or ctx is done; a writer that does not return then is left alone.
func (b *Backlog) Close(ctx context.Context) error {
	b.mu.Lock()
	b.closed = true
	b.mu.Unlock()
	notify(b.wake)
	select {
	case <-b.ended:
		b.mu.Lock()
		defer b.mu.Unlock()
		return b.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// pass hands text to the writer until the end or an error.
func (b *Backlog) pass() {
	defer close(b.ended)
	defer b.removeFile()
	var text []byte
	for {
		var more bool
		if text, more = b.next(text[:0]); !more {
			return
		}
		if len(text) == 0 {
			<-b.wake
			continue
		}
		_, err := b.w.Write(text)
		b.mu.Lock()
		b.taken = 0
		if b.err == nil {
			b.err = err
		}
		b.mu.Unlock()
		notify(b.eased)
	}
}

// next takes the next text out of the backlog, into room; more is false at the end.
func (b *Backlog) next(room []byte) (text []byte, more bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.err != nil:
		return nil, false
	case len(b.memory) > 0:
		text, b.memory = b.memory, room
	case b.to > b.from:
		text = append(room, make([]byte, min(flushBytes, b.to-b.from))...)
		if _, err := b.spill.ReadAt(text, b.from); err != nil {
			b.err = fmt.Errorf("read back what the output did not take: %w", err)
			return nil, false
		}
		b.from += int64(len(text))
		if b.from == b.to {
			b.from, b.to, b.toFile = 0, 0, false
			b.err = b.spill.Truncate(0)
		}
	default:
		b.toFile = false
		return room, !b.closed
	}
	b.taken = len(text)
	return text, true
}

// append writes behind what is in the file. The lock is held.
func (b *Backlog) append(p []byte) (err error) {
	if b.spill == nil {
		if b.spill, err = os.CreateTemp("", "cxlens-rows-"); err != nil {
			return err
		}
		// Without a name it is gone with the process, however that ends.
		b.named = os.Remove(b.spill.Name()) != nil
	}
	n, err := b.spill.WriteAt(p, b.to)
	b.to += int64(n)
	return err
}

func (b *Backlog) removeFile() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.spill == nil {
		return
	}
	err := b.spill.Close()
	if b.named {
		err = errors.Join(err, os.Remove(b.spill.Name()))
	}
	if b.err == nil {
		b.err = err
	}
}

// notify leaves a sign that one receiver will see.
func notify(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
