package embedded

import (
	"context"
	"errors"
	"sync"

	"cxlens/internal/node/sources"
)

// reading watches the sources of the embedded node: when all of them have ended, and with what.
type reading struct {
	sources []sources.Source
	done    chan struct{} // closed when no source runs any more

	mu   sync.Mutex
	left int
	errs []error
}

func newReading(srcs []sources.Source) *reading {
	r := &reading{done: make(chan struct{}), left: len(srcs)}
	for _, s := range srcs {
		r.sources = append(r.sources, watchedSource{s, r})
	}
	if len(srcs) == 0 {
		close(r.done)
	}
	return r
}

func (r *reading) ended(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.errs = append(r.errs, err)
	if r.left--; r.left == 0 {
		close(r.done)
	}
}

func (r *reading) err() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return errors.Join(r.errs...)
}

// watchedSource tells its reading when it has ended.
type watchedSource struct {
	sources.Source
	reading *reading
}

// Run runs the source.
func (s watchedSource) Run(ctx context.Context, sink sources.Sink) error {
	err := s.Source.Run(ctx, sink)
	s.reading.ended(err)
	return err
}
