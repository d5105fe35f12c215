package meter

import (
	"encoding/binary"

	"cxlens/internal/flow"
	"cxlens/internal/node/capture"
)

// verdict says what became of a frame.
type verdict uint8

const (
	verdictFlow      verdict = iota // it belongs to a flow
	verdictNonIP                    // it carries no IP
	verdictTruncated                // the captured part ends before the addresses are read
	verdictDamaged                  // an IP header that cannot be
	verdictLink                     // a link type that is not known
)

const (
	// maxDepth is how many IP headers of a tunnel are looked into; a flow is that of the innermost.
	maxDepth = 4
	// maxExtensions bounds the extension headers of one IPv6 header.
	maxExtensions = 16
)

// endpoints is one direction of a flow: who sent the packet to whom.
type endpoints struct {
	src, dst         flow.Addr
	srcPort, dstPort uint16
	proto, version   uint8
}

// fragment names a fragmented datagram (RFC 791 section 3.2, RFC 8200 section 4.5).
type fragment struct {
	src, dst       flow.Addr
	id             uint32
	proto, version uint8
}

// decoded is what a frame says about its flow.
type decoded struct {
	endpoints
	flags flow.Flags
	// portless: the protocol has ports or an id, but the frame does not show them.
	portless bool
	// firsts are the datagrams that this frame begins, outermost first.
	firsts  [maxDepth]fragment
	nFirsts int
	// later: the frame goes on with the datagram rest and shows no ports.
	later bool
	rest  fragment
}

// decode finds the flow of a frame. It allocates nothing and keeps nothing of b.
func (d *decoded) decode(link capture.LinkType, b []byte) verdict {
	d.flags, d.portless, d.nFirsts, d.later = 0, false, 0, false
	ether, off, v := layer3(link, b)
	if v != verdictFlow {
		return v
	}
	b = b[off:]
	for depth := range maxDepth {
		var h ipHeader
		if ether == etherIPv4 {
			v = h.parse4(b)
		} else {
			v = h.parse6(b)
		}
		if v != verdictFlow {
			if depth > 0 { // what the tunnel carries cannot be read: the flow is the tunnel's
				return verdictFlow
			}
			return v
		}
		d.endpoints = endpoints{src: h.src, dst: h.dst, proto: h.proto, version: h.version}
		if h.later {
			d.later, d.rest = true, h.fragment()
			return verdictFlow
		}
		if h.first {
			d.firsts[d.nFirsts] = h.fragment()
			d.nFirsts++
		}
		b = h.payload
		switch h.proto {
		case flow.IPIP:
			ether = etherIPv4
		case flow.IPv6:
			ether = etherIPv6
		default:
			d.transport(b)
			return verdictFlow
		}
	}
	return verdictFlow
}

// transport reads ports, flags and the ICMP id from what follows the IP header.
func (d *decoded) transport(b []byte) {
	switch d.proto {
	case flow.TCP, flow.UDP, flow.SCTP:
		if len(b) < 4 {
			d.portless = true
			return
		}
		d.srcPort, d.dstPort = binary.BigEndian.Uint16(b), binary.BigEndian.Uint16(b[2:])
		if d.proto == flow.TCP && len(b) > 13 {
			d.flags = flow.Flags(b[13])
		}
	case flow.ICMP, flow.ICMP6:
		if len(b) == 0 {
			d.portless = true
			return
		}
		if !hasID(d.proto, b[0]) {
			return
		}
		if len(b) < 6 {
			d.portless = true
			return
		}
		id := binary.BigEndian.Uint16(b[4:])
		d.srcPort, d.dstPort = id, id
	}
}

// hasID tells whether an ICMP message of this type has an identifier in its fifth
// and sixth byte: echo, timestamp, information, mask and extended echo (RFC 792,
// 950, 4443, 8335). cxtracker takes the two bytes of every type as the id; in the
// others they are zero, or half a gateway's address in a redirect.
func hasID(proto, kind uint8) bool {
	if proto == flow.ICMP {
		switch kind {
		case 0, 8, 13, 14, 15, 16, 17, 18, 42, 43:
			return true
		}
		return false
	}
	switch kind {
	case 128, 129, 160, 161:
		return true
	}
	return false
}
