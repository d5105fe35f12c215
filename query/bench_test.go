package query

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"cxlens/internal/flow"
)

var benchmarkViews sync.Map

// benchmarkView makes n flows as an office network has them: many ports, a few thousand hosts, all sizes.
func benchmarkView(n int) *flow.View {
	if v, ok := benchmarkViews.Load(n); ok {
		return v.(*flow.View)
	}
	r := rand.New(rand.NewPCG(7, uint64(n)))
	table := flow.NewTable()
	for _, node := range testNodes {
		table.SetNode(node)
	}
	start := testNow.Add(-24 * time.Hour).UnixMicro()
	wellKnown := []uint16{443, 443, 443, 80, 53, 53, 22, 123, 445, 8080}
	for range n {
		start += r.Int64N(20_000)
		packets := uint64(1 + r.ExpFloat64()*20)
		rec := flow.Record{
			ID: uint64(start), Start: start, End: start + int64(r.ExpFloat64()*5e6),
			Src: flow.AddrFrom4(10<<24 | r.Uint32N(1<<14)), Dst: flow.AddrFrom4(r.Uint32N(1<<17) * 32749),
			SrcPort: uint16(32768 + r.IntN(28000)), DstPort: wellKnown[r.IntN(len(wellKnown))],
			SrcPackets: packets, SrcBytes: packets * (60 + r.Uint64N(1400)),
			DstPackets: packets, DstBytes: packets * (60 + r.Uint64N(1400)),
			SrcFlags: flow.Flags(r.UintN(32)), DstFlags: flow.Flags(r.UintN(32)),
			Proto: []uint8{6, 6, 6, 17}[r.IntN(4)], IPVersion: 4, Node: 1 + r.Uint32N(4), Offset: -1, EndOffset: -1,
		}
		if r.IntN(8) == 0 {
			rec.IPVersion = 6
			rec.Src = flow.AddrFromNumbers(0x20010db8<<32, r.Uint64N(1<<14))
			rec.Dst = flow.AddrFromNumbers(0x2a00<<48|r.Uint64N(1<<10), r.Uint64N(1<<8))
		}
		table.Append(&rec)
	}
	v := table.View()
	benchmarkViews.Store(n, v)
	return v
}

// manyBlocks are n blocks of addresses.
func manyBlocks(n int) (blocks []string) {
	for i := range n {
		blocks = append(blocks, fmt.Sprintf("10.0.%d.%d/31", i/100, i%100*2))
	}
	return blocks
}

var benchmarkQueries = map[string]string{
	"port":     "dst port 443 and src bytes > 10K",
	"cidr":     "net 10.0.0.0/20",
	"ports":    "port [ssh dns 8000-8080 443 3389]",
	"bytes":    "bytes > 100K",
	"rate":     "bps > 1M",
	"state":    "state [S0 REJ]",
	"service":  "service https",
	"time":     "start > now-12h and duration > 1s",
	"everyone": "any",
	"host":     "ip 10.0.0.7",
	"hosts":    "not ip [" + strings.Join(manyBlocks(500), " ") + "]",
	"ranges":   "bytes [1-100 200-300 1K-2K 5K-6K 10K-11K 50K-60K 70K 80K 90K 100K-1M]",
	"ids":      "id [1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20]",
	"flags":    "flags any FR or src flags S/SA",
	"duration": "duration 100ms-2s",
	"bpp":      "bpp [1-60 100-200 300-400]",
	"node":     "node eth* or netgroup dmz",
	"agent":    "not agent *x*",
	"file":     "file *em1*",
	"text":     "(netgroup *m* or agent c*) and not state SF",
	"mixed":    "tcp and (net 2001:db8::/32 or dst net 192.168.0.0/16) and not port [80 443] and flags S/SA",
}

func BenchmarkFilter(b *testing.B) {
	for _, rows := range []int{1_000_000, 10_000_000} {
		if rows > 1_000_000 && testing.Short() {
			continue
		}
		for name, text := range benchmarkQueries {
			b.Run(name+map[bool]string{true: "/1M", false: "/10M"}[rows == 1_000_000], func(b *testing.B) {
				view := benchmarkView(rows)
				f, err := mustParse(b, text).Filter(Env{Now: testNow})
				if err != nil {
					b.Fatal(err)
				}
				n := 0
				for b.Loop() {
					got, err := f.Select(b.Context(), view, nil)
					if err != nil {
						b.Fatal(err)
					}
					n = len(got)
				}
				b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
				b.ReportMetric(b.Elapsed().Seconds()*1e3/float64(b.N), "ms/filter")
				b.ReportMetric(float64(n), "matches")
			})
		}
	}
}

// BenchmarkMatch is the peer of BenchmarkFilter: the same queries row by row.
func BenchmarkMatch(b *testing.B) {
	view := benchmarkView(1_000_000)
	for name, text := range benchmarkQueries {
		b.Run(name, func(b *testing.B) {
			f, err := mustParse(b, text).Filter(Env{Now: testNow})
			if err != nil {
				b.Fatal(err)
			}
			row := 0
			for b.Loop() {
				f.Match(view, row)
				row = (row + 1) % view.Len()
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

func BenchmarkParse(b *testing.B) {
	text := "tcp and (dst net [10.0.0.0/8 192.168.0.0/16] or src port [ssh 8000-8080]) and bytes > 1.5M and not state [S0 REJ] and start in now-2h .. now"
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if _, err := Parse(text); err != nil {
			b.Fatal(err)
		}
	}
}
