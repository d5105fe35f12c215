package query

import (
	"slices"
	"strconv"
	"strings"

	"cxlens/internal/flow"
)

// Spelled prints a tree with nothing left out: parentheses around every part of an "and", an "or" and a "not", every
// relation, and numbers in full. It reads back as the same tree.
func Spelled(n Node) string {
	var b strings.Builder
	spell(&b, n)
	return b.String()
}

func spell(b *strings.Builder, n Node) {
	part := func(kid Node) {
		b.WriteByte('(')
		spell(b, kid)
		b.WriteByte(')')
	}
	join := func(kids []Node, word string) {
		for i, kid := range kids {
			if i > 0 {
				b.WriteString(word)
			}
			part(kid)
		}
	}
	switch n := n.(type) {
	case *AndNode:
		join(n.Kids, " and ")
	case *OrNode:
		join(n.Kids, " or ")
	case *NotNode:
		b.WriteString("not ")
		part(n.Kid)
	case *Compare:
		spellCompare(b, n)
	default:
		printNode(b, n)
	}
}

func spellCompare(b *strings.Builder, n *Compare) {
	if text := Text(n); !strings.Contains(text, " ") { // tcp and the like
		b.WriteString(text)
		return
	}
	if n.Side != Either {
		b.WriteString(n.Side.String() + " ")
	}
	b.WriteString(fieldText(n) + " ")
	list := len(n.Set) > 1
	switch {
	case list && n.Rel == NE:
		b.WriteString("not in [")
	case list:
		b.WriteString("in [")
	default:
		b.WriteString(n.Rel.String() + " ")
	}
	for i, item := range n.Set {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(fullText(n.Field, item))
	}
	if list {
		b.WriteByte(']')
	}
}

// fullText prints an item with its numbers in full.
func fullText(f Field, i Item) string {
	switch i := i.(type) {
	case *Number:
		if f.kind() == kindCount {
			return rangeText(func(n uint64) string { return strconv.FormatUint(n, 10) }, i.Lo, i.Hi)
		}
	case *Decimal:
		return rangeText(func(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }, i.Lo, i.Hi)
	}
	return itemText(f, i)
}

// Meaning is what a name in a query stands for.
type Meaning struct {
	Name   string // $internal, ?port, https
	Values string // as a query has them
	Err    error  // why it stands for nothing: the name is not defined, or wrongly
}

// Meanings lists what the $names, ?names and services of a query stand for under env, each once for the field
// it stands with, in the order of the text.
func (q *Query) Meanings(env Env) []Meaning {
	var out []Meaning
	have := map[string]bool{}
	eachCompare(q.root, func(n *Compare) {
		for _, i := range n.Set {
			name, service := "", false
			switch i := i.(type) {
			case *Ref:
				name = "$" + i.Name
			case *Param:
				name = "?" + i.Name
			case *Word:
				service = n.Field.kind() == kindPort
				name = i.Text
			}
			if key := n.Field.String() + " " + name; have[key] || !service && !isNamed(i) {
				continue
			} else {
				have[key] = true
			}
			if service {
				out = append(out, Meaning{Name: name, Values: portsText(name)})
				continue
			}
			m := Meaning{Name: name}
			set, err := resolve(&Compare{Field: n.Field, Set: []Item{i}}, env, q.text)
			if m.Err = err; err == nil {
				m.Values = SetText(n.Field, set)
			}
			out = append(out, m)
		}
	})
	return out
}

// portsText lists the ports of a service, each once.
func portsText(service string) string {
	var ports []uint16
	for _, list := range flow.ServicePorts(service) {
		ports = append(ports, list...)
	}
	slices.Sort(ports)
	var texts []string
	for _, p := range slices.Compact(ports) {
		texts = append(texts, strconv.Itoa(int(p)))
	}
	return strings.Join(texts, " ")
}
