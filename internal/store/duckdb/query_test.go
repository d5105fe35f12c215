package duckdb

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"cxlens/internal/flow"
	"cxlens/internal/store"
	"cxlens/query"
)

// A condition finds in the store the flows that its filter finds in a table.
func TestConditionsAreThoseOfTheFilter(t *testing.T) {
	micros := rapid.Int64Range(1_764_000_000_000_000, 1_764_000_000_000_009)
	seed := 0
	draw := rapid.SliceOfN(anyRecord(0), 60, 60)
	s, view := mixed(t, func(node uint32) []flow.Record {
		seed++
		list := draw.Example(seed)
		for i := range list {
			list[i].Node = node
			list[i].Start = micros.Example(i)
			list[i].End = list[i].Start + int64(i%5)*1_000_000 - 1_000_000
		}
		return list
	})
	env := query.Env{Now: time.UnixMicro(1_764_000_000_000_005), Names: map[string]string{"home": "[0.0.0.0/30 ::/8]"}, Params: map[string]string{"p": "443"}}
	for _, text := range []string{
		"any", "not any", "tcp", "proto != udp", "ip 0.0.0.0/30", "src net 0.0.0.0/1 and not dst net 128.0.0.0/1", "ip ::/1", "ip != ::1",
		"dst ip [0.0.0.1 0.0.0.2 ::]", "ip $home", "port ?p", "port 22 or port 53", "src port > 1000", "bytes > 1M", "bytes = 0", "src bytes >= 9223372036854775808",
		"packets < 10", "duration > 1s", "duration < 0s", "pps > 1", "bps < 8M", "bpp > 100", "flags S", "src flags any FR", "state SF", "state [S0 REJ OTH]", "service https",
		"node eth1", "agent sensor-a", "netgroup != dmz", "file a.pcap", `file "*.pcap"`, "id > 3", "icmp id 22", "start last 3ms and tcp",
	} {
		t.Run(text, func(t *testing.T) {
			where, err := query.Parse(text)
			if err != nil {
				t.Fatal(err)
			}
			filter, err := where.Filter(env)
			if err != nil {
				t.Fatal(err)
			}
			rows, err := filter.Select(t.Context(), view, nil)
			if err != nil {
				t.Fatal(err)
			}
			want := make([]flow.Record, len(rows))
			for i, row := range rows {
				view.Record(int(row), &want[i])
			}
			q := store.Query{Where: where, Env: env}
			got := all(t, s, q)
			if diff := cmp.Diff(want, append([]flow.Record{}, got...)); diff != "" {
				t.Error(diff)
			}
			if totals := mustCount(t, s, q); totals.Flows != uint64(len(want)) {
				t.Errorf("%d are counted of %d", totals.Flows, len(want))
			}
			order := []flow.SortKey{{Column: flow.ColService}, {Column: flow.ColNode, Desc: true}}
			rows, err = view.Sort(t.Context(), rows, order)
			if err != nil {
				t.Fatal(err)
			}
			for i, row := range rows {
				view.Record(int(row), &want[i])
			}
			q.Order = order
			if diff := cmp.Diff(want, append([]flow.Record{}, all(t, s, q)...)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// An unbound name is the query's error, which tells the place.
func TestUnboundNameIsAQueryError(t *testing.T) {
	s := openTest(t, "")
	where, err := query.Parse("ip $nowhere")
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Count(t.Context(), store.Query{Where: where})
	if _, ok := err.(*query.Error); !ok {
		t.Errorf("%T %v", err, err)
	}
}

// From, To and AfterSeq bound every kind of query alike.
func TestBounds(t *testing.T) {
	s := openTest(t, "")
	var records []flow.Record
	for i := range int64(10) {
		records = append(records, flow.Record{Start: i * 10, End: i * 10, IPVersion: 4, SrcBytes: 3, DstPackets: 2})
	}
	mustAppend(t, s, 0, block(1, records...))
	from, to := int64(20), int64(70)
	q := store.Query{From: &from, To: &to, AfterSeq: 4, Limit: 2} // 20 is seq 3
	want := store.Totals{Flows: 3, Bytes: 9, Packets: 6, First: 40, Last: 60, LastSeq: 7}
	if diff := cmp.Diff(want, mustCount(t, s, q)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(records[4:6], all(t, s, q)); diff != "" {
		t.Error(diff)
	}
	if got := mustCount(t, s, store.Query{AfterSeq: 10}); got != (store.Totals{}) {
		t.Errorf("%+v of nothing", got)
	}
}
