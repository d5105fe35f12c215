package query

import "strings"

// compare reads rel and set of a field.
func (p *parser) compare(start int, side Side, f Field) (Node, error) {
	n := &Compare{Side: side, Field: f}
	p.side, p.field, p.rel = side, f, EQ
	var relAt Place
	var err error
	if n.Rel, relAt, err = p.relation(f); err != nil {
		return nil, err
	}
	p.rel = n.Rel
	if n.Set, err = p.set(n); err != nil {
		return nil, err
	}
	if err := checkOrdering(p.text, n, relAt); err != nil {
		return nil, err
	}
	n.Place = Place{start, p.end}
	return n, nil
}

// relation reads an optional relation, and nfdump's and SQL's words for one.
func (p *parser) relation(f Field) (Rel, Place, error) {
	t := p.peek()
	word := t.text
	if t.kind == tokWord {
		word = p.peekWord()
	}
	if next := p.tokens[min(p.pos+1, len(p.tokens)-1)]; word == "not" && next.kind == tokWord && strings.EqualFold(next.text, "in") {
		p.take()
		return NE, t.at, nil
	}
	rel, ok := relWords[word]
	if !ok || t.kind != tokWord && t.kind != tokRel {
		if f.kind().ordered() {
			p.want(wantRelation)
		} else {
			p.want(wantEquality)
		}
		return EQ, Place{}, nil
	}
	if rel.ordering() && !f.kind().ordered() {
		e := p.failAt(t.at, "%s takes = and != only", f)
		return EQ, Place{}, e
	}
	p.take()
	return rel, t.at, nil
}

// checkOrdering refuses < <= > >= with anything but one value.
func checkOrdering(text string, n *Compare, relAt Place) error {
	switch {
	case !n.Rel.ordering():
		return nil
	case len(n.Set) > 1:
		return errorAt(text, relAt, "%q takes one value, not a list", n.Rel.String())
	case isRange(n.Set[0]):
		return errorAt(text, relAt, "%q takes one value, not a range", n.Rel.String())
	}
	return nil
}

// isRange tells whether i is more than one value. A service's name is judged when it is bound.
func isRange(i Item) bool {
	switch i := i.(type) {
	case *Number:
		return i.Lo != i.Hi
	case *Decimal:
		return i.Lo != i.Hi
	case *Duration:
		return i.Lo != i.Hi
	case *Address:
		return i.Lo != i.Hi
	case *Param:
		return i.Default != nil && isRange(i.Default)
	}
	return false
}

// set reads one item or a list of items.
func (p *parser) set(n *Compare) ([]Item, error) {
	p.takeWord("in")
	if p.peek().kind != tokListOpen {
		if !n.Rel.ordering() {
			p.want(wantOpenList)
		}
		i, err := p.item(n.Field)
		if err != nil {
			return nil, err
		}
		return []Item{i}, nil
	}
	open := p.take().at
	var items []Item
	for p.peek().kind != tokListEnd {
		if len(items) > 0 {
			if p.peek().kind == tokComma {
				p.take()
			}
			p.want(wantListEnd)
		}
		i, err := p.item(n.Field)
		if err != nil {
			return nil, err
		}
		items = append(items, i)
	}
	end := p.take().at
	if len(items) == 0 {
		return nil, p.failAt(Place{open.Start, end.End}, "the list is empty; expected %s", wantTexts[valueWant(n.Field)])
	}
	return items, nil
}
