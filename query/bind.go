package query

import (
	"slices"
	"time"

	"cxlens/internal/flow"
)

// binder makes a predicate of a tree. Its methods follow the table of the package comment.
type binder struct {
	env  Env
	text string
}

// bind resolves the query's words. An error is a *Error.
func (q *Query) bind(env Env) (predicate, error) {
	if env.Now.IsZero() {
		env.Now = time.Now()
	}
	b := binder{env: env, text: q.text}
	return b.node(q.root)
}

func (b *binder) node(n Node) (predicate, error) {
	switch n := n.(type) {
	case *AndNode:
		kids, err := b.nodes(n.Kids)
		return andPredicate(kids), err
	case *OrNode:
		kids, err := b.nodes(n.Kids)
		return orPredicate(kids), err
	case *NotNode:
		kid, err := b.node(n.Kid)
		return notPredicate{kid}, err
	case *IPVersion:
		return oneNumber(flow.ColIPVersion, uint64(n.Version)), nil
	case *Flags:
		return b.flags(n), nil
	case *Time:
		return b.time(n)
	case *Compare:
		return b.compare(n)
	}
	return constPredicate(true), nil
}

func (b *binder) nodes(nodes []Node) ([]predicate, error) {
	kids := make([]predicate, len(nodes))
	for i, n := range nodes {
		var err error
		if kids[i], err = b.node(n); err != nil {
			return nil, err
		}
	}
	return kids, nil
}

func oneNumber(col flow.Column, values ...uint64) predicate {
	var ivs []interval
	for _, v := range values {
		ivs = append(ivs, interval{v, v})
	}
	return &numberPredicate{col: col, ivs: merge(ivs)}
}

// either returns what holds for the source, for the destination, or, without a side, for any of both.
func either(side Side, src, dst predicate) predicate {
	switch side {
	case Src:
		return src
	case Dst:
		return dst
	}
	return orPredicate{src, dst}
}

func (b *binder) flags(n *Flags) predicate {
	one := func(col flow.Column) predicate {
		switch n.Mode {
		case FlagsAny:
			return notPredicate{&flagsPredicate{col, n.Set, 0}}
		case FlagsExact:
			return &flagsPredicate{col, 0xff, n.Set}
		case FlagsMasked:
			return &flagsPredicate{col, n.Mask, n.Set}
		}
		return &flagsPredicate{col, n.Set, n.Set}
	}
	return either(n.Side, one(flow.ColSrcFlags), one(flow.ColDstFlags))
}

func (b *binder) compare(n *Compare) (predicate, error) {
	set, err := resolve(n, b.env, b.text)
	if err != nil {
		return nil, err
	}
	if err := checkOrdering(b.text, &Compare{Rel: n.Rel, Set: set}, n.Place); err != nil {
		return nil, err
	}
	var p predicate
	switch n.Field {
	case FieldICMPType, FieldICMPCode:
		return nil, errorAt(b.text, n.Place, "flows carry no %s; \"icmp id\" compares the ICMP id", n.Field).suggest("icmp id", []string{"icmp id"})
	case FieldIP:
		s := b.addrs(n.Rel, set)
		p = either(n.Side, &addrPredicate{flow.ColSrcIP, s}, &addrPredicate{flow.ColDstIP, s})
	case FieldPort, FieldICMPID:
		p, err = b.ports(n, set)
	case FieldDuration:
		p = &numberPredicate{flow.ColDuration, numbers(n.Rel, set), true}
	case FieldPPS, FieldBPS, FieldBPP:
		p = b.rate(n, set)
	case FieldNode, FieldAgent, FieldNetgroup, FieldFile, FieldState, FieldService:
		p = b.names(n.Field, set)
	default:
		p = &numberPredicate{numberColumn(n.Field, n.Side), numbers(n.Rel, set), false}
	}
	if err == nil && n.Rel == NE {
		p = notPredicate{p}
	}
	if n.Field == FieldICMPID {
		p = andPredicate{oneNumber(flow.ColProto, uint64(flow.ICMP), uint64(flow.ICMP6)), p}
	}
	return p, err
}

// numberColumn is the column of a field of whole numbers.
func numberColumn(f Field, side Side) flow.Column {
	switch f {
	case FieldProto:
		return flow.ColProto
	case FieldBytes:
		return [...]flow.Column{flow.ColBytes, flow.ColSrcBytes, flow.ColDstBytes}[side]
	case FieldPackets:
		return [...]flow.Column{flow.ColPackets, flow.ColSrcPackets, flow.ColDstPackets}[side]
	}
	return flow.ColID
}

// numbers returns the values that are in relation rel to a set; with NE those of the set.
func numbers(rel Rel, set []Item) []interval {
	var ivs []interval
	for _, i := range set {
		var lo, hi uint64
		switch i := i.(type) {
		case *Number:
			lo, hi = i.Lo, i.Hi
		case *Duration:
			lo, hi = biased(i.Lo), biased(i.Hi)
		}
		if v, ok := related(rel, lo, hi); ok {
			ivs = append(ivs, v)
		}
	}
	return merge(ivs)
}

func (b *binder) addrs(rel Rel, set []Item) *addrSet {
	s := &addrSet{}
	for _, i := range set {
		if a, ok := i.(*Address); ok {
			if v, ok := relatedAddrs(rel, a); ok {
				s.add(a.Version, v)
			}
		}
	}
	s.normalise()
	return s
}

// ports binds port and icmp id. A service's name is all of its ports, whatever the protocol.
func (b *binder) ports(n *Compare, set []Item) (predicate, error) {
	var numbersOnly []Item
	for _, i := range set {
		w, ok := i.(*Word)
		if !ok {
			numbersOnly = append(numbersOnly, i)
			continue
		}
		ports := servicePorts(w.Text)
		if len(ports) > 1 && n.Rel.ordering() {
			return nil, errorAt(b.text, n.Place, "%q takes one port, and %s has several", n.Rel.String(), w.Text)
		}
		for _, port := range ports {
			numbersOnly = append(numbersOnly, &Number{Lo: uint64(port), Hi: uint64(port)})
		}
	}
	ivs := numbers(n.Rel, numbersOnly)
	return either(n.Side, &numberPredicate{flow.ColSrcPort, ivs, false}, &numberPredicate{flow.ColDstPort, ivs, false}), nil
}

// servicePorts lists the distinct ports of a service.
func servicePorts(name string) []uint16 {
	var ports []uint16
	for _, list := range flow.ServicePorts(name) {
		ports = append(ports, list...)
	}
	slices.Sort(ports)
	return slices.Compact(ports)
}

func (b *binder) rate(n *Compare, set []Item) predicate {
	p := &ratePredicate{col: flow.ColPPS + flow.Column(n.Field-FieldPPS)}
	for _, i := range set {
		if d, ok := i.(*Decimal); ok {
			p.ivs = append(p.ivs, relatedFloats(n.Rel, d.Lo, d.Hi))
		}
	}
	return p
}

// names binds the fields whose values are words.
func (b *binder) names(f Field, set []Item) predicate {
	words := make([]string, 0, len(set))
	for _, i := range set {
		if w, ok := i.(*Word); ok {
			words = append(words, w.Text)
		}
	}
	switch f {
	case FieldState:
		var states []uint64
		for _, w := range words {
			if s, ok := flow.ParseState(w); ok {
				states = append(states, uint64(s))
			}
		}
		return oneNumber(flow.ColState, states...)
	case FieldService:
		return newServicePredicate(words)
	case FieldFile:
		s := newNameSet(words)
		return orPredicate{&filePredicate{flow.ColPcapFile, s}, &filePredicate{flow.ColPcapEndFile, s}}
	case FieldAgent:
		return &nodePredicate{flow.ColAgent, newNameSet(words)}
	case FieldNetgroup:
		return &nodePredicate{flow.ColNetgroup, newNameSet(words)}
	}
	return &nodePredicate{flow.ColNode, newNameSet(words)}
}
