package flow

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestKeepAgainstSlices: through any number of generations a row is found by its serial as long as it is kept, and
// holds what it held.
func TestKeepAgainstSlices(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table := NewTable()
		table.SetNode(NodeInfo{ID: 3, Name: "eth1"})
		var model []uint64 // the ids that are here, in their order; an id is the number of the row since the beginning
		next, serials := uint64(0), map[uint64]uint64{}
		for range rapid.IntRange(1, 4).Draw(t, "generations") {
			for range rapid.IntRange(0, 12).Draw(t, "rows") {
				table.Append(&Record{ID: next, Src: AddrFrom4(uint32(next % 7)), IPVersion: 4, File: string(rune('a' + next%3)), Node: 3, Offset: -1})
				model = append(model, next)
				next++
			}
			v := table.View()
			if v.Len() != len(model) {
				t.Fatalf("%d rows, want %d", v.Len(), len(model))
			}
			for id := range next {
				row := slices.Index(model, id)
				if row < 0 {
					if s, known := serials[id]; known && v.RowOf(s) >= 0 {
						t.Fatalf("row %d is gone and found at %d", id, v.RowOf(s))
					}
					continue
				}
				if s, known := serials[id]; known && s != v.Serial(row) {
					t.Fatalf("row %d has serial %d, had %d", id, v.Serial(row), s)
				}
				serials[id] = v.Serial(row)
				var r Record
				v.Record(row, &r)
				if v.RowOf(serials[id]) != row || r.ID != id || r.Src != AddrFrom4(uint32(id%7)) || r.File != string(rune('a'+id%3)) || v.Node(r.Node).Name != "eth1" {
					t.Fatalf("row %d is at %d: %+v", row, v.RowOf(serials[id]), r)
				}
			}
			if v.RowOf(1<<40) >= 0 {
				t.Fatal("a serial that never was is found")
			}
			var keep []uint32
			var left []uint64
			mask, suffix := rapid.Uint64().Draw(t, "kept"), rapid.IntRange(0, len(model)).Draw(t, "suffix")
			for row, id := range model {
				if mask>>(row%64)&1 == 1 || row >= suffix {
					keep, left = append(keep, uint32(row)), append(left, id)
				}
			}
			old := v.Generation()
			table, model = v.Keep(keep), left
			if table.View().Generation() == old {
				t.Fatal("two tables have one generation")
			}
		}
	})
}

// TestKeepForgets: what only dropped rows held takes no memory any more.
func TestKeepForgets(t *testing.T) {
	table := NewTable()
	for i := range 300_000 {
		table.Append(&Record{ID: uint64(i), Src: AddrFromNumbers(uint64(i), 1), IPVersion: 6, Offset: -1})
	}
	v := table.View()
	rows := make([]uint32, 1000)
	for i := range rows {
		rows[i] = uint32(v.Len() - len(rows) + i)
	}
	kept := v.Keep(rows)
	if before, after := table.MemoryBytes(), kept.MemoryBytes(); after > before/5 {
		t.Errorf("300,000 rows take %d bytes, 1,000 of them %d", before, after)
	}
}
