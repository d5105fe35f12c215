package duckdb

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"github.com/duckdb/duckdb-go/v2/mapping"
)

// checkpointBytes is how much the write-ahead log grows before a commit folds it
// into the store's file. DuckDB's own 16 MiB rewrites half-full row groups four times
// as often, which takes a third more processor time a row.
const checkpointBytes = 64 << 20

// engine is one open DuckDB database.
type engine struct {
	db  mapping.Database
	key string // in openPaths; "" in memory
}

// openPaths holds the files that are open in this process. DuckDB keeps other
// processes out by a POSIX lock, which does not keep out its own process.
var openPaths struct {
	sync.Mutex
	set map[string]bool
}

// claimPath enters path into openPaths; the error says that it is open already.
func claimPath(path string) (key string, err error) {
	key, err = filepath.Abs(path)
	if err != nil {
		return "", fmt.Errorf("flow store %s: %w", path, err)
	}
	if dir, err := filepath.EvalSymlinks(filepath.Dir(key)); err == nil {
		key = filepath.Join(dir, filepath.Base(key))
	}
	if file, err := filepath.EvalSymlinks(key); err == nil {
		key = file
	}
	openPaths.Lock()
	defer openPaths.Unlock()
	if openPaths.set[key] {
		return "", fmt.Errorf("flow store %s is open already in this process", path)
	}
	if openPaths.set == nil {
		openPaths.set = make(map[string]bool)
	}
	openPaths.set[key] = true
	return key, nil
}

func releasePath(key string) {
	openPaths.Lock()
	defer openPaths.Unlock()
	delete(openPaths.set, key)
}

// openEngine opens or creates the database file at path, "" for one in memory.
func openEngine(path string, opts Options) (*engine, error) {
	e := &engine{}
	if path != "" {
		if err := checkPath(path); err != nil {
			return nil, err
		}
		key, err := claimPath(path)
		if err != nil {
			return nil, err
		}
		e.key = key
	}
	if err := e.open(path, opts); err != nil {
		releasePath(e.key)
		return nil, err
	}
	return e, nil
}

func (e *engine) open(path string, opts Options) error {
	var config mapping.Config
	if mapping.CreateConfig(&config) == mapping.StateError {
		mapping.DestroyConfig(&config)
		return errors.New("flow store: duckdb gave no configuration")
	}
	defer mapping.DestroyConfig(&config)
	for _, s := range settings(path, opts) {
		if mapping.SetConfig(config, s.name, s.value) == mapping.StateError {
			return fmt.Errorf("flow store: duckdb refuses %s = %q", s.name, s.value)
		}
	}
	var message string
	if mapping.OpenExt(path, &e.db, config, &message) == mapping.StateError {
		mapping.Close(&e.db)
		return openError(path, message)
	}
	return nil
}

func (e *engine) close() {
	mapping.Close(&e.db)
	if e.key != "" {
		releasePath(e.key)
	}
}

type setting struct{ name, value string }

// settings are those of a database that reaches nothing but its own files: no
// extension is fetched or loaded, no other file is read or written.
func settings(path string, opts Options) []setting {
	// In memory nothing spills to the disk: "" also keeps DuckDB from the folder it was started in.
	temp := ""
	if path != "" {
		temp = path + ".tmp"
	}
	list := []setting{
		{"temp_directory", temp},
		{"autoinstall_known_extensions", "false"},
		{"autoload_known_extensions", "false"},
		{"allow_community_extensions", "false"},
		{"preserve_insertion_order", "true"}, // rows without an order come in that of seq
		{"checkpoint_threshold", bytesText(checkpointBytes)},
	}
	if opts.Threads > 0 {
		list = append(list, setting{"threads", strconv.Itoa(opts.Threads)})
	}
	if opts.MemoryLimit > 0 {
		list = append(list, setting{"memory_limit", bytesText(opts.MemoryLimit)})
	}
	// The last one: it forbids to name a temp_directory.
	return append(list, setting{"enable_external_access", "false"})
}

func bytesText(n int64) string { return strconv.FormatInt(n, 10) + "B" }

// checkPath finds the mistakes that DuckDB would report in its own words.
func checkPath(path string) error {
	dir, err := os.Stat(filepath.Dir(path))
	switch {
	case err != nil:
		return fmt.Errorf("flow store %s: its folder cannot be used: %w", path, err)
	case !dir.IsDir():
		return fmt.Errorf("flow store %s: %s is not a folder", path, filepath.Dir(path))
	}
	file, err := os.Stat(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("flow store %s: %w", path, err)
	case file.IsDir():
		return fmt.Errorf("flow store %s is a folder: name a file in it", path)
	}
	return nil
}

var lockHolder = regexp.MustCompile(`\(PID (\d+)\)`)

// openError says in one line why DuckDB could not open path.
func openError(path, message string) error {
	switch {
	case strings.Contains(message, "Could not set lock"):
		who := "another process"
		if m := lockHolder.FindStringSubmatch(message); m != nil {
			who = "process " + m[1]
		}
		return fmt.Errorf("flow store %s is in use by %s: stop it or name another store", path, who)
	case strings.Contains(message, "not a valid DuckDB database file"):
		return fmt.Errorf("flow store %s is not a flow store: the file is of another kind", path)
	}
	return fmt.Errorf("flow store %s cannot be opened: %s", path, firstLine(message))
}

// firstLine cuts a message of DuckDB, which may go on with a drawing of the place, to its first line.
func firstLine(message string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(message), "\n")
	return line
}
