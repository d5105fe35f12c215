package flow

import (
	"encoding/binary"
	"fmt"
	"net/netip"
)

// Addr is an IP address as 16 bytes, IPv4 in its v4-mapped form (::ffff:a.b.c.d,
// RFC 4291 section 2.5.5.2), so that addresses order as numbers and a CIDR block
// is a range. Which family a flow's addresses are of stands in Record.IPVersion:
// an Addr alone does not tell a mapped IPv6 address from an IPv4 one.
type Addr [16]byte

// AddrFrom4 returns the Addr of the IPv4 address n, in host order (2130706433 is 127.0.0.1).
func AddrFrom4(n uint32) Addr {
	a := Addr{10: 0xff, 11: 0xff}
	binary.BigEndian.PutUint32(a[12:], n)
	return a
}

// AddrFromNumbers returns the Addr whose upper and lower 64 bits are hi and lo.
func AddrFromNumbers(hi, lo uint64) Addr {
	var a Addr
	binary.BigEndian.PutUint64(a[:8], hi)
	binary.BigEndian.PutUint64(a[8:], lo)
	return a
}

// AddrFromNetip returns ip as an Addr and its IP version, 4 or 6. The zone is dropped.
func AddrFromNetip(ip netip.Addr) (a Addr, version uint8) {
	if ip.Is4() {
		return ip.As16(), 4
	}
	return ip.As16(), 6
}

// ParseAddr reads an address in the forms that flow sources use: dotted IPv4,
// decimal IPv4 (2130706433) and IPv6 text. It returns the address and its IP
// version, 4 or 6.
func ParseAddr(s string) (a Addr, version uint8, err error) {
	if n, ok := parseUint32(s); ok {
		return AddrFrom4(n), 4, nil
	}
	ip, err := netip.ParseAddr(s)
	if err != nil || ip.Zone() != "" {
		return Addr{}, 0, fmt.Errorf("not an IP address: %q", clip(s))
	}
	a, version = AddrFromNetip(ip)
	return a, version, nil
}

// Numbers returns the upper and lower 64 bits of a.
func (a Addr) Numbers() (hi, lo uint64) {
	return binary.BigEndian.Uint64(a[:8]), binary.BigEndian.Uint64(a[8:])
}

// Compare orders addresses as 128-bit numbers: -1, 0 or +1.
func (a Addr) Compare(b Addr) int {
	ah, al := a.Numbers()
	bh, bl := b.Numbers()
	switch {
	case ah < bh || ah == bh && al < bl:
		return -1
	case ah == bh && al == bl:
		return 0
	}
	return 1
}

// Netip returns a as a netip.Addr of the given IP version.
func (a Addr) Netip(version uint8) netip.Addr {
	if version == 4 {
		return netip.AddrFrom4([4]byte(a[12:]))
	}
	return netip.AddrFrom16(a)
}

// AppendText appends a's canonical text (dotted, or RFC 5952) for the given IP version.
func (a Addr) AppendText(dst []byte, version uint8) []byte {
	return a.Netip(version).AppendTo(dst)
}

// Text returns a's canonical text for the given IP version.
func (a Addr) Text(version uint8) string { return string(a.AppendText(nil, version)) }

func parseUint32(s string) (n uint32, ok bool) {
	if s == "" || len(s) > 10 {
		return 0, false
	}
	var v uint64
	for i := range len(s) {
		c := s[i] - '0'
		if c > 9 {
			return 0, false
		}
		v = v*10 + uint64(c)
	}
	return uint32(v), v <= 1<<32-1
}

// clip shortens a peer's text for an error message.
func clip(s string) string {
	if len(s) > 64 {
		return s[:64] + "…"
	}
	return s
}
