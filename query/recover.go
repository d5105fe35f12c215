package query

import (
	"errors"
	"slices"
	"strings"
)

// maxMends is how many errors of a text are passed over to complete its end; behind more than those only
// a new term is offered.
const maxMends = 50

// spot is what may stand at the end of a text.
type spot struct {
	wants []want
	// With valued a value of field may stand there, compared by rel.
	valued bool
	side   Side
	field  Field
	rel    Rel
}

// takes tells whether the text of a value may stand there: < and > take no ranges.
func (s spot) takes(text string) bool {
	if !s.rel.ordering() {
		return true
	}
	set, err := parseSet(s.field, text)
	return err == nil && len(set) == 1 && !isRange(set[0])
}

// afterTerm is what may stand behind a term.
var afterTerm = spot{wants: []want{wantConnector, wantTerm}}

// spotAtEnd returns what the parser looks for at the end of text. Where it fails before, it begins anew: behind
// the next connector, or at the next term.
func spotAtEnd(text string) spot {
	rest, err := lexLeniently(text)
	if err != nil {
		return spot{}
	}
	parens := 0
	for range maxMends {
		p := parser{text: text, tokens: rest, parens: parens}
		_, err := p.query()
		if p.peek().kind == tokEnd {
			return p.spot(err)
		}
		rest, parens = p.mend(parens)
	}
	return afterTerm
}

// spot is what the parser looks for, which is at the end.
func (p *parser) spot(err error) spot {
	if err != nil && len(p.wants) == 0 { // a term that is whole, but cannot be so
		return afterTerm
	}
	s := spot{wants: p.wants, side: p.side, field: p.field, rel: p.rel}
	s.valued = slices.ContainsFunc(p.wants, func(w want) bool { return w == valueWant(p.field) })
	return s
}

// mend returns the tokens at which to begin anew after an error at the next token, and how many
// parentheses are open there.
func (p *parser) mend(parens int) ([]token, int) {
	if p.inList() { // only the value is wrong
		return slices.Delete(p.tokens, p.pos, p.pos+1), parens
	}
	from := p.pos
	for ; ; from++ {
		switch t := p.tokens[from]; {
		case t.kind == tokAnd || t.kind == tokOr || p.isWord(t, "and", "or"):
			return p.tokens[from+1:], opens(parens, p.tokens[:from])
		case t.kind == tokClose && opens(parens, p.tokens[:from]) > 0:
			return p.behindTerm(from+1, opens(parens, p.tokens[:from+1]))
		case t.kind == tokEnd || t.kind == tokOpen || t.kind == tokNot || p.isWord(t, "not") || p.isTerm(t):
			return p.behindTerm(from, opens(parens, p.tokens[:from]))
		}
	}
}

// behindTerm returns the tokens from a place on as they stand behind a term. There is always a token before: what
// begins a query is no error.
func (p *parser) behindTerm(from, parens int) ([]token, int) {
	at := p.tokens[from].at.Start
	p.tokens[from-1] = token{kind: tokWord, at: Place{at, at}, text: "any"}
	return p.tokens[from-1:], parens
}

func (p *parser) isWord(t token, words ...string) bool {
	return t.kind == tokWord && slices.Contains(words, strings.ToLower(t.text))
}

func (p *parser) isTerm(t token) bool {
	if t.kind != tokWord {
		return false
	}
	_, ok := termOf(strings.ToLower(t.text))
	return ok
}

// inList tells whether the next token stands in a list.
func (p *parser) inList() bool {
	for _, t := range slices.Backward(p.tokens[:p.pos]) {
		switch t.kind {
		case tokListOpen:
			return true
		case tokListEnd:
			return false
		}
	}
	return false
}

// opens adds to n the parentheses that are open behind tokens.
func opens(n int, tokens []token) int {
	for _, t := range tokens {
		switch {
		case t.kind == tokOpen:
			n++
		case t.kind == tokClose && n > 0:
			n--
		}
	}
	return n
}

// lexLeniently cuts text into tokens and takes what begins none for blanks. It returns a *Error only where a
// string is not closed, or for half an operator at the end.
func lexLeniently(text string) ([]token, error) {
	l := lexer{text: text}
	for mends := 0; ; {
		l.skipBlanks()
		if l.pos == len(l.text) {
			l.add(tokEnd, l.pos, "")
			return l.tokens, nil
		}
		from := l.pos
		var e *Error
		if !errors.As(l.next(), &e) {
			continue
		}
		atEnd := e.Offset+e.Length == len(text)
		if atEnd && (text[e.Offset] == '"' || e.Length == 1 && isOperator(text[e.Offset])) {
			return l.tokens, e
		}
		if mends++; mends > maxMends {
			return []token{{kind: tokEnd, at: Place{len(text), len(text)}}}, nil
		}
		n := max(1, e.Length)
		l.text, l.pos = l.text[:e.Offset]+strings.Repeat(" ", n)+l.text[e.Offset+n:], from
	}
}
