// Package duckdb keeps flows in one DuckDB file, or in memory. It may import
// store, query and flow, and the DuckDB driver.
//
// Its surprising thing: it works on the driver's mapping package, one level below
// database/sql, where a result streams in chunks whose columns are plain slices.
// Rows leave ten times faster that way than through the driver's rows, and a slow
// reader does not make the whole result pile up in memory.
//
// A flow is a row of the table flow, with its file names as numbers of the table
// files; the view flows shows the names. Sequence numbers are given in Append, one
// block after the other, so that the rows lie in their order.
package duckdb

import (
	"context"
	"fmt"
	"sync"
	"time"

	"cxlens/internal/store"
)

// Options tune a store. The zero value is good.
type Options struct {
	// Threads is how many threads queries share; 0 is one a processor.
	Threads int
	// MemoryLimit is how many bytes DuckDB may hold; past it, sorts and groups spill into
	// the folder PATH.tmp (a store in memory gives an error). 0 is 80 % of the machine's memory.
	MemoryLimit int64
	// Now is the clock of the blocks' stored_at; nil is time.Now.
	Now func() time.Time
}

// Store is a store.Store in a DuckDB file. Open makes one.
type Store struct {
	engine *engine
	pool   pool
	files  *fileNames
	now    func() time.Time

	life    context.Context // done once Close began
	endLife context.CancelFunc
	running sync.WaitGroup

	writing chan struct{} // holds one token: who has it may use writer and next
	writer  *conn
	next    nextIDs

	mu       sync.Mutex
	closed   bool
	stats    map[uint32]store.NodeStats
	watchers map[chan struct{}]bool
}

var _ store.Store = (*Store)(nil)

// nextIDs are the numbers that the next row and the next file name get.
type nextIDs struct {
	seq  uint64 // from 1, so that AfterSeq 0 excludes nothing
	file uint32 // from 1; 0 is the empty name
}

// Open opens the store in the file path, or makes it; "" is a store in memory. Its
// folder must exist. An error names path: in use by another process, open already,
// no store at all, or written by a newer version.
func Open(ctx context.Context, path string, opts Options) (*Store, error) {
	if opts.Threads < 0 || opts.MemoryLimit < 0 {
		return nil, fmt.Errorf("flow store %s: threads and memory limit cannot be negative", path)
	}
	if err := ctx.Err(); err != nil {
		return nil, context.Cause(ctx)
	}
	e, err := openEngine(path, opts)
	if err != nil {
		return nil, err
	}
	s, err := open(ctx, e)
	if err != nil {
		e.close()
		if path == "" {
			path = "in memory"
		}
		return nil, fmt.Errorf("flow store %s: %w", path, err)
	}
	s.now = opts.Now
	if s.now == nil {
		s.now = time.Now
	}
	return s, nil
}

func open(ctx context.Context, e *engine) (*Store, error) {
	s := &Store{
		engine:   e,
		pool:     pool{engine: e},
		writing:  make(chan struct{}, 1),
		watchers: make(map[chan struct{}]bool),
	}
	s.files = newFileNames(maxNameBytes)
	var err error
	if s.writer, err = e.connect(); err != nil {
		return nil, err
	}
	if err := s.load(ctx); err != nil {
		s.writer.close()
		return nil, err
	}
	s.life, s.endLife = context.WithCancel(context.Background())
	s.writing <- struct{}{}
	return s, nil
}

// load makes or checks the tables and reads where the last run stopped.
func (s *Store) load(ctx context.Context) error {
	if err := prepareSchema(ctx, s.writer); err != nil {
		return err
	}
	var err error
	if s.next, err = loadNext(ctx, s.writer); err != nil {
		return err
	}
	s.stats, err = loadStats(ctx, s.writer)
	return err
}

// begin registers an operation: its context also ends with Close. end must be called.
func (s *Store) begin(ctx context.Context) (_ context.Context, end func(), err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, nil, store.ErrClosed
	}
	s.running.Add(1)
	ctx, cancel := context.WithCancelCause(ctx)
	release := context.AfterFunc(s.life, func() { cancel(store.ErrClosed) })
	return ctx, func() {
		release()
		cancel(nil)
		s.running.Done()
	}, nil
}

// Close ends all running queries and appends, waits for them, and closes the file.
// It must not be called from within the function that Flows was given. Calls after
// the first return nil.
func (s *Store) Close() error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil
	}
	s.closed = true
	s.mu.Unlock()
	s.endLife()
	s.running.Wait()
	s.pool.close()
	var err error
	if s.engine.key != "" {
		// What is stored is safe in the log already; this only makes the next opening fast.
		err = s.writer.exec(context.Background(), "CHECKPOINT")
	}
	s.writer.close()
	s.engine.close()
	if err != nil {
		return fmt.Errorf("closing the flow store: %w", err)
	}
	return nil
}
