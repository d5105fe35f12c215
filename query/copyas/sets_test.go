package copyas

import (
	"testing"

	"pgregory.net/rapid"

	"cxlens/internal/flow"
)

// TestBlocksCoverTheRange: the blocks of a range follow each other from its first to its last address.
func TestBlocksCoverTheRange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := addrSpan{version: rapid.SampledFrom([]uint8{4, 6}).Draw(t, "version")}
		draw := func(label string) flow.Addr {
			if s.version == 4 {
				return flow.AddrFrom4(rapid.Uint32().Draw(t, label))
			}
			return flow.AddrFromNumbers(rapid.Uint64().Draw(t, label), rapid.Uint64().Draw(t, label+" low"))
		}
		s.lo, s.hi = draw("a"), draw("b")
		if s.hi.Compare(s.lo) < 0 {
			s.lo, s.hi = s.hi, s.lo
		}
		if rapid.Bool().Draw(t, "whole") {
			s.lo, s.hi = wholeVersion(s.version)
		}
		at := s.lo
		blocks := s.blocks()
		for i, p := range blocks {
			first, _ := flow.AddrFromNetip(p.Addr())
			if first != at || p.Masked() != p {
				t.Fatalf("block %d of %v is %v, should begin at %s", i, s, p, at.Text(s.version))
			}
			last := lastOf(first, p.Addr().BitLen()-p.Bits())
			if i == len(blocks)-1 {
				if last != s.hi {
					t.Fatalf("the last block %v ends at %s, not at %s", p, last.Text(s.version), s.hi.Text(s.version))
				}
				return
			}
			at = next(last, 1)
		}
	})
}
