package duckdb

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"cxlens/internal/flow"
	"cxlens/internal/store"
)

// someNodes are saved, unnamed, unknown and no nodes.
var someNodes = []flow.NodeInfo{
	{ID: 0, Name: "never shown", Agent: "never", Netgroup: "never"},
	{ID: 1, Name: "eth1", Agent: "sensor-b", Netgroup: "dmz"},
	{ID: 2, Name: "core", Agent: "sensor-a"},
	{ID: 3, Agent: "sensor-a", Netgroup: "lab"},
	{ID: 10, Name: "bad\x1bname", Agent: "sensor-\x07", Netgroup: "\u202e"},
}

// mixed fills a store and a table with the same flows of several nodes.
func mixed(t *testing.T, records func(node uint32) []flow.Record) (*Store, *flow.View) {
	t.Helper()
	s, table := openTest(t, ""), flow.NewTable()
	for _, n := range someNodes {
		if err := s.SaveNode(t.Context(), n); err != nil {
			t.Fatal(err)
		}
		table.SetNode(n)
	}
	for i, node := range []uint32{0, 1, 2, 3, 4, 10, 1} {
		list := records(node)
		mustAppend(t, s, node, block(i, list...))
		for j := range list {
			table.Append(&list[j])
		}
	}
	return s, table.View()
}

// The store orders as flow.View.Sort does, by every column and both ways, and by random lists of them.
func TestOrderIsThatOfTheTable(t *testing.T) {
	draw := rapid.SliceOfN(anyRecord(0), 40, 40)
	seed := 0
	s, view := mixed(t, func(node uint32) []flow.Record {
		seed++
		list := draw.Example(seed)
		for i := range list {
			list[i].Node = node
		}
		return list
	})
	check := func(t *testing.T, keys []flow.SortKey, limit int) {
		t.Helper()
		rows, err := view.Sort(t.Context(), nil, keys)
		if err != nil {
			t.Fatal(err)
		}
		if limit > 0 {
			rows = rows[:limit]
		}
		want := make([]flow.Record, len(rows))
		for i, row := range rows {
			view.Record(int(row), &want[i])
		}
		if diff := cmp.Diff(want, all(t, s, store.Query{Order: keys, Limit: int64(limit)})); diff != "" {
			t.Error(diff)
		}
	}
	for c := range flow.NumColumns {
		for _, desc := range []bool{false, true} {
			k := flow.SortKey{Column: c, Desc: desc}
			t.Run(k.String(), func(t *testing.T) { check(t, []flow.SortKey{k}, 0) })
		}
	}
	for i := range 20 {
		keys := rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) flow.SortKey {
			return flow.SortKey{Column: flow.Column(rapid.IntRange(0, int(flow.NumColumns)-1).Draw(rt, "column")), Desc: rapid.Bool().Draw(rt, "desc")}
		}), 2, 4).Example(i)
		t.Run(fmt.Sprint(keys), func(t *testing.T) { check(t, keys, 17) })
	}
}

// Rows without an order come in the order of their sequence numbers, however many
// threads read however many row groups, and AfterSeq goes on where a reader stopped.
func TestRowsComeInSequence(t *testing.T) {
	s, err := Open(t.Context(), tempPath(t), Options{Threads: 4})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	const n = 300_000 // more than two row groups
	load(t, s, n)
	for _, after := range []uint64{0, 1, 122_880, n - 1, n} {
		at := after
		err := s.Flows(t.Context(), store.Query{AfterSeq: after}, 10_000, func(batch []flow.Record) error {
			for i := range batch {
				// traffic counts in the offset
				if got := uint64(batch[i].Offset/4000) + 1; got != at+1 {
					return fmt.Errorf("flow %d comes after %d", got, at)
				}
				at++
			}
			return nil
		})
		if err != nil || at != n {
			t.Fatalf("after %d: read to %d: %v", after, at, err)
		}
	}
}

func TestFlowsRefusesBadArguments(t *testing.T) {
	s := openTest(t, "")
	each := func([]flow.Record) error { return nil }
	for _, c := range []struct {
		q     store.Query
		batch int
		want  string
	}{
		{store.Query{}, 0, "batch of 0 records"},
		{store.Query{Limit: -1}, 1, "limit is negative"},
		{store.Query{Order: []flow.SortKey{{Column: flow.NumColumns}}}, 1, "no column"},
	} {
		if err := s.Flows(t.Context(), c.q, c.batch, each); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v, want %q", c.q, err, c.want)
		}
	}
}
