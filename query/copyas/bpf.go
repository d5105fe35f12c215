package copyas

import (
	"fmt"
	"strconv"
	"strings"

	"cxlens/internal/flow"
	"cxlens/query"
)

// bpf is the filter language of libpcap, pcap-filter(7).
type bpf struct{}

var bpfWords = words{
	and: " and ", or: " or ", not: "not ", bareNots: true,
	yes: "ip or ip6",
	no:  "len = 0", // what libpcap sees to be impossible it refuses
}

func (bpf) returns() bool { return true }

func (bpf) own(known) expr { return yes }

func (b bpf) says(t term) said {
	switch n := t.node.(type) {
	case *query.IPVersion:
		return exact(leaf(map[uint8]string{4: "ip", 6: "ip6"}[n.Version]))
	case *query.Flags:
		return t.flags(n, flagTests{
			any:    func(f flow.Flags) expr { return bpfFlags(t.known, f, " != 0") },
			masked: func(set, m flow.Flags) expr { return bpfFlags(t.known, m, " = ", set) },
		})
	case *query.Time:
		return lacks("BPF knows no time; tshark and editcap -A -B do")
	case *query.Compare:
		return b.compare(t, n)
	}
	return lacks("BPF lacks it")
}

func (b bpf) compare(t term, n *query.Compare) said {
	switch n.Field {
	case query.FieldProto:
		return exact(bpfProtos(t.spans(255)))
	case query.FieldIP:
		return bpfAddrs(t.end(n.Side), t.addrs())
	case query.FieldPort:
		return exact(bpfPorts("", t.end(n.Side), t.spans(65535)))
	case query.FieldService:
		return t.service(func(side query.Side, proto uint8, list []span) expr {
			return bpfPorts(flow.ProtoName(proto)+" ", t.end(side), list)
		})
	case query.FieldICMPID:
		return exact(bpfICMPID(t.spans(65535)))
	case query.FieldICMPType:
		return exact(bpfICMP(0, t.spans(255)))
	case query.FieldICMPCode:
		return exact(bpfICMP(1, t.spans(255)))
	}
	return lacks(packetLacks[n.Field])
}

// bpfEnd is the direction before a primitive.
func bpfEnd(e end) string { return [...]string{"", "src ", "dst "}[e] }

// bpfLeaf is text with a direction, or without one for any end.
func bpfLeaf(before string, e end, text string) expr {
	x := leaf(before + bpfEnd(e) + text)
	if e != anyEnd {
		x.either = before + text
	}
	return x
}

func bpfPorts(proto string, e end, list []span) expr {
	var out []expr
	for _, s := range list {
		text := fmt.Sprintf("port %d", s.lo)
		if s.lo != s.hi {
			text = fmt.Sprintf("portrange %d-%d", s.lo, s.hi)
		}
		out = append(out, bpfLeaf(proto, e, text))
	}
	return or(out...)
}

func bpfAddrs(e end, list []addrSpan) said {
	var out []expr
	for _, s := range list {
		if s.whole() {
			out = append(out, leaf(map[uint8]string{4: "ip", 6: "ip6"}[s.version]))
			continue
		}
		blocks := s.blocks()
		if len(out)+len(blocks) > maxParts {
			return lacks(tooMany)
		}
		for _, p := range blocks {
			text := "net " + p.String()
			if p.IsSingleIP() {
				text = "host " + p.Addr().String()
			}
			out = append(out, bpfLeaf("", e, text))
		}
	}
	return exact(or(out...))
}

// bpfNames are the protocols that libpcap has a word for in both IP versions, or that have one version only.
var bpfNames = map[uint64]string{
	uint64(flow.TCP): "tcp", uint64(flow.UDP): "udp", uint64(flow.SCTP): "sctp",
	uint64(flow.ICMP): "icmp", uint64(flow.ICMP6): "icmp6",
}

func bpfProtos(list []span) expr {
	var out []expr
	for _, s := range list {
		if s.hi-s.lo >= 8 {
			out = append(out, and(leaf("ip"), headerByte("ip", 9, s)), and(leaf("ip6"), headerByte("ip6", 6, s)))
			continue
		}
		for p := s.lo; p <= s.hi; p++ {
			name := bpfNames[p]
			if name == "" {
				name = fmt.Sprintf("proto %d", p)
			}
			out = append(out, leaf(name))
		}
	}
	return or(out...)
}

// headerByte says that a byte of a header is in a range.
func headerByte(header string, offset int, s span) expr {
	at := header + "[" + strconv.Itoa(offset) + "]"
	return inRange(at, s, 255)
}

// inRange compares the expression at with a range.
func inRange(at string, s span, most uint64) expr {
	switch {
	case s.lo == s.hi:
		return leaf(fmt.Sprintf("%s = %d", at, s.lo))
	case s.lo == 0 && s.hi == most:
		return yes
	case s.lo == 0:
		return leaf(fmt.Sprintf("%s <= %d", at, s.hi))
	case s.hi == most:
		return leaf(fmt.Sprintf("%s >= %d", at, s.lo))
	}
	return and(leaf(fmt.Sprintf("%s >= %d", at, s.lo)), leaf(fmt.Sprintf("%s <= %d", at, s.hi)))
}

// bpfICMP compares the type (0) or the code (1) of an ICMP message.
func bpfICMP(offset int, list []span) expr {
	var v4, v6 []expr
	for _, s := range list {
		v4, v6 = append(v4, headerByte("icmp", offset, s)), append(v6, headerByte("ip6", 40+offset, s))
	}
	return or(and(leaf("icmp"), or(v4...)), and(leaf("ip6[6] = 58"), or(v6...)))
}

// The types of ICMP messages that have an id, echo, timestamp, information, mask and extended
// echo (RFC 792, 950, 4443, 8335), and the others.
var (
	idTypes    = []span{{0, 0}, {8, 8}, {13, 18}, {42, 43}}
	otherTypes = []span{{1, 7}, {9, 12}, {19, 41}, {44, 255}}

	idTypes6    = []span{{128, 129}, {160, 161}}
	otherTypes6 = []span{{0, 127}, {130, 159}, {162, 255}}
)

// bpfICMPID compares the id. The first fragment of an ICMPv6 message has its header behind one of eight bytes.
func bpfICMPID(list []span) expr {
	return or(
		and(leaf("icmp"), idAt("icmp", 0, list, idTypes, otherTypes)),
		and(leaf("ip6[6] = 58"), idAt("ip6", 40, list, idTypes6, otherTypes6)),
		and(leaf("ip6[6] = 44"), leaf("ip6[40] = 58"), leaf("ip6[42:2] < 8"), idAt("ip6", 48, list, idTypes6, otherTypes6)))
}

// idAt compares the id of the message that begins at offset of a header. Messages without one count
// as id 0, as they do in flows; their types are listed, because "not" would let later fragments pass.
func idAt(header string, offset int, list, types, others []span) expr {
	among := func(types []span) expr {
		var out []expr
		for _, s := range types {
			out = append(out, headerByte(header, offset, s))
		}
		return or(out...)
	}
	var ids []expr
	zero := no
	for _, s := range list {
		ids = append(ids, inRange(fmt.Sprintf("%s[%d:2]", header, offset+4), s, 65535))
		if s.lo == 0 {
			zero = among(others)
		}
	}
	return or(and(among(types), or(ids...)), zero)
}

var bpfFlagNames = []struct {
	flag flow.Flags
	name string
}{{flow.FIN, "tcp-fin"}, {flow.SYN, "tcp-syn"}, {flow.RST, "tcp-rst"}, {flow.PSH, "tcp-push"}, {flow.ACK, "tcp-ack"}, {flow.URG, "tcp-urg"}}

// flagSum writes flags by libpcap's names, which not every version has for ECE and CWR.
func flagSum(f flow.Flags) string {
	if f == 0 || f&(flow.ECE|flow.CWR) != 0 {
		return fmt.Sprintf("0x%02x", uint8(f))
	}
	var names []string
	for _, n := range bpfFlagNames {
		if f&n.flag != 0 {
			names = append(names, n.name)
		}
	}
	if len(names) == 1 {
		return names[0]
	}
	return "(" + strings.Join(names, "|") + ")"
}

// bpfFlags compares TCP flags under a mask. tcp[...] is IPv4's only, so the byte is looked up
// behind the IPv6 header too.
func bpfFlags(k known, mask flow.Flags, rel string, set ...flow.Flags) expr {
	four, six := rel, rel
	for _, s := range set {
		four, six = rel+flagSum(s), rel+fmt.Sprintf("0x%02x", uint8(s))
		if s == 0 {
			four, six = " = 0", " = 0"
		}
	}
	mask4, mask6 := " & "+flagSum(mask), fmt.Sprintf(" & 0x%02x", uint8(mask))
	if mask == 0xff {
		mask4, mask6 = "", ""
	}
	v4 := leaf("tcp[tcpflags]" + mask4 + four)
	v6 := and(leaf("ip6[6] = 6"), leaf("ip6[53]"+mask6+six))
	switch k.version {
	case 4:
		return v4
	case 6:
		return v6
	}
	return or(v4, v6)
}
