package duckdb

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/duckdb/duckdb-go/v2/mapping"

	"cxlens/internal/flow"
)

// fileIDs returns the number of every file name of records: from the cache, else from
// the table, else a new one, which also lands in newFiles.
func (t *transaction) fileIDs(ctx context.Context, records []flow.Record) (map[string]uint32, error) {
	ids := map[string]uint32{"": 0}
	missing := make(map[string]bool)
	resolve := func(name string) {
		if _, ok := ids[name]; ok {
			return
		}
		if id, ok := t.s.files.id(name); ok {
			ids[name] = id
			return
		}
		missing[name] = true
	}
	for i := range records {
		resolve(records[i].File)
		resolve(records[i].EndFile)
	}
	if len(missing) == 0 {
		return ids, nil
	}
	if err := t.lookUp(ctx, missing, ids); err != nil {
		return nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(missing)) {
		if t.next.file == 0 {
			return nil, errors.New("flow store: no file numbers are left")
		}
		ids[name], t.newFiles[name] = t.next.file, t.next.file
		t.next.file++
	}
	return ids, nil
}

// lookUp finds names of missing in the table and moves them to ids. It asks for all
// at once through a temporary table, because a block may bring thousands.
func (t *transaction) lookUp(ctx context.Context, missing map[string]bool, ids map[string]uint32) error {
	if t.next.file == 1 {
		return nil // the table is empty
	}
	if err := t.c.exec(ctx, "CREATE OR REPLACE TEMP TABLE wanted (name VARCHAR)"); err != nil {
		return err
	}
	names := slices.Collect(maps.Keys(missing))
	if err := t.appendNames(ctx, names); err != nil {
		return err
	}
	r, err := t.c.query(ctx, "SELECT id, name, raw FROM files WHERE name IN (SELECT name FROM wanted)")
	if err != nil {
		return err
	}
	err = readFiles(r, func(id uint32, name string) {
		if missing[name] {
			ids[name] = id
			delete(missing, name)
			t.s.files.add(id, name)
		}
	})
	r.close()
	if err != nil {
		return err
	}
	return t.c.exec(ctx, "DROP TABLE wanted")
}

func (t *transaction) appendNames(ctx context.Context, names []string) error {
	a, err := newAppender(t.c, "wanted", []mapping.Type{mapping.TypeVarchar})
	if err != nil {
		return err
	}
	defer a.close()
	return a.append(ctx, len(names), func(from, n int) {
		for i := range n {
			name, _ := validName(names[from+i])
			a.setText(0, i, []byte(name))
		}
	})
}

func (t *transaction) appendFiles(ctx context.Context) error {
	if len(t.newFiles) == 0 {
		return nil
	}
	names := slices.SortedFunc(maps.Keys(t.newFiles), func(a, b string) int {
		return int(int64(t.newFiles[a]) - int64(t.newFiles[b]))
	})
	a, err := newAppender(t.c, "files", []mapping.Type{mapping.TypeUInteger, mapping.TypeVarchar, mapping.TypeBlob})
	if err != nil {
		return err
	}
	defer a.close()
	return a.append(ctx, len(names), func(from, n int) {
		ids := vector[uint32](a.chunk, 0, n)
		for i := range n {
			ids[i] = t.newFiles[names[from+i]]
			name, raw := validName(names[from+i])
			a.setText(1, i, []byte(name))
			if raw != nil {
				a.setText(2, i, raw)
			} else {
				a.setNull(2, i)
			}
		}
	})
}
