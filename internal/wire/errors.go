package wire

import (
	"errors"
	"fmt"
	"time"
)

// ErrClosed is what calls on an ended or ending connection return, wrapped together
// with the cause where there is one.
var ErrClosed = errors.New("the connection is closed")

// Error is a JSON-RPC error object (protocol.md section 4): one that the peer sent, its
// message cleaned of control characters, or one that Handler.Call wants sent.
type Error struct {
	Code    int
	Message string
}

// The codes of JSON-RPC 2.0 and of the framework (protocol.md section 4).
const (
	CodeParse          = -32700
	CodeInvalidRequest = -32600
	CodeNoMethod       = -32601
	CodeInvalidParams  = -32602
	CodeInternal       = -32603

	CodeBadRequest          = -1
	CodeUnauthorized        = -2
	CodeAuthUnsupported     = -10 // also: wrong name or secret, never saying which
	CodeIdentifyUnsupported = -20
	CodeAlreadyRegistered   = -21
	CodeIdentifyMismatch    = -22
	CodeGetUnsupported      = -30
	CodeNoPackets           = -50
)

// Error returns the message and the code.
func (e *Error) Error() string { return fmt.Sprintf("%s (code %d)", e.Message, e.Code) }

// Phase is the part of a transaction that an ack answers.
type Phase string

// The phases.
const (
	PhaseVerb  Phase = "verb"
	PhaseFinal Phase = "final"
)

// AckError is an ack other than 200. Nothing of the block was sent when Phase is PhaseVerb.
type AckError struct {
	Verb   Verb
	Module string
	Code   int // 202, 204 or 401; other codes of other peers as they came
	Phase  Phase
}

// Error names the transaction and the ack.
func (e *AckError) Error() string {
	what := "the verb"
	if e.Phase == PhaseFinal {
		what = "the block"
	}
	return fmt.Sprintf("%s %s: the peer answered %s with %s", e.Verb, e.Module, what, ackName(e.Code))
}

// TimeoutError says what was awaited in vain. The connection has ended with it, except
// for the answer of a Call.
type TimeoutError struct {
	What  string
	After time.Duration
}

// Error names what was awaited, and how long.
func (e *TimeoutError) Error() string { return fmt.Sprintf("no %s within %v", e.What, e.After) }

// Timeout is always true, as net.Error has it.
func (e *TimeoutError) Timeout() bool { return true }

// ackName is an ack as an error message shows it.
func ackName(code int) string {
	for _, a := range ackTexts {
		if a.code == code {
			return a.text
		}
	}
	return fmt.Sprint(code)
}

// ackTexts are the acks byte for byte, without LF; the misspelling is on the wire.
var ackTexts = []struct {
	answer Answer
	code   int
	text   string
}{
	{Accept, 200, "200 OK ACCEPTED"},
	{DataError, 204, "204 DATA RECIEVE ERROR"},
	{NotSupported, 202, "202 MODULE NOT SUPPORTED"},
	{Unauthorized, 401, "401 UNAUTHORIZED"},
}
