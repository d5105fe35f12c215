package sources

import (
	"errors"
	"fmt"
	"io"
	"os"
	"sync/atomic"

	"cxlens/internal/flow"
	"cxlens/internal/node/meter"
	"cxlens/internal/node/packed"
)

// OpenOptions are how Open reads files. The zero value is usable but for "-".
type OpenOptions struct {
	// MaxFlows is meter.Options.MaxFlows.
	MaxFlows int
	// Stdin is read for the path "-", which may be given once.
	Stdin io.Reader
}

// Open looks what the files at paths are and returns the sources that read them for a server
// in the same process, in the given order; neighbours of one kind share a source. Files that cannot be read
// are left out: the error joins one line for each, and the sources of the others
// are returned with it.
func Open(paths []string, opts OpenOptions) ([]Source, error) {
	o := opener{opts: opts, counter: new(atomic.Uint64)}
	var errs []error
	for _, p := range paths {
		if err := o.add(p); err != nil {
			errs = append(errs, err)
		}
	}
	return o.sources, errors.Join(errs...)
}

// opener groups files into sources.
type opener struct {
	opts    OpenOptions
	counter *atomic.Uint64
	sources []Source
	stdin   bool
}

func (o *opener) add(path string) error {
	in, kind, err := o.look(path)
	if err != nil {
		return err
	}
	switch kind {
	case KindPcap, KindPcapng:
		if last, ok := o.last().(*pcapSource); ok {
			last.inputs = append(last.inputs, in)
			return nil
		}
		o.sources = append(o.sources, &pcapSource{
			inputs: []input{in},
			opts:   PcapOptions{Meter: meter.Options{MaxFlows: o.opts.MaxFlows, Counter: o.counter}, near: true},
		})
		return nil
	case KindCxtracker:
		if last, ok := o.last().(*sessionFiles); ok {
			last.inputs = append(last.inputs, in)
			return nil
		}
		o.sources = append(o.sources, &sessionFiles{inputs: []input{in}})
		return nil
	}
	return unreadable(in.name(), kind)
}

func (o *opener) last() Source {
	if len(o.sources) == 0 {
		return nil
	}
	return o.sources[len(o.sources)-1]
}

// look opens what can be read only once for good, and a file only to see what it is.
func (o *opener) look(path string) (input, Kind, error) {
	if path == stdinName {
		return o.lookStdin()
	}
	if st, err := os.Stat(path); err != nil || st.Mode().IsRegular() || st.IsDir() {
		kind, err := Detect(path)
		return input{path: path}, kind, err
	}
	r, err := packed.Open(path) // a pipe, such as the shell's <(...)
	if err != nil {
		return input{}, 0, err
	}
	kind, err := detect(path, r)
	return input{path: path, stream: r}, kind, err
}

func (o *opener) lookStdin() (input, Kind, error) {
	switch {
	case o.stdin:
		return input{}, 0, errors.New("standard input (-) was given twice")
	case o.opts.Stdin == nil:
		return input{}, 0, errors.New("standard input (-) cannot be read here")
	}
	o.stdin = true
	r, err := packed.NewReader(o.opts.Stdin)
	if err != nil {
		return input{}, 0, fmt.Errorf("standard input: %w", err)
	}
	in := input{path: stdinName, stream: r}
	kind, err := detect(in.name(), r)
	return in, kind, err
}

// unreadable says why a file of this kind is not read.
func unreadable(name string, kind Kind) error {
	const readable = "capture files and cxtracker session files are"
	name = flow.Clean(name)
	switch kind {
	case KindEmpty:
		return fmt.Errorf("%s: the file is empty", name)
	case KindZeek:
		return fmt.Errorf("%s: a Zeek log; reading these is not built yet, %s", name, readable)
	case KindSuricata:
		return fmt.Errorf("%s: a Suricata eve.json; reading these is not built yet, %s", name, readable)
	}
	return fmt.Errorf("%s: neither a capture (pcap, pcapng) nor a cxtracker session file", name)
}
