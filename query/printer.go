package query

import (
	"strconv"
	"strings"

	"cxlens/internal/flow"
)

// Text prints a tree in its canonical text, which reads back as the same tree.
func Text(n Node) string {
	var b strings.Builder
	printNode(&b, n)
	return b.String()
}

func printNode(b *strings.Builder, n Node) {
	switch n := n.(type) {
	case *AndNode:
		for i, kid := range n.Kids {
			printKid(b, i, " and ", kid, isJoin(kid))
		}
	case *OrNode:
		for i, kid := range n.Kids {
			_, or := kid.(*OrNode)
			printKid(b, i, " or ", kid, or)
		}
	case *NotNode:
		b.WriteString("not ")
		printKid(b, 0, "", n.Kid, isJoin(n.Kid))
	case *AnyNode:
		b.WriteString("any")
	case *IPVersion:
		b.WriteString("ip" + string('0'+rune(n.Version)))
	case *Compare:
		printCompare(b, n)
	case *Flags:
		printFlags(b, n)
	case *Time:
		printTime(b, n)
	}
}

// isJoin tells whether n is an And or an Or.
func isJoin(n Node) bool {
	switch n.(type) {
	case *AndNode, *OrNode:
		return true
	}
	return false
}

// printKid prints the part number i of a node, in parentheses when grouped.
func printKid(b *strings.Builder, i int, sep string, kid Node, grouped bool) {
	if i > 0 {
		b.WriteString(sep)
	}
	if grouped {
		b.WriteByte('(')
	}
	printNode(b, kid)
	if grouped {
		b.WriteByte(')')
	}
}

// bareProtos are the protocols that stand without "proto".
var bareProtos = map[uint64]bool{uint64(flow.TCP): true, uint64(flow.UDP): true, uint64(flow.ICMP): true, uint64(flow.ICMP6): true}

func printCompare(b *strings.Builder, n *Compare) {
	if one, ok := n.Set[0].(*Number); ok && n.Field == FieldProto && n.Rel == EQ && len(n.Set) == 1 && one.Lo == one.Hi && bareProtos[one.Lo] {
		b.WriteString(flow.ProtoName(uint8(one.Lo)))
		return
	}
	if n.Side != Either {
		b.WriteString(n.Side.String() + " ")
	}
	b.WriteString(fieldText(n) + " ")
	if n.Rel != EQ || showsEqual(n.Field) && len(n.Set) == 1 {
		b.WriteString(n.Rel.String() + " ")
	}
	if len(n.Set) == 1 {
		b.WriteString(itemText(n.Field, n.Set[0]))
		return
	}
	b.WriteString("in [")
	for i, item := range n.Set {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(itemText(n.Field, item))
	}
	b.WriteByte(']')
}

// showsEqual tells whether a single value reads better with "=" before it.
func showsEqual(f Field) bool {
	switch f.kind() {
	case kindCount, kindRate, kindDuration, kindID:
		return true
	}
	return false
}

// fieldText is the field's word; addresses that are all CIDR blocks are "net".
func fieldText(n *Compare) string {
	if n.Field != FieldIP {
		return n.Field.String()
	}
	for _, item := range n.Set {
		i, ok := item.(*Address)
		if !ok || i.Lo == i.Hi {
			return "ip"
		}
		if _, ok := i.block(); !ok {
			return "ip"
		}
	}
	return "net"
}

// itemText prints an item of a field.
func itemText(f Field, i Item) string {
	switch i := i.(type) {
	case *Number:
		return numberText(f, i)
	case *Decimal:
		return rangeText(decimalText, i.Lo, i.Hi)
	case *Duration:
		return rangeText(durationText, i.Lo, i.Hi)
	case *Address:
		return addressText(i)
	case *Word:
		if f.kind() == kindPort {
			return i.Text
		}
		return wordText(i.Text)
	case *Ref:
		return "$" + i.Name
	case *Param:
		if i.Default == nil {
			return "?" + i.Name
		}
		return "?" + i.Name + ":" + itemText(f, i.Default)
	}
	return ""
}

// numberText prints whole numbers: counts with multipliers, single protocols by name.
func numberText(f Field, i *Number) string {
	switch {
	case f.kind() == kindCount:
		return rangeText(uintText, i.Lo, i.Hi)
	case f == FieldProto && i.Lo == i.Hi && i.Lo <= 255:
		return flow.ProtoName(uint8(i.Lo))
	}
	return rangeText(func(n uint64) string { return strconv.FormatUint(n, 10) }, i.Lo, i.Hi)
}

// rangeText prints one value, or the ends of a range.
func rangeText[T uint64 | int64 | float64](text func(T) string, lo, hi T) string {
	if lo == hi {
		return text(lo)
	}
	return text(lo) + "-" + text(hi)
}

func printFlags(b *strings.Builder, n *Flags) {
	if n.Side != Either {
		b.WriteString(n.Side.String() + " ")
	}
	b.WriteString("flags ")
	switch n.Mode {
	case FlagsAny:
		b.WriteString("any ")
	case FlagsExact:
		b.WriteString("= ")
	}
	b.WriteString(flagsText(n.Set))
	if n.Mode == FlagsMasked {
		b.WriteString("/" + flagsText(n.Mask))
	}
}

// flagsText returns the letters of f, "0" for none.
func flagsText(f flow.Flags) string {
	if f == 0 {
		return "0"
	}
	return f.String()
}

func printTime(b *strings.Builder, n *Time) {
	b.WriteString([...]string{"start ", "end ", "active "}[n.Field])
	switch n.Op {
	case TimeRel:
		b.WriteString(n.Rel.String() + " " + momentText(n.From))
	case TimeIn:
		b.WriteString("in " + momentText(n.From) + " .. " + momentText(n.To))
	case TimeLast:
		b.WriteString("last " + durationText(n.Last))
	}
}
