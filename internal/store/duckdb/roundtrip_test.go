package duckdb

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"cxlens/internal/flow"
	"cxlens/internal/store"
)

// What went in comes out equal, in the order in which it went in, also after the
// names were forgotten.
func TestNothingIsLost(t *testing.T) {
	s := openTest(t, "")
	var want []flow.Record
	blocks := 0
	rapid.Check(t, func(rt *rapid.T) {
		node := rapid.SampledFrom([]uint32{1, 2, 1<<32 - 1}).Draw(rt, "node")
		records := rapid.SliceOfN(anyRecord(node), 0, 30).Draw(rt, "records")
		blocks++
		if err := s.Append(t.Context(), node, block(blocks, records...)); err != nil {
			rt.Fatal(err)
		}
		want = append(want, records...)
		if rapid.Bool().Draw(rt, "forget") {
			s.files.mu.Lock()
			s.files.reset()
			s.files.mu.Unlock()
		}
		got := all(t, s, store.Query{AfterSeq: uint64(len(want) - len(records))})
		if diff := cmp.Diff(records, got, cmpopts.EquateEmpty()); diff != "" {
			rt.Fatal(diff)
		}
	})
	if diff := cmp.Diff(want, all(t, s, store.Query{})); diff != "" {
		t.Fatal(diff)
	}
}
