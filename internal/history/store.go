package history

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/google/renameio/v2"
)

// Slack is how many lines the file may have beyond MaxEntries before it is written anew.
const Slack = 500

// maxFile bounds what is read of the file in bytes. Of a larger one the end is read, which is the newest.
const maxFile = 32 << 20

// Store is the history in a file. All methods are safe for concurrent use, also by several programs
// on one file; each waits at most a few seconds for the others.
type Store struct{ path string }

// NewStore returns the store in the file at path, which need not exist. Nothing is read or written yet.
func NewStore(path string) *Store { return &Store{path: path} }

// Path is the file's path.
func (s *Store) Path() string { return s.path }

// Load reads what is kept, the newest first. damaged is how many lines were skipped because they
// are no entries. A file that does not exist is an empty history.
func (s *Store) Load() (entries []Entry, damaged int, err error) {
	data, cut, err := readEnd(s.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, 0, nil
	case err != nil:
		return nil, 0, fmt.Errorf("read the history: %w", err)
	}
	found, damaged := parse(data, cut)
	var l List
	l.Add(found...)
	return l.Entries(), damaged, nil
}

// Add keeps an entry. The file and its folder are made when they are missing, for the owner only.
func (s *Store) Add(e Entry) error {
	if err := s.add(e); err != nil {
		return fmt.Errorf("keep the history: %w", err)
	}
	return nil
}

func (s *Store) add(e Entry) error {
	e, ok := e.tidy()
	if !ok {
		return errEntry
	}
	if err := os.MkdirAll(filepath.Dir(s.path), 0o700); err != nil {
		return err
	}
	unlock, err := lock(s.path + ".lock")
	if err != nil {
		return err
	}
	defer unlock()
	data, cut, err := readEnd(s.path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	// Lines are only counted here: others wait for the lock.
	if cut || bytes.Count(data, []byte{'\n'}) >= MaxEntries+Slack {
		found, _ := parse(data, cut)
		return s.rewrite(append(found, e))
	}
	return s.append(e, len(data) > 0 && data[len(data)-1] != '\n')
}

// append writes one line at the end of the file, with one write. torn says that the file ends within
// a line, as a program that was killed leaves it.
func (s *Store) append(e Entry, torn bool) (err error) {
	var text []byte
	if torn {
		text = append(text, '\n')
	}
	if text, err = appendLine(text, e); err != nil {
		return err
	}
	f, err := os.OpenFile(s.path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	return errors.Join(err, f.Close())
}

// rewrite replaces the file by the newest of entries, whole or not at all.
func (s *Store) rewrite(entries []Entry) (err error) {
	var text []byte
	for _, e := range newest(entries) {
		if text, err = appendLine(text, e); err != nil {
			return err
		}
	}
	return renameio.WriteFile(s.path, text, 0o600, renameio.WithStaticPermissions(0o600))
}

// readEnd reads the file, or its end when it is larger than maxFile; cut says so.
func readEnd(path string) (data []byte, cut bool, err error) {
	// Opening a pipe would wait for its other end.
	info, err := os.Stat(path)
	if err != nil {
		return nil, false, err
	}
	if !info.Mode().IsRegular() {
		return nil, false, fmt.Errorf("%s is not a regular file", path)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, false, err
	}
	defer func() { _ = f.Close() }() // it was only read
	if info.Size() > maxFile {
		cut = true
		if _, err := f.Seek(-maxFile, io.SeekEnd); err != nil {
			return nil, false, err
		}
	}
	data, err = io.ReadAll(io.LimitReader(f, maxFile))
	return data, cut, err
}

// parse reads the lines of the file and counts the damaged ones; blank ones do not count. With cut the first line is a part of one and is left out.
func parse(data []byte, cut bool) (entries []Entry, damaged int) {
	for text := range bytes.SplitSeq(data, []byte{'\n'}) {
		if cut {
			cut = false
			continue
		}
		if len(bytes.TrimSpace(text)) == 0 {
			continue
		}
		e, err := parseLine(text)
		if err != nil {
			damaged++
			continue
		}
		entries = append(entries, e)
	}
	return entries, damaged
}
