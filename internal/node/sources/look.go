package sources

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"cxlens/internal/flow"
	"cxlens/internal/node/packed"
)

// failedDir is the folder, below the watched one, of files that the server refused.
const failedDir = "failed"

// longestPause bounds the growing time between attempts for a refused file.
const longestPause = 5 * time.Minute

// sessionFile is what is known of a file between two looks.
type sessionFile struct {
	name  string
	iface string
	stamp uint64
	// size and modified are as seen last, since when they have been so.
	size     int64
	modified time.Time
	since    time.Time
	// sent: all of it is stored; what is left is to remove it.
	sent bool
	// refusals counts 204s; no attempt is made before notBefore.
	refusals  int
	notBefore time.Time
	troubled  string // the last trouble that was told
	troubles  int
	abandoned bool // in vain too often for a source that is to end
}

// sessionName takes a session file's name apart: stats.IFACE.TIMESTAMP.
func sessionName(name string) (iface string, stamp uint64, ok bool) {
	rest, ok := strings.CutPrefix(name, "stats.")
	dot := strings.LastIndexByte(rest, '.')
	if !ok || dot <= 0 {
		return "", 0, false
	}
	stamp, err := strconv.ParseUint(rest[dot+1:], 10, 64)
	return rest[:dot], stamp, err == nil
}

// look sends what is whole. It returns how many session files are left and when to look again.
func (s *cxtracker) look(ctx context.Context, sink Sink) (left int, after time.Duration) {
	files, err := s.list()
	if err != nil {
		if text := fmt.Sprintf("%s: %v", s.Name(), reason(err)); text != s.failed {
			s.failed = text
			sink.Notice(text)
		}
		return 1, s.opts.Every
	}
	s.failed = ""
	after = s.opts.Every
	for i, f := range files {
		if f.abandoned {
			continue
		}
		now := s.opts.Now()
		due := f.notBefore
		if newerExists := i+1 < len(files) && files[i+1].iface == f.iface; !newerExists {
			if whole := f.since.Add(s.opts.Settle); whole.After(due) {
				due = whole
			}
		}
		if wait := due.Sub(now); wait > 0 {
			after = min(after, wait)
			left++
			continue
		}
		if !s.handle(ctx, f, sink, len(files)-i) {
			left++
		}
		if ctx.Err() != nil {
			return left, 0
		}
	}
	return left, after
}

// list returns the session files by interface and time, and forgets those that are gone.
func (s *cxtracker) list() ([]*sessionFile, error) {
	entries, err := os.ReadDir(s.dir)
	if err != nil {
		return nil, err
	}
	now := s.opts.Now()
	there := make(map[string]*sessionFile, len(entries))
	var files []*sessionFile
	for _, e := range entries {
		iface, stamp, ok := sessionName(e.Name())
		if !ok || !e.Type().IsRegular() {
			continue
		}
		info, err := e.Info()
		if err != nil {
			continue // gone since ReadDir
		}
		f := s.seen[e.Name()]
		if f == nil || f.changed(info) {
			f = &sessionFile{name: e.Name(), iface: iface, stamp: stamp, size: info.Size(), modified: info.ModTime(), since: now}
		}
		there[f.name] = f
		files = append(files, f)
	}
	s.seen = there
	slices.SortFunc(files, func(a, b *sessionFile) int {
		return cmp.Or(strings.Compare(a.iface, b.iface), cmp.Compare(a.stamp, b.stamp), strings.Compare(a.name, b.name))
	})
	return files, nil
}

func (f *sessionFile) changed(info fs.FileInfo) bool {
	return f.size != info.Size() || !f.modified.Equal(info.ModTime())
}

// handle sends a whole file and puts it away. It tells whether the file is gone.
func (s *cxtracker) handle(ctx context.Context, f *sessionFile, sink Sink, backlog int) bool {
	if !f.sent {
		err := s.send(ctx, f, sink, backlog)
		switch {
		case ctx.Err() != nil:
			return false
		case errors.Is(err, ErrRefused):
			return s.refused(f, sink)
		case errors.Is(err, os.ErrNotExist): // somebody else put it away
			return true
		case err != nil:
			return s.trouble(f, sink, err)
		}
		f.sent = true
	}
	if err := s.dispose(f.name); err != nil && !errors.Is(err, os.ErrNotExist) {
		return s.trouble(f, sink, fmt.Errorf("is stored by the server, but cannot be put away: %w", reason(err)))
	}
	return true
}

// send posts all blocks of a file.
func (s *cxtracker) send(ctx context.Context, f *sessionFile, sink Sink, backlog int) error {
	r, err := packed.Open(filepath.Join(s.dir, f.name))
	if err != nil {
		return err
	}
	defer r.Close()
	b := newBlocks(f.name, r.Reader)
	for {
		block, lines, err := b.next()
		if errors.Is(err, io.EOF) {
			b.noteDropped(sink)
			return s.unchanged(f)
		}
		if err != nil {
			return err
		}
		if err := sink.Post(ctx, block); err != nil {
			return err
		}
		s.lines += uint64(lines)
		sink.Progress(Progress{Source: s.Name(), File: f.name, Read: r.Consumed(), Size: r.Size(), Lines: s.lines, Backlog: backlog})
	}
}

// unchanged is an error when the file was written to while it was sent: it is sent again.
func (s *cxtracker) unchanged(f *sessionFile) error {
	info, err := os.Lstat(filepath.Join(s.dir, f.name))
	if err != nil {
		return err
	}
	if f.changed(info) {
		return errors.New("was written to while it was sent; it will be sent again")
	}
	return nil
}

// refused puts a refused file off, or aside when it was refused too often.
func (s *cxtracker) refused(f *sessionFile, sink Sink) bool {
	f.refusals++
	if f.refusals < s.opts.Refusals {
		pause := min(firstRefusal<<min(f.refusals-1, 20), longestPause)
		f.notBefore = s.opts.Now().Add(pause)
		sink.Notice(fmt.Sprintf("%s: %v; trying again in %v (attempt %d of %d)", flow.Clean(f.name), ErrRefused, pause, f.refusals, s.opts.Refusals))
		return false
	}
	if err := moveAside(s.dir, f.name, filepath.Join(s.dir, failedDir)); err != nil {
		return s.trouble(f, sink, fmt.Errorf("cannot be moved to %s: %w", failedDir, reason(err)))
	}
	if s.opts.Once {
		s.failures = append(s.failures, fmt.Errorf("%s: moved to the folder %s: %w", flow.Clean(f.name), failedDir, ErrRefused))
	}
	sink.Notice(fmt.Sprintf("%s: refused %d times; moved to the folder %s of %s", flow.Clean(f.name), f.refusals, failedDir, s.Name()))
	return true
}

// trouble tells a file's trouble once and puts the file off. A source that is to end
// gives it up in the end: then trouble is true, as if the file were gone.
func (s *cxtracker) trouble(f *sessionFile, sink Sink, err error) bool {
	text := flow.Clean(fmt.Sprintf("%s: %v", f.name, err))
	if text != f.troubled {
		f.troubled = text
		sink.Notice(text)
	}
	f.troubles++
	f.notBefore = s.opts.Now().Add(s.opts.Every)
	if s.opts.Once && f.troubles >= s.opts.Refusals {
		f.abandoned = true
		s.failures = append(s.failures, errors.New(text))
	}
	return f.abandoned
}
