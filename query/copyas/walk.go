package copyas

import (
	"fmt"

	"cxlens/query"
)

// term is a Compare, Flags, Time or IPVersion that a language is asked to say.
type term struct {
	node  query.Node
	rel   query.Rel    // of a Compare; never NE, which is said as "not"
	items []query.Item // of a Compare, without $names and ?names
	// back says that the packet goes from dst to src.
	back  bool
	known known
}

// said is a term in a language. Both conditions are on one packet (nfdump: on one record).
type said struct {
	// up holds for every packet of a flow that the term matches or, with one, for at least one of them.
	up  expr
	one bool
	// low holds only for packets of flows that the term matches; it is what stands under "not".
	low   expr
	noLow bool
	// note says why up and low are not just what the term is, "" when they are.
	note string
	// why says that the language lacks the term, "" when it does not.
	why string
}

// exact is a term that is the same condition on every packet of a flow.
func exact(e expr) said { return said{up: e, low: e} }

func lacks(why string) said { return said{why: why} }

// language says terms.
type language interface {
	// says says a term.
	says(t term) said
	// returns tells whether packets from dst to src are looked at too.
	returns() bool
	// own holds where a condition cannot come from anything but the packet itself.
	own(k known) expr
}

// walker says a tree in a language.
type walker struct {
	q     *query.Query
	env   query.Env
	lang  language
	words words
}

// part is what became of a part of the tree; without ok nothing did, and missing says why.
type part struct {
	e       expr
	one, ok bool
	missing []Missing
}

func (w *walker) convert() (string, []Missing, error) {
	p, err := w.up(w.q.Root(), false, known{})
	if err != nil {
		return "", nil, err
	}
	e := yes
	if p.ok {
		e = p.e
	}
	if p.ok && w.lang.returns() {
		back, err := w.up(w.q.Root(), true, known{})
		if err != nil {
			return "", nil, err
		}
		e = merge(e, back.e)
	}
	return w.words.text(e), p.missing, nil
}

// up says n for the packets of flows that n matches.
func (w *walker) up(n query.Node, back bool, k known) (part, error) {
	switch n := n.(type) {
	case *query.AnyNode:
		return part{e: yes, ok: true}, nil
	case *query.AndNode:
		return w.all(n, back, k)
	case *query.OrNode:
		return w.some(n, back, k)
	case *query.NotNode:
		return w.not(n, n.Kid, back, k)
	case *query.Compare:
		if n.Rel == query.NE {
			return w.unequal(n, back, k)
		}
	}
	s, err := w.term(n, back, k)
	if err != nil || s.why != "" {
		return part{missing: []Missing{{Part: query.Text(n), Why: s.why}}}, err
	}
	p := part{e: s.up, one: s.one, ok: true}
	p.missing, err = w.noted(n, s, k)
	return p, err
}

// noted lists a term that is said otherwise than it is.
func (w *walker) noted(n query.Node, s said, k known) ([]Missing, error) {
	if s.note == "" {
		return nil, nil
	}
	e := s.up
	if w.lang.returns() {
		there, err := w.term(n, false, k)
		if err != nil {
			return nil, err
		}
		again, err := w.term(n, true, k)
		if err != nil {
			return nil, err
		}
		e = merge(there.up, again.up)
	}
	return []Missing{{Part: query.Text(n), Why: s.note, Kept: w.words.text(e)}}, nil
}

// all says the parts of an "and" that can be said. Of those that hold for some packet only one
// stays, because the packets for two of them may be different ones.
func (w *walker) all(n *query.AndNode, back bool, k known) (part, error) {
	k, err := w.learn(k, n.Kids)
	if err != nil {
		return part{}, err
	}
	var out part
	var kids []expr
	single := ""
	for _, kid := range n.Kids {
		p, err := w.up(kid, back, k)
		switch {
		case err != nil:
			return part{}, err
		case p.ok && p.one && single != "":
			p = part{missing: []Missing{{Part: query.Text(kid), Why: fmt.Sprintf("holds for another packet than %s, and a filter looks at one", single)}}}
		case p.ok && p.one:
			single, out.one = query.Text(kid), true
		}
		if p.ok {
			kids, out.ok = append(kids, p.e), true
		}
		out.missing = append(out.missing, p.missing...)
	}
	out.e = and(kids...)
	return out, nil
}

// some says an "or" if all of its parts can be said.
func (w *walker) some(n *query.OrNode, back bool, k known) (part, error) {
	out := part{ok: true}
	var kids []expr
	for _, kid := range n.Kids {
		p, err := w.up(kid, back, k)
		if err != nil {
			return part{}, err
		}
		if !p.ok {
			return part{missing: within(n, p.missing)}, nil
		}
		kids, out.one = append(kids, p.e), out.one || p.one
		out.missing = append(out.missing, p.missing...)
	}
	out.e = or(kids...)
	return out, nil
}

// within lists the whole of n because of the first part of it that cannot be said.
func within(n query.Node, because []Missing) []Missing {
	m := Missing{Part: query.Text(n), Why: because[0].Why}
	if because[0].Part != m.Part {
		m.Why = because[0].Part + ": " + m.Why
	}
	return []Missing{m}
}

// not says that kid does not hold; n is the whole part.
func (w *walker) not(n, kid query.Node, back bool, k known) (part, error) {
	p, err := w.low(kid, back, k)
	if err != nil {
		return part{}, err
	}
	if !p.ok {
		return part{missing: within(n, p.missing)}, nil
	}
	if p.e.op == opTrue {
		return part{e: no, ok: true, missing: p.missing}, nil
	}
	return part{e: not(and(p.e, w.lang.own(k))), ok: true, missing: p.missing}, nil
}

// unequal says "field != set". icmp id != set is about ICMP flows only.
func (w *walker) unequal(n *query.Compare, back bool, k known) (part, error) {
	equal := *n
	equal.Rel = query.EQ
	p, err := w.not(n, &equal, back, k)
	w.turn(p.missing, &equal, n)
	if err != nil || !p.ok || n.Field != query.FieldICMPID {
		return p, err
	}
	s := w.lang.says(term{node: icmpProtos, items: icmpProtos.Set, back: back, known: k})
	p.e = and(s.up, p.e)
	return p, nil
}

const (
	underNot  = "every packet without it passes, also of flows in which another has it"
	notByOne  = "no single packet tells that it does not hold"
	twiceNots = "a filter cannot say it under \"not\""
)

// turn lists as unequal what was listed as equal.
func (w *walker) turn(missing []Missing, equal, unequal query.Node) {
	for i := range missing {
		m := &missing[i]
		if m.Part != query.Text(equal) {
			continue
		}
		m.Part = query.Text(unequal)
		if m.Kept != "" {
			m.Kept = w.words.not + "(" + m.Kept + ")"
		}
	}
}

// low says n so that only packets of flows that n matches pass.
func (w *walker) low(n query.Node, back bool, k known) (part, error) {
	switch n := n.(type) {
	case *query.AnyNode:
		return part{e: yes, ok: true}, nil
	case *query.AndNode:
		k, err := w.learn(k, n.Kids)
		if err != nil {
			return part{}, err
		}
		return w.lows(n.Kids, and, back, k)
	case *query.OrNode:
		return w.lows(n.Kids, or, back, k)
	case *query.NotNode:
		return w.lowNot(n, n.Kid, back, k)
	case *query.Compare:
		if n.Rel == query.NE && n.Field != query.FieldICMPID {
			equal := *n
			equal.Rel = query.EQ
			p, err := w.lowNot(n, &equal, back, k)
			w.turn(p.missing, &equal, n)
			return p, err
		}
	}
	s, err := w.term(n, back, k)
	switch {
	case err != nil:
		return part{}, err
	case s.why == "" && s.noLow:
		s.why = notByOne
	}
	if s.why != "" {
		return part{missing: []Missing{{Part: query.Text(n), Why: s.why}}}, nil
	}
	if s.one && s.note == "" {
		s.note = underNot
	}
	p := part{e: s.low, ok: true}
	p.missing, err = w.noted(n, s, k)
	return p, err
}

func (w *walker) lows(kids []query.Node, join func(...expr) expr, back bool, k known) (part, error) {
	out := part{ok: true}
	var es []expr
	for _, kid := range kids {
		p, err := w.low(kid, back, k)
		if err != nil || !p.ok {
			return p, err
		}
		es = append(es, p.e)
		out.missing = append(out.missing, p.missing...)
	}
	out.e = join(es...)
	return out, nil
}

// lowNot needs what holds for every packet: that a packet fails it then says that kid does not match.
func (w *walker) lowNot(n, kid query.Node, back bool, k known) (part, error) {
	p, err := w.up(kid, back, k)
	switch {
	case err != nil:
		return part{}, err
	case !p.ok:
		return part{missing: within(n, p.missing)}, nil
	case p.one:
		return part{missing: []Missing{{Part: query.Text(n), Why: notByOne}}}, nil
	}
	return part{e: not(p.e), ok: true, missing: p.missing}, nil
}

// term says a term of the tree.
func (w *walker) term(n query.Node, back bool, k known) (said, error) {
	t := term{node: n, back: back, known: k}
	if c, ok := n.(*query.Compare); ok {
		items, err := w.q.Items(c, w.env)
		if err != nil {
			return said{}, err
		}
		t.rel, t.items = c.Rel, items
		if len(items) > maxParts {
			return lacks(tooMany), nil
		}
		if c.Rel == query.NE { // icmp id, under a second "not"
			return lacks(twiceNots), nil
		}
	}
	return w.lang.says(t), nil
}
