package query

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"cxlens/internal/flow"
)

// naive decides about one flow straight from the tree and the table of the package comment. It
// knows nothing of predicate.go, and takes the sets of names as items instead of text.
type naive struct {
	now    time.Time
	named  map[string][]Item // "$name" and "?name"
	nodeOf func(id uint32) flow.NodeInfo
}

func (e naive) match(n Node, r *flow.Record) bool {
	switch n := n.(type) {
	case *AndNode:
		return !slices.ContainsFunc(n.Kids, func(kid Node) bool { return !e.match(kid, r) })
	case *OrNode:
		return slices.ContainsFunc(n.Kids, func(kid Node) bool { return e.match(kid, r) })
	case *NotNode:
		return !e.match(n.Kid, r)
	case *IPVersion:
		return r.IPVersion == n.Version
	case *Flags:
		return e.flags(n, r)
	case *Time:
		return e.time(n, r)
	case *Compare:
		return e.compare(n, r)
	}
	return true
}

func (e naive) flags(n *Flags, r *flow.Record) bool {
	one := func(f flow.Flags) bool {
		switch n.Mode {
		case FlagsAll:
			return f&n.Set == n.Set
		case FlagsAny:
			return f&n.Set != 0
		case FlagsExact:
			return f == n.Set
		}
		return f&n.Mask == n.Set
	}
	switch n.Side {
	case Src:
		return one(r.SrcFlags)
	case Dst:
		return one(r.DstFlags)
	}
	return one(r.SrcFlags) || one(r.DstFlags)
}

func (e naive) moment(m Moment) int64 {
	if m.Now {
		return e.now.Add(time.Duration(m.Micros) * time.Microsecond).UnixMicro()
	}
	return m.Micros
}

func (e naive) time(n *Time, r *flow.Record) bool {
	x := r.Start
	if n.Field == TimeEnd {
		x = r.End
	}
	a, b := e.moment(n.From), e.moment(n.To)
	active := n.Field == TimeActive
	switch n.Op {
	case TimeLast:
		if active {
			x = r.End
		}
		return x >= e.now.UnixMicro()-n.Last
	case TimeIn:
		if active {
			return r.Start < b && r.End >= a
		}
		return a <= x && x < b
	}
	if active {
		switch n.Rel {
		case EQ:
			return r.Start <= a && a <= r.End
		case NE:
			return !(r.Start <= a && a <= r.End)
		case GT, GE:
			x = r.End
		}
	}
	return related1(n.Rel, x, a, a)
}

// related1 is x rel [lo, hi].
func related1[T int64 | uint64 | float64](rel Rel, x, lo, hi T) bool {
	switch rel {
	case NE:
		return x < lo || x > hi
	case LT:
		return x < lo
	case LE:
		return x <= lo
	case GT:
		return x > lo
	case GE:
		return x >= lo
	}
	return lo <= x && x <= hi
}

// items writes out $name and ?name.
func (e naive) items(set []Item) []Item {
	var out []Item
	for _, i := range set {
		switch i := i.(type) {
		case *Ref:
			out = append(out, e.items(e.named["$"+i.Name])...)
		case *Param:
			if items, ok := e.named["?"+i.Name]; ok {
				out = append(out, e.items(items)...)
			} else {
				out = append(out, e.items([]Item{i.Default})...)
			}
		default:
			out = append(out, i)
		}
	}
	return out
}

func (e naive) compare(n *Compare, r *flow.Record) bool {
	set := e.items(n.Set)
	// != is the negation of =, of the whole term.
	rel := n.Rel
	if rel == NE {
		rel = EQ
	}
	found := false
	for _, i := range set {
		found = found || e.one(n, rel, i, r)
	}
	if n.Field == FieldICMPID && r.Proto != flow.ICMP && r.Proto != flow.ICMP6 {
		return false
	}
	return found != (n.Rel == NE)
}

func (e naive) one(n *Compare, rel Rel, i Item, r *flow.Record) bool {
	node := e.nodeOf(r.Node)
	side := func(src, dst bool) bool {
		return n.Side != Dst && src || n.Side != Src && dst
	}
	pick := func(both, src, dst uint64) uint64 { return [...]uint64{both, src, dst}[n.Side] }
	switch n.Field {
	case FieldProto:
		return e.number(rel, i, uint64(r.Proto))
	case FieldIP:
		return side(e.addr(rel, i.(*Address), r.IPVersion, r.Src), e.addr(rel, i.(*Address), r.IPVersion, r.Dst))
	case FieldPort, FieldICMPID:
		return side(e.port(rel, i, r.SrcPort), e.port(rel, i, r.DstPort))
	case FieldBytes:
		return e.number(rel, i, pick(r.Bytes(), r.SrcBytes, r.DstBytes))
	case FieldPackets:
		return e.number(rel, i, pick(r.Packets(), r.SrcPackets, r.DstPackets))
	case FieldDuration:
		return related1(rel, r.End-r.Start, i.(*Duration).Lo, i.(*Duration).Hi)
	case FieldPPS:
		return related1(rel, r.PPS(), i.(*Decimal).Lo, i.(*Decimal).Hi)
	case FieldBPS:
		return related1(rel, r.BPS(), i.(*Decimal).Lo, i.(*Decimal).Hi)
	case FieldBPP:
		return related1(rel, r.BPP(), i.(*Decimal).Lo, i.(*Decimal).Hi)
	case FieldID:
		return e.number(rel, i, r.ID)
	case FieldNode:
		return e.name(i, node.Name)
	case FieldAgent:
		return e.name(i, node.Agent)
	case FieldNetgroup:
		return e.name(i, node.Netgroup)
	case FieldFile:
		return e.name(i, r.File) || e.name(i, r.EndFile)
	case FieldState:
		return strings.EqualFold(i.(*Word).Text, r.State().String())
	case FieldService:
		return i.(*Word).Text == flow.Service(r.Proto, r.SrcPort, r.DstPort)
	}
	panic("field " + n.Field.String())
}

func (e naive) number(rel Rel, i Item, x uint64) bool {
	return related1(rel, x, i.(*Number).Lo, i.(*Number).Hi)
}

func (e naive) port(rel Rel, i Item, port uint16) bool {
	if w, ok := i.(*Word); ok {
		for _, ports := range flow.ServicePorts(w.Text) {
			for _, p := range ports {
				if related1(rel, uint64(port), uint64(p), uint64(p)) {
					return true
				}
			}
		}
		return false
	}
	return e.number(rel, i, uint64(port))
}

func (e naive) addr(rel Rel, i *Address, version uint8, a flow.Addr) bool {
	if i.Version != version {
		return false
	}
	switch rel {
	case LT:
		return a.Compare(i.Lo) < 0
	case LE:
		return a.Compare(i.Lo) <= 0
	case GT:
		return a.Compare(i.Lo) > 0
	case GE:
		return a.Compare(i.Lo) >= 0
	}
	return a.Compare(i.Lo) >= 0 && a.Compare(i.Hi) <= 0
}

func (e naive) name(i Item, name string) bool {
	parts := strings.Split(i.(*Word).Text, "*")
	for n := range parts {
		parts[n] = regexp.QuoteMeta(parts[n])
	}
	return regexp.MustCompile(`(?s)^(?:` + strings.Join(parts, ".*") + `)$`).MatchString(name)
}
