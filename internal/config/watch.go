package config

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"
)

// settle is how long a file has to be quiet before it is read: editors write in several steps.
const settle = 100 * time.Millisecond

// Watch reads the configuration at path again whenever it changes, and calls changed with what came
// of it, from one goroutine, until ctx is done. A file that is replaced, removed or made anew is
// followed, in folders that do not exist yet as well. An error is that nothing can be watched.
func Watch(ctx context.Context, path string, changed func(*Config, error)) error {
	err := watchPath(ctx, path, stampFile, func() { changed(Load(path)) })
	if err != nil {
		return fmt.Errorf("watch the configuration: %w", err)
	}
	return nil
}

// WatchFolder calls changed, from one goroutine, whenever the TOML files in a folder have changed,
// until ctx is done. The folder need not exist yet. An error is that nothing can be watched.
func WatchFolder(ctx context.Context, dir string, changed func()) error {
	// What is watched is the folder of a path: of a name in it that no file has.
	err := watchPath(ctx, filepath.Join(dir, "*.toml"), stampFiles, changed)
	if err != nil {
		return fmt.Errorf("watch %s: %w", dir, err)
	}
	return nil
}

func watchPath(ctx context.Context, path string, stamp func(path string) string, changed func()) error {
	fs, err := fsnotify.NewWatcher()
	if err != nil {
		return err
	}
	w := &watcher{path: path, fs: fs, stamp: func() string { return stamp(path) }}
	if err := w.follow(); err != nil {
		_ = fs.Close()
		return err
	}
	last := w.stamp()
	go func() {
		defer fs.Close()
		w.loop(ctx, last, changed)
	}()
	return nil
}

type watcher struct {
	path string
	fs   *fsnotify.Watcher
	// stamp tells one state of what is watched from another; what else happens in its folder does not matter.
	stamp func() string
}

// follow watches the folder of the file, or the nearest one above that exists, and where the
// file is a link also the folder that it leads to.
func (w *watcher) follow() error {
	if err := w.nearest(filepath.Dir(w.path)); err != nil {
		return err
	}
	if target, err := filepath.EvalSymlinks(w.path); err == nil {
		return w.fs.Add(filepath.Dir(target))
	}
	return nil
}

func (w *watcher) nearest(dir string) error {
	err := w.fs.Add(dir)
	if err == nil || dir == filepath.Dir(dir) {
		return err
	}
	if err := w.nearest(filepath.Dir(dir)); err != nil {
		return err
	}
	// The folder may have come before the one above was watched, and without an event then.
	if _, err := os.Stat(dir); err == nil {
		return w.fs.Add(dir)
	}
	return nil
}

func stampFile(path string) string {
	info, err := os.Stat(path)
	if err != nil {
		return ""
	}
	return fmt.Sprint(info.ModTime().UnixNano(), info.Size())
}

// stampFiles is the stamp of all files of a pattern.
func stampFiles(pattern string) string {
	entries, err := os.ReadDir(filepath.Dir(pattern))
	if err != nil {
		return ""
	}
	var b strings.Builder
	for _, e := range entries {
		if ok, err := filepath.Match(filepath.Base(pattern), e.Name()); ok && err == nil {
			fmt.Fprintln(&b, e.Name(), stampFile(filepath.Join(filepath.Dir(pattern), e.Name())))
		}
	}
	return b.String()
}

func (w *watcher) loop(ctx context.Context, last string, changed func()) {
	quiet := time.NewTimer(settle)
	defer quiet.Stop()
	seen := last
	for {
		var open bool
		select {
		case <-ctx.Done():
			return
		case _, open = <-w.fs.Events:
		case _, open = <-w.fs.Errors: // an overflow: something was missed, so look
		case <-quiet.C:
			if now := w.stamp(); now != last {
				last = now
				changed()
			}
			continue
		}
		if !open {
			return
		}
		_ = w.follow() // a folder that cannot be watched now is tried again with the next event
		// Only the file's own changes prolong the wait: the folder may never be quiet.
		if now := w.stamp(); now != seen {
			seen = now
			quiet.Reset(settle)
		}
	}
}
