package query

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"cxlens/internal/nearest"
)

// Error is a query that cannot be read or bound: where it stands and what was expected there.
type Error struct {
	// Offset and Length are the bytes of the text that the error is about.
	// At the end of the text Length is 0.
	Offset, Length int
	// Line and Column count from 1; columns are characters, not bytes.
	Line, Column int
	// Message is one line: what is wrong and what was expected.
	Message string
	// Nearest is the word that fits and is closest to what was written, "" for none.
	Nearest string
	// Others are further words that are as close as Nearest.
	Others []string
}

// Error returns the place, the message and the words that fit, on one line.
func (e *Error) Error() string {
	var b strings.Builder
	if e.Line > 1 {
		fmt.Fprintf(&b, "line %d, ", e.Line)
	}
	fmt.Fprintf(&b, "column %d: %s", e.Column, e.Message)
	if hint := e.Hint(); hint != "" {
		b.WriteString("; " + hint)
	}
	return b.String()
}

// Hint asks for the nearest words ("did you mean ..."), "" when there is none.
func (e *Error) Hint() string {
	if e.Nearest == "" {
		return ""
	}
	words := []string{quoted(e.Nearest)}
	for _, w := range e.Others {
		words = append(words, quoted(w))
	}
	return "did you mean " + alternatives(words) + "?"
}

// errorAt returns an Error about the bytes at of text.
func errorAt(text string, at Place, format string, args ...any) *Error {
	e := &Error{Offset: at.Start, Length: at.End - at.Start, Message: fmt.Sprintf(format, args...)}
	before := text[:min(max(at.Start, 0), len(text))]
	e.Line = 1 + strings.Count(before, "\n")
	e.Column = 1 + utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:])
	return e
}

// suggest adds the words that are closest to found.
func (e *Error) suggest(found string, words []string) *Error {
	if near := nearest.Words(found, words); len(near) > 0 {
		e.Nearest, e.Others = near[0], near[1:]
	}
	return e
}

// quoted returns s in double quotes as an error shows it: printable, and cut when it is long.
func quoted(s string) string {
	const most = 40
	if utf8.RuneCountInString(s) > most {
		s = string([]rune(s)[:most]) + "…"
	}
	return fmt.Sprintf("%q", s)
}

// alternatives joins words as "a, b or c".
func alternatives(words []string) string {
	switch len(words) {
	case 0:
		return ""
	case 1:
		return words[0]
	}
	return strings.Join(words[:len(words)-1], ", ") + " or " + words[len(words)-1]
}
