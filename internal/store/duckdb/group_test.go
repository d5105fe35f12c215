package duckdb

import (
	"cmp"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"cxlens/internal/flow"
	"cxlens/internal/store"
)

// bothSides adds without a bound and says at most the largest number.
type bothSides struct {
	flows, bytes, packets big.Int
	first, last           int64
}

func (s *bothSides) add(r *flow.Record) {
	if s.flows.Sign() == 0 {
		s.first, s.last = r.Start, r.Start
	}
	s.first, s.last = min(s.first, r.Start), max(s.last, r.Start)
	add := func(to *big.Int, n uint64) { to.Add(to, new(big.Int).SetUint64(n)) }
	add(&s.flows, 1)
	add(&s.bytes, r.SrcBytes)
	add(&s.bytes, r.DstBytes)
	add(&s.packets, r.SrcPackets)
	add(&s.packets, r.DstPackets)
}

func most(n *big.Int) uint64 {
	if n.IsUint64() {
		return n.Uint64()
	}
	return math.MaxUint64
}

// topOf is Top in the simple way: cells of a table as the keys of a map.
func topOf(view *flow.View, by []flow.Column) map[string]store.Group {
	return topBy(view, by, func(c flow.Column, row int) string { return string(view.AppendCell(nil, c, row)) })
}

// topBy is topOf with cells that are written by text.
func topBy(view *flow.View, by []flow.Column, text func(c flow.Column, row int) string) map[string]store.Group {
	all := make(map[string]*bothSides)
	values := make(map[string][]string)
	for row := range view.Len() {
		var cells []string
		for _, c := range by {
			cells = append(cells, text(c, row))
		}
		key := fmt.Sprintf("%q", cells)
		if all[key] == nil {
			all[key], values[key] = &bothSides{}, cells
		}
		var r flow.Record
		view.Record(row, &r)
		all[key].add(&r)
	}
	groups := make(map[string]store.Group)
	for key, s := range all {
		groups[key] = store.Group{Values: values[key], Flows: most(&s.flows), Bytes: most(&s.bytes), Packets: most(&s.packets), First: s.first, Last: s.last}
	}
	return groups
}

func metricOf(g store.Group, m store.Metric) uint64 {
	return map[store.Metric]uint64{store.Flows: g.Flows, store.Bytes: g.Bytes, store.Packets: g.Packets}[m]
}

func TestTopIsThatOfTheTable(t *testing.T) {
	seed := 0
	draw := rapid.SliceOfN(anyRecord(0), 30, 30)
	s, view := mixed(t, func(node uint32) []flow.Record {
		seed++
		list := draw.Example(seed)
		for i := range list {
			list[i].Node = node
			list[i].File = strings.ToValidUTF8(list[i].File, "?") // names that clean to one text are groups of their own
			list[i].EndFile = []string{"", "a", "b"}[i%3]
		}
		return list
	})
	bys := [][]flow.Column{{flow.ColSrcIP, flow.ColDstIP}, {flow.ColProto, flow.ColService, flow.ColState}, {flow.ColNode, flow.ColNode}}
	for c := range flow.NumColumns {
		if c != flow.ColPcapFile {
			bys = append(bys, []flow.Column{c})
		}
	}
	for _, by := range bys {
		t.Run(fmt.Sprint(by), func(t *testing.T) {
			want := topOf(view, by)
			for _, metric := range []store.Metric{store.Flows, store.Bytes, store.Packets} {
				for _, limit := range []int64{0, 5} {
					checkTop(t, s, want, by, metric, limit)
				}
			}
		})
	}
}

func checkTop(t *testing.T, s *Store, want map[string]store.Group, by []flow.Column, metric store.Metric, limit int64) {
	t.Helper()
	got, total, err := s.Top(t.Context(), store.Query{Limit: limit}, by, metric)
	if err != nil {
		t.Fatal(err)
	}
	n := len(want)
	if limit > 0 {
		n = min(n, int(limit))
	}
	if total != uint64(len(want)) || len(got) != n {
		t.Fatalf("%d groups of %d, want %d of %d", len(got), total, n, len(want))
	}
	for _, g := range got {
		if diff := gocmp.Diff(want[fmt.Sprintf("%q", g.Values)], g); diff != "" {
			t.Error(diff)
		}
	}
	highest := slices.SortedFunc(func(yield func(store.Group) bool) {
		for _, g := range want {
			if !yield(g) {
				return
			}
		}
	}, func(a, b store.Group) int { return cmp.Compare(metricOf(b, metric), metricOf(a, metric)) })
	for i, g := range got {
		if metricOf(g, metric) != metricOf(highest[i], metric) {
			t.Errorf("place %d by %s: %d, want %d", i, metric, metricOf(g, metric), metricOf(highest[i], metric))
		}
	}
}

// Groups of equal metric come in the order of their values: numbers as numbers.
func TestTopOrdersTies(t *testing.T) {
	s := openTest(t, "")
	var records []flow.Record
	for _, port := range []uint16{443, 53, 8080, 22, 443} {
		records = append(records, flow.Record{DstPort: port, IPVersion: 4, Proto: flow.TCP})
	}
	mustAppend(t, s, 1, block(1, records...))
	got, _, err := s.Top(t.Context(), store.Query{}, []flow.Column{flow.ColDstPort}, store.Flows)
	if err != nil {
		t.Fatal(err)
	}
	var ports []string
	for _, g := range got {
		ports = append(ports, g.Values[0])
	}
	if diff := gocmp.Diff([]string{"443", "22", "53", "8080"}, ports); diff != "" {
		t.Error(diff)
	}
}

func TestTopRefusesBadArguments(t *testing.T) {
	s := openTest(t, "")
	proto := []flow.Column{flow.ColProto}
	for _, c := range []struct {
		limit  int64
		by     []flow.Column
		metric store.Metric
		want   string
	}{
		{0, nil, store.Flows, "needs a column"},
		{0, []flow.Column{flow.NumColumns}, store.Flows, "no column"},
		{0, proto, "size", `no metric "size"`},
		{-1, proto, store.Flows, "limit is negative"},
	} {
		if _, _, err := s.Top(t.Context(), store.Query{Limit: c.limit}, c.by, c.metric); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v, want %q", err, c.want)
		}
	}
	if groups, total, err := s.Top(t.Context(), store.Query{}, proto, store.Flows); len(groups) != 0 || total != 0 || err != nil {
		t.Errorf("without flows: %v %d %v", groups, total, err)
	}
}

func TestTimelineIsThatOfTheRecords(t *testing.T) {
	s := openTest(t, "")
	if buckets, width, err := s.Timeline(t.Context(), store.Query{}, 5); buckets != nil || width != 0 || err != nil {
		t.Errorf("without flows: %v %d %v", buckets, width, err)
	}
	starts := rapid.OneOf(rapid.Int64Range(1000, 1100), rapid.Int64Range(-50, 50), rapid.SampledFrom([]int64{math.MinInt64 + 3, math.MaxInt64}))
	var records []flow.Record
	blocks := 0
	rapid.Check(t, func(rt *rapid.T) {
		added := rapid.SliceOfN(anyRecord(1), 0, 5).Draw(rt, "records")
		for i := range added {
			added[i].Start = starts.Draw(rt, "start")
		}
		blocks++
		mustAppend(t, s, 1, block(blocks, added...))
		records = append(records, added...)
		var q store.Query
		bound := func(label string) *int64 {
			if rapid.Bool().Draw(rt, label+"?") {
				v := rapid.OneOf(rapid.Int64Range(-60, 1200), rapid.Int64()).Draw(rt, label)
				return &v
			}
			return nil
		}
		q.From, q.To = bound("from"), bound("to")
		n := rapid.OneOf(rapid.IntRange(2, 7), rapid.SampledFrom([]int{1, 120, maxBuckets})).Draw(rt, "n")
		checkTimeline(rt, t, s, records, q, n)
	})
	for _, n := range []int{0, -1, maxBuckets + 1} {
		if _, _, err := s.Timeline(t.Context(), store.Query{}, n); err == nil || !strings.Contains(err.Error(), "give 1 to 10000") {
			t.Errorf("%d buckets: %v", n, err)
		}
	}
}

func checkTimeline(rt *rapid.T, t *testing.T, s *Store, records []flow.Record, q store.Query, n int) {
	var matching []flow.Record
	for _, r := range records {
		if (q.From == nil || r.Start >= *q.From) && (q.To == nil || r.Start < *q.To) {
			matching = append(matching, r)
		}
	}
	buckets, width, err := s.Timeline(t.Context(), q, n)
	if q.From != nil && q.To != nil && *q.From >= *q.To {
		if err == nil {
			rt.Fatal("a span that ends before it begins is fine")
		}
		return
	}
	if err != nil && n == 1 && strings.Contains(err.Error(), "292,000 years") {
		return
	}
	if err != nil {
		rt.Fatal(err)
	}
	if len(matching) == 0 && (q.From == nil || q.To == nil) {
		if buckets != nil {
			rt.Fatalf("%d buckets of no span", len(buckets))
		}
		return
	}
	if len(buckets) != n || width < 1 {
		rt.Fatalf("%d buckets of %d", len(buckets), width)
	}
	if q.From != nil && buckets[0].Start != *q.From {
		rt.Fatalf("the first bucket is at %d", buckets[0].Start)
	}
	want := make([]bothSides, n)
	for i := range matching {
		want[uint64(matching[i].Start-buckets[0].Start)/uint64(width)].add(&matching[i])
	}
	for i, b := range buckets {
		if b.Flows != most(&want[i].flows) || b.Bytes != most(&want[i].bytes) || b.Packets != most(&want[i].packets) {
			rt.Fatalf("bucket %d: %+v, want %+v", i, b, &want[i])
		}
	}
}
