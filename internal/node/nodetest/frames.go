package nodetest

import (
	"bytes"
	"encoding/binary"
	"net/netip"
)

// be is a big-endian number of 16 bits.
func be(n int) []byte { return binary.BigEndian.AppendUint16(nil, uint16(n)) }

// Cat joins byte strings.
func Cat(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

// Ethernet is a frame of the given Ethertype.
func Ethernet(ether int, payload ...[]byte) []byte {
	return Cat([]byte{2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2}, be(ether), Cat(payload...))
}

// Tag is what follows a VLAN Ethertype: the tag and the next Ethertype.
func Tag(vlan, ether int) []byte { return Cat(be(vlan), be(ether)) }

// Label is an MPLS label stack entry.
func Label(label int, bottom bool) []byte {
	n := uint32(label)<<12 | 64
	if bottom {
		n |= 1 << 8
	}
	return binary.BigEndian.AppendUint32(nil, n)
}

// IPv4 is a packet with the given protocol; fragment is the flags and offset field, id the identification.
func IPv4(src, dst string, proto int, id, fragment int, payload []byte) []byte {
	s, d := netip.MustParseAddr(src).As4(), netip.MustParseAddr(dst).As4()
	return Cat([]byte{0x45, 0}, be(20+len(payload)), be(id), be(fragment), []byte{64, byte(proto), 0, 0}, s[:], d[:], payload)
}

// IPv6 is a packet whose first next header is next.
func IPv6(src, dst string, next int, payload []byte) []byte {
	s, d := netip.MustParseAddr(src).As16(), netip.MustParseAddr(dst).As16()
	return Cat([]byte{0x60, 0, 0, 0}, be(len(payload)), []byte{byte(next), 64}, s[:], d[:], payload)
}

// Extension is an IPv6 extension header of 8 bytes before next.
func Extension(next int) []byte { return []byte{byte(next), 0, 1, 4, 0, 0, 0, 0} }

// FragmentHeader is an IPv6 fragment header; offset is in bytes.
func FragmentHeader(next, offset int, more bool, id int) []byte {
	field := offset &^ 7
	if more {
		field |= 1
	}
	return Cat([]byte{byte(next), 0}, be(field), binary.BigEndian.AppendUint32(nil, uint32(id)))
}

// TCP is a header of 20 bytes and data.
func TCP(src, dst int, flags byte, data string) []byte {
	return Cat(be(src), be(dst), make([]byte, 8), []byte{0x50, flags, 0xff, 0xff, 0, 0, 0, 0}, []byte(data))
}

// UDP is a header and data.
func UDP(src, dst int, data string) []byte {
	return Cat(be(src), be(dst), be(8+len(data)), []byte{0, 0}, []byte(data))
}

// ICMP is a message with an identifier, of either version.
func ICMP(kind, code, id int) []byte {
	return Cat([]byte{byte(kind), byte(code), 0, 0}, be(id), be(1), []byte("data"))
}

// addr4 is the dotted text of an IPv4 address.
func addr4(n uint32) string {
	return netip.AddrFrom4([4]byte(binary.BigEndian.AppendUint32(nil, n))).String()
}
