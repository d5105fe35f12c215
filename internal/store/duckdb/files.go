package duckdb

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/duckdb/duckdb-go/v2/mapping"
)

// maxNameBytes bounds the file names that are kept in memory. Past it the cache
// starts anew and names are looked up in the table again.
const maxNameBytes = 16 << 20

// fileNames caches the table files, which names a flow's captures by number: 0 is
// the empty name and has no row. Numbers never change their name.
type fileNames struct {
	mu    sync.Mutex
	ids   map[string]uint32
	names map[uint32]string
	bytes int
	limit int
}

func newFileNames(limit int) *fileNames {
	f := &fileNames{limit: limit}
	f.reset()
	return f
}

func (f *fileNames) reset() {
	f.ids, f.names, f.bytes = make(map[string]uint32), make(map[uint32]string), 0
}

func (f *fileNames) add(id uint32, name string) {
	const overhead = 64 // of a name's two map entries, about
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.bytes += len(name) + overhead; f.bytes > f.limit {
		f.reset()
		f.bytes = len(name) + overhead
	}
	f.ids[name], f.names[id] = id, name
}

func (f *fileNames) id(name string) (uint32, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	id, ok := f.ids[name]
	return id, ok
}

func (f *fileNames) name(id uint32) (string, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	name, ok := f.names[id]
	return name, ok
}

// readFiles reads rows of id, name, raw.
func readFiles(r *rows, each func(id uint32, name string)) error {
	if err := r.expect(mapping.TypeUInteger, mapping.TypeVarchar, mapping.TypeBlob); err != nil {
		return err
	}
	for r.next() {
		ids := vector[uint32](r.chunk, 0, r.n)
		for i, id := range ids {
			name := r.text(1, i)
			if r.valid(2, i) { // a name that is not UTF-8 stands there byte for byte
				name = r.text(2, i)
			}
			each(id, name)
		}
	}
	return r.err
}

// namesOf adds the names of ids to known, from the cache where it can. It looks up
// the others on a connection of its own, because the caller's is busy with its rows.
func (s *Store) namesOf(ctx context.Context, ids map[uint32]bool, known map[uint32]string) error {
	var missing []string
	for id := range ids {
		if name, ok := s.files.name(id); ok {
			known[id] = name
			continue
		}
		missing = append(missing, strconv.FormatUint(uint64(id), 10))
	}
	if len(missing) == 0 {
		return nil
	}
	c, err := s.pool.get()
	if err != nil {
		return err
	}
	defer s.pool.put(c)
	r, err := c.query(ctx, "SELECT id, name, raw FROM files WHERE id IN ("+strings.Join(missing, ", ")+")")
	if err != nil {
		return err
	}
	defer r.close()
	found := 0
	err = readFiles(r, func(id uint32, name string) {
		known[id] = name
		s.files.add(id, name)
		found++
	})
	if err == nil && found != len(missing) {
		return fmt.Errorf("flow store: %d file names are missing from its table files: the store is damaged", len(missing)-found)
	}
	return err
}

// validName is name as VARCHAR can hold it: bytes that are not UTF-8 become U+FFFD.
func validName(name string) (valid string, raw []byte) {
	if utf8.ValidString(name) {
		return name, nil
	}
	return strings.ToValidUTF8(name, "\uFFFD"), []byte(name)
}
