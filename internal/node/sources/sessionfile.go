package sources

import (
	"context"
	"errors"
	"fmt"
	"io"

	"cxlens/internal/flow"
)

// sessionFiles sends session files once and leaves them where they are.
type sessionFiles struct {
	inputs []input
	stdin  io.Reader
	lines  uint64
}

// CxtrackerFile returns a Source that sends the session files at paths, plain or
// compressed, in this order, and leaves them. "-" is stdin. It ends after the last file.
func CxtrackerFile(paths []string, stdin io.Reader) Source {
	s := &sessionFiles{stdin: stdin}
	for _, p := range paths {
		s.inputs = append(s.inputs, input{path: p})
	}
	return s
}

// Name names the first file.
func (s *sessionFiles) Name() string { return title("session files", s.inputs) }

// Run sends the files; errors of single files are joined.
func (s *sessionFiles) Run(ctx context.Context, sink Sink) error {
	var errs []error
	for _, in := range s.inputs {
		err := s.send(ctx, in, sink)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			errs = append(errs, err)
			sink.Notice(err.Error())
		}
		if errors.Is(err, ErrRefused) {
			break // what refuses this file refuses the next
		}
	}
	sink.Progress(Progress{Source: s.Name(), Lines: s.lines, Done: true})
	return errors.Join(errs...)
}

func (s *sessionFiles) send(ctx context.Context, in input, sink Sink) error {
	r, err := in.open(s.stdin)
	if err != nil {
		return err
	}
	defer r.Close()
	b := newBlocks(in.name(), r.Reader)
	for {
		block, lines, err := b.next()
		if errors.Is(err, io.EOF) {
			noteDropped(sink, b)
			return nil
		}
		if err != nil {
			return err
		}
		if err := post(ctx, sink, block); err != nil {
			return fmt.Errorf("%s: %w", flow.Clean(in.name()), err)
		}
		s.lines += uint64(lines)
		sink.Progress(Progress{Source: s.Name(), File: in.name(), Read: r.Consumed(), Size: r.Size(), Lines: s.lines})
	}
}

// noteDropped tells of lines that could not be sent.
func noteDropped(sink Sink, b *blocks) {
	if b.dropped > 0 {
		sink.Notice(fmt.Sprintf("%s: %d lines were left out: they have no fields separated by |", flow.Clean(b.name), b.dropped))
	}
}
