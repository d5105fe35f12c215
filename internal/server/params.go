package server

import (
	"encoding/json"
	"errors"
	"fmt"

	"cxlens/internal/flow"
	"cxlens/internal/wire"
)

// decodeParams reads a method's params into v. What is not an object or has a member of the wrong
// type is -32602; the text names the member and never its value, which may be a secret.
func decodeParams(method string, params json.RawMessage, v any) error {
	if len(params) == 0 {
		return invalidParams("%s needs params", method)
	}
	err := json.Unmarshal(params, v)
	if wrong := (*json.UnmarshalTypeError)(nil); errors.As(err, &wrong) {
		if wrong.Field == "" {
			return invalidParams("%s: params must be an object", method)
		}
		return invalidParams("%s: params member %q has the wrong type", method, flow.Clean(wrong.Field))
	}
	if err != nil {
		return invalidParams("%s: params cannot be read", method)
	}
	return nil
}

func invalidParams(format string, args ...any) error {
	return &wire.Error{Code: wire.CodeInvalidParams, Message: fmt.Sprintf(format, args...)}
}

// need refuses an empty string member.
func need(method, member, value string) error {
	if value == "" {
		return invalidParams("%s: params member %q is missing or empty", method, member)
	}
	return nil
}

func unauthorized(message string) error {
	return &wire.Error{Code: wire.CodeUnauthorized, Message: message}
}

func noMethod(method string) error {
	if len(method) > 64 {
		method = method[:64] + "..."
	}
	return &wire.Error{Code: wire.CodeNoMethod, Message: fmt.Sprintf("no method %q here", flow.Clean(method))}
}
