package query

import (
	"fmt"
	"unicode"
)

// tokenKind says what a token is.
type tokenKind uint8

const (
	tokEnd      tokenKind = iota
	tokWord               // letters, digits and the signs inside of values: 8000-8080, 10.0.0.0/8, now-2h, $name
	tokString             // "..."
	tokOpen               // (
	tokClose              // )
	tokListOpen           // [
	tokListEnd            // ]
	tokComma              // ,
	tokAnd                // &&
	tokOr                 // ||
	tokNot                // !
	tokRel                // = == != < <= > >=
)

// token is a piece of the text. Words are cut only at blanks and operators: what a word
// such as "1-2" or "10.0.0.0/8" means depends on the field it belongs to.
type token struct {
	kind tokenKind
	at   Place
	text string // as written; of a string: its value
}

// found describes the token for an error.
func (t token) found() string {
	switch t.kind {
	case tokEnd:
		return "the end"
	case tokString:
		return fmt.Sprintf("the string %s", quoted(t.text))
	}
	return quoted(t.text)
}

// wordSigns are the characters besides letters and digits that a word may hold.
const wordSigns = "._-:/*@$?+~%#"

// isWordRune tells whether r may stand in a word.
func isWordRune(r rune) bool {
	if r < 0x80 {
		for _, s := range wordSigns {
			if r == s {
				return true
			}
		}
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r)
}
