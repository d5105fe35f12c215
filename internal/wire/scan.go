package wire

import "errors"

// errOpenString is a line end inside a JSON string: no JSON has that, and where the
// object ends can no longer be told.
var errOpenString = errors.New("a JSON string is not closed at the end of its line")

// objectScan finds the end of a JSON object or array in a stream, piece by piece. It
// counts only the kind of brace that it began with, outside strings, so that an item with
// other braces missing still ends where it should and costs one parse error.
type objectScan struct {
	begun    bool
	open     byte // '{' or '['
	closer   byte
	depth    int  // of open
	nested   int  // of both kinds
	tooDeep  bool // nested has passed maxDepth; the item still ends at its brace
	inString bool
	escaped  bool
}

// feed takes the next piece and returns how much of it belongs to the item, and whether
// the item ends there. The first byte fed must be '{' or '['.
func (s *objectScan) feed(p []byte) (n int, done bool, err error) {
	for i, b := range p {
		if s.inString {
			if err := s.quoted(b); err != nil {
				return i, false, err
			}
			continue
		}
		if s.plain(b) {
			return i + 1, true, nil
		}
	}
	return len(p), false, nil
}

// quoted takes a byte inside a string.
func (s *objectScan) quoted(b byte) error {
	switch {
	case b == '\n':
		return errOpenString
	case s.escaped:
		s.escaped = false
	case b == '\\':
		s.escaped = true
	case b == '"':
		s.inString = false
	}
	return nil
}

// plain takes a byte outside strings and says whether it ends the item.
func (s *objectScan) plain(b byte) bool {
	if !s.begun {
		s.begun, s.open, s.closer = true, b, b+2 // '{' + 2 is '}', '[' + 2 is ']'
	}
	switch b {
	case '"':
		s.inString = true
	case '{', '[':
		if s.nested++; s.nested > maxDepth {
			s.tooDeep = true
		}
	case '}', ']':
		s.nested--
	}
	switch b {
	case s.open:
		s.depth++
	case s.closer:
		s.depth--
	}
	return s.depth == 0
}
