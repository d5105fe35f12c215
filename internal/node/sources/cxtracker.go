package sources

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"cxlens/internal/flow"

	"github.com/fsnotify/fsnotify"
)

// CxtrackerOptions are how a directory is watched. The zero value is usable.
type CxtrackerOptions struct {
	// DoneDir is where sent files are moved, on the same file system; "" removes them.
	DoneDir string
	// Every is the time between two looks when the system tells of no change; 5 s.
	Every time.Duration
	// Settle is how long a file must stay as it is to be whole when there is no newer one; 3 s.
	Settle time.Duration
	// Refusals is how often the server may refuse a file before it is moved to the
	// folder failed below the directory; 5.
	Refusals int
	// Once ends the source when no session file is left.
	Once bool
	// Now is the clock; nil: time.Now.
	Now func() time.Time
}

// debounce is how long changes are collected before a look.
const debounce = 100 * time.Millisecond

// cxtracker watches a directory.
type cxtracker struct {
	dir    string
	opts   CxtrackerOptions
	hurry  chan struct{}
	seen   map[string]*sessionFile
	lines  uint64
	failed string // the last failure to look that was told
	// failures are the files that a source that is to end has given up.
	failures []error
}

// Cxtracker returns a Source that sends the session files that cxtracker writes into
// dir (stats.IFACE.TIMESTAMP) and removes each, or moves it to DoneDir, when the
// server has stored all of it. Files of other names, folders and symbolic links are
// left alone. A file is sent when it is whole: there is a newer one of the same
// interface, or it has not changed for a while.
func Cxtracker(dir string, opts CxtrackerOptions) Source {
	if opts.Every <= 0 {
		opts.Every = 5 * time.Second
	}
	if opts.Settle <= 0 {
		opts.Settle = 3 * time.Second
	}
	if opts.Refusals <= 0 {
		opts.Refusals = maxRefusals
	}
	if opts.Now == nil {
		opts.Now = time.Now
	}
	return &cxtracker{dir: dir, opts: opts, hurry: make(chan struct{}, 1), seen: map[string]*sessionFile{}}
}

// Name is the directory.
func (s *cxtracker) Name() string { return flow.Clean(s.dir) }

// Rescan looks at once.
func (s *cxtracker) Rescan() { signal(s.hurry) }

// Run looks into the directory until ctx is done. A directory that is missing at the
// beginning is an error; one that goes missing later is told once and awaited.
func (s *cxtracker) Run(ctx context.Context, sink Sink) error {
	if err := s.prepare(); err != nil {
		return err
	}
	watcher, err := fsnotify.NewWatcher()
	if err == nil {
		defer watcher.Close()
		err = watcher.Add(s.dir)
	}
	if err != nil {
		sink.Notice(fmt.Sprintf("%s: changes cannot be watched, looking every %v instead: %v", s.Name(), s.opts.Every, err))
		watcher = &fsnotify.Watcher{} // its nil channels never deliver
	}
	for {
		left, after := s.look(ctx, sink)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if s.opts.Once && s.failed != "" {
			return errors.New(s.failed)
		}
		if s.opts.Once && left == 0 {
			sink.Progress(Progress{Source: s.Name(), Lines: s.lines, Done: true})
			return errors.Join(s.failures...)
		}
		if err := s.pause(ctx, watcher, after); err != nil {
			return err
		}
	}
}

// prepare checks the directories before anything is sent.
func (s *cxtracker) prepare() error {
	st, err := os.Stat(s.dir)
	if err != nil {
		return fmt.Errorf("cxtracker directory %s: %w", s.Name(), reason(err))
	}
	if !st.IsDir() {
		return fmt.Errorf("cxtracker directory %s: not a directory", s.Name())
	}
	if s.opts.DoneDir == "" {
		return nil
	}
	if err := os.MkdirAll(s.opts.DoneDir, 0o755); err != nil {
		return fmt.Errorf("directory for sent files %s: %w", flow.Clean(s.opts.DoneDir), reason(err))
	}
	return nil
}

// reason drops the path that an error of os names, since messages name it, cleaned, themselves.
func reason(err error) error {
	var pe *os.PathError
	var le *os.LinkError
	switch {
	case errors.As(err, &pe):
		return pe.Err
	case errors.As(err, &le):
		return le.Err
	}
	return err
}

// pause waits for a change of the directory, a Rescan, or the time of the next look.
func (s *cxtracker) pause(ctx context.Context, watcher *fsnotify.Watcher, after time.Duration) error {
	t := time.NewTimer(after)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	case <-s.hurry:
		return nil
	case <-watcher.Events:
	case <-watcher.Errors: // an overflow: look anyway
	}
	return s.drain(ctx, watcher)
}

// drain takes the changes that come in the next moment together.
func (s *cxtracker) drain(ctx context.Context, watcher *fsnotify.Watcher) error {
	t := time.NewTimer(debounce)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-t.C:
			return nil
		case <-watcher.Events:
		case <-watcher.Errors:
		}
	}
}

// dispose removes a sent file or moves it to DoneDir.
func (s *cxtracker) dispose(name string) error {
	if s.opts.DoneDir == "" {
		return os.Remove(filepath.Join(s.dir, name))
	}
	return moveAside(s.dir, name, s.opts.DoneDir)
}

// moveAside moves a file into a folder without replacing one that is there.
func moveAside(dir, name, to string) error {
	if err := os.MkdirAll(to, 0o755); err != nil {
		return err
	}
	from, target := filepath.Join(dir, name), filepath.Join(to, name)
	for n := 1; ; n++ {
		// A link fails when the target exists, which a rename would replace.
		err := os.Link(from, target)
		if err == nil {
			return os.Remove(from)
		}
		if !errors.Is(err, os.ErrExist) {
			return moveWithoutLink(from, target)
		}
		target = filepath.Join(to, fmt.Sprintf("%s.%d", name, n))
	}
}

// moveWithoutLink is for file systems that know no hard links.
func moveWithoutLink(from, target string) error {
	if _, err := os.Lstat(target); err == nil {
		return fmt.Errorf("%s: %w", flow.Clean(filepath.Base(target)), os.ErrExist)
	}
	return os.Rename(from, target)
}
