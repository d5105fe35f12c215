package meter

import (
	"encoding/binary"

	"cxlens/internal/node/capture"
)

// The Ethertypes that lead to IP.
const (
	etherIPv4    = 0x0800
	etherIPv6    = 0x86dd
	etherVLAN    = 0x8100 // IEEE 802.1Q
	etherQinQ    = 0x88a8 // IEEE 802.1ad
	etherOldQinQ = 0x9100 // QinQ before the standard
	etherMPLS    = 0x8847
	etherMPLSm   = 0x8848 // multicast, or upstream-assigned labels
	etherPPPoE   = 0x8864 // session stage; discovery carries no IP
)

// The PPP protocol numbers of IP.
const (
	pppIPv4  = 0x0021
	pppIPv6  = 0x0057
	pppMPLS  = 0x0281
	pppMPLSm = 0x0283
)

// maxTags bounds VLAN tags and MPLS labels on one frame.
const maxTags = 16

// layer3 finds the network packet in a frame: the Ethertype of what it is and
// where it begins. verdictNonIP says that it is something else than IP.
func layer3(link capture.LinkType, b []byte) (ether uint16, off int, v verdict) {
	switch link {
	case capture.LinkEthernet:
		if len(b) < 14 {
			return 0, 0, verdictTruncated
		}
		return tagged(b, binary.BigEndian.Uint16(b[12:]), 14)
	case capture.LinkSLL:
		if len(b) < 16 {
			return 0, 0, verdictTruncated
		}
		return tagged(b, binary.BigEndian.Uint16(b[14:]), 16)
	case capture.LinkSLL2:
		if len(b) < 20 {
			return 0, 0, verdictTruncated
		}
		return tagged(b, binary.BigEndian.Uint16(b), 20)
	case capture.LinkRaw, capture.LinkRaw12, capture.LinkRaw14:
		return byVersion(b, 0)
	case capture.LinkIPv4:
		return etherIPv4, 0, verdictFlow
	case capture.LinkIPv6:
		return etherIPv6, 0, verdictFlow
	case capture.LinkNull, capture.LinkLoop:
		return loopback(b)
	case capture.LinkPPP, capture.LinkPPPHDLC:
		return ppp(b)
	case capture.LinkCHDLC:
		if len(b) < 4 {
			return 0, 0, verdictTruncated
		}
		return tagged(b, binary.BigEndian.Uint16(b[2:]), 4)
	}
	return 0, 0, verdictLink
}

// tagged passes over VLAN tags, MPLS labels, PPPoE and SNAP in any order.
func tagged(b []byte, ether uint16, off int) (uint16, int, verdict) {
	for range maxTags {
		switch ether {
		case etherIPv4, etherIPv6:
			return ether, off, verdictFlow
		case etherVLAN, etherQinQ, etherOldQinQ:
			if len(b) < off+4 {
				return 0, 0, verdictTruncated
			}
			ether, off = binary.BigEndian.Uint16(b[off+2:]), off+4
		case etherMPLS, etherMPLSm:
			return labelled(b, off)
		case etherPPPoE:
			if len(b) < off+8 {
				return 0, 0, verdictTruncated
			}
			return pppProtocol(b, binary.BigEndian.Uint16(b[off+6:]), off+8)
		default:
			// Below 1536 the field is a length (IEEE 802.3), and SNAP may carry an Ethertype (RFC 1042).
			if ether >= 1536 || len(b) < off+8 || [6]byte(b[off:]) != [6]byte{0xaa, 0xaa, 3} {
				return 0, 0, verdictNonIP
			}
			ether, off = binary.BigEndian.Uint16(b[off+6:]), off+8
		}
	}
	return 0, 0, verdictNonIP
}

// labelled passes over an MPLS stack (RFC 3032). What it carries is told by the
// IP version alone; pseudowires are taken as not IP.
func labelled(b []byte, off int) (uint16, int, verdict) {
	for range maxTags {
		if len(b) < off+4 {
			return 0, 0, verdictTruncated
		}
		bottom := b[off+2]&1 != 0
		off += 4
		if bottom {
			return byVersion(b, off)
		}
	}
	return 0, 0, verdictNonIP
}

// byVersion tells IPv4 from IPv6 by the first half-byte.
func byVersion(b []byte, off int) (uint16, int, verdict) {
	if len(b) <= off {
		return 0, 0, verdictTruncated
	}
	switch b[off] >> 4 {
	case 4:
		return etherIPv4, off, verdictFlow
	case 6:
		return etherIPv6, off, verdictFlow
	}
	return 0, 0, verdictNonIP
}

// loopback reads the address family before the packet. It stands in the byte
// order of the capturing host, which nothing tells: families are small numbers,
// so the smaller reading is the right one. 10, 24, 28 and 30 are IPv6 on the
// systems that exist.
func loopback(b []byte) (uint16, int, verdict) {
	if len(b) < 4 {
		return 0, 0, verdictTruncated
	}
	switch min(binary.LittleEndian.Uint32(b), binary.BigEndian.Uint32(b)) {
	case 2:
		return etherIPv4, 4, verdictFlow
	case 10, 24, 28, 30:
		return etherIPv6, 4, verdictFlow
	}
	return 0, 0, verdictNonIP
}

// ppp reads a PPP frame with or without the HDLC address and control bytes
// (RFC 1662), its protocol in two bytes or compressed into one. Cisco HDLC,
// which shares this link type, begins with another address.
func ppp(b []byte) (uint16, int, verdict) {
	off := 0
	if len(b) >= 2 && b[0] == 0xff && b[1] == 3 {
		off = 2
	}
	if len(b) < off+2 {
		return 0, 0, verdictTruncated
	}
	if off == 0 && (b[0] == 0x0f || b[0] == 0x8f) {
		if len(b) < 4 {
			return 0, 0, verdictTruncated
		}
		return tagged(b, binary.BigEndian.Uint16(b[2:]), 4)
	}
	if b[off]&1 != 0 { // the last byte of a protocol number is odd, RFC 1661 section 6.5
		return pppProtocol(b, uint16(b[off]), off+1)
	}
	return pppProtocol(b, binary.BigEndian.Uint16(b[off:]), off+2)
}

func pppProtocol(b []byte, proto uint16, off int) (uint16, int, verdict) {
	switch proto {
	case pppIPv4:
		return etherIPv4, off, verdictFlow
	case pppIPv6:
		return etherIPv6, off, verdictFlow
	case pppMPLS, pppMPLSm:
		return labelled(b, off)
	}
	return 0, 0, verdictNonIP
}
