package sources

import (
	"context"
	"errors"
	"io"
	"slices"
	"sync/atomic"

	"cxlens/internal/node/packed"
)

// reportEvery is the number of lines between two reports of progress.
const reportEvery = 1 << 14

// sessionFiles sends session files once and leaves them where they are.
type sessionFiles struct {
	inputs []input
	stdin  io.Reader
	stored atomic.Uint64
	extent extent
}

// SessionFiles returns a Source that sends the session files at paths, plain or
// compressed, in this order, to a server in the same process, and leaves them. "-" is
// stdin. It ends after the last file.
func SessionFiles(paths []string, stdin io.Reader) Source {
	s := &sessionFiles{stdin: stdin}
	for _, p := range paths {
		s.inputs = append(s.inputs, input{path: p})
	}
	return s
}

// Name names the first file.
func (s *sessionFiles) Name() string { return title("session files", s.inputs) }

// Run reads on one goroutine and posts on another. Errors of single files are joined; what
// refuses one file refuses the next.
func (s *sessionFiles) Run(ctx context.Context, sink Sink) error {
	s.extent = extentOf(s.inputs)
	endless := slices.ContainsFunc(s.inputs, input.isStream)
	f := newFeed(near, endless)
	read := func(ctx context.Context) error { return s.read(ctx, f, sink) }
	_, err := f.join(ctx, endless, read, func(ctx context.Context, block []byte, lines int) error {
		if err := post(ctx, sink, block); err != nil {
			if ctx.Err() == nil {
				sink.Notice(err.Error())
			}
			return err
		}
		s.stored.Add(uint64(lines))
		return nil
	})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	sink.Progress(Progress{Source: s.Name(), Lines: s.stored.Load(), Done: true})
	return err
}

// read puts the lines of all files into the feed.
func (s *sessionFiles) read(ctx context.Context, f *feed, sink Sink) error {
	var errs []error
	for i := range s.inputs {
		err := s.readOne(ctx, i, f, sink)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			errs = append(errs, err)
			sink.Notice(err.Error())
		}
	}
	return errors.Join(errs...)
}

func (s *sessionFiles) readOne(ctx context.Context, i int, f *feed, sink Sink) error {
	in := s.inputs[i]
	r, err := in.open(s.stdin)
	if err != nil {
		return err
	}
	defer r.Close()
	s.report(i, r, sink)
	l := lines{name: in.name(), r: r.Reader}
	var line []byte
	for {
		line, err = l.read(line[:0])
		if len(line) > 0 {
			if err := f.addLine(ctx, line); err != nil {
				return err
			}
		}
		if err != nil || l.number%reportEvery == 0 {
			s.report(i, r, sink)
		}
		switch {
		case errors.Is(err, io.EOF):
			l.noteDropped(sink)
			return nil
		case err != nil:
			return err
		}
	}
}

func (s *sessionFiles) report(i int, r *packed.Reader, sink Sink) {
	sink.Progress(s.extent.place(i, Progress{
		Source: s.Name(), File: s.inputs[i].name(), Read: r.Consumed(), Size: r.Size(), Lines: s.stored.Load(),
	}))
}
