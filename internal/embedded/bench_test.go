package embedded

import (
	"context"
	"testing"

	"cxlens/internal/flow"
	"cxlens/internal/node/sources"
	"cxlens/query"
)

// lineSource posts n generated session lines.
type lineSource struct{ n int }

func (s lineSource) Name() string { return "generated" }

func (s lineSource) Run(ctx context.Context, sink sources.Sink) error {
	const block = 10_000
	var lines []byte
	for i := range s.n {
		r := generated(i)
		lines = flow.AppendLine(lines, &r, flow.Form20)
		if (i+1)%block == 0 || i+1 == s.n {
			if err := sink.Post(ctx, lines); err != nil {
				return err
			}
			lines = lines[:0:0]
		}
	}
	return nil
}

// generated is the i-th of a series of flows that look like an office's.
func generated(i int) flow.Record {
	start := int64(1_780_000_000_000_000) + int64(i)*1_733
	return flow.Record{
		ID: uint64(start/1_000_000)*1_000_000_000 + uint64(i), Start: start, End: start + int64(i%977)*10_007,
		Src: flow.AddrFrom4(0x0a140000 + uint32(i*7919%5000)), Dst: flow.AddrFrom4(0xc0000200 + uint32(i*104729%70000)),
		SrcPort: uint16(32768 + i%28000), DstPort: []uint16{443, 80, 53, 22, 8443}[i%5],
		SrcPackets: uint64(1 + i%40), SrcBytes: uint64(60 + i*31%90_000),
		DstPackets: uint64(i % 60), DstBytes: uint64(i * 17 % 900_000),
		SrcFlags: flow.SYN | flow.ACK | flow.FIN, DstFlags: flow.SYN | flow.ACK | flow.FIN,
		Proto: flow.TCP, IPVersion: 4, Offset: -1, EndOffset: -1,
	}
}

// BenchmarkGetToTable measures the whole path of a result: GET, the store's rows,
// parts on the wire, and the client's table.
func BenchmarkGetToTable(b *testing.B) {
	const rows = 500_000
	e, err := Start(b.Context(), Options{Sources: []sources.Source{lineSource{rows}}, NodeName: "bench", Netgroup: "bench"})
	if err != nil {
		b.Fatal(err)
	}
	defer e.Close()
	<-e.Read
	if err := e.ReadErr(); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		r := e.Client.Submit(query.Request{Query: "any", Kind: query.KindFlows})
		if err := r.Wait(b.Context()); err != nil {
			b.Fatal(err)
		}
		if n := r.View().Len(); n != rows {
			b.Fatalf("%d rows arrived, want %d", n, rows)
		}
	}
	b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
	b.ReportMetric(0, "ns/op")
}
