package duckdb

import (
	"context"
	"errors"
	"unsafe"

	"github.com/duckdb/duckdb-go/v2/mapping"
)

// rows is the streaming result of a statement, chunk by chunk.
type rows struct {
	ctx       context.Context
	stop      func() // ends the guard of the connection
	statement mapping.PreparedStatement
	result    mapping.Result
	open      bool // result is to be destroyed
	chunk     mapping.DataChunk
	n         int // rows of chunk
	err       error
}

// next fetches the next chunk, of n rows and at least one. After false, err says
// whether the result ended or failed.
func (r *rows) next() bool {
	mapping.DestroyDataChunk(&r.chunk)
	if r.err != nil {
		return false
	}
	if r.ctx.Err() != nil {
		r.err = context.Cause(r.ctx)
		return false
	}
	r.chunk = mapping.FetchChunk(r.result)
	if r.chunk.Ptr == nil {
		if message := mapping.ResultError(&r.result); message != "" {
			r.err = queryError(r.ctx, message)
		}
		return false
	}
	r.n = int(mapping.DataChunkGetSize(r.chunk))
	return r.n > 0
}

// close ends the statement wherever it is. It may be called again.
func (r *rows) close() {
	mapping.DestroyDataChunk(&r.chunk)
	if r.open {
		mapping.DestroyResult(&r.result)
		r.open = false
	}
	mapping.DestroyPrepare(&r.statement)
	if r.stop != nil {
		r.stop()
		r.stop = nil
	}
}

// expect fails unless the result's columns have these types. What reads a vector
// trusts its type, so every reader of rows calls it first.
func (r *rows) expect(types ...mapping.Type) error {
	if int(mapping.ColumnCount(&r.result)) != len(types) {
		return errors.New("its tables have other columns than expected: the store was changed by another program")
	}
	for i, want := range types {
		if mapping.ColumnType(&r.result, mapping.IdxT(i)) != want {
			return errors.New("column " + mapping.ColumnName(&r.result, mapping.IdxT(i)) +
				" has another type than expected: the store was changed by another program")
		}
	}
	return nil
}

// number is what a vector of a fixed-width DuckDB type holds.
type number interface {
	uint8 | uint16 | uint32 | uint64 | int64
}

// vector returns column i of a chunk of n rows as a slice of DuckDB's own memory:
// valid until the chunk is destroyed or reset.
func vector[T number](c mapping.DataChunk, i, n int) []T {
	v := mapping.DataChunkGetVector(c, mapping.IdxT(i))
	return unsafe.Slice((*T)(mapping.VectorGetData(v)), n)
}

// text copies row row of column i, a VARCHAR or BLOB; "" for NULL.
func (r *rows) text(i, row int) string {
	v := mapping.DataChunkGetVector(r.chunk, mapping.IdxT(i))
	if !r.valid(i, row) {
		return ""
	}
	s := unsafe.Slice((*mapping.StringT)(mapping.VectorGetData(v)), r.n)
	return mapping.StringTData(&s[row])
}

// valid tells whether row row of column i is not NULL.
func (r *rows) valid(i, row int) bool {
	v := mapping.DataChunkGetVector(r.chunk, mapping.IdxT(i))
	mask := mapping.VectorGetValidity(v)
	return mask == nil || mapping.ValidityRowIsValid(mask, mapping.IdxT(row))
}
