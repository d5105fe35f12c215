package query

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"unicode/utf8"
)

// DecodeRequest reads the $DATA of GET CXTRACKER: one JSON object, or, for a person with netcat,
// a bare line in the query language, whose id is 0 (protocol.md section 5). It checks all
// members (Validate) and the bare form's size, but does not Parse the query text. An error is
// a *RequestError; RequestID then tells whether at least the id can be read.
func DecodeRequest(data []byte) (Request, error) {
	data = bytes.Trim(data, " \t\r\n\x00")
	if len(data) == 0 || data[0] != '{' {
		return bareRequest(data)
	}
	var r Request
	d := json.NewDecoder(bytes.NewReader(data))
	if err := d.Decode(&r); err != nil {
		return Request{}, jsonError(err)
	}
	if rest := bytes.TrimSpace(data[d.InputOffset():]); len(rest) > 0 {
		return Request{}, &RequestError{Code: CodeParse, Message: "more text follows the JSON object of the query", Offset: -1}
	}
	if err := r.Validate(); err != nil {
		return Request{}, err
	}
	return r, nil
}

// bareRequest takes data as the query text itself.
func bareRequest(data []byte) (Request, error) {
	switch {
	case bytes.ContainsRune(data, '\n'):
		return Request{}, &RequestError{Code: CodeBadRequest, Message: "a query that is not a JSON object is one line", Offset: -1}
	case len(data) > MaxText:
		return Request{}, &RequestError{Code: CodeBadRequest, Message: "the query is too long", Offset: MaxText}
	case !utf8.Valid(data):
		return Request{}, &RequestError{Code: CodeBadRequest, Message: "the query is not UTF-8", Offset: -1}
	}
	return Request{Query: string(data)}, nil
}

// jsonError words an error of encoding/json without Go's names of types.
func jsonError(err error) *RequestError {
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		return invalid("the member %s cannot be a %s", quoted(wrong.Field), strings.ToLower(wrong.Value))
	}
	return &RequestError{Code: CodeParse, Message: "the query is no JSON object: " + err.Error(), Offset: -1}
}

// RequestID reads the id of a request that DecodeRequest refused, so that the refusal can be
// sent back as a part. A bare line has id 0. ok is false when no id can be read.
func RequestID(data []byte) (id int64, ok bool) {
	data = bytes.Trim(data, " \t\r\n\x00")
	if len(data) == 0 || data[0] != '{' {
		return 0, len(data) > 0
	}
	var members struct {
		ID *json.RawMessage `json:"id"`
	}
	if err := json.NewDecoder(bytes.NewReader(data)).Decode(&members); err != nil || members.ID == nil {
		return 0, false
	}
	return id, json.Unmarshal(*members.ID, &id) == nil && string(*members.ID) != "null"
}
