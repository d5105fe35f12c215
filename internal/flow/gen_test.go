package flow

import (
	"math"
	"math/rand/v2"
	"strconv"

	"pgregory.net/rapid"
)

// anyRecord draws a flow that a line can hold: extremes are as likely as the usual.
func anyRecord() *rapid.Generator[Record] {
	return rapid.Custom(func(t *rapid.T) Record {
		version := rapid.SampledFrom([]uint8{4, 6}).Draw(t, "version")
		micros := rapid.OneOf(rapid.Int64Range(MinTime, MaxTime), rapid.Int64Range(1_700_000_000_000_000, 1_700_000_900_000_000),
			rapid.SampledFrom([]int64{MinTime, MaxTime, 0, -1, 951782400_000000}))
		count := rapid.OneOf(rapid.Uint64(), rapid.Uint64Range(0, 3), rapid.SampledFrom([]uint64{0, math.MaxInt64, math.MaxUint64}))
		offset := rapid.OneOf(rapid.Just(int64(-1)), rapid.Int64(), rapid.Int64Range(0, 99))
		return Record{
			ID: count.Draw(t, "id"), Start: micros.Draw(t, "start"), End: micros.Draw(t, "end"),
			Src: anyAddr(version).Draw(t, "src"), Dst: anyAddr(version).Draw(t, "dst"),
			SrcPort: rapid.Uint16().Draw(t, "src port"), DstPort: rapid.SampledFrom([]uint16{0, 53, 80, 443, 9999}).Draw(t, "dst port"),
			SrcPackets: count.Draw(t, "src packets"), SrcBytes: count.Draw(t, "src bytes"),
			DstPackets: count.Draw(t, "dst packets"), DstBytes: count.Draw(t, "dst bytes"),
			SrcFlags: Flags(rapid.Uint8().Draw(t, "src flags")), DstFlags: Flags(rapid.Uint8().Draw(t, "dst flags")),
			Proto:     rapid.OneOf(rapid.SampledFrom([]uint8{TCP, UDP, ICMP}), rapid.Uint8()).Draw(t, "proto"),
			IPVersion: version,
			Node:      rapid.OneOf(rapid.Uint32Range(0, 3), rapid.Uint32()).Draw(t, "node"),
			File:      anyName().Draw(t, "file"), EndFile: anyName().Draw(t, "end file"),
			Offset: offset.Draw(t, "offset"), EndOffset: offset.Draw(t, "end offset"),
		}
	})
}

func anyAddr(version uint8) *rapid.Generator[Addr] {
	small := []uint64{0, 1, 0xffff_0000_0000 | 10<<24, math.MaxUint64, 1 << 63, 0x2001_0db8 << 32}
	return rapid.Custom(func(t *rapid.T) Addr {
		if version == 4 {
			return AddrFrom4(rapid.OneOf(rapid.Uint32(), rapid.Uint32Range(0, 3)).Draw(t, "v4"))
		}
		half := rapid.OneOf(rapid.Uint64(), rapid.SampledFrom(small))
		return AddrFromNumbers(half.Draw(t, "hi"), half.Draw(t, "lo"))
	})
}

// anyName draws file names that a line can hold.
func anyName() *rapid.Generator[string] {
	return rapid.SampledFrom([]string{"", "a", "b", "/pcap/em1.1246441234", "ü ß.pcap", "latin\xe4", "\u202e", "C:\\x\"y\",z"})
}

// flows makes a realistic stream: flows a few milliseconds apart, most of them
// short, a few heavy, from hosts many of which come again.
type flows struct {
	rng   *rand.Rand
	hosts int
	n     int
}

func newFlows(hosts int) *flows {
	return &flows{rng: rand.New(rand.NewPCG(1, 2)), hosts: hosts}
}

func (g *flows) next(r *Record) {
	rng := g.rng
	g.n++
	start := 1_764_000_000_000_000 + int64(g.n)*3_225 + rng.Int64N(2_000_000) // 310 flows a second
	heavy := func(base float64) uint64 { return uint64(base * math.Exp(rng.ExpFloat64()*1.6)) }
	*r = Record{
		ID: uint64(start/1e6)*1e9 + uint64(g.n), Start: start, End: start + int64(heavy(2_000)),
		Proto: TCP, IPVersion: 4, SrcPort: uint16(1024 + rng.IntN(64_000)), Node: uint32(1 + rng.IntN(4)),
		SrcPackets: heavy(2), DstPackets: heavy(2), SrcFlags: 0x1b, DstFlags: 0x1b,
	}
	r.DstPort = []uint16{443, 443, 443, 80, 53, 22, 8080, 123, uint16(rng.IntN(65_536))}[rng.IntN(9)]
	if r.DstPort == 53 || r.DstPort == 123 {
		r.Proto, r.SrcFlags, r.DstFlags = UDP, 0, 0
	}
	r.SrcBytes, r.DstBytes = r.SrcPackets*(60+rng.Uint64N(900)), r.DstPackets*(60+rng.Uint64N(1400))
	host := func() uint32 {
		return uint32(g.hosts-1-int(float64(g.hosts)*math.Sqrt(rng.Float64())))*2_654_435 + 1<<24
	}
	r.Src, r.Dst = AddrFrom4(host()), AddrFrom4(host())
	if g.n%10 == 0 {
		r.IPVersion = 6
		r.Src, r.Dst = AddrFromNumbers(0x20010db8<<32, uint64(host())), AddrFromNumbers(0x20010db8<<32|7, uint64(host()))
	}
	r.File = "/nsm/cxtracker/pcap/em1." + strconv.FormatInt(start/3600e6*3600, 10)
	r.EndFile = r.File
	if g.n%50 == 0 { // the capture was rotated while the flow lasted
		r.EndFile = "/nsm/cxtracker/pcap/em1." + strconv.FormatInt(start/3600e6*3600+3600, 10)
	}
	r.Offset = int64(g.n%1_000_000) * 4_000
	r.EndOffset = r.Offset + int64(r.SrcBytes+r.DstBytes)
}
