package peers

import (
	"math"
	"math/rand/v2"
	"strconv"

	"cxlens/internal/flow"
)

// flows makes flows as an office has them: a few milliseconds apart and in the order of their
// starts, most of them short, a few heavy, a tenth IPv6, between as many hosts as it is told.
type flows struct {
	rng      *rand.Rand
	hosts    int
	n        int
	captures bool // whether they name the capture files that hold them
}

func newFlows(hosts int) *flows {
	return &flows{rng: rand.New(rand.NewPCG(1, 2)), hosts: hosts, captures: true}
}

func (g *flows) next(r *flow.Record) {
	rng := g.rng
	g.n++
	start := 1_764_000_000_000_000 + int64(g.n)*3_225 // 310 flows a second
	heavy := func(base float64) uint64 { return uint64(base * math.Exp(rng.ExpFloat64()*1.6)) }
	*r = flow.Record{
		ID: uint64(start/1e6)*1e9 + uint64(g.n), Start: start, End: start + min(int64(heavy(2_000)), 3600e6),
		Proto: flow.TCP, IPVersion: 4, SrcPort: uint16(1024 + rng.IntN(64_000)), Node: uint32(1 + rng.IntN(4)),
		SrcPackets: heavy(2), DstPackets: heavy(2), SrcFlags: 0x1b, DstFlags: 0x1b, Offset: -1, EndOffset: -1,
	}
	r.DstPort = []uint16{443, 443, 443, 80, 53, 22, 8080, 123, uint16(rng.IntN(65_536))}[rng.IntN(9)]
	if r.DstPort == 53 || r.DstPort == 123 {
		r.Proto, r.SrcFlags, r.DstFlags = flow.UDP, 0, 0
	}
	r.SrcBytes, r.DstBytes = r.SrcPackets*(60+rng.Uint64N(900)), r.DstPackets*(60+rng.Uint64N(1400))
	host := func() uint32 { // some far more often than others
		return uint32(g.hosts-1-int(float64(g.hosts)*math.Sqrt(rng.Float64())))*2_654_435 + 1<<24
	}
	r.Src, r.Dst = flow.AddrFrom4(host()), flow.AddrFrom4(host())
	if g.n%10 == 0 {
		const documentation = 0x20010db8 << 32
		r.IPVersion = 6
		r.Src, r.Dst = flow.AddrFromNumbers(documentation, uint64(host())), flow.AddrFromNumbers(documentation|7, uint64(host()))
	}
	if !g.captures {
		return
	}
	r.File = "/nsm/cxtracker/pcap/em1." + strconv.FormatInt(start/3600e6*3600, 10)
	r.EndFile = r.File
	if g.n%50 == 0 { // the capture was rotated while the flow lasted
		r.EndFile = "/nsm/cxtracker/pcap/em1." + strconv.FormatInt(start/3600e6*3600+3600, 10)
	}
	r.Offset = int64(g.n%1_000_000) * 4_000
	r.EndOffset = r.Offset + int64(r.SrcBytes+r.DstBytes)
}
