package query

import "strings"

// ParseCompare reads the values of one term as a form or a list of a configuration has them: one
// or several, with blanks or commas between them, with or without [ ]. An error is a *Error whose places
// are those of values.
func ParseCompare(side Side, f Field, rel Rel, values string) (*Compare, error) {
	if len(values) > MaxText {
		return nil, errorAt(values, Place{MaxText, len(values)}, "the values are longer than %d bytes", MaxText)
	}
	whole := Place{0, len(values)}
	switch {
	case side != Either && !f.Sided():
		return nil, errorAt(values, whole, "%s has no sides", f)
	case rel.ordering() && !f.kind().ordered():
		return nil, errorAt(values, whole, "%s takes = and != only", f)
	}
	tokens, err := lex(values)
	if err != nil {
		return nil, err
	}
	p := parser{text: values, tokens: tokens}
	set, err := p.values(f)
	if err != nil {
		return nil, err
	}
	n := &Compare{Place: whole, Side: side, Field: f, Rel: rel, Set: set}
	return n, checkOrdering(values, n, whole)
}

// values reads items up to the end of the text.
func (p *parser) values(f Field) ([]Item, error) {
	listed := p.peek().kind == tokListOpen
	end := tokEnd
	if listed {
		p.take()
		end = tokListEnd
	}
	var items []Item
	for len(items) == 0 || p.peek().kind != end {
		if len(items) > 0 && p.peek().kind == tokComma {
			p.take()
		}
		i, err := p.item(f)
		if err != nil {
			return nil, err
		}
		items = append(items, i)
	}
	if listed {
		p.take()
	}
	if p.peek().kind != tokEnd {
		return nil, p.failAt(p.peek().at, "expected the end, found %s", p.peek().found())
	}
	return items, nil
}

// SetText prints the values of a set with blanks between them, so that ParseCompare reads the same.
func SetText(f Field, set []Item) string {
	texts := make([]string, len(set))
	for i, item := range set {
		texts[i] = itemText(f, item)
	}
	return strings.Join(texts, " ")
}
