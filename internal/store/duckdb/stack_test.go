package duckdb

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"cxlens/internal/flow"
	"cxlens/internal/store"
)

// stackOf is TimelineBy in the simple way, from what Timeline and Top say of all flows.
func stackOf(t *testing.T, s *Store, view *flow.View, q store.Query, n int, by []flow.Column, metric store.Metric) (series [][]string, layers []store.Layer) {
	t.Helper()
	groups, _, err := s.Top(t.Context(), q, by, metric)
	if err != nil {
		t.Fatal(err)
	}
	number := make(map[string]int)
	for i, g := range groups {
		series = append(series, g.Values)
		number[fmt.Sprintf("%q", g.Values)] = i + 1
	}
	buckets, width, err := s.Timeline(t.Context(), q, n)
	if err != nil {
		t.Fatal(err)
	}
	type place struct{ bucket, series int }
	all := make(map[place]*bothSides)
	for row := range view.Len() {
		var r flow.Record
		view.Record(row, &r)
		var cells []string
		for _, c := range by {
			cells = append(cells, string(view.AppendCell(nil, c, row)))
		}
		at := place{int(uint64(r.Start-buckets[0].Start) / uint64(width)), number[fmt.Sprintf("%q", cells)]}
		if all[at] == nil {
			all[at] = &bothSides{}
		}
		all[at].add(&r)
	}
	for i, b := range buckets {
		if b.Flows == 0 {
			layers = append(layers, store.Layer{Bucket: b})
		}
		for at, sum := range all {
			if at.bucket == i {
				layers = append(layers, store.Layer{Series: at.series, Bucket: store.Bucket{
					Start: b.Start, Flows: most(&sum.flows), Bytes: most(&sum.bytes), Packets: most(&sum.packets),
				}})
			}
		}
	}
	slices.SortFunc(layers, func(a, b store.Layer) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.Series, b.Series))
	})
	return series, layers
}

func TestStackedTimelineIsThatOfTheRecords(t *testing.T) {
	seed := 100
	draw := rapid.SliceOfN(anyRecord(0), 30, 30)
	s, view := mixed(t, func(node uint32) []flow.Record {
		seed++
		list := draw.Example(seed)
		for i := range list {
			list[i].Node, list[i].File, list[i].EndFile = node, "", ""
			list[i].Start = 1_000_000 + int64(i*i)
		}
		return list
	})
	for _, by := range [][]flow.Column{{flow.ColProto}, {flow.ColService}, {flow.ColNode}, {flow.ColSrcIP, flow.ColState}, {flow.ColBPP}} {
		for _, metric := range []store.Metric{store.Flows, store.Bytes, store.Packets} {
			for _, n := range []int{1, 7, 2000} {
				q := store.Query{Limit: 3}
				wantSeries, want := stackOf(t, s, view, q, n, by, metric)
				series, got, width, err := s.TimelineBy(t.Context(), q, n, by, metric)
				if err != nil || width < 1 {
					t.Fatal(width, err)
				}
				if d := gocmp.Diff(wantSeries, series); d != "" {
					t.Errorf("%v %s %d: series %s", by, metric, n, d)
				}
				if d := gocmp.Diff(want, got); d != "" {
					t.Errorf("%v %s %d: layers %s", by, metric, n, d)
				}
			}
		}
	}
}

func TestStackedTimelineRefuses(t *testing.T) {
	s := openTest(t, "")
	proto := []flow.Column{flow.ColProto}
	if series, layers, width, err := s.TimelineBy(t.Context(), store.Query{Limit: 3}, 5, proto, store.Flows); series != nil || layers != nil || width != 0 || err != nil {
		t.Errorf("without flows: %v %v %d %v", series, layers, width, err)
	}
	mustAppend(t, s, 1, block(1, flow.Record{Proto: flow.TCP, IPVersion: 4}))
	for _, c := range []struct {
		limit  int64
		n      int
		by     []flow.Column
		metric store.Metric
		want   string
	}{
		{0, 5, proto, store.Flows, "0 series"},
		{1001, 5, proto, store.Flows, "1001 series"},
		{3, 0, proto, store.Flows, "give 1 to 10000"},
		{3, 5, nil, store.Flows, "needs a column"},
		{3, 5, proto, "size", `no metric "size"`},
	} {
		if _, _, _, err := s.TimelineBy(t.Context(), store.Query{Limit: c.limit}, c.n, c.by, c.metric); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v, want %q", err, c.want)
		}
	}
}
