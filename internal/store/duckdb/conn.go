package duckdb

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	bindings "github.com/duckdb/duckdb-go-bindings"
	"github.com/duckdb/duckdb-go/v2/mapping"
)

// interruptEvery is how often a query whose context is done is interrupted
// again: DuckDB forgets an interrupt that comes just before a query begins.
const interruptEvery = 10 * time.Millisecond

// conn is one connection to the engine. It runs one statement at a time.
type conn struct {
	c mapping.Connection
	// interrupted is set when a statement was cut short; such a connection is not used again.
	interrupted bool
}

func (e *engine) connect() (*conn, error) {
	c := &conn{}
	if mapping.Connect(e.db, &c.c) == mapping.StateError {
		return nil, errors.New("flow store: duckdb gave no connection")
	}
	return c, nil
}

func (c *conn) close() { mapping.Disconnect(&c.c) }

// guard interrupts whatever runs on c from the moment ctx is done until stop is
// called, which returns only when no more interrupts can come.
func (c *conn) guard(ctx context.Context) (stop func()) {
	quit, done := make(chan struct{}), make(chan struct{})
	release := context.AfterFunc(ctx, func() {
		defer close(done)
		again := time.NewTicker(interruptEvery)
		defer again.Stop()
		for {
			mapping.Interrupt(c.c)
			select {
			case <-quit:
				return
			case <-again.C:
			}
		}
	})
	return func() {
		if release() {
			return
		}
		close(quit)
		<-done
		c.interrupted = true
	}
}

// exec runs a statement, or several without arguments, and drops its result.
func (c *conn) exec(ctx context.Context, sql string, args ...any) error {
	if len(args) > 0 {
		rows, err := c.query(ctx, sql, args...)
		if err != nil {
			return err
		}
		defer rows.close()
		for rows.next() {
		}
		return rows.err
	}
	if err := ctx.Err(); err != nil {
		return context.Cause(ctx)
	}
	stop := c.guard(ctx)
	var res mapping.Result
	state := mapping.Query(c.c, sql, &res)
	stop()
	defer mapping.DestroyResult(&res)
	if state == mapping.StateError {
		return queryError(ctx, mapping.ResultError(&res))
	}
	return nil
}

// query runs one statement and returns its rows, which stream: DuckDB computes them
// as they are fetched. The rows must be closed before c runs another statement.
func (c *conn) query(ctx context.Context, sql string, args ...any) (*rows, error) {
	if err := ctx.Err(); err != nil {
		return nil, context.Cause(ctx)
	}
	r := &rows{ctx: ctx, stop: c.guard(ctx)}
	if err := r.start(c, sql, args); err != nil {
		r.close()
		return nil, err
	}
	return r, nil
}

func (r *rows) start(c *conn, sql string, args []any) error {
	if mapping.Prepare(c.c, sql, &r.statement) == mapping.StateError {
		return queryError(r.ctx, mapping.PrepareError(r.statement))
	}
	if n := int(mapping.NParams(r.statement)); n != len(args) {
		return fmt.Errorf("flow store: statement has %d parameters, %d arguments given", n, len(args))
	}
	for i, arg := range args {
		if err := bind(r.statement, mapping.IdxT(i+1), arg); err != nil {
			return err
		}
	}
	var pending mapping.PendingResult
	// The mapping package has no streaming form: without it DuckDB would hold the whole result in memory.
	state := bindings.PendingPreparedStreaming(r.statement, &pending)
	defer mapping.DestroyPending(&pending)
	if state == mapping.StateError {
		return queryError(r.ctx, mapping.PendingError(pending))
	}
	state = mapping.ExecutePending(pending, &r.result)
	r.open = true
	if state == mapping.StateError {
		return queryError(r.ctx, mapping.ResultError(&r.result))
	}
	return nil
}

// bind sets parameter i, from 1. The types are those that query.Query.SQL and this package give.
func bind(p mapping.PreparedStatement, i mapping.IdxT, arg any) error {
	var state mapping.State
	switch v := arg.(type) {
	case uint32:
		state = mapping.BindUInt32(p, i, v)
	case uint64:
		state = mapping.BindUInt64(p, i, v)
	case int64:
		state = mapping.BindInt64(p, i, v)
	case float64:
		state = mapping.BindDouble(p, i, v)
	case string:
		state = mapping.BindVarcharLength(p, i, v, mapping.IdxT(len(v)))
	case []byte:
		state = mapping.BindBlob(p, i, bytes.Clone(v)) // cgo refuses a slice of a struct that holds pointers
	default:
		return fmt.Errorf("flow store: argument %d has type %T, which it does not know", i, arg)
	}
	if state == mapping.StateError {
		return fmt.Errorf("flow store: argument %d cannot be bound: %s", i, firstLine(mapping.PrepareError(p)))
	}
	return nil
}

// queryError is the error of a statement: why ctx ended when it did, else DuckDB's words.
func queryError(ctx context.Context, message string) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return fmt.Errorf("duckdb: %s", firstLine(message))
}
