package duckdb

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"cxlens/internal/flow"
	"cxlens/internal/store"
)

// handOverAfter is how long found flows wait for a batch to fill. A selective query
// finds few for seconds, and the first are worth showing.
const handOverAfter = 100 * time.Millisecond

// Flows hands the matching flows to each in order, in batches of at most batch
// records; a batch is smaller when it had to wait. The result streams: however long
// each takes, no more than a batch and a chunk of rows are in memory.
func (s *Store) Flows(ctx context.Context, q store.Query, batch int, each func([]flow.Record) error) error {
	if batch < 1 {
		return fmt.Errorf("flow store: a batch of %d records: give at least 1", batch)
	}
	sql, args, err := flowsSQL(q)
	if err != nil {
		return err
	}
	return s.read(ctx, func(ctx context.Context, c *conn) error {
		r, err := c.query(ctx, sql, args...)
		if err != nil {
			return err
		}
		defer r.close()
		if err := r.expect(columnTypes()...); err != nil {
			return err
		}
		b := &batches{buf: make([]flow.Record, 0, min(batch, 1<<16)), max: batch, each: each, last: time.Now()}
		names := &nameReader{store: s}
		for r.next() {
			v := vectorsOf(r.chunk, r.n)
			if err := names.load(ctx, &v); err != nil {
				return err
			}
			if err := b.add(&v, names); err != nil {
				return err
			}
		}
		if r.err != nil {
			return r.err
		}
		return b.flush()
	})
}

// flowsSQL is the statement of Flows.
func flowsSQL(q store.Query) (sql string, args []any, err error) {
	if q.Limit < 0 {
		return "", nil, errors.New("flow store: the limit is negative")
	}
	cols := make([]flow.Column, len(q.Order))
	for i, k := range q.Order {
		if k.Column >= flow.NumColumns {
			return "", nil, fmt.Errorf("flow store: no column %d to order by", k.Column)
		}
		cols[i] = k.Column
	}
	src, err := sourceOf(q, cols)
	if err != nil {
		return "", nil, err
	}
	sql = "SELECT " + columnList("") + " FROM " + src.from + src.where + orderSQL(q.Order, src.plain)
	if q.Limit > 0 {
		sql, src.args = sql+" LIMIT ?", append(src.args, q.Limit)
	}
	return sql, src.args, nil
}

// orderSQL is the ORDER BY of keys. Rows of the bare table come in the order of seq anyway.
func orderSQL(keys []flow.SortKey, plain bool) string {
	if len(keys) == 0 && plain {
		return ""
	}
	var terms []string
	for _, k := range keys {
		for _, expr := range columnSQL(k.Column) {
			if k.Desc {
				expr += " DESC"
			}
			terms = append(terms, expr)
		}
	}
	return " ORDER BY " + strings.Join(append(terms, "seq"), ", ")
}

// batches collects records and hands them over.
type batches struct {
	buf  []flow.Record
	max  int
	each func([]flow.Record) error
	last time.Time
}

func (b *batches) add(v *vectors, names *nameReader) error {
	for i := range v.seq {
		b.buf = append(b.buf, flow.Record{})
		r := &b.buf[len(b.buf)-1]
		v.get(i, r)
		r.File, r.EndFile = names.name(v.file[i]), names.name(v.endFile[i])
		if len(b.buf) == b.max {
			if err := b.flush(); err != nil {
				return err
			}
		}
	}
	if time.Since(b.last) > handOverAfter {
		return b.flush()
	}
	return nil
}

func (b *batches) flush() error {
	if len(b.buf) == 0 {
		return nil
	}
	err := b.each(b.buf)
	b.buf, b.last = b.buf[:0], time.Now()
	return err
}
