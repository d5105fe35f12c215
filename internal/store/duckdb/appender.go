package duckdb

import (
	"context"
	"fmt"

	"github.com/duckdb/duckdb-go/v2/mapping"
)

// appender writes rows to a table chunk by chunk, within the open transaction of its connection.
type appender struct {
	conn  *conn
	a     mapping.Appender
	types []mapping.LogicalType
	chunk mapping.DataChunk
	size  int // rows that fit a chunk
}

func newAppender(c *conn, table string, types []mapping.Type) (*appender, error) {
	a := &appender{conn: c, size: int(mapping.VectorSize())}
	if mapping.AppenderCreate(c.c, "", table, &a.a) == mapping.StateError {
		defer a.close()
		return nil, fmt.Errorf("duckdb: %s", firstLine(a.message()))
	}
	for _, t := range types {
		a.types = append(a.types, mapping.CreateLogicalType(t))
	}
	a.chunk = mapping.CreateDataChunk(a.types)
	return a, nil
}

func (a *appender) message() string {
	data := mapping.AppenderErrorData(a.a)
	defer mapping.DestroyErrorData(&data)
	return mapping.ErrorDataMessage(data)
}

// append writes total rows; fill writes those from from to from+n into a.chunk.
func (a *appender) append(ctx context.Context, total int, fill func(from, n int)) error {
	for from := 0; from < total; from += a.size {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		n := min(a.size, total-from)
		mapping.DataChunkReset(a.chunk)
		mapping.DataChunkSetSize(a.chunk, mapping.IdxT(n))
		fill(from, n)
		if mapping.AppendDataChunk(a.a, a.chunk) == mapping.StateError {
			return queryError(ctx, a.message())
		}
	}
	stop := a.conn.guard(ctx)
	state := mapping.AppenderFlush(a.a)
	stop()
	if state == mapping.StateError {
		return queryError(ctx, a.message())
	}
	return nil
}

// setText writes a VARCHAR or BLOB into column i of the chunk. A VARCHAR must be UTF-8.
func (a *appender) setText(i, row int, text []byte) {
	v := mapping.DataChunkGetVector(a.chunk, mapping.IdxT(i))
	mapping.VectorAssignStringElementLen(v, mapping.IdxT(row), text)
}

// setNull makes a row of column i NULL.
func (a *appender) setNull(i, row int) {
	v := mapping.DataChunkGetVector(a.chunk, mapping.IdxT(i))
	mapping.VectorEnsureValidityWritable(v)
	mapping.ValiditySetRowInvalid(mapping.VectorGetValidity(v), mapping.IdxT(row))
}

// close drops what was not flushed.
func (a *appender) close() {
	mapping.DestroyDataChunk(&a.chunk)
	for i := range a.types {
		mapping.DestroyLogicalType(&a.types[i])
	}
	// Destroying flushes what is left; after a failure there must be nothing of it.
	mapping.AppenderClear(a.a)
	mapping.AppenderDestroy(&a.a)
}
