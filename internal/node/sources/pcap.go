package sources

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync/atomic"

	"cxlens/internal/flow"
	"cxlens/internal/node/capture"
	"cxlens/internal/node/meter"
	"cxlens/internal/node/packed"
)

// progressEvery is the number of packets between two reports of progress.
const progressEvery = 1 << 14

// cutEvery is the number of packets of a file after which the flows that have ended are
// sent: about a fifth of a second of reading.
const cutEvery = 1 << 17

// PcapOptions are how captures are read. The zero value is usable.
type PcapOptions struct {
	// Meter bounds and numbers the flows.
	Meter meter.Options
	// Stdin is read for the path "-".
	Stdin io.Reader

	near bool // the server is in the same process
}

func (o PcapOptions) bounds() bounds {
	if o.near {
		return near
	}
	return far
}

// pcapSource meters captures.
type pcapSource struct {
	inputs []input
	opts   PcapOptions
	feed   atomic.Pointer[feed]
	lines  atomic.Uint64
	extent extent
	final  meter.Stats // set before Run's reading goroutine ends
}

// Pcap returns a Source that meters the captures at paths in this order, as one
// stream of packets: a flow may begin in one and end in the next. "-" is standard
// input. It ends after the last capture.
func Pcap(paths []string, opts PcapOptions) Source {
	s := &pcapSource{opts: opts}
	for _, p := range paths {
		s.inputs = append(s.inputs, input{path: p})
	}
	return s
}

// Name names the first capture.
func (s *pcapSource) Name() string { return title("captures", s.inputs) }

// Rescan sends the flows that have ended at once.
func (s *pcapSource) Rescan() {
	if f := s.feed.Load(); f != nil {
		f.hurry()
	}
}

// Run reads on one goroutine and posts on another.
func (s *pcapSource) Run(ctx context.Context, sink Sink) error {
	s.extent = extentOf(s.inputs)
	endless := slices.ContainsFunc(s.inputs, input.isStream)
	f := newFeed(s.opts.bounds(), endless)
	s.feed.Store(f)
	read := func(ctx context.Context) error { return s.read(ctx, f, sink) }
	whole, err := f.join(ctx, endless, read, func(ctx context.Context, block []byte, lines int) error {
		if err := post(ctx, sink, block); err != nil {
			return err
		}
		s.lines.Add(uint64(lines))
		return nil
	})
	if whole {
		sink.Progress(Progress{Source: s.Name(), Lines: s.lines.Load(), Meter: s.final, Done: true})
	}
	return err
}

// read meters all captures. Errors of single files are joined.
func (s *pcapSource) read(ctx context.Context, f *feed, sink Sink) error {
	var stop error
	m := meter.New(s.opts.Meter, func(r *flow.Record) {
		if stop == nil {
			stop = f.add(ctx, r)
		}
	})
	var errs []error
	for i := range s.inputs {
		err := s.readOne(ctx, i, m, f, sink, &stop)
		if stop != nil {
			return stop
		}
		if err != nil {
			errs = append(errs, err)
			sink.Notice(err.Error())
		}
	}
	m.Flush()
	if n := m.Stats().Evicted; n > 0 {
		sink.Notice(fmt.Sprintf("%d flows were ended early, because too many were open at once", n))
	}
	if stop != nil {
		return stop
	}
	if m.Stats().Packets > 0 {
		errs = slices.DeleteFunc(errs, func(err error) bool { return errors.Is(err, errNoPackets) })
	}
	s.final = m.Stats()
	return errors.Join(errs...)
}

// readOne meters one capture up to its end or its damage.
func (s *pcapSource) readOne(ctx context.Context, i int, m *meter.Meter, f *feed, sink Sink, stop *error) error {
	in := s.inputs[i]
	r, err := in.open(s.opts.Stdin)
	if err != nil {
		return err
	}
	defer r.Close()
	c, err := capture.NewReader(in.name(), r.Reader)
	if err != nil {
		return err
	}
	m.File(in.file())
	s.report(i, r, m, sink)
	strange := strangers{name: in.name(), before: m.Stats()}
	for *stop == nil {
		p, err := c.Next()
		if err != nil {
			s.report(i, r, m, sink)
			return strange.end(err, c.Offset(), m.Stats(), sink)
		}
		m.Add(p)
		strange.look(p, m)
		if p.Number%cutEvery == 0 && !f.timed {
			f.cut()
		}
		if p.Number%progressEvery == 0 {
			s.report(i, r, m, sink)
			if ctx.Err() != nil {
				*stop = ctx.Err()
			}
		}
	}
	return nil
}

func (s *pcapSource) report(i int, r *packed.Reader, m *meter.Meter, sink Sink) {
	sink.Progress(s.extent.place(i, Progress{
		Source: s.Name(), File: s.inputs[i].name(), Read: r.Consumed(), Size: r.Size(), Lines: s.lines.Load(), Meter: m.Stats(),
	}))
}
