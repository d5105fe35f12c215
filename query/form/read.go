package form

import (
	"cxlens/query"
)

// MaxValues is the longest text of a list of values that a field takes from a query, in bytes. A
// longer one stays in Also as it is.
const MaxValues = 4096

// FromQuery fills a form from a query. Terms that are joined by "and" go into their fields as
// far as there is room; all others stand in Also, in their order.
func FromQuery(q *query.Query) Form {
	var f Form
	var also []query.Node
	for _, n := range f.takeDirection(conjunction(q.Root())) {
		if !f.take(n) {
			also = append(also, n)
		}
	}
	if len(also) > 0 {
		f.Also = query.Text(join(also))
	}
	return f
}

// conjunction lists the terms that all have to hold; "any" is none.
func conjunction(n query.Node) []query.Node {
	switch n := n.(type) {
	case *query.AnyNode:
		return nil
	case *query.AndNode:
		var all []query.Node
		for _, kid := range n.Kids {
			all = append(all, conjunction(kid)...)
		}
		return all
	}
	return []query.Node{n}
}

// join is conjunction backwards.
func join(terms []query.Node) query.Node {
	switch len(terms) {
	case 0:
		return &query.AnyNode{}
	case 1:
		return terms[0]
	}
	return &query.AndNode{Kids: terms}
}

// take puts a term into its field; false: it has none, or another term is in it.
func (f *Form) take(n query.Node) bool {
	switch n := n.(type) {
	case *query.Compare:
		if len(query.SetText(n.Field, n.Set)) > MaxValues {
			return false
		}
		return f.takeCompare(n)
	case *query.IPVersion:
		if f.Version != 0 {
			return false
		}
		f.Version = n.Version
		return true
	case *query.Flags:
		row := Flags{Mode: n.Mode, Set: n.Set, Mask: n.Mask}
		if row.blank() || !f.Flags[n.Side].blank() {
			return false
		}
		f.Flags[n.Side] = row
		return true
	}
	return false
}

func (f *Form) takeCompare(n *query.Compare) bool {
	switch n.Field {
	case query.FieldIP:
		f.Addrs = append(f.Addrs, rowOf(n))
		return true
	case query.FieldPort:
		f.Ports = append(f.Ports, rowOf(n))
		return true
	case query.FieldBytes:
		return takeSided(&f.Bytes, n)
	case query.FieldPackets:
		return takeSided(&f.Packets, n)
	}
	if b := f.bounds(n.Field); b != nil {
		return b.take(n)
	}
	r := f.row(n.Field)
	if r == nil || !r.blank() {
		return false
	}
	*r = rowOf(n)
	return true
}

// row is the single row of a field, nil when it has none.
func (f *Form) row(field query.Field) *Row {
	switch field {
	case query.FieldProto:
		return &f.Proto
	case query.FieldState:
		return &f.State
	case query.FieldNode:
		return &f.Node
	case query.FieldAgent:
		return &f.Agent
	case query.FieldNetgroup:
		return &f.Netgroup
	case query.FieldICMPID:
		return &f.ICMPID
	case query.FieldService:
		return &f.Service
	case query.FieldID:
		return &f.ID
	case query.FieldFile:
		return &f.File
	}
	return nil
}

// bounds are the single bounds of a field, nil when it has none.
func (f *Form) bounds(field query.Field) *Bounds {
	switch field {
	case query.FieldDuration:
		return &f.Duration
	case query.FieldPPS:
		return &f.PPS
	case query.FieldBPS:
		return &f.BPS
	case query.FieldBPP:
		return &f.BPP
	}
	return nil
}

// rowOf is the row of a term, in canonical spelling.
func rowOf(n *query.Compare) Row {
	r := Row{Side: n.Side, Values: query.SetText(n.Field, n.Set)}
	switch n.Rel {
	case query.EQ:
	case query.NE:
		r.Not = true
	default:
		r.Values = n.Rel.String() + r.Values
	}
	return r
}

// takeSided puts a term into the last bounds when they are of its side and have room, else into new
// ones. Bounds with a largest value have none: a least one before it would turn the terms round.
func takeSided(all *[]Bounds, n *query.Compare) bool {
	if last := len(*all) - 1; last >= 0 && (*all)[last].Side == n.Side && blank((*all)[last].Max) && (*all)[last].take(n) {
		return true
	}
	b := Bounds{Side: n.Side}
	b.take(n)
	*all = append(*all, b)
	return true
}

// take puts a term into b where there is room.
func (b *Bounds) take(n *query.Compare) bool {
	text, slot := query.SetText(n.Field, n.Set), &b.Min
	switch n.Rel {
	case query.GE:
	case query.LE:
		slot = &b.Max
	case query.LT:
		text, slot = "<"+text, &b.Max
	default:
		text = n.Rel.String() + text
	}
	if !blank(*slot) {
		return false
	}
	*slot = text
	return true
}
