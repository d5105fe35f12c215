package query

import (
	"slices"
	"sort"

	"cxlens/internal/flow"
)

// addrInterval is a range of addresses, both ends included.
type addrInterval struct{ lo, hi flow.Addr }

// addrSet is a set of addresses of each IP version, in merged order.
type addrSet struct{ v4, v6 []addrInterval }

// relatedAddrs returns the addresses of item's version that are in relation rel to it; ok is false for none.
func relatedAddrs(rel Rel, item *Address) (v addrInterval, ok bool) {
	first, last := blockOf(item.Lo, 128-addrBits(item.Version))
	switch rel {
	case LT:
		return addrInterval{first, beside(item.Lo, -1)}, item.Lo != first
	case LE:
		return addrInterval{first, item.Lo}, true
	case GT:
		return addrInterval{beside(item.Lo, 1), last}, item.Lo != last
	case GE:
		return addrInterval{item.Lo, last}, true
	}
	return addrInterval{item.Lo, item.Hi}, true
}

// beside returns the address after (step 1) or before (step -1) a.
func beside(a flow.Addr, step int) flow.Addr {
	for i := len(a) - 1; i >= 0; i-- {
		a[i] += byte(step)
		if step > 0 && a[i] != 0 || step < 0 && a[i] != 0xff {
			break
		}
	}
	return a
}

// add puts an interval of a version into the set; sortSet has to follow.
func (s *addrSet) add(version uint8, v addrInterval) {
	if version == 4 {
		s.v4 = append(s.v4, v)
		return
	}
	s.v6 = append(s.v6, v)
}

// normalise sorts the set and joins what overlaps or touches.
func (s *addrSet) normalise() {
	s.v4, s.v6 = mergeAddrs(s.v4), mergeAddrs(s.v6)
}

func mergeAddrs(ivs []addrInterval) []addrInterval {
	slices.SortFunc(ivs, func(a, b addrInterval) int { return a.lo.Compare(b.lo) })
	var out []addrInterval
	for _, v := range ivs {
		if n := len(out); n > 0 && (v.lo.Compare(out[n-1].hi) <= 0 || beside(v.lo, -1) == out[n-1].hi) {
			if v.hi.Compare(out[n-1].hi) > 0 {
				out[n-1].hi = v.hi
			}
			continue
		}
		out = append(out, v)
	}
	return out
}

// has tells whether an address of the IP version is in the set.
func (s *addrSet) has(a flow.Addr, version uint8) bool {
	ivs := s.v6
	if version == 4 {
		ivs = s.v4
	}
	i := sort.Search(len(ivs), func(i int) bool { return ivs[i].hi.Compare(a) >= 0 })
	return i < len(ivs) && ivs[i].lo.Compare(a) <= 0
}
