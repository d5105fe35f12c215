package query

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// lexer cuts a text into tokens.
type lexer struct {
	text   string
	pos    int
	tokens []token
}

// lex cuts text into tokens; the last one is always tokEnd. An error is a *Error.
func lex(text string) ([]token, error) {
	l := lexer{text: text}
	for {
		l.skipBlanks()
		if l.pos == len(text) {
			l.add(tokEnd, l.pos, "")
			return l.tokens, nil
		}
		if err := l.next(); err != nil {
			return l.tokens, err
		}
	}
}

func (l *lexer) skipBlanks() {
	l.pos += len(l.text[l.pos:]) - len(strings.TrimLeft(l.text[l.pos:], " \t\r\n"))
}

func (l *lexer) add(kind tokenKind, start int, text string) {
	l.tokens = append(l.tokens, token{kind: kind, at: Place{start, l.pos}, text: text})
}

// signs are the operators, longest first.
var signs = []struct {
	text string
	kind tokenKind
}{
	{"&&", tokAnd},
	{"||", tokOr},
	{"==", tokRel},
	{"!=", tokRel},
	{"<=", tokRel},
	{">=", tokRel},
	{"=", tokRel},
	{"<", tokRel},
	{">", tokRel},
	{"!", tokNot},
	{"(", tokOpen},
	{")", tokClose},
	{"[", tokListOpen},
	{"]", tokListEnd},
	{",", tokComma},
}

func (l *lexer) next() error {
	rest := l.text[l.pos:]
	for _, s := range signs {
		if strings.HasPrefix(rest, s.text) {
			start := l.pos
			l.pos += len(s.text)
			l.add(s.kind, start, s.text)
			return nil
		}
	}
	if rest[0] == '"' {
		return l.quotedString()
	}
	return l.word()
}

func (l *lexer) word() error {
	start := l.pos
	for l.pos < len(l.text) {
		r, size := utf8.DecodeRuneInString(l.text[l.pos:])
		if !isWordRune(r) || r == utf8.RuneError {
			break
		}
		l.pos += size
	}
	if l.pos == start {
		return l.stray()
	}
	l.add(tokWord, start, l.text[start:l.pos])
	return nil
}

// stray is the error for a character that begins no token.
func (l *lexer) stray() error {
	r, size := utf8.DecodeRuneInString(l.text[l.pos:])
	at := Place{l.pos, l.pos + size}
	switch {
	case r == utf8.RuneError:
		return errorAt(l.text, at, "the text is not UTF-8 here")
	case r == '\'':
		return errorAt(l.text, at, "strings stand in double quotes")
	case r == '&':
		e := errorAt(l.text, at, `a single "&" means nothing here`)
		e.Nearest = "&&"
		return e
	case r == '|':
		e := errorAt(l.text, at, `a single "|" means nothing here`)
		e.Nearest = "||"
		return e
	case unicode.IsControl(r):
		return errorAt(l.text, at, "a control character (%U) outside of a string", r)
	}
	return errorAt(l.text, at, "the character %s means nothing here; put names that have it in double quotes", quoted(string(r)))
}

// quotedString reads a STRING: see Quote for its escapes.
func (l *lexer) quotedString() error {
	start := l.pos
	var b strings.Builder
	for l.pos++; l.pos < len(l.text); {
		r, size := utf8.DecodeRuneInString(l.text[l.pos:])
		switch {
		case r == '"':
			l.pos++
			l.add(tokString, start, b.String())
			return nil
		case r == '\\':
			if err := l.escape(&b); err != nil {
				return err
			}
			continue
		case r == utf8.RuneError && size == 1:
			return errorAt(l.text, Place{l.pos, l.pos + 1}, "the text is not UTF-8 here")
		case unicode.IsControl(r):
			return errorAt(l.text, Place{l.pos, l.pos + size}, `a control character in a string: write \u%04x`, r)
		}
		b.WriteRune(r)
		l.pos += size
	}
	return errorAt(l.text, Place{start, len(l.text)}, `expected " at the end of the string`)
}

// escape reads \" \\ \n \r \t or \uHHHH.
func (l *lexer) escape(b *strings.Builder) error {
	start := l.pos
	rest := l.text[l.pos+1:]
	if rest == "" {
		return errorAt(l.text, Place{start, len(l.text)}, `expected " at the end of the string`)
	}
	if i := strings.IndexByte(`"\nrt`, rest[0]); i >= 0 {
		b.WriteByte("\"\\\n\r\t"[i])
		l.pos += 2
		return nil
	}
	if rest[0] == 'u' && len(rest) >= 5 {
		if n, err := strconv.ParseUint(rest[1:5], 16, 16); err == nil && utf8.ValidRune(rune(n)) {
			b.WriteRune(rune(n))
			l.pos += 6
			return nil
		}
	}
	_, size := utf8.DecodeRuneInString(rest)
	return errorAt(l.text, Place{start, start + 1 + size}, `expected \" \\ \n \r \t or \uHHHH in a string`)
}
