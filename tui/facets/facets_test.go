package facets

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

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
	defer func(n int) { mostAtOnce = n }(mostAtOnce)
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
		mostAtOnce = rapid.SampledFrom([]int{0, 1, 3, 1 << 20}).Draw(t, "groups at once")
		most := rapid.SampledFrom([]int{1, 3, 1 << 20}).Draw(t, "most")
		h := NewHere(v, rows, n, by, most)
		for h.Step(context.Background()) {
		}
		if h.Done() != 1 {
			t.Fatalf("%f is done", h.Done())
		}
		a := h.Answer(sums.Bytes)
		if len(want) > most && len(a.Groups) == most {
			for cells, s := range want { // what is not listed is not higher than what is
				if s[sums.Bytes] > a.Groups[most-1].Sums[sums.Bytes] && !slices.ContainsFunc(a.Groups, func(g Group) bool { return fmt.Sprintf("%q", g.Values) == cells }) {
					t.Fatalf("%s has %v and is not listed", cells, s)
				}
			}
			return
		}
		if a.Of != uint64(len(want)) || len(a.Groups) != len(want) || a.All != all {
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
	h := NewHere(table.View(), nil, 10, []flow.Column{flow.ColID}, 1)
	if more := h.Step(ctx); more {
		t.Error("it goes on though nobody wants it")
	}
	if h.Done() != 0 {
		t.Errorf("%f of it is done", h.Done())
	}
}

// TestEveryListFits: whatever is listed keeps to its lines and columns.
func TestEveryListFits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		by := []flow.Column{flow.ColNode, flow.ColSrcIP, flow.ColService}[:rapid.IntRange(1, 3).Draw(t, "columns")]
		if rapid.Bool().Draw(t, "steps") {
			by = []flow.Column{flow.ColStart, flow.ColBytes, flow.ColDuration, flow.ColPPS, flow.ColSrcIP, flow.ColEnd}[:rapid.IntRange(1, 6).Draw(t, "columns")]
		}
		m := New(Keys(), by, sums.Metric(rapid.IntRange(0, 2).Draw(t, "metric")))
		a := Answer{Exact: rapid.Bool().Draw(t, "exact"), Whole: rapid.Bool().Draw(t, "whole")}
		for range rapid.IntRange(0, 60).Draw(t, "groups") {
			g := Group{Sums: sums.Sums{rapid.Uint64().Draw(t, "n"), 5, 6}, First: "2026-11-22T13:56:33.257697Z", Last: "2026-11-22T13:56:33.257697Z"}
			for range by {
				g.Values = append(g.Values, rapid.SampledFrom([]string{"", "tcp", "2001:db8:1111:2222:3333:4444:5555:6666", "日本語の名前日本語の名前日本語の名前", "1000..1999", "2026-11-22T13:50:00Z..2026-11-22T14:00:00Z"}).Draw(t, "value"))
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

// TestThousandths: two rates have the same number exactly when outputs write them in the same way.
func TestThousandths(t *testing.T) {
	text := func(f float64) string { return strconv.FormatFloat(f, 'f', 3, 64) }
	rapid.Check(t, func(t *rapid.T) {
		f := math.Abs(rapid.OneOf(
			rapid.Float64Range(0, 10), rapid.Float64Range(0, 1e30),
			rapid.Map(rapid.Uint64Range(0, 1<<53), func(n uint64) float64 { return float64(n) / 2000 }),
			rapid.Map(rapid.Uint64Range(1<<52, 1<<54), func(n uint64) float64 { return float64(n) / 1024 }),
		).Draw(t, "rate"))
		for _, g := range []float64{f, math.Nextafter(f, 0), math.Nextafter(f, math.Inf(1)), f + 0.0005, f + 0.001} {
			if (text(f) == text(g)) != (thousandths(f) == thousandths(g)) {
				t.Fatalf("%s and %s have the numbers %d and %d", text(f), text(g), thousandths(f), thousandths(g))
			}
		}
	})
}

// TestOrders: a list stands in the order that its values have, whatever it is sorted by, and takes its own name of it.
func TestOrders(t *testing.T) {
	m := New(Keys(), []flow.Column{flow.ColDstPort, flow.ColSrcIP, flow.ColPPS, flow.ColProto}, sums.Flows)
	m.SetSingles(true)
	m.Show(Answer{Exact: true, All: sums.Sums{9, 9, 9}, Of: 3, Groups: []Group{
		{Values: []string{"443", "10.0.0.10", "2.5", "udp"}, Sums: sums.Sums{3, 1, 2}, First: "2", Last: "5"},
		{Values: []string{"80", "2001:db8::1", "", "tcp"}, Sums: sums.Sums{5, 2, 1}, First: "1", Last: "7"},
		{Values: []string{"8080", "10.0.0.9", "10", ""}, Sums: sums.Sums{1, 3, 3}, First: "3", Last: "6"},
	}})
	for order, want := range map[string]string{
		"-flows": "80 443 8080", "flows": "8080 443 80", "-bytes": "8080 443 80", "by.dst_port": "80 443 8080", "-by.dst_port": "8080 443 80",
		"by.src_ip": "8080 443 80", "by.pps": "80 443 8080", "by.proto": "8080 80 443", "-share": "8080 80 443", "first": "80 443 8080", "-last": "80 8080 443",
	} {
		if order == "-bytes" {
			want = "8080 80 443"
		}
		m.SortBy(sums.Packets)
		if order == "-share" {
			want = "8080 443 80"
		}
		if !m.SetOrder(order) || m.Order() != order {
			t.Errorf("%s is %s", order, m.Order())
		}
		var got []string
		for _, i := range m.shown {
			got = append(got, m.answer.Groups[i].Values[0])
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %q, want %s", order, got, want)
		}
	}
	for _, order := range []string{"", "-", "by.node", "by.", "miles", "--flows"} {
		if m.SetOrder(order) {
			t.Errorf("%q is taken", order)
		}
	}
}

// TestTitlesSort: a click on a title chooses what is sorted by, where the title stands.
func TestTitlesSort(t *testing.T) {
	for _, w := range []int{60, 80, 120, 200} {
		m := New(Keys(), []flow.Column{flow.ColProto, flow.ColDstPort}, sums.Flows)
		m.Show(Answer{Exact: true, Of: 1, Groups: []Group{{Values: []string{"tcp", "80"}, First: "1", Last: "2"}}})
		pane, _, _ := m.Pane(mono, w, 10)
		title := ansi.Strip(pane[1])
		for _, name := range append([]string{"proto", "dst_port"}, colNames[:]...) {
			at := strings.Index(title, strings.ToUpper(name))
			if at < 0 {
				if w >= 120 {
					t.Errorf("%s has no room in %d columns", name, w)
				}
				continue
			}
			if !m.Click(at, 1) || m.columnName(m.col) != name {
				t.Errorf("%d columns: a click on %s chose %s", w, name, m.columnName(m.col))
			}
		}
		if m.Click(0, 0) || m.Click(5, 2) {
			t.Error("a click beside the titles sorts")
		}
	}
}

// bigTable has rows that are spread as those of a real network: few ports and protocols, many addresses, and times that
// all differ.
func bigTable(n int) *flow.View {
	rng := rand.New(rand.NewPCG(1, 2))
	table := flow.NewTable()
	for i := range 8 {
		table.SetNode(flow.NodeInfo{ID: uint32(i), Name: "node" + strconv.Itoa(i), Agent: "a", Netgroup: "lab"})
	}
	ports := []uint16{443, 53, 80, 22, 123, 8080, 25, 3389}
	files := []string{"a.pcap", "b.pcap", "c.pcap"}
	var r flow.Record
	for i := range n {
		start := int64(1_700_000_000_000_000) + int64(i)*8_640 + rng.Int64N(8_000)
		r = flow.Record{
			ID: uint64(start)*1000 + uint64(i), Start: start, End: start + rng.Int64N(60_000_000), IPVersion: 4, Proto: flow.TCP, Node: uint32(i % 8),
			Src: flow.AddrFrom4(0x0a000000 + rng.Uint32N(2_000_000)), Dst: flow.AddrFrom4(0xc0000000 + rng.Uint32N(100_000)),
			SrcPort: uint16(rng.Uint32N(65536)), DstPort: ports[rng.IntN(len(ports))], SrcPackets: uint64(1 + rng.IntN(50)), DstPackets: uint64(rng.IntN(50)),
			SrcFlags: flow.Flags(rng.IntN(64)), DstFlags: flow.Flags(rng.IntN(64)), File: files[i%3], EndFile: files[i%3], Offset: int64(i) * 700, EndOffset: int64(i)*700 + 600,
		}
		r.SrcBytes, r.DstBytes = r.SrcPackets*uint64(60+rng.IntN(1400)), r.DstPackets*uint64(60+rng.IntN(1400))
		if i%3 == 0 {
			r.Proto, r.SrcFlags, r.DstFlags = flow.UDP, 0, 0
		}
		table.Append(&r)
	}
	return table.View()
}

// BenchmarkHere sums up 10,000,000 rows by each column, by three of them, and a half of the rows by one: the time is
// that until the answer is here, cpu-ms what of it the processor worked, and "groups" is how many there are.
func BenchmarkHere(b *testing.B) {
	v := bigTable(10_000_000)
	half := make([]uint32, 0, v.Len()/2)
	for i := 0; i < v.Len(); i += 2 {
		half = append(half, uint32(i))
	}
	by := map[string][]flow.Column{"proto+dst_port+state": {flow.ColProto, flow.ColDstPort, flow.ColState}, "half/src_ip": {flow.ColSrcIP}}
	names := []string{}
	for c := range flow.NumColumns {
		by[c.String()] = []flow.Column{c}
		names = append(names, c.String())
	}
	for _, name := range append(names, "proto+dst_port+state", "half/src_ip") {
		b.Run(name, func(b *testing.B) {
			rows := []uint32(nil)
			if strings.HasPrefix(name, "half/") {
				rows = half
			}
			busy := cpuTime()
			for b.Loop() {
				n := v.Len()
				if rows != nil {
					n = len(rows)
				}
				h := NewHere(v, rows, n, by[name], 1000)
				for h.Step(b.Context()) {
				}
				b.ReportMetric(float64(h.Answer(sums.Bytes).Of), "groups")
			}
			b.ReportMetric(float64((cpuTime()-busy).Milliseconds())/float64(b.N), "cpu-ms")
		})
	}
}

// cpuTime is the processor time of the process: what counts where others use the machine, too.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
