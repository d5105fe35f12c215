package sources

import (
	"context"
	"sync"
	"time"

	"cxlens/internal/flow"
)

// A block is cut before it is full so that the first rows show early: of a stream by
// time, of files by their content alone, so that the same files make the same blocks
// and a server that has them recognises them (protocol.md section 6).
const maxDelay = 200 * time.Millisecond // how long a flow of a stream waits for its block to fill

// bounds say where blocks are cut.
type bounds struct {
	first  int // lines of the first block of files
	growth int // how many times longer each next one is, up to lines
	lines  int
	bytes  int
}

var (
	// far blocks go over a network, where a ping waits until a block is through.
	far = bounds{first: 500, growth: 2, lines: MaxLines, bytes: MaxBytes}
	// near blocks stay in the process: few and large ones take half of the store's time.
	near = bounds{first: 500, growth: 8, lines: NearLines, bytes: NearBytes}
)

// feed collects session lines into blocks on one side and sends them on the other:
// while one block is on its way the next one fills, and then the reader waits.
type feed struct {
	bounds  bounds
	timed   bool // cut by time
	mu      sync.Mutex
	buf     []byte
	lines   int
	limit   int       // lines of the block that fills
	due     bool      // it was cut; the reader waits with the next line until it is taken
	since   time.Time // when the first line of buf came
	closed  bool
	urgent  bool
	changed chan struct{} // something for the sender to look at
	taken   chan struct{} // the buffer was emptied
	spare   []byte
}

func newFeed(b bounds, timed bool) *feed {
	f := &feed{bounds: b, timed: timed, limit: b.first, changed: make(chan struct{}, 1), taken: make(chan struct{}, 1)}
	if timed {
		f.limit = b.lines
	}
	return f
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
	return f.put(ctx, func(buf []byte) []byte { return flow.AppendLine(buf, r, flow.Form20) })
}

// addLine appends a line as it is, its LF included, as add does.
func (f *feed) addLine(ctx context.Context, line []byte) error {
	return f.put(ctx, func(buf []byte) []byte { return append(buf, line...) })
}

func (f *feed) put(ctx context.Context, line func(buf []byte) []byte) error {
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
	f.buf = line(f.buf)
	f.lines++
	if f.lines == 1 {
		f.since = time.Now()
	}
	if f.lines == 1 || f.full() {
		signal(f.changed)
	}
	return nil
}

func (f *feed) full() bool { return f.due || f.lines >= f.limit || len(f.buf) > f.bounds.bytes-maxLine }

// cut ends the block that fills, if there is something in it.
func (f *feed) cut() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.due = f.lines > 0
	signal(f.changed)
}

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
	if !f.full() && !f.closed && !f.urgent {
		if !f.timed {
			return nil, 0, 0, false
		}
		if left := maxDelay - time.Since(f.since); left > 0 {
			return nil, 0, left, false
		}
	}
	block, lines = f.buf, f.lines
	f.buf, f.spare = f.spare[:0], nil
	f.lines, f.urgent, f.due = 0, false, false
	f.limit = min(f.bounds.growth*f.limit, f.bounds.lines)
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

// join runs read, which fills the feed, beside the sending of its blocks. Whole says that read has
// ended and all was sent; only an endless input is not waited for, because its reading cannot be ended from here.
func (f *feed) join(ctx context.Context, endless bool, read func(context.Context) error, send func(ctx context.Context, block []byte, lines int) error) (whole bool, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ended := make(chan error, 1)
	go func() {
		defer f.close()
		ended <- read(ctx)
	}()
	err = f.run(ctx, func(block []byte, lines int) error { return send(ctx, block, lines) })
	if err == nil {
		return true, <-ended
	}
	cancel()
	if !endless {
		<-ended
	}
	return false, err
}
