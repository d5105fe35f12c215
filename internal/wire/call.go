package wire

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/sourcegraph/jsonrpc2"
)

// Call sends a request, waits for the response and decodes its result into result unless
// that is nil. params is encoded as JSON; nil leaves them out.
//
// Errors: *Error for the peer's error object, also with CodeInvalidParams for a result of
// the wrong form; *TimeoutError when no answer came within FinalAckTimeout; ctx's error and
// ErrClosed, wrapped.
func (c *Conn) Call(ctx context.Context, method string, params, result any) error {
	limit := c.cfg.FinalAckTimeout
	ctx, cancel := context.WithTimeoutCause(ctx, limit, &TimeoutError{What: "answer to " + method, After: limit})
	defer cancel()
	if err := c.place(ctx); err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	id := jsonrpc2.ID{Num: c.rpc.nextID.Add(1)}
	call, err := c.rpc.lib.DispatchCall(ctx, method, params, jsonrpc2.PickID(id))
	if err != nil {
		<-c.news // it was not queued
		return fmt.Errorf("%s: %w", method, c.rpcErr(ctx, err))
	}
	var raw json.RawMessage
	if err := call.Wait(ctx, &raw); err != nil {
		return c.callErr(ctx, method, err)
	}
	if result == nil {
		return nil
	}
	if err := json.Unmarshal(raw, result); err != nil {
		return &Error{CodeInvalidParams, fmt.Sprintf("the result of %s has the wrong form: %s", method, clean(err.Error(), 200))}
	}
	return nil
}

// callErr keeps an error object as it is and names the method in everything else.
func (c *Conn) callErr(ctx context.Context, method string, err error) error {
	if e, ok := errors.AsType[*jsonrpc2.Error](err); ok {
		return &Error{int(e.Code), e.Message}
	}
	return fmt.Errorf("%s: %w", method, c.rpcErr(ctx, err))
}

// rpcErr puts our errors in the place of the library's.
func (c *Conn) rpcErr(ctx context.Context, err error) error {
	switch {
	case errors.Is(err, jsonrpc2.ErrClosed):
		<-c.ctx.Done() // the library may see the end a moment before the machine has a cause
		return c.closedErr()
	case ctx.Err() != nil:
		return context.Cause(ctx)
	}
	return err
}

// Notify sends a notification: a request that nobody answers. It returns when the
// notification is queued, and waits while many of them are.
func (c *Conn) Notify(ctx context.Context, method string, params any) error {
	if err := c.place(ctx); err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	if err := c.rpc.lib.Notify(ctx, method, params); err != nil {
		<-c.news
		return fmt.Errorf("%s: %w", method, c.rpcErr(ctx, err))
	}
	return nil
}
