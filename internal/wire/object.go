package wire

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/big"
)

// envelope is a JSON-RPC object as we write it: "jsonrpc" comes first, so that a peer
// that awaits a block knows the object from data (protocol.md section 3).
type envelope struct {
	JSONRPC string          `json:"jsonrpc"`
	ID      json.RawMessage `json:"id,omitempty"`
	Method  string          `json:"method,omitempty"`
	Params  json.RawMessage `json:"params,omitempty"`
	Result  json.RawMessage `json:"result,omitempty"`
	Error   *errorObject    `json:"error,omitempty"`
}

type errorObject struct {
	Code    int64  `json:"code"`
	Message string `json:"message"`
}

// line is the object on one line.
func (e envelope) line() ([]byte, error) {
	e.JSONRPC = "2.0"
	b, err := json.Marshal(e)
	if err != nil {
		return nil, err
	}
	return append(b, '\n'), nil
}

// errorLine is an error response; a nil id is null.
func errorLine(id json.RawMessage, code int, message string) []byte {
	if id == nil {
		id = json.RawMessage("null")
	}
	e := envelope{ID: id, Error: &errorObject{Code: int64(code), Message: message}}
	b, err := e.line()
	if err != nil { // the id came from a parsed object: it cannot fail
		e.ID = json.RawMessage("null")
		b, _ = e.line()
	}
	return b
}

// message is an object of the peer, understood.
type message struct {
	method string          // empty: a response
	id     json.RawMessage // of a request as it came, nil: a notification
	params json.RawMessage // nil: none

	call   uint64 // the id of our request that a response answers, 0: none that we sent
	result json.RawMessage
	err    *Error
}

// parseObject reads a request or a response. The *Error says why it is neither, with the
// id to answer with; answer is false when the object is one that is never answered.
func parseObject(data []byte) (msg message, id json.RawMessage, answer bool, bad *Error) {
	var m map[string]json.RawMessage
	if err := json.Unmarshal(data, &m); err != nil {
		return message{}, nil, true, &Error{CodeParse, "not JSON: " + clean(err.Error(), 80)}
	}
	if present(m["result"]) || present(m["error"]) || m["method"] == nil && (m["result"] != nil || m["error"] != nil) {
		// Also with a method: the document's ping response has one.
		return parseResponse(m), nil, false, nil
	}
	id, idOK := requestID(m["id"])
	invalid := func(code int, text string) (message, json.RawMessage, bool, *Error) {
		return message{}, id, true, &Error{code, text}
	}
	if v, ok := m["jsonrpc"]; ok && string(v) != `"2.0"` {
		return invalid(CodeInvalidRequest, `"jsonrpc" must be "2.0"`)
	}
	if m["method"] == nil {
		return invalid(CodeInvalidRequest, "neither a request nor a response: it has no method, result or error")
	}
	if json.Unmarshal(m["method"], &msg.method) != nil || msg.method == "" {
		return invalid(CodeInvalidRequest, "the method must be a string")
	}
	if !idOK {
		return invalid(CodeInvalidRequest, "the id must be a string or a number")
	}
	if p := m["params"]; present(p) {
		if p[0] != '{' && p[0] != '[' {
			_, _, _, bad = invalid(CodeInvalidParams, "params must be an object or an array")
			return message{}, id, id != nil, bad
		}
		msg.params = p
	}
	msg.id = id
	return msg, id, true, nil
}

// present says whether a member is there and not null.
func present(v json.RawMessage) bool { return v != nil && string(v) != "null" }

// requestID returns the id as it came: nil for none or null, which is a notification.
func requestID(v json.RawMessage) (json.RawMessage, bool) {
	if !present(v) {
		return nil, true
	}
	if v[0] == '"' || v[0] == '-' || '0' <= v[0] && v[0] <= '9' {
		return v, true
	}
	return nil, false
}

// parseResponse reads a response leniently: peers send ids back as strings, null errors
// beside results, and errors in all forms.
func parseResponse(m map[string]json.RawMessage) message {
	msg := message{call: callID(m["id"]), result: m["result"]}
	if present(m["error"]) {
		msg.err = parseError(m["error"])
	}
	if msg.result == nil {
		msg.result = json.RawMessage("null")
	}
	return msg
}

// callID matches the id of a response with the integers that we send: 7, "7" and 7.0.
func callID(v json.RawMessage) uint64 {
	v = bytes.Trim(v, `"`)
	if len(v) == 0 || len(v) > 24 || bytes.ContainsAny(v, "/eE") {
		return 0
	}
	r, ok := new(big.Rat).SetString(string(v))
	if !ok || !r.IsInt() || !r.Num().IsUint64() {
		return 0
	}
	return r.Num().Uint64()
}

// parseError reads an error object.
func parseError(v json.RawMessage) *Error {
	var e struct {
		Code    json.Number `json:"code"`
		Message any         `json:"message"`
	}
	if json.Unmarshal(v, &e) != nil {
		return &Error{CodeInternal, "the peer's error object cannot be read: " + clean(string(v), 80)}
	}
	code, err := e.Code.Int64()
	if err != nil || int64(int(code)) != code {
		code = CodeInternal
	}
	text := "an error without a message"
	if e.Message != nil {
		text = clean(fmt.Sprint(e.Message), 400)
	}
	return &Error{int(code), text}
}
