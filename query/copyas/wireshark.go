package copyas

import (
	"fmt"
	"strconv"
	"strings"

	"cxlens/internal/flow"
	"cxlens/query"
)

// wireshark is the language of Wireshark's display filters, wireshark-filter(4).
type wireshark struct {
	now int64 // microseconds since the epoch
}

var wiresharkWords = words{and: " && ", or: " || ", not: "!", yes: "ip || ipv6", no: "frame.len == 0"}

func (wireshark) returns() bool { return true }

// own leaves out ICMP errors, in which the fields of the packet that they quote match too.
func (wireshark) own(k known) expr {
	if !k.may(flow.ICMP, flow.ICMP6) {
		return yes
	}
	return not(or(leaf("icmp.type in {3..5, 11, 12}"), leaf("icmpv6.type in {1..4}")))
}

func (w wireshark) says(t term) said {
	switch n := t.node.(type) {
	case *query.IPVersion:
		return exact(leaf(map[uint8]string{4: "ip", 6: "ipv6"}[n.Version]))
	case *query.Flags:
		return t.flags(n, flagTests{any: anyFlag, masked: maskedFlags})
	case *query.Time:
		return w.time(n)
	case *query.Compare:
		return w.compare(t, n)
	}
	return lacks("Wireshark lacks it")
}

func (w wireshark) compare(t term, n *query.Compare) said {
	switch n.Field {
	case query.FieldProto:
		return exact(wiresharkProtos(t.spans(255)))
	case query.FieldIP:
		return wiresharkAddrs(t.end(n.Side), t.addrs())
	case query.FieldPort:
		var out []expr
		for _, proto := range t.known.portProtos() {
			out = append(out, wiresharkPorts(proto, t.end(n.Side), t.spans(65535)))
		}
		return exact(or(out...))
	case query.FieldService:
		return t.service(func(side query.Side, proto uint8, list []span) expr {
			return wiresharkPorts(proto, t.end(side), list)
		})
	case query.FieldICMPID:
		return exact(wiresharkICMPID(t.spans(65535)))
	case query.FieldICMPType:
		return exact(or(members("icmp.type", t.spans(255)), members("icmpv6.type", t.spans(255))))
	case query.FieldICMPCode:
		return exact(or(members("icmp.code", t.spans(255)), members("icmpv6.code", t.spans(255))))
	}
	return lacks(packetLacks[n.Field])
}

// members says that a field has one of the numbers.
func members(field string, list []span) expr {
	var parts []string
	for _, s := range list {
		part := strconv.FormatUint(s.lo, 10)
		if s.lo != s.hi {
			part += ".." + strconv.FormatUint(s.hi, 10)
		}
		parts = append(parts, part)
	}
	return oneOf(field, parts)
}

// oneOf says that a field is equal to a value, or in a set.
func oneOf(field string, parts []string) expr {
	switch {
	case len(parts) == 0:
		return no
	case len(parts) == 1 && !strings.Contains(parts[0], ".."):
		return leaf(field + " == " + parts[0])
	}
	return leaf(field + " in {" + strings.Join(parts, ", ") + "}")
}

// sidedField is a condition on a field for one end of a packet or, as either, for any.
func sidedField(e end, both, src, dst string, say func(field string) expr) expr {
	out := say([...]string{both, src, dst}[e])
	if e != anyEnd && out.op == opLeaf {
		out.either = say(both).text
	}
	return out
}

func wiresharkPorts(proto uint8, e end, list []span) expr {
	name := flow.ProtoName(proto)
	return sidedField(e, name+".port", name+".srcport", name+".dstport", func(field string) expr { return members(field, list) })
}

func wiresharkAddrs(e end, list []addrSpan) said {
	if _, ok := blocksOf(list); !ok {
		return lacks(tooMany)
	}
	var v4, v6 []string
	var out []expr
	for _, s := range list {
		switch {
		case s.whole():
			out = append(out, leaf(map[uint8]string{4: "ip", 6: "ipv6"}[s.version]))
		case s.version == 4:
			v4 = append(v4, addrText(s))
		default:
			v6 = append(v6, addrText(s))
		}
	}
	out = append(out,
		sidedField(e, "ip.addr", "ip.src", "ip.dst", func(field string) expr { return oneOf(field, v4) }),
		sidedField(e, "ipv6.addr", "ipv6.src", "ipv6.dst", func(field string) expr { return oneOf(field, v6) }))
	return exact(or(out...))
}

// addrText is an address, a CIDR block, or a range.
func addrText(s addrSpan) string {
	first := s.lo.Text(s.version)
	if s.lo == s.hi {
		return first
	}
	if blocks := s.blocks(); len(blocks) == 1 {
		return blocks[0].String()
	}
	return first + ".." + s.hi.Text(s.version)
}

var wiresharkNames = map[uint64]string{
	uint64(flow.TCP): "tcp", uint64(flow.UDP): "udp", uint64(flow.SCTP): "sctp",
	uint64(flow.ICMP): "icmp", uint64(flow.ICMP6): "icmpv6",
}

func wiresharkProtos(list []span) expr {
	var out []expr
	var rest []span
	for _, s := range list {
		if name := wiresharkNames[s.lo]; s.lo == s.hi && name != "" {
			out = append(out, leaf(name))
			continue
		}
		rest = append(rest, s)
	}
	return or(append(out, members("ip.proto", rest), members("ipv6.nxt", rest))...)
}

// wiresharkICMPID compares the id; messages without one count as id 0, as they do in flows.
func wiresharkICMPID(list []span) expr {
	e := or(members("icmp.ident", list), members("icmpv6.echo.identifier", list))
	if len(list) > 0 && list[0].lo == 0 {
		e = or(e, and(leaf("icmp"), not(leaf("icmp.ident"))), and(leaf("icmpv6"), not(leaf("icmpv6.echo.identifier"))))
	}
	return e
}

var wiresharkFlags = []struct {
	flag flow.Flags
	name string
}{
	{flow.SYN, "syn"},
	{flow.ACK, "ack"},
	{flow.FIN, "fin"},
	{flow.RST, "reset"},
	{flow.PSH, "push"},
	{flow.URG, "urg"},
	{flow.ECE, "ece"},
	{flow.CWR, "cwr"},
}

func anyFlag(f flow.Flags) expr {
	var out []expr
	for _, n := range wiresharkFlags {
		if f&n.flag != 0 {
			out = append(out, leaf("tcp.flags."+n.name+" == 1"))
		}
	}
	return or(out...)
}

func maskedFlags(set, m flow.Flags) expr {
	var out []expr
	for _, n := range wiresharkFlags {
		switch {
		case set&n.flag != 0:
			out = append(out, leaf("tcp.flags."+n.name+" == 1"))
		case m&n.flag != 0:
			out = append(out, leaf("tcp.flags."+n.name+" == 0"))
		}
	}
	return and(out...)
}

// frameTime compares a packet's time with micros since the epoch.
func frameTime(rel string, micros int64) expr {
	sign, n := "", uint64(micros)
	if micros < 0 {
		sign, n = "-", -n
	}
	return leaf(fmt.Sprintf("frame.time_epoch %s %s%d.%06d", rel, sign, n/1e6, n%1e6))
}

const (
	firstOrLast = "a packet's time; a flow's start is that of its first, its end that of its last"
	noPacketNow = "a flow is active also while it sends no packet"
)

// at is a moment in microseconds since the epoch.
func (w wireshark) at(m query.Moment) int64 {
	if m.Now {
		return w.now + m.Micros
	}
	return m.Micros
}

// time says start, end and active by the times of packets: of the first one, which is in
// the flow's span, of the last one, or of any.
func (w wireshark) time(n *query.Time) said {
	some := func(e ...expr) said { return said{up: and(e...), one: true, noLow: true, note: firstOrLast} }
	every := func(e expr) said { return said{up: e, noLow: true, note: firstOrLast} }
	last := n.Field == query.TimeEnd || n.Field == query.TimeActive
	from := w.at(n.From)
	switch {
	case n.Op == query.TimeLast && last:
		return some(frameTime(">=", w.now-n.Last))
	case n.Op == query.TimeLast:
		return every(frameTime(">=", w.now-n.Last))
	case n.Op == query.TimeIn && n.Field == query.TimeActive:
		return lacks(noPacketNow)
	case n.Op == query.TimeIn:
		return some(frameTime(">=", from), frameTime("<", w.at(n.To)))
	}
	switch n.Rel {
	case query.LT, query.LE:
		if n.Field == query.TimeEnd {
			return every(frameTime(n.Rel.String(), from))
		}
		return some(frameTime(n.Rel.String(), from))
	case query.GT, query.GE:
		if n.Field == query.TimeStart {
			return every(frameTime(n.Rel.String(), from))
		}
		return some(frameTime(n.Rel.String(), from))
	case query.EQ:
		if n.Field != query.TimeActive {
			return some(frameTime("==", from))
		}
	}
	return lacks(noPacketNow)
}
