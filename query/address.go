package query

import (
	"errors"
	"net/netip"
	"strconv"
	"strings"

	"cxlens/internal/flow"
)

var (
	errNotAddr    = errors.New("is not an IP address, a CIDR block or a range of addresses")
	errBits       = errors.New("has a prefix length out of range")
	errMixed      = errors.New("mixes IPv4 and IPv6")
	errDescending = errors.New("ends before it begins")
)

// parseAddress reads an address, a CIDR block or a range A-B. A block with host bits is the
// whole block; IPv4 blocks may leave out octets at the end (10/8 is 10.0.0.0/8).
func parseAddress(s string) (*Address, error) {
	if head, bits, ok := strings.Cut(s, "/"); ok {
		return parseBlock(head, bits)
	}
	first, last, ranged := strings.Cut(s, "-")
	lo, version, err := parseOneAddr(first)
	if err != nil {
		return nil, err
	}
	if !ranged {
		return &Address{Version: version, Lo: lo, Hi: lo}, nil
	}
	hi, v, err := parseOneAddr(last)
	switch {
	case err != nil:
		return nil, err
	case v != version:
		return nil, errMixed
	case hi.Compare(lo) < 0:
		return nil, errDescending
	}
	return &Address{Version: version, Lo: lo, Hi: hi}, nil
}

// parseOneAddr reads a dotted IPv4 or an IPv6 address. Unlike flow.ParseAddr it takes no
// decimal IPv4: in a query a bare number is rather a forgotten "port".
func parseOneAddr(s string) (flow.Addr, uint8, error) {
	ip, err := netip.ParseAddr(s)
	if err != nil || ip.Zone() != "" {
		return flow.Addr{}, 0, errNotAddr
	}
	a, version := flow.AddrFromNetip(ip)
	return a, version, nil
}

func parseBlock(head, bits string) (*Address, error) {
	if digits(strings.ReplaceAll(head, ".", "")) && strings.Count(head, ".") < 3 {
		head += strings.Repeat(".0", 3-strings.Count(head, "."))
	}
	a, version, err := parseOneAddr(head)
	if err != nil {
		return nil, err
	}
	n, err := strconv.ParseUint(bits, 10, 8)
	if err != nil || !digits(bits) || n > uint64(addrBits(version)) {
		return nil, errBits
	}
	lo, hi := blockOf(a, int(n)+128-addrBits(version))
	return &Address{Version: version, Lo: lo, Hi: hi}, nil
}

// addrBits is the number of bits of an address of the version.
func addrBits(version uint8) int {
	if version == 4 {
		return 32
	}
	return 128
}

// blockOf returns the first and the last address of a's block of the given prefix length of 128 bits.
func blockOf(a flow.Addr, prefix int) (lo, hi flow.Addr) {
	lo, hi = a, a
	for i := range a {
		host := byte(0xff)
		if fixed := prefix - 8*i; fixed >= 8 {
			host = 0
		} else if fixed > 0 {
			host = 0xff >> fixed
		}
		lo[i] &^= host
		hi[i] |= host
	}
	return lo, hi
}

// block returns the prefix length of the CIDR block that i is; ok is false when it is none.
func (i *Address) block() (bits int, ok bool) {
	for n := addrBits(i.Version); n >= 0; n-- {
		lo, hi := blockOf(i.Lo, n+128-addrBits(i.Version))
		if lo == i.Lo && hi == i.Hi {
			return n, true
		}
	}
	return 0, false
}

// addressText prints i as an address, a CIDR block, or a range.
func addressText(i *Address) string {
	first := i.Lo.Text(i.Version)
	if i.Lo == i.Hi {
		return first
	}
	if bits, ok := i.block(); ok {
		return first + "/" + strconv.Itoa(bits)
	}
	return first + "-" + i.Hi.Text(i.Version)
}
