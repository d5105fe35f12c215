package sources

import (
	"context"
	"sync"
	"time"

	"cxlens/internal/flow"
)

// maxDelay is how long a flow may wait for its block to fill, so that the first rows show early.
const maxDelay = 200 * time.Millisecond

// feed collects session lines into blocks on one side and sends them on the other:
// while one block is on its way the next one fills, and then the reader waits.
type feed struct {
	mu      sync.Mutex
	buf     []byte
	lines   int
	since   time.Time // when the first line of buf came
	closed  bool
	urgent  bool
	changed chan struct{} // something for the sender to look at
	taken   chan struct{} // the buffer was emptied
	spare   []byte
}

func newFeed() *feed {
	return &feed{changed: make(chan struct{}, 1), taken: make(chan struct{}, 1)}
}

// signal leaves a note in c, once.
func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// add appends a flow's line. It waits while the buffer is full.
func (f *feed) add(ctx context.Context, r *flow.Record) error {
	f.mu.Lock()
	for f.full() {
		f.mu.Unlock()
		select {
		case <-f.taken:
		case <-ctx.Done():
			return ctx.Err()
		}
		f.mu.Lock()
	}
	defer f.mu.Unlock()
	f.buf = flow.AppendLine(f.buf, r, flow.Form20)
	f.lines++
	if f.lines == 1 {
		f.since = time.Now()
	}
	if f.lines == 1 || f.full() {
		signal(f.changed)
	}
	return nil
}

func (f *feed) full() bool { return f.lines >= MaxLines || len(f.buf) > MaxBytes-maxLine }

// close says that no more lines come.
func (f *feed) close() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closed = true
	signal(f.changed)
}

// hurry sends what there is at once.
func (f *feed) hurry() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.urgent = f.lines > 0
	signal(f.changed)
}

// take returns a block that is due, or how long to wait for one (0: until something
// changes). Over is true when all was taken and no more comes.
func (f *feed) take() (block []byte, lines int, after time.Duration, over bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.lines == 0 {
		return nil, 0, 0, f.closed
	}
	left := maxDelay - time.Since(f.since)
	if !f.full() && !f.closed && !f.urgent && left > 0 {
		return nil, 0, left, false
	}
	block, lines = f.buf, f.lines
	f.buf, f.spare = f.spare[:0], nil
	f.lines, f.urgent = 0, false
	signal(f.taken)
	return block, lines, 0, false
}

// run sends blocks until the feed is closed and empty, or send fails.
func (f *feed) run(ctx context.Context, send func(block []byte, lines int) error) error {
	for {
		block, lines, after, over := f.take()
		if over {
			return nil
		}
		if lines > 0 {
			if err := send(block, lines); err != nil {
				return err
			}
			f.mu.Lock()
			f.spare = block
			f.mu.Unlock()
			continue
		}
		if err := f.pause(ctx, after); err != nil {
			return err
		}
	}
}

// pause waits for a change, for ctx, and for after unless it is 0.
func (f *feed) pause(ctx context.Context, after time.Duration) error {
	var due <-chan time.Time
	if after > 0 {
		t := time.NewTimer(after)
		defer t.Stop()
		due = t.C
	}
	select {
	case <-f.changed:
	case <-due:
	case <-ctx.Done():
		return ctx.Err()
	}
	return nil
}
