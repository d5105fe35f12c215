package copyas

import (
	"math/bits"
	"net/netip"
	"slices"

	"cxlens/internal/flow"
	"cxlens/query"
)

// span is a range of whole numbers, both ends included.
type span struct{ lo, hi uint64 }

// spans returns the numbers up to most that are in the term's relation to its values, sorted and joined.
func (t term) spans(most uint64) []span {
	var out []span
	add := func(lo, hi uint64) {
		if lo, hi, ok := related(t.rel, lo, hi, most); ok {
			out = append(out, span{lo, hi})
		}
	}
	for _, i := range t.items {
		switch i := i.(type) {
		case *query.Number:
			add(i.Lo, i.Hi)
		case *query.Word:
			for _, list := range flow.ServicePorts(i.Text) {
				for _, port := range list {
					add(uint64(port), uint64(port))
				}
			}
		}
	}
	return joined(out)
}

// related returns the numbers up to most that are in relation rel to the range from lo to hi.
func related(rel query.Rel, lo, hi, most uint64) (from, to uint64, ok bool) {
	switch rel {
	case query.LT:
		if lo == 0 {
			return 0, 0, false
		}
		return 0, min(lo-1, most), true
	case query.LE:
		return 0, min(lo, most), true
	case query.GT:
		return lo + 1, most, lo < most
	case query.GE:
		return lo, most, lo <= most
	}
	return lo, min(hi, most), lo <= most
}

func joined(list []span) []span {
	slices.SortFunc(list, func(a, b span) int {
		if a.lo < b.lo {
			return -1
		}
		return 1
	})
	var out []span
	for _, s := range list {
		if n := len(out); n > 0 && (s.lo <= out[n-1].hi || s.lo-1 == out[n-1].hi) {
			out[n-1].hi = max(out[n-1].hi, s.hi)
			continue
		}
		out = append(out, s)
	}
	return out
}

// addrSpan is a range of addresses of one IP version, both ends included.
type addrSpan struct {
	version uint8
	lo, hi  flow.Addr
}

// addrs returns the addresses that are in the term's relation to its values.
func (t term) addrs() []addrSpan {
	var out []addrSpan
	for _, i := range t.items {
		a, ok := i.(*query.Address)
		if !ok {
			continue
		}
		first, last := wholeVersion(a.Version)
		s := addrSpan{a.Version, a.Lo, a.Hi}
		switch t.rel {
		case query.LT, query.LE:
			s.lo = first
		case query.GT, query.GE:
			s.hi = last
		}
		switch {
		case t.rel == query.LT && a.Lo == first, t.rel == query.GT && a.Lo == last:
			continue
		case t.rel == query.LT:
			s.hi = next(a.Lo, ^uint64(0))
		case t.rel == query.GT:
			s.lo = next(a.Lo, 1)
		}
		out = append(out, s)
	}
	return out
}

// wholeVersion returns the first and the last address of an IP version.
func wholeVersion(version uint8) (first, last flow.Addr) {
	if version == 4 {
		return flow.AddrFrom4(0), flow.AddrFrom4(^uint32(0))
	}
	return flow.Addr{}, flow.AddrFromNumbers(^uint64(0), ^uint64(0))
}

// next is a + by, where by may be -1 as ^0.
func next(a flow.Addr, by uint64) flow.Addr {
	hi, lo := a.Numbers()
	lo, carry := bits.Add64(lo, by, 0)
	if by != 1 { // a subtraction borrows where the addition does not carry
		carry--
	}
	return flow.AddrFromNumbers(hi+carry, lo)
}

// whole tells whether s is every address of its version.
func (s addrSpan) whole() bool {
	first, last := wholeVersion(s.version)
	return s.lo == first && s.hi == last
}

// blocks splits s into CIDR blocks, at most 254 of them.
func (s addrSpan) blocks() []netip.Prefix {
	var out []netip.Prefix
	width := 128
	if s.version == 4 {
		width = 32
	}
	for at := s.lo; ; {
		host := hostBits(at, width)
		for ; host > 0; host-- {
			if end := lastOf(at, host); end.Compare(s.hi) <= 0 {
				break
			}
		}
		out = append(out, netip.PrefixFrom(at.Netip(s.version), width-host))
		end := lastOf(at, host)
		if end.Compare(s.hi) >= 0 {
			return out
		}
		at = next(end, 1)
	}
}

// hostBits is the number of zero bits at the end of a, at most width.
func hostBits(a flow.Addr, width int) int {
	hi, lo := a.Numbers()
	n := bits.TrailingZeros64(lo)
	if lo == 0 {
		n = 64 + bits.TrailingZeros64(hi)
	}
	return min(n, width)
}

// lastOf is the last address of the block of 2^host addresses that begins at a.
func lastOf(a flow.Addr, host int) flow.Addr {
	hi, lo := a.Numbers()
	if host >= 64 {
		return flow.AddrFromNumbers(hi|(1<<(host-64)-1), ^uint64(0))
	}
	return flow.AddrFromNumbers(hi, lo|(1<<host-1))
}

// blocksOf splits all ranges; ok is false when they come to more than maxParts.
func blocksOf(list []addrSpan) (out []netip.Prefix, ok bool) {
	for _, s := range list {
		if out = append(out, s.blocks()...); len(out) > maxParts {
			return nil, false
		}
	}
	return out, true
}
