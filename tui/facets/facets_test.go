package facets

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"cxlens/internal/flow"
	"cxlens/themes"
	"cxlens/tui/look"
	"cxlens/tui/sums"
)

var mono = look.New(themes.Loader{}.Auto(false), true)

// someFlows draws a table whose values repeat.
var someFlows = rapid.Custom(func(t *rapid.T) *flow.View {
	table := flow.NewTable()
	table.SetNode(flow.NodeInfo{ID: 1, Name: "eth1", Agent: "a", Netgroup: "lab"})
	table.SetNode(flow.NodeInfo{ID: 2, Name: "dmz", Agent: "a", Netgroup: "lab"})
	for range rapid.IntRange(0, 40).Draw(t, "flows") {
		small := func(name string) uint64 { return rapid.Uint64Range(0, 2).Draw(t, name) }
		r := flow.Record{
			Start: int64(small("start")), Proto: uint8(6 + small("proto")), IPVersion: 4, Src: flow.AddrFrom4(uint32(small("src"))), DstPort: uint16(small("port")),
			SrcBytes: rapid.OneOf(rapid.Uint64Range(0, 9), rapid.Uint64()).Draw(t, "bytes"), SrcPackets: small("packets"), Node: uint32(1 + small("node")),
			File: rapid.SampledFrom([]string{"", "a", "b"}).Draw(t, "file"),
		}
		r.End = r.Start + int64(small("length"))
		if rapid.Bool().Draw(t, "ip6") {
			r.IPVersion, r.Src = 6, flow.AddrFromNumbers(0, small("src6"))
		}
		table.Append(&r)
	}
	return table.View()
})

// TestHereIsTheSimpleSum: the rows here are summed up as cells in a map are.
func TestHereIsTheSimpleSum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := someFlows.Draw(t, "flows")
		by := rapid.SliceOfNDistinct(rapid.Map(rapid.IntRange(0, int(flow.NumColumns)-1), func(c int) flow.Column { return flow.Column(c) }), 1, 3, rapid.ID).Draw(t, "by")
		var rows []uint32
		n := v.Len()
		if rapid.Bool().Draw(t, "some") {
			rows = []uint32{}
			for row := range v.Len() {
				if rapid.Bool().Draw(t, "row") {
					rows = append(rows, uint32(row))
				}
			}
			n = len(rows)
		}
		want := make(map[string]sums.Sums)
		var all sums.Sums
		for i := range n {
			row := i
			if rows != nil {
				row = int(rows[i])
			}
			var cells []string
			for _, c := range by {
				cells = append(cells, string(v.AppendCell(nil, c, row)))
			}
			s := want[fmt.Sprintf("%q", cells)]
			one := sums.Sums{1, v.Uint64(flow.ColBytes, row), v.Uint64(flow.ColPackets, row)}
			s.Add(one)
			all.Add(one)
			want[fmt.Sprintf("%q", cells)] = s
		}
		h := NewHere(v, rows, n, by)
		for h.Step(context.Background()) {
		}
		a := h.Answer(sums.Bytes, 1<<20)
		if a.Of != uint64(len(want)) || len(a.Groups) != len(want) || a.All != all || a.Cut {
			t.Fatalf("%d of %d groups of %v, want %d of %v", len(a.Groups), a.Of, a.All, len(want), all)
		}
		for i, g := range a.Groups {
			if want[fmt.Sprintf("%q", g.Values)] != g.Sums {
				t.Fatalf("%q has %v, want %v", g.Values, g.Sums, want[fmt.Sprintf("%q", g.Values)])
			}
			if i > 0 && a.Groups[i-1].Sums[sums.Bytes] < g.Sums[sums.Bytes] {
				t.Fatal("the highest do not come first")
			}
		}
	})
}

func TestHereStops(t *testing.T) {
	table := flow.NewTable()
	for i := range 10 {
		table.Append(&flow.Record{ID: uint64(i), IPVersion: 4})
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	h := NewHere(table.View(), nil, 10, []flow.Column{flow.ColID})
	if more := h.Step(ctx); more {
		t.Error("it goes on though nobody wants it")
	}
	if rows, of := h.Done(); rows != 0 || of != 10 {
		t.Errorf("%d of %d rows", rows, of)
	}
}

// TestEveryListFits: whatever is listed keeps to its lines and columns.
func TestEveryListFits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		by := []flow.Column{flow.ColNode, flow.ColSrcIP, flow.ColService}[:rapid.IntRange(1, 3).Draw(t, "columns")]
		m := New(Keys(), by, sums.Metric(rapid.IntRange(0, 2).Draw(t, "metric")))
		a := Answer{Exact: rapid.Bool().Draw(t, "exact"), Whole: rapid.Bool().Draw(t, "whole"), Cut: rapid.Bool().Draw(t, "cut")}
		for range rapid.IntRange(0, 60).Draw(t, "groups") {
			g := Group{Sums: sums.Sums{rapid.Uint64().Draw(t, "n"), 5, 6}, First: "2026-11-22T13:56:33.257697Z", Last: "2026-11-22T13:56:33.257697Z"}
			for range by {
				g.Values = append(g.Values, rapid.SampledFrom([]string{"", "tcp", "2001:db8:1111:2222:3333:4444:5555:6666", "日本語の名前日本語の名前日本語の名前"}).Draw(t, "value"))
			}
			a.All.Add(g.Sums)
			a.Groups = append(a.Groups, g)
		}
		a.Of = uint64(len(a.Groups)) + rapid.Uint64Range(0, 3).Draw(t, "more")
		m.Show(a)
		for range rapid.IntRange(0, 5).Draw(t, "down") {
			m.Do(down)
		}
		w, h := rapid.IntRange(40, 220).Draw(t, "w"), rapid.IntRange(8, 60).Draw(t, "h")
		box, _, _ := m.Box(mono, w, h)
		pane, _, _ := m.Pane(mono, w, h)
		if len(box) > h || len(pane) != h && len(pane) != max(4, h) {
			t.Fatalf("%d and %d lines of %d", len(box), len(pane), h)
		}
		for _, l := range append(box, pane...) {
			if ansi.StringWidth(l) > w {
				t.Fatalf("%d columns of %d: %q", ansi.StringWidth(l), w, l)
			}
		}
	})
}

func TestCursorStaysOnItsValue(t *testing.T) {
	m := New(Keys(), []flow.Column{flow.ColProto}, sums.Flows)
	m.Show(Answer{Groups: []Group{{Values: []string{"tcp"}, Sums: sums.Sums{5}}, {Values: []string{"udp"}, Sums: sums.Sums{3}}}, Of: 2})
	m.Do(down)
	m.Show(Answer{Groups: []Group{{Values: []string{"udp"}, Sums: sums.Sums{30}}, {Values: []string{"tcp"}, Sums: sums.Sums{5}}, {Values: []string{"gre"}}}, Of: 3})
	if g, ok := m.Current(); !ok || g.Values[0] != "udp" {
		t.Errorf("the cursor is on %v", g)
	}
	if m.Do(down); m.Do(up) != true || m.Do(up) {
		t.Error("the cursor leaves the list")
	}
	if !m.Complete() || !strings.Contains(m.what(), "3 values") {
		t.Errorf("%s", m.what())
	}
}

// BenchmarkHere sums up a million rows by their source.
func BenchmarkHere(b *testing.B) {
	table := flow.NewTable()
	for i := range 1_000_000 {
		table.Append(&flow.Record{ID: uint64(i), Start: int64(i), IPVersion: 4, Src: flow.AddrFrom4(uint32(i % 50_000)), SrcBytes: uint64(i), Proto: flow.TCP})
	}
	v := table.View()
	b.ResetTimer()
	for b.Loop() {
		h := NewHere(v, nil, v.Len(), []flow.Column{flow.ColSrcIP})
		for h.Step(b.Context()) {
		}
		h.Answer(sums.Bytes, 1000)
	}
}
