package pivot

import (
	"errors"
	"fmt"
	"slices"

	"cxlens/internal/flow"
	"cxlens/query"
)

// Only is the query that is a term and nothing else.
func Only(term query.Node) (*query.Query, error) { return checked(query.FromTree(term)) }

// Include is what q matches and term as well. Where q has the term already it stays as it is.
func Include(q *query.Query, term query.Node) (*query.Query, error) { return narrow(q, term) }

// Exclude is what q matches and term does not. Where q asks for the term nothing would be left, which
// is an error.
func Exclude(q *query.Query, term query.Node) (*query.Query, error) {
	if asksFor(q, term) {
		return nil, fmt.Errorf("the query asks for %s: without it no flow would be left", query.Text(term))
	}
	return narrow(q, negate(term))
}

// narrow adds a term to q once.
func narrow(q *query.Query, term query.Node) (*query.Query, error) {
	if asksFor(q, term) {
		return q, nil
	}
	return checked(query.And(q, query.FromTree(term)))
}

// asksFor tells whether q is term, or term and more.
func asksFor(q *query.Query, term query.Node) bool {
	have, want := terms(q.Root()), terms(term)
	for _, text := range want {
		if !slices.Contains(have, text) {
			return false
		}
	}
	return true
}

// terms are the texts of the parts of a conjunction.
func terms(n query.Node) []string {
	and, ok := n.(*query.AndNode)
	if !ok {
		return []string{query.Text(n)}
	}
	texts := make([]string, len(and.Kids))
	for i, kid := range and.Kids {
		texts[i] = query.Text(kid)
	}
	return texts
}

// negate is a node that matches what n does not, in the form that reads best.
func negate(n query.Node) query.Node {
	c, ok := n.(*query.Compare)
	// "icmp id != 7" is ICMP only, and so not the opposite of "icmp id 7".
	if !ok || c.Field == query.FieldICMPID {
		return &query.NotNode{Kid: n}
	}
	opposite := *c
	switch c.Rel {
	case query.EQ:
		opposite.Rel = query.NE
	case query.GE:
		opposite.Rel = query.LT
	default:
		return &query.NotNode{Kid: n}
	}
	return &opposite
}

// checked reports a query that has grown beyond what can be read again.
func checked(q *query.Query) (*query.Query, error) {
	if _, err := query.Parse(q.String()); err != nil {
		return nil, errors.New("the query would be too long to be run; begin with \"only this\"")
	}
	return q, nil
}

func and(kids ...query.Node) query.Node { return &query.AndNode{Kids: kids} }

// Pair is what the two hosts of r say to each other, whoever began.
func Pair(r *flow.Record) *query.Query { return query.FromTree(and(pair(r)...)) }

func pair(r *flow.Record) []query.Node {
	if r.Src == r.Dst { // one host that speaks to itself: "either side" twice would be all that it does
		return []query.Node{address(query.Src, r.Src, r.IPVersion), address(query.Dst, r.Dst, r.IPVersion)}
	}
	return []query.Node{address(query.Either, r.Src, r.IPVersion), address(query.Either, r.Dst, r.IPVersion)}
}

// Connection is the flows of r's protocol between the hosts and ports of r, in both directions;
// of ICMP those with its id, of protocols without ports those between its hosts.
func Connection(r *flow.Record) *query.Query {
	kids := []query.Node{proto(r.Proto)}
	switch {
	case isICMP(r.Proto) && r.SrcPort == r.DstPort:
		kids = append([]query.Node{number(query.Either, query.FieldICMPID, query.EQ, uint64(r.SrcPort))}, pair(r)...)
	case r.SrcPort == 0 && r.DstPort == 0 && !hasPorts(r.Proto):
		kids = append(kids, pair(r)...)
	default:
		kids = append(kids, &query.OrNode{Kids: []query.Node{oneWay(r, query.Src, query.Dst), oneWay(r, query.Dst, query.Src)}})
	}
	return query.FromTree(and(kids...))
}

// oneWay has the source of r on one side and its destination on the other.
func oneWay(r *flow.Record, src, dst query.Side) query.Node {
	return and(
		address(src, r.Src, r.IPVersion), number(src, query.FieldPort, query.EQ, uint64(r.SrcPort)),
		address(dst, r.Dst, r.IPVersion), number(dst, query.FieldPort, query.EQ, uint64(r.DstPort)),
	)
}

// SamePort is all that the source of r says to the destination port of r, at any host.
func SamePort(r *flow.Record) (*query.Query, error) {
	if isICMP(r.Proto) || r.DstPort == 0 && !hasPorts(r.Proto) {
		return nil, noPorts(r.Proto)
	}
	return query.FromTree(and(
		address(query.Src, r.Src, r.IPVersion), proto(r.Proto), number(query.Dst, query.FieldPort, query.EQ, uint64(r.DstPort)),
	)), nil
}

// Source is all that the source of r began.
func Source(r *flow.Record) *query.Query {
	return query.FromTree(address(query.Src, r.Src, r.IPVersion))
}

// Target is all that anybody began with the destination of r at its port.
func Target(r *flow.Record) (*query.Query, error) {
	if isICMP(r.Proto) || r.DstPort == 0 && !hasPorts(r.Proto) {
		return nil, noPorts(r.Proto)
	}
	return query.FromTree(and(
		proto(r.Proto), address(query.Dst, r.Dst, r.IPVersion), number(query.Dst, query.FieldPort, query.EQ, uint64(r.DstPort)),
	)), nil
}
