package wire

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

// textKind is what a text line says.
type textKind uint8

const (
	textUnknown textKind = iota
	textVerb
	textAck
	textPing
	textPong
	textBye
)

// text is a line that was understood.
type text struct {
	kind   textKind
	verb   Verb
	module string // of a verb, upper case
	code   int    // of an ack
	rest   string // the date of PING and PONG, not cleaned
}

// trimLine drops LF and what old peers leave before it: CR and NUL.
func trimLine(line []byte) []byte { return bytes.TrimRight(line, "\n\r\x00") }

// parseText reads a line of protocol.md section 3.
func parseText(line []byte) text {
	word, rest, _ := strings.Cut(string(trimLine(line)), " ")
	rest = strings.TrimSpace(rest)
	switch word {
	case "POST", "GET":
		if module := strings.ToUpper(rest); validModule(module) {
			return text{kind: textVerb, verb: Verb(word), module: module}
		}
	case "PING":
		return text{kind: textPing, rest: rest}
	case "PONG":
		return text{kind: textPong, rest: rest}
	case "BYE":
		return text{kind: textBye}
	default:
		if code, ok := ackCode(line); ok {
			return text{kind: textAck, code: code}
		}
	}
	return text{}
}

// ackCode reads three digits at the line's beginning or after the prefix that old peers
// set before them; whatever words follow.
func ackCode(line []byte) (int, bool) {
	line = bytes.TrimPrefix(trimLine(line), []byte("NSMF/1.0 "))
	word, _, _ := bytes.Cut(line, []byte(" "))
	if len(word) != 3 {
		return 0, false
	}
	code, err := strconv.ParseUint(string(word), 10, 16)
	return int(code), err == nil
}

// isAck says whether a line is exactly an ack of ours, give or take what old peers add.
func isAck(line []byte) bool {
	line = bytes.TrimPrefix(trimLine(line), []byte("NSMF/1.0 "))
	for _, a := range ackTexts {
		if string(line) == a.text {
			return true
		}
	}
	return false
}

// ackLine is the answer as it goes over the wire.
func ackLine(a Answer) []byte {
	for _, t := range ackTexts {
		if t.answer == a {
			return []byte(t.text + "\n")
		}
	}
	return ackLine(DataError)
}

// validModule keeps names to what every log and terminal can show.
func validModule(m string) bool {
	if m == "" || len(m) > maxModule {
		return false
	}
	for _, b := range []byte(m) {
		switch {
		case 'A' <= b && b <= 'Z', '0' <= b && b <= '9', b == '.', b == '_', b == '-':
		default:
			return false
		}
	}
	return true
}

// clean makes a peer's text fit for logs, terminals and error messages: control and
// format characters become '?', and what is longer than limit runes is cut with "...".
func clean(s string, limit int) string {
	var b strings.Builder
	n := 0
	for _, r := range s {
		if n++; n > limit {
			return b.String() + "..."
		}
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029' {
			r = '?'
		}
		b.WriteRune(r)
	}
	return b.String()
}

var (
	endLine      = []byte(".\r\n")
	objectPrefix = []byte(`{"jsonrpc"`) // what our objects begin with, and no module's data
)

// blockEnd returns what must follow data to make it a block: the end line, with an LF
// before it when data has none at its end. It refuses data that a reader would take for
// something else, so that nothing of it is ever sent.
func blockEnd(data []byte, limit int) ([]byte, error) {
	end := endLine
	size := len(data)
	if size > 0 && data[size-1] != '\n' {
		end = []byte("\n.\r\n")
		size++
	}
	if size > limit {
		return nil, fmt.Errorf("the block has %d bytes, more than the limit of %d: send it in parts", size, limit)
	}
	first, _, _ := bytes.Cut(data, []byte("\n"))
	switch {
	case holdsEndLine(data):
		return nil, fmt.Errorf("the block holds a line of one dot and CR LF, which would end it: encode it as base64")
	case bytes.HasPrefix(data, []byte{0}):
		return nil, fmt.Errorf("the block begins with NUL, which readers drop: encode it as base64")
	case bytes.HasPrefix(data, objectPrefix):
		return nil, fmt.Errorf("the block begins with %s, which readers take for a JSON-RPC object", objectPrefix)
	case isAck(first):
		return nil, fmt.Errorf("the block's first line is an ack, which readers would take for one")
	}
	return end, nil
}

// holdsEndLine looks for the end line in data and where an LF would complete it.
func holdsEndLine(data []byte) bool {
	return bytes.HasPrefix(data, endLine) || bytes.Contains(data, []byte("\n.\r\n")) ||
		string(data) == ".\r" || bytes.HasSuffix(data, []byte("\n.\r"))
}
