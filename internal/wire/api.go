package wire

import (
	"context"
	"encoding/json"
	"log/slog"
	"time"
)

// Verb is a text verb that opens a transaction (protocol.md section 3).
type Verb string

// The verbs.
const (
	Post Verb = "POST"
	Get  Verb = "GET"
)

// Answer is what a verb or a block is answered with. The zero value is not an
// answer; it is written as DataError, so that a forgotten one never accepts.
type Answer uint8

// The answers (protocol.md section 3).
const (
	Accept       Answer = iota + 1 // 200: the verb is granted, or the block is taken
	DataError                      // 204: the block is damaged or could not be kept
	NotSupported                   // 202: unknown or unavailable module
	Unauthorized                   // 401: a verb before its time; the connection is closed after it
)

// Handler is the owner's side of a connection. Its methods are called from several
// goroutines, also before New has returned.
type Handler interface {
	// Verb is asked when the peer's verb was read. It runs on the reader's goroutine
	// and must be quick. module is upper case, 1 to 64 bytes of A-Z 0-9 . _ -
	Verb(v Verb, module string) Answer
	// Data gets the whole block of a granted verb without its end line; data ends in LF
	// unless it is empty, and belongs to the handler. Blocks come one after another, in
	// order, on a goroutine of their own. The answer is the final ack. ctx ends with the
	// connection or after FinalAckTimeout, when the peer no longer waits; a Data that then
	// goes on for another AckTimeout ends the connection.
	//
	// Data must not wait for Post or Get of the same connection: their block stands
	// behind the final ack that Data has yet to give. Answer first, post afterwards.
	Data(ctx context.Context, v Verb, module string, data []byte) Answer
	// Call answers a JSON-RPC request or notification, each on its own goroutine, at most
	// 32 at once: a peer that does not wait for answers has its requests run at the same
	// time. method and params are as the peer sent them, not cleaned; params is an object or
	// an array, nil when there is none. An *Error becomes the error object;
	// any other error is logged and becomes -32603 without its text.
	Call(ctx context.Context, method string, params json.RawMessage) (result any, err error)
	// Closed is called once, after every other call has returned, with why the connection
	// ended: nil after BYE, ErrClosed after Close.
	Closed(err error)
}

// Config bounds a connection. Zero values are the defaults named here.
type Config struct {
	MaxObject int // bytes of a JSON object; 1 MiB
	MaxLine   int // bytes of a text line; 64 KiB
	MaxBlock  int // bytes of a data block; 64 MiB
	MaxOutbox int // bytes of answers waiting for a peer that does not read; 4 MiB

	AckTimeout      time.Duration // wait for the ack of a verb, a granted block, a pong; 30 s
	FinalAckTimeout time.Duration // wait for the ack of a block, for the answer of a Call; 60 s
	WriteTimeout    time.Duration // without progress of a write; 30 s
	IdleTimeout     time.Duration // without a byte from the peer; 60 s, negative: none

	Log *slog.Logger     // nil: discard
	Now func() time.Time // the clock of PING, PONG and LastHeard; nil: time.Now
}
