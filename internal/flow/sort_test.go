package flow

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"
)

// recordsOf reads all rows.
func recordsOf(v *View) []Record {
	records := make([]Record, v.Len())
	for i := range records {
		v.Record(i, &records[i])
	}
	return records
}

// compareRows is the order of Sort, written plainly.
func compareRows(v *View, records []Record, keys []SortKey, a, b int) int {
	for _, k := range keys {
		c := compareCells(v, records, k.Column, a, b)
		if k.Desc {
			c = -c
		}
		if c != 0 {
			return c
		}
	}
	return 0
}

func compareCells(v *View, records []Record, col Column, a, b int) int {
	x, y := &records[a], &records[b]
	switch col {
	case ColSrcIP:
		return cmpAddr(x.IPVersion, y.IPVersion, x.Src, y.Src)
	case ColDstIP:
		return cmpAddr(x.IPVersion, y.IPVersion, x.Dst, y.Dst)
	case ColPcapFile:
		return strings.Compare(x.File, y.File)
	case ColPcapEndFile:
		return strings.Compare(x.EndFile, y.EndFile)
	case ColState, ColService, ColNode, ColAgent, ColNetgroup:
		return bytes.Compare(v.AppendCell(nil, col, a), v.AppendCell(nil, col, b))
	}
	xn, xf, _ := value(v, col, x)
	yn, yf, _ := value(v, col, y)
	switch {
	case col == ColPPS || col == ColBPS || col == ColBPP:
		return sign(xf < yf, xf > yf)
	case signedColumn(col):
		return sign(int64(xn) < int64(yn), int64(xn) > int64(yn))
	}
	return sign(xn < yn, xn > yn)
}

func cmpAddr(va, vb uint8, a, b Addr) int {
	if va != vb {
		return int(va) - int(vb)
	}
	return a.Compare(b)
}

func sign(less, more bool) int {
	switch {
	case less:
		return -1
	case more:
		return 1
	}
	return 0
}

func TestSortIsStableSort(t *testing.T) {
	key := rapid.Custom(func(t *rapid.T) SortKey {
		return SortKey{Column: Column(rapid.IntRange(0, int(NumColumns)-1).Draw(t, "column")), Desc: rapid.Bool().Draw(t, "desc")}
	})
	rapid.Check(t, func(t *rapid.T) {
		table := NewTable()
		for _, r := range rapid.SliceOfN(anyRecord(), 0, 60).Draw(t, "records") {
			for range rapid.IntRange(1, 3).Draw(t, "times") {
				table.Append(&r)
			}
		}
		table.SetNode(NodeInfo{ID: 1, Name: "zeta", Agent: "a", Netgroup: "dmz"})
		table.SetNode(NodeInfo{ID: 2, Name: "alpha", Agent: "b", Netgroup: "dmz"})
		v := table.View()
		var rows []uint32
		if rapid.Bool().Draw(t, "part") {
			rows = []uint32{}
			for range rapid.IntRange(0, 2*v.Len()).Draw(t, "rows") {
				rows = append(rows, uint32(rapid.IntRange(0, v.Len()-1).Draw(t, "row")))
			}
		}
		keys := rapid.SliceOfN(key, 0, 4).Draw(t, "keys")
		given := slices.Clone(rows)
		got, err := v.Sort(t.Context(), rows, keys)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(given, rows) {
			t.Fatal("the given rows were moved")
		}
		records := recordsOf(v)
		want := slices.Clone(rows)
		if rows == nil {
			want = make([]uint32, v.Len())
			for i := range want {
				want[i] = uint32(i)
			}
		}
		slices.SortStableFunc(want, func(a, b uint32) int { return compareRows(v, records, keys, int(a), int(b)) })
		if !slices.Equal(got, want) {
			t.Fatalf("order %v, want %v", got, want)
		}
	})
}

// TestSortLarge goes through several workers, chunks and words of keys.
func TestSortLarge(t *testing.T) {
	table := NewTable()
	g := newFlows(3000)
	for range 150_000 {
		var r Record
		g.next(&r)
		table.Append(&r)
	}
	v := table.View()
	records := recordsOf(v)
	for _, names := range [][]string{{"-src_bytes"}, {"src_ip", "-bps", "id"}, {"pcap_file", "-proto", "dst_ip"}, {"state", "-id", "start"}} {
		var keys []SortKey
		for _, name := range names {
			k, ok := ParseSortKey(name)
			if !ok {
				t.Fatal(name)
			}
			keys = append(keys, k)
		}
		order, err := v.Sort(t.Context(), nil, keys)
		if err != nil {
			t.Fatal(err)
		}
		again, err := v.Sort(t.Context(), order, keys)
		if err != nil || !slices.Equal(order, again) {
			t.Errorf("%v: sorted rows moved when sorted again, %v", names, err)
		}
		for i := range order[1:] {
			a, b := order[i], order[i+1]
			if c := compareRows(v, records, keys, int(a), int(b)); c > 0 || c == 0 && a >= b {
				t.Fatalf("%v: row %d stands before row %d", names, a, b)
			}
		}
	}
}

// lateContext is done after some looks at it.
type lateContext struct {
	context.Context
	mu   sync.Mutex
	left int
}

func (c *lateContext) Err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.left--; c.left < 0 {
		return context.Canceled
	}
	return nil
}

func TestSortStops(t *testing.T) {
	table := NewTable()
	g := newFlows(40_000)
	var r Record
	for i := range 200_000 {
		g.next(&r)
		r.File = strconv.Itoa(i % 5000)
		table.Append(&r)
	}
	keys := []SortKey{{Column: ColPcapFile}, {Column: ColSrcIP}, {Column: ColNode}, {Column: ColBPS}, {Column: ColID}}
	sort := func(ctx context.Context) error {
		v := *table.View()
		v.ranks = &ranks{} // every time the whole work
		_, err := v.Sort(ctx, nil, keys)
		return err
	}
	looks := &lateContext{Context: t.Context(), left: 1 << 40}
	if err := sort(looks); err != nil {
		t.Fatal(err)
	}
	total := 1<<40 - looks.left
	for _, left := range []int{0, 1, 10, total / 4, total / 2, total - 20} {
		ctx := &lateContext{Context: t.Context(), left: left}
		if err := sort(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("after %d of %d looks at the context: %v", left, total, err)
		}
		if over := -ctx.left; over > 200 {
			t.Errorf("%d looks after the context was done", over)
		}
	}
}
