package query

import (
	"strings"

	"cxlens/internal/flow"
)

// termReader reads the rest of a term whose first words, at start, were taken.
type termReader func(p *parser, start int) (Node, error)

// termOf finds the reader of the term that a word begins; words are in lower case.
func termOf(word string) (termReader, bool) {
	switch word {
	case "":
		return nil, false
	case "any":
		return func(p *parser, start int) (Node, error) { return &AnyNode{Place{start, p.end}}, nil }, true
	case "tcp":
		return bareProto(flow.TCP), true
	case "udp":
		return bareProto(flow.UDP), true
	case "icmp6", "icmpv6":
		return bareProto(flow.ICMP6), true
	case "icmp":
		return (*parser).icmp, true
	case "ip4", "ipv4", "inet", "inet4":
		return ipVersion(4), true
	case "ip6", "ipv6", "inet6":
		return ipVersion(6), true
	case "src":
		return sided(Src), true
	case "dst":
		return sided(Dst), true
	case "flags":
		return func(p *parser, start int) (Node, error) { return p.flags(start, Either) }, true
	case "start":
		return timeTerm(TimeStart), true
	case "end":
		return timeTerm(TimeEnd), true
	case "active":
		return timeTerm(TimeActive), true
	}
	if f, ok := fieldWord(word); ok {
		return func(p *parser, start int) (Node, error) { return p.compare(start, Either, f) }, true
	}
	return joinedTerm(word)
}

// joinedTerm reads src_ip, dst_port and so on: the names of columns (design.md) and of sides at once.
func joinedTerm(word string) (termReader, bool) {
	side, name, ok := strings.Cut(word, "_")
	s, known := map[string]Side{"src": Src, "dst": Dst}[side]
	if !ok || !known {
		return nil, false
	}
	if name == "flags" {
		return func(p *parser, start int) (Node, error) { return p.flags(start, s) }, true
	}
	f, ok := fieldWord(name)
	if !ok || !f.Sided() {
		return nil, false
	}
	return func(p *parser, start int) (Node, error) { return p.compare(start, s, f) }, true
}

// term reads one term.
func (p *parser) term() (Node, error) {
	read, ok := termOf(p.peekWord())
	if !ok {
		p.want(wantTerm)
		return nil, p.fail()
	}
	return read(p, p.take().at.Start)
}

func bareProto(proto uint8) termReader {
	return func(p *parser, start int) (Node, error) {
		at := Place{start, p.end}
		n := uint64(proto)
		return &Compare{Place: at, Field: FieldProto, Set: []Item{&Number{at, n, n}}}, nil
	}
}

func ipVersion(version uint8) termReader {
	return func(p *parser, start int) (Node, error) {
		return &IPVersion{Place{start, p.end}, version}, nil
	}
}

// icmp is the protocol, or, before id, type or code, one of its fields.
func (p *parser) icmp(start int) (Node, error) {
	if f, ok := icmpWords[p.peekWord()]; ok {
		p.take()
		return p.compare(start, Either, f)
	}
	p.want(wantICMP)
	return bareProto(flow.ICMP)(p, start)
}

func sided(side Side) termReader {
	return func(p *parser, start int) (Node, error) {
		word := p.peekWord()
		if word == "flags" {
			p.take()
			return p.flags(start, side)
		}
		if f, ok := fieldWord(word); ok && f.Sided() {
			p.take()
			return p.compare(start, side, f)
		}
		p.want(wantSided)
		return nil, p.fail()
	}
}

// flags reads [ "=" | "any" ] FLAGS [ "/" FLAGS ].
func (p *parser) flags(start int, side Side) (Node, error) {
	n := &Flags{Side: side}
	switch t := p.peek(); {
	case t.kind == tokRel && relWords[t.text] == EQ:
		p.take()
		n.Mode = FlagsExact
	case t.kind == tokRel:
		p.want(wantFlagsMode, wantFlags)
		e := p.fail()
		if t.text == "!=" {
			e.Nearest = "not flags ="
		}
		return nil, e
	case p.takeWord("any"):
		n.Mode = FlagsAny
	default:
		p.want(wantFlagsMode)
	}
	p.want(wantFlags)
	t := p.peek()
	set, mask, masked := strings.Cut(t.text, "/")
	var ok bool
	if n.Set, ok = parseFlags(set); !ok || t.kind != tokWord {
		return nil, p.fail()
	}
	if masked {
		if n.Mask, ok = parseFlags(mask); !ok {
			return nil, p.fail()
		}
		if n.Mode == FlagsAny {
			return nil, p.failAt(t.at, "\"any\" takes no mask")
		}
		n.Mode = FlagsMasked
	}
	p.take()
	n.Place = Place{start, p.end}
	return n, p.checkFlags(n, t.at)
}

// parseFlags reads flag letters, or 0 for none.
func parseFlags(s string) (flow.Flags, bool) {
	if s == "0" {
		return 0, true
	}
	return flow.ParseFlags(s)
}

func (p *parser) checkFlags(n *Flags, at Place) error {
	switch {
	case n.Mode == FlagsMasked && n.Set&^n.Mask != 0:
		return p.failAt(at, "the flags %s are not among those that are looked at (%s)", n.Set&^n.Mask, flagsText(n.Mask))
	case n.Set == 0 && (n.Mode == FlagsAll || n.Mode == FlagsAny):
		return p.failAt(at, "0 means no flags; write \"flags = 0\", or a mask as in \"flags 0/SA\"")
	}
	return nil
}
