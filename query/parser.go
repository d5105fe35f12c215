package query

import (
	"slices"
	"strings"
)

// Bounds of a query's text.
const (
	// MaxText is the longest text of a query, in bytes, as written and in canonical form.
	MaxText = 64 << 10
	// MaxDepth is how deep parentheses and "not" may be nested.
	MaxDepth = 200
)

// parser reads tokens from left to right, one token ahead.
type parser struct {
	text   string
	tokens []token
	pos    int
	depth  int
	parens int
	// wants is what was looked for at tokens[pos].
	wants []want
	// end is where the last token that was taken ends.
	end int
	// side, field and rel are those of the last Compare that was begun.
	side  Side
	field Field
	rel   Rel
}

// parseText reads a whole query.
func parseText(text string) (Node, error) {
	if len(text) > MaxText {
		return nil, errorAt(text, Place{MaxText, len(text)}, "the query is longer than %d bytes", MaxText)
	}
	tokens, err := lex(text)
	if err != nil {
		return nil, err
	}
	p := parser{text: text, tokens: tokens}
	return p.query()
}

func (p *parser) query() (Node, error) {
	if p.peek().kind == tokEnd {
		p.want(wantTerm)
		return &AnyNode{}, nil
	}
	n, err := p.or()
	if err != nil {
		return nil, err
	}
	if p.peek().kind != tokEnd {
		return nil, p.fail()
	}
	return n, nil
}

func (p *parser) peek() token { return p.tokens[p.pos] }

// peekWord returns the next token's text in lower case if it is a word, else "".
func (p *parser) peekWord() string {
	if t := p.peek(); t.kind == tokWord {
		return strings.ToLower(t.text)
	}
	return ""
}

func (p *parser) take() token {
	t := p.tokens[p.pos]
	if t.kind != tokEnd {
		p.pos++
		p.end = t.at.End
		p.wants = p.wants[:0]
	}
	return t
}

// want notes that any of ws may stand at the next token.
func (p *parser) want(ws ...want) {
	for _, w := range ws {
		if !slices.Contains(p.wants, w) {
			p.wants = append(p.wants, w)
		}
	}
}

// takeKind takes the next token if it is of the kind, or else notes w.
func (p *parser) takeKind(kind tokenKind, w want) bool {
	if p.peek().kind == kind {
		p.take()
		return true
	}
	p.want(w)
	return false
}

// takeWord takes the next token if it is the word, in any case.
func (p *parser) takeWord(word string) bool {
	if p.peekWord() == word {
		p.take()
		return true
	}
	return false
}

// fail is the error at the next token: what was wanted, and the nearest words.
func (p *parser) fail() *Error {
	t := p.peek()
	e := errorAt(p.text, t.at, "expected %s, found %s", wantsText(p.wants), t.found())
	if t.kind != tokWord {
		return e
	}
	e.suggest(t.text, wantsWords(p.wants))
	if e.Nearest == "" && slices.Contains(p.wants, wantTerm) {
		e.Nearest = termHint(t.text)
	}
	return e
}

// failAt is an error of its own words about a place.
func (p *parser) failAt(at Place, format string, args ...any) *Error {
	return errorAt(p.text, at, format, args...)
}

func (p *parser) or() (Node, error) {
	start := p.peek().at.Start
	first, err := p.and()
	if err != nil {
		return nil, err
	}
	kids := []Node{first}
	for p.peek().kind == tokOr || p.peekWord() == "or" {
		p.take()
		n, err := p.and()
		if err != nil {
			return nil, err
		}
		kids = append(kids, n)
	}
	if len(kids) == 1 {
		return first, nil
	}
	return &OrNode{Place{start, p.end}, kids}, nil
}

func (p *parser) and() (Node, error) {
	start := p.peek().at.Start
	first, err := p.unary()
	if err != nil {
		return nil, err
	}
	kids := []Node{first}
	for p.more() {
		n, err := p.unary()
		if err != nil {
			return nil, err
		}
		kids = append(kids, n)
	}
	if len(kids) == 1 {
		return first, nil
	}
	return &AndNode{Place{start, p.end}, kids}, nil
}

// more takes an "and" and tells whether another part of an And follows.
func (p *parser) more() bool {
	if p.peek().kind == tokAnd || p.peekWord() == "and" {
		p.take()
		return true
	}
	p.want(wantConnector, wantTerm)
	if p.parens > 0 {
		p.want(wantClose)
	}
	switch p.peek().kind {
	case tokOpen, tokNot:
		return true
	case tokWord:
		return p.peekWord() != "or" && p.beginsTerm()
	}
	return false
}

// beginsTerm tells whether the next word begins a term, so that juxtaposition means "and".
func (p *parser) beginsTerm() bool {
	_, ok := termOf(p.peekWord())
	return ok || p.peekWord() == "not"
}

func (p *parser) unary() (Node, error) {
	if p.depth == MaxDepth {
		return nil, p.failAt(p.peek().at, "parentheses and \"not\" are nested deeper than %d", MaxDepth)
	}
	p.depth++
	defer func() { p.depth-- }()
	start := p.peek().at.Start
	switch {
	case p.peek().kind == tokNot || p.peekWord() == "not":
		p.take()
		kid, err := p.unary()
		if err != nil {
			return nil, err
		}
		return &NotNode{Place{start, p.end}, kid}, nil
	case p.peek().kind == tokOpen:
		return p.group()
	}
	return p.term()
}

// group reads a query in parentheses. They leave no node of their own.
func (p *parser) group() (Node, error) {
	p.take()
	p.parens++
	n, err := p.or()
	if err != nil {
		return nil, err
	}
	p.parens--
	if !p.takeKind(tokClose, wantClose) {
		return nil, p.fail()
	}
	return n, nil
}
