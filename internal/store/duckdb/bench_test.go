package duckdb

import (
	"encoding/binary"
	"testing"

	"cxlens/internal/flow"
	"cxlens/internal/store"
	"cxlens/query"
)

const benchRows = 1_000_000

// benchStore is a store in a file with benchRows flows.
func benchStore(b *testing.B) *Store {
	b.Helper()
	s := openTest(b, tempPath(b))
	load(b, s, benchRows)
	return s
}

// BenchmarkAppend stores blocks of 10,000 flows durably.
func BenchmarkAppend(b *testing.B) {
	s := openTest(b, tempPath(b))
	records := traffic(newRand(), 1, 0, 10_000)
	blocks := 0
	for b.Loop() {
		blocks++
		var hash [32]byte
		binary.LittleEndian.PutUint64(hash[:], uint64(blocks))
		if err := s.Append(b.Context(), 1, store.Block{Hash: hash, Records: records}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(blocks*len(records))/b.Elapsed().Seconds(), "rows/s")
}

// BenchmarkAppendSmall stores blocks of 100 flows durably.
func BenchmarkAppendSmall(b *testing.B) {
	s := openTest(b, tempPath(b))
	records := traffic(newRand(), 1, 0, 100)
	blocks := 0
	for b.Loop() {
		blocks++
		var hash [32]byte
		binary.LittleEndian.PutUint64(hash[:], uint64(blocks))
		if err := s.Append(b.Context(), 1, store.Block{Hash: hash, Records: records}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(blocks*len(records))/b.Elapsed().Seconds(), "rows/s")
}

// BenchmarkFlows reads all flows, and the highest by an order.
func BenchmarkFlows(b *testing.B) {
	s := benchStore(b)
	bySrcBytes := []flow.SortKey{{Column: flow.ColSrcBytes, Desc: true}}
	for _, bench := range []struct {
		name string
		q    store.Query
	}{
		{"all", store.Query{}},
		{"ordered", store.Query{Order: bySrcBytes}},
		{"by service", store.Query{Order: []flow.SortKey{{Column: flow.ColService}, {Column: flow.ColBPS, Desc: true}}}},
		{"top 100k", store.Query{Order: bySrcBytes, Limit: 100_000}},
	} {
		b.Run(bench.name, func(b *testing.B) {
			rows := 0
			for b.Loop() {
				err := s.Flows(b.Context(), bench.q, 10_000, func(r []flow.Record) error { rows += len(r); return nil })
				if err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

// BenchmarkCountCIDR counts the flows of a network among a million.
func BenchmarkCountCIDR(b *testing.B) {
	s := benchStore(b)
	for _, text := range []string{"src net 10.0.7.0/24", "net 10.0.7.0/24", "any"} {
		b.Run(text, func(b *testing.B) {
			where, err := query.Parse(text)
			if err != nil {
				b.Fatal(err)
			}
			n := 0
			for b.Loop() {
				totals, err := s.Count(b.Context(), store.Query{Where: where})
				if err != nil {
					b.Fatal(err)
				}
				if totals.Flows == 0 {
					b.Fatal("no flow matches")
				}
				n++
			}
			b.ReportMetric(float64(n*benchRows)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

// BenchmarkTop finds the ten sources with the most bytes among a million flows.
func BenchmarkTop(b *testing.B) {
	s := benchStore(b)
	n := 0
	for b.Loop() {
		_, total, err := s.Top(b.Context(), store.Query{Limit: 10}, []flow.Column{flow.ColSrcIP}, store.Bytes)
		if err != nil {
			b.Fatal(err)
		}
		if total == 0 {
			b.Fatal("no group")
		}
		n++
	}
	b.ReportMetric(float64(n*benchRows)/b.Elapsed().Seconds(), "rows/s")
}

// BenchmarkTimeline cuts a million flows into 120 buckets.
func BenchmarkTimeline(b *testing.B) {
	s := benchStore(b)
	n := 0
	for b.Loop() {
		if _, _, err := s.Timeline(b.Context(), store.Query{}, 120); err != nil {
			b.Fatal(err)
		}
		n++
	}
	b.ReportMetric(float64(n*benchRows)/b.Elapsed().Seconds(), "rows/s")
}
