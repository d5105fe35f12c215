package copyas

import (
	"slices"
	"strings"
)

// op is what an expression is.
type op uint8

const (
	opLeaf op = iota
	opTrue
	opFalse
	opAnd
	opOr
	opNot
)

// expr is a condition in a target's language, put together from leaves that are text. Make it
// with leaf, and, or, not; they keep it free of constants inside, and of joins in joins of the same kind.
type expr struct {
	op   op
	text string // of a leaf
	// either is the leaf that holds for packets of both directions when this one holds for
	// one of them: "port 53" of "src port 53" and of "dst port 53". "" for none.
	either string
	kids   []expr
}

var (
	yes = expr{op: opTrue}
	no  = expr{op: opFalse}
)

func leaf(text string) expr { return expr{text: text} }

// and joins conditions; none at all is true.
func and(kids ...expr) expr { return join(opAnd, yes, no, kids) }

// or joins conditions; none at all is false.
func or(kids ...expr) expr { return join(opOr, no, yes, kids) }

// fewKids is up to how many kids one is looked for that stands there already.
const fewKids = 64

// join leaves out kids that are empty, and is all when one of them is all.
func join(o op, empty, all expr, kids []expr) expr {
	var out []expr
	for _, k := range kids {
		switch {
		case k.op == all.op:
			return all
		case k.op == empty.op:
		case len(out) < fewKids && slices.ContainsFunc(out, k.equal):
		case k.op == o:
			out = append(out, k.kids...)
		default:
			out = append(out, k)
		}
	}
	switch len(out) {
	case 0:
		return empty
	case 1:
		return out[0]
	}
	return expr{op: o, kids: out}
}

func not(e expr) expr {
	switch e.op {
	case opTrue:
		return no
	case opFalse:
		return yes
	case opNot:
		return e.kids[0]
	}
	return expr{op: opNot, kids: []expr{e}}
}

func (e expr) equal(o expr) bool {
	return e.op == o.op && e.text == o.text && slices.EqualFunc(e.kids, o.kids, expr.equal)
}

// merge is "forth or back" with what both have in common said once: forth holds for
// packets from src to dst, back for those that return.
func merge(forth, back expr) expr {
	switch {
	case forth.equal(back):
		return forth
	case forth.op == opLeaf && back.op == opLeaf && forth.either != "" && forth.either == back.either:
		return leaf(forth.either)
	case forth.op == opOr && back.op == opOr && len(forth.kids) == len(back.kids):
		kids := make([]expr, len(forth.kids))
		for i := range kids {
			kids[i] = merge(forth.kids[i], back.kids[i])
		}
		return or(kids...)
	case forth.op == opAnd && back.op == opAnd:
		var common, rest []expr
		for _, k := range forth.kids {
			if slices.ContainsFunc(back.kids, k.equal) {
				common = append(common, k)
			} else {
				rest = append(rest, k)
			}
		}
		if len(common) == 0 {
			break
		}
		others := slices.DeleteFunc(slices.Clone(back.kids), func(k expr) bool { return slices.ContainsFunc(common, k.equal) })
		return and(append(common, merge(and(rest...), and(others...)))...)
	}
	return or(forth, back)
}

// words are how a language joins conditions.
type words struct {
	and, or  string
	not      string // before a condition
	yes, no  string
	bareNots bool // a leaf that is no comparison needs no parentheses after not
}

// text prints e; every join in another join stands in parentheses, because in BPF "and" and
// "or" bind equally.
func (w words) text(e expr) string {
	switch e.op {
	case opTrue:
		return w.yes
	case opFalse:
		return w.no
	case opNot:
		kid := e.kids[0]
		if kid.op == opLeaf && w.bareNots && !strings.ContainsAny(kid.text, "[=<>&") {
			return w.not + kid.text
		}
		return w.not + "(" + w.text(kid) + ")"
	case opAnd, opOr:
		sep := w.and
		if e.op == opOr {
			sep = w.or
		}
		parts := make([]string, len(e.kids))
		for i, k := range e.kids {
			parts[i] = w.text(k)
			if k.op == opAnd || k.op == opOr {
				parts[i] = "(" + parts[i] + ")"
			}
		}
		return strings.Join(parts, sep)
	}
	return e.text
}
