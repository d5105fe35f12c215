package embedded

import (
	"context"
	"errors"
	"sync"

	"cxlens/internal/node/sources"
)

// Reading is how far the sources are in all.
type Reading struct {
	// File is what is read now, the Number-th of Files.
	File          string
	Number, Files int
	// Read and Total are bytes of all files as stored; Total is 0 where a stream is among them.
	Read, Total int64
	// Flows is how many flows are stored.
	Flows uint64
	// Done: all sources have ended.
	Done bool
}

// reading watches the sources of the embedded node: how far they are, when all have ended, and with what.
type reading struct {
	sources []sources.Source
	done    chan struct{} // closed when no source runs any more
	tell    func(Reading) // may be nil

	mu   sync.Mutex
	at   []sources.Progress // of each source, the last one
	left int
	errs []error
}

func newReading(srcs []sources.Source, tell func(Reading)) *reading {
	r := &reading{done: make(chan struct{}), tell: tell, left: len(srcs), at: make([]sources.Progress, len(srcs))}
	for i, s := range srcs {
		r.sources = append(r.sources, watchedSource{s, r, i})
	}
	if len(srcs) == 0 {
		close(r.done)
	}
	return r
}

func (r *reading) ended(i int, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.errs = append(r.errs, err)
	r.at[i].Before, r.at[i].Read, r.at[i].Number = r.at[i].Total, 0, r.at[i].Files
	r.left--
	r.say(i)
	if r.left == 0 {
		close(r.done)
	}
}

// progress takes in how far the i-th source is. Its last word, that it is done, says nothing of files.
func (r *reading) progress(i int, p sources.Progress) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if p.Done {
		r.at[i].Lines = p.Lines
		return
	}
	r.at[i] = p
	r.say(i)
}

// say tells how far all are while the i-th goes on. r.mu is held, so that the words come in order.
func (r *reading) say(i int) {
	if r.tell == nil {
		return
	}
	all := Reading{File: r.at[i].File, Done: r.left == 0}
	known := true
	for _, p := range r.at {
		all.Number += p.Number
		all.Files += p.Files
		all.Read += p.Before + p.Read
		all.Total += p.Total
		all.Flows += p.Lines
		known = known && p.Total > 0
	}
	if !known {
		all.Total = 0
	}
	r.tell(all)
}

func (r *reading) err() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return errors.Join(r.errs...)
}

// watchedSource tells its reading how far it is and when it has ended.
type watchedSource struct {
	sources.Source
	reading *reading
	number  int
}

// Run runs the source.
func (s watchedSource) Run(ctx context.Context, sink sources.Sink) error {
	err := s.Source.Run(ctx, watchedSink{sink, s})
	s.reading.ended(s.number, err)
	return err
}

// watchedSink passes on what a source does.
type watchedSink struct {
	sources.Sink
	of watchedSource
}

// Progress tells the reading too.
func (s watchedSink) Progress(p sources.Progress) {
	s.of.reading.progress(s.of.number, p)
	s.Sink.Progress(p)
}
