package flow

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// evenInside has the even addresses inside and calls every address by its last byte.
var evenInside = &Around{
	Name: func(a Addr, version uint8) string {
		return map[uint8]string{4: "four ", 6: "six "}[version] + a.Text(version)
	},
	Inside: func(a Addr, _ uint8) bool { _, lo := a.Numbers(); return lo%2 == 0 },
}

// someNames calls some addresses by names of which several have the same.
var someNames = &Around{Name: func(a Addr, _ uint8) string {
	_, lo := a.Numbers()
	return []string{"", "web", "db", "web", "", "ä"}[lo%6]
}}

// TestOrderByNames holds the order by names against that of the texts, those without one last.
func TestOrderByNames(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table := NewTable()
		n := rapid.IntRange(0, 40).Draw(t, "n")
		for range n {
			table.Append(&Record{IPVersion: 4, Src: AddrFrom4(rapid.Uint32Range(1, 9).Draw(t, "src")), Dst: AddrFrom4(rapid.Uint32Range(1, 9).Draw(t, "dst"))})
		}
		v := table.View().With(someNames)
		rows := rapid.SliceOfNDistinct(rapid.Uint32Range(0, uint32(max(n, 1)-1)), 0, n, rapid.ID).Draw(t, "rows")
		col, desc := rapid.SampledFrom([]Column{ColSrcName, ColDstName}).Draw(t, "column"), rapid.Bool().Draw(t, "descending")
		checkOrder(t, v, rows, SortKey{col, desc}, func(a, b uint32) int {
			x, y := string(v.AppendCell(nil, col, int(a))), string(v.AppendCell(nil, col, int(b)))
			if (x == "") != (y == "") {
				return -strings.Compare(x, y)
			}
			return strings.Compare(x, y)
		})
	})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	v := bigTable(1).View().With(someNames)
	if _, err := v.Sort(ctx, nil, []SortKey{{Column: ColSrcName}}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled, a sort by names ends with %v", err)
	}
}

// checkOrder compares the order of all rows and of some by a key with the stable one by compare, which ascends.
func checkOrder(t *rapid.T, v *View, rows []uint32, key SortKey, compare func(a, b uint32) int) {
	for _, some := range [][]uint32{nil, rows} {
		got, err := v.Sort(t.Context(), some, []SortKey{key})
		if err != nil {
			t.Fatal(err)
		}
		want := slices.Clone(some)
		if some == nil {
			for row := range v.Len() {
				want = append(want, uint32(row))
			}
		}
		slices.SortStableFunc(want, func(a, b uint32) int {
			if key.Desc {
				return compare(b, a)
			}
			return compare(a, b)
		})
		if !slices.Equal(got, want) {
			t.Fatalf("ordered by %v: %v, want %v", key, got, want)
		}
	}
}

// TestColumnsAround holds the cells and the order by direction against the records.
func TestColumnsAround(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table := NewTable()
		var records []Record
		for range rapid.IntRange(0, 40).Draw(t, "n") {
			r := Record{Start: 1, IPVersion: 4}
			r.Src = AddrFrom4(rapid.Uint32Range(1, 6).Draw(t, "src"))
			r.Dst = AddrFrom4(rapid.Uint32Range(1, 6).Draw(t, "dst"))
			table.Append(&r)
			records = append(records, r)
		}
		v := table.View().With(evenInside)
		direction := func(r *Record) Direction {
			return DirectionOf(evenInside.Inside(r.Src, 4), evenInside.Inside(r.Dst, 4))
		}
		for row := range records {
			r := &records[row]
			for col, want := range map[Column]string{ColSrcName: "four " + r.Src.Text(4), ColDstName: "four " + r.Dst.Text(4), ColDirection: direction(r).String()} {
				if got := string(v.AppendCell(nil, col, row)); got != want {
					t.Fatalf("%v of row %d is %q, want %q", col, row, got, want)
				}
				if got := string(table.View().AppendCell(nil, col, row)); got != "" {
					t.Fatalf("%v of row %d is %q where nothing is known", col, row, got)
				}
			}
		}
		var rows []uint32
		for row := range records {
			if rapid.Bool().Draw(t, "in") {
				rows = append(rows, uint32(row))
			}
		}
		for _, desc := range []bool{false, true} {
			checkOrder(t, v, rows, SortKey{ColDirection, desc}, func(a, b uint32) int {
				return int(direction(&records[a])) - int(direction(&records[b]))
			})
		}
		if order, err := table.View().Sort(t.Context(), nil, []SortKey{{ColDirection, true}, {ColSrcName, false}}); err != nil || !slices.IsSorted(order) {
			t.Fatalf("where nothing is known the order is %v, %v", order, err)
		}
	})
}

func TestDirections(t *testing.T) {
	for want, ends := range map[string][2]bool{"inside": {true, true}, "out": {true, false}, "in": {false, true}, "outside": {false, false}} {
		if got := DirectionOf(ends[0], ends[1]).String(); got != want {
			t.Errorf("%v is %q, want %q", ends, got, want)
		}
	}
}

func TestColumnsOfTheScreenAreNoServers(t *testing.T) {
	for c := range NumShown {
		got, ok := ParseShown(c.String())
		if !ok || got != c {
			t.Errorf("%v is read as %v, %v", c, got, ok)
		}
		if _, ok := ParseColumn(c.String()); ok != (c < NumColumns) {
			t.Errorf("%v is a server's column: %v", c, ok)
		}
	}
}
