package duckdb

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"math"
	"math/rand/v2"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"cxlens/internal/flow"
	"cxlens/internal/store"
)

// openTest opens a store that the test closes at its end.
func openTest(t testing.TB, path string) *Store {
	t.Helper()
	s, err := Open(t.Context(), path, Options{Threads: 2, Now: func() time.Time { return time.Unix(1_764_000_000, 0) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func tempPath(t testing.TB) string { return filepath.Join(t.TempDir(), "flows.duckdb") }

// block makes a block whose hash is that of n.
func block(n int, records ...flow.Record) store.Block {
	return store.Block{Hash: sha256.Sum256([]byte(strconv.Itoa(n))), Records: records}
}

func mustAppend(t testing.TB, s *Store, node uint32, b store.Block) {
	t.Helper()
	if err := s.Append(t.Context(), node, b); err != nil {
		t.Fatal(err)
	}
}

// all collects the flows of a query.
func all(t testing.TB, s *Store, q store.Query) []flow.Record {
	t.Helper()
	var got []flow.Record
	err := s.Flows(t.Context(), q, 1000, func(batch []flow.Record) error {
		if len(batch) == 0 || len(batch) > 1000 {
			t.Errorf("a batch of %d records", len(batch))
		}
		got = append(got, batch...)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func mustCount(t testing.TB, s *Store, q store.Query) store.Totals {
	t.Helper()
	totals, err := s.Count(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	return totals
}

// anyRecord draws flows of node with the extremes of every field.
func anyRecord(node uint32) *rapid.Generator[flow.Record] {
	count := rapid.OneOf(rapid.Uint64(), rapid.Uint64Range(0, 3), rapid.SampledFrom([]uint64{math.MaxInt64, math.MaxInt64 + 1, math.MaxUint64}))
	micros := rapid.OneOf(rapid.Int64(), rapid.Int64Range(1_764_000_000_000_000, 1_764_000_000_000_009), rapid.SampledFrom([]int64{math.MinInt64, -1, 0, math.MaxInt64}))
	offset := rapid.OneOf(rapid.Just(int64(-1)), rapid.Int64())
	name := rapid.OneOf(rapid.SampledFrom([]string{"", "", "a.pcap", "/nsm/b.pcap", "bad\xff\x00name", "a\xfe"}), rapid.String())
	half := rapid.OneOf(rapid.Uint64(), rapid.SampledFrom([]uint64{0, 1, 1 << 63, math.MaxUint64}))
	return rapid.Custom(func(t *rapid.T) flow.Record {
		version := rapid.SampledFrom([]uint8{4, 6}).Draw(t, "version")
		addr := func(label string) flow.Addr {
			if version == 4 {
				return flow.AddrFrom4(rapid.OneOf(rapid.Uint32(), rapid.Uint32Range(0, 2)).Draw(t, label))
			}
			return flow.AddrFromNumbers(half.Draw(t, label), half.Draw(t, label))
		}
		return flow.Record{
			ID: count.Draw(t, "id"), Start: micros.Draw(t, "start"), End: micros.Draw(t, "end"),
			Src: addr("src"), Dst: addr("dst"), Node: node, IPVersion: version,
			SrcPort:    rapid.OneOf(rapid.Uint16(), rapid.SampledFrom([]uint16{22, 80})).Draw(t, "src port"),
			DstPort:    rapid.OneOf(rapid.Uint16(), rapid.SampledFrom([]uint16{53, 443})).Draw(t, "dst port"),
			SrcPackets: count.Draw(t, "src packets"), SrcBytes: count.Draw(t, "src bytes"),
			DstPackets: count.Draw(t, "dst packets"), DstBytes: count.Draw(t, "dst bytes"),
			SrcFlags: flow.Flags(rapid.Uint8().Draw(t, "src flags")), DstFlags: flow.Flags(rapid.Uint8().Draw(t, "dst flags")),
			Proto: rapid.OneOf(rapid.SampledFrom([]uint8{flow.TCP, flow.UDP, flow.ICMP}), rapid.Uint8()).Draw(t, "proto"),
			File:  name.Draw(t, "file"), EndFile: name.Draw(t, "end file"),
			Offset: offset.Draw(t, "offset"), EndOffset: offset.Draw(t, "end offset"),
		}
	})
}

// traffic makes n realistic flows of node, a few milliseconds apart.
func traffic(rng *rand.Rand, node uint32, from, n int) []flow.Record {
	records := make([]flow.Record, n)
	for i := range records {
		at := from + i
		start := int64(1_764_000_000_000_000) + int64(at)*3_225
		packets := 1 + uint64(rng.ExpFloat64()*8)
		file := "/nsm/cxtracker/pcap/em1." + strconv.FormatInt(start/3600e6*3600, 10)
		records[i] = flow.Record{
			ID: uint64(start/1e6)*1e9 + uint64(at), Start: start, End: start + int64(rng.ExpFloat64()*2e6),
			Src: flow.AddrFrom4(10<<24 | rng.Uint32N(1<<16)), Dst: flow.AddrFrom4(rng.Uint32()),
			SrcPort: uint16(1024 + rng.IntN(60_000)), DstPort: []uint16{443, 443, 80, 53, 22, uint16(rng.IntN(1 << 16))}[rng.IntN(6)],
			SrcPackets: packets, SrcBytes: packets * (60 + rng.Uint64N(900)), DstPackets: packets, DstBytes: packets * (60 + rng.Uint64N(1400)),
			SrcFlags: 0x1b, DstFlags: 0x1b, Proto: flow.TCP, IPVersion: 4, Node: node,
			File: file, EndFile: file, Offset: int64(at) * 4000, EndOffset: int64(at)*4000 + 1000,
		}
	}
	return records
}

func newRand() *rand.Rand { return rand.New(rand.NewPCG(1, 2)) }

// load fills a store with n flows in blocks of 10,000.
func load(t testing.TB, s *Store, n int) {
	t.Helper()
	rng := newRand()
	for at := 0; at < n; at += 10_000 {
		var hash [32]byte
		binary.LittleEndian.PutUint64(hash[:], uint64(at)+1)
		b := store.Block{Hash: hash, Records: traffic(rng, 1, at, min(10_000, n-at))}
		if err := s.Append(context.Background(), 1, b); err != nil {
			t.Fatal(err)
		}
	}
}
