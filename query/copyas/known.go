package copyas

import (
	"slices"

	"cxlens/internal/flow"
	"cxlens/query"
)

// known is what the parts around a term say already, so that it need not be said again.
type known struct {
	protos  []uint8 // one of these; nil for any
	version uint8   // 4, 6, or 0 for both
}

// icmpProtos is "proto in [icmp icmp6]".
var icmpProtos = &query.Compare{Field: query.FieldProto, Set: []query.Item{
	&query.Number{Lo: uint64(flow.ICMP), Hi: uint64(flow.ICMP)}, &query.Number{Lo: uint64(flow.ICMP6), Hi: uint64(flow.ICMP6)},
}}

// learn adds what the parts of an "and" say about protocol and IP version. Every language can say these.
func (w *walker) learn(k known, kids []query.Node) (known, error) {
	for _, kid := range kids {
		switch n := kid.(type) {
		case *query.IPVersion:
			k.version = n.Version
		case *query.Compare:
			if n.Rel == query.NE {
				continue
			}
			items, err := w.q.Items(n, w.env)
			if err != nil {
				return k, err
			}
			if len(items) > maxParts { // it will not be in the text
				continue
			}
			switch n.Field {
			case query.FieldProto:
				k = k.withProtos(term{rel: n.Rel, items: items}.spans(255))
			case query.FieldIP:
				k = k.withAddrs(term{rel: n.Rel, items: items}.addrs())
			}
		}
	}
	return k, nil
}

func (k known) withProtos(list []span) known {
	var protos []uint8
	for _, s := range list {
		for p := s.lo; p <= s.hi; p++ {
			protos = append(protos, uint8(p))
		}
	}
	if len(protos) > 0 && len(protos) <= 4 {
		k.protos = protos
	}
	return k
}

func (k known) withAddrs(list []addrSpan) known {
	if _, ok := blocksOf(list); !ok || len(list) == 0 { // it will not be in the text
		return k
	}
	version := list[0].version
	if !slices.ContainsFunc(list, func(s addrSpan) bool { return s.version != version }) {
		k.version = version
	}
	return k
}

// may tells whether the protocol can be one of protos.
func (k known) may(protos ...uint8) bool {
	return k.protos == nil || slices.ContainsFunc(protos, func(p uint8) bool { return slices.Contains(k.protos, p) })
}

// sided tells whether src and dst matter to n.
func sided(n query.Node) bool {
	switch n := n.(type) {
	case *query.AndNode:
		return slices.ContainsFunc(n.Kids, sided)
	case *query.OrNode:
		return slices.ContainsFunc(n.Kids, sided)
	case *query.NotNode:
		return sided(n.Kid)
	case *query.Compare:
		return n.Side != query.Either
	case *query.Flags:
		return n.Side != query.Either
	}
	return false
}
