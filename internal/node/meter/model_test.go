package meter_test

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"testing"

	"cxlens/internal/flow"
	"cxlens/internal/node/capture"
	"cxlens/internal/node/meter"
	nt "cxlens/internal/node/nodetest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// naive is the simple model: one flow for each unordered pair of endpoints, for ever.
type naive struct {
	keys  map[string]int
	flows []flow.Record
}

func endpoint(host, port int) string {
	return netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, 0, 0, byte(host)}), uint16(port)).String()
}

func (n *naive) add(p event) {
	a, b := endpoint(p.src, p.srcPort), endpoint(p.dst, p.dstPort)
	name, back := fmt.Sprintf("%d %s %s", p.proto, a, b), fmt.Sprintf("%d %s %s", p.proto, b, a)
	i, ok := n.keys[name]
	fromSrc := true
	if !ok {
		if i, ok = n.keys[back]; ok {
			fromSrc = false
		}
	}
	if !ok {
		i = len(n.flows)
		n.keys[name] = i
		n.flows = append(n.flows, flow.Record{
			ID: uint64(p.micros/1e6)*1e9 + uint64(i) + 1, Start: p.micros, End: p.micros, Proto: uint8(p.proto), IPVersion: 4,
			Src: flow.AddrFrom4(0x0a000000 + uint32(p.src)), Dst: flow.AddrFrom4(0x0a000000 + uint32(p.dst)),
			SrcPort: uint16(p.srcPort), DstPort: uint16(p.dstPort), Offset: -1, EndOffset: -1,
		})
	}
	r := &n.flows[i]
	r.Start, r.End = min(r.Start, p.micros), max(r.End, p.micros)
	if fromSrc {
		r.SrcPackets, r.SrcBytes, r.SrcFlags = r.SrcPackets+1, r.SrcBytes+uint64(p.length), r.SrcFlags|flow.Flags(p.flags)
	} else {
		r.DstPackets, r.DstBytes, r.DstFlags = r.DstPackets+1, r.DstBytes+uint64(p.length), r.DstFlags|flow.Flags(p.flags)
	}
}

// event is a packet of the model.
type event struct {
	micros                                           int64
	src, dst, srcPort, dstPort, proto, flags, length int
}

func (e event) packet() *capture.Packet {
	segment := nt.TCP(e.srcPort, e.dstPort, byte(e.flags), "")
	if e.proto == 17 {
		segment = nt.UDP(e.srcPort, e.dstPort, "")
	}
	ip := nt.IPv4(endpointHost(e.src), endpointHost(e.dst), e.proto, 1, 0, segment)
	return &capture.Packet{Time: e.micros, Length: uint32(e.length), Data: nt.Ethernet(0x0800, ip), Link: 1}
}

func endpointHost(host int) string { return netip.AddrFrom4([4]byte{10, 0, 0, byte(host)}).String() }

// TestModel holds the meter against the model, where no flow times out.
func TestModel(t *testing.T) {
	events := rapid.Custom(func(t *rapid.T) event {
		e := event{
			micros: 1_700_000_000_000_000 + rapid.Int64Range(0, 4_900_000).Draw(t, "time"), // below the shortest idle time, in any order
			src:    rapid.IntRange(1, 3).Draw(t, "src"), dst: rapid.IntRange(1, 3).Draw(t, "dst"),
			srcPort: rapid.IntRange(0, 2).Draw(t, "srcPort"), dstPort: rapid.IntRange(0, 2).Draw(t, "dstPort"),
			proto:  rapid.SampledFrom([]int{6, 17}).Draw(t, "proto"),
			length: rapid.IntRange(0, 9000).Draw(t, "length"),
		}
		if e.proto == 6 {
			e.flags = rapid.IntRange(0, 255).Draw(t, "flags")
		}
		return e
	})
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOfN(events, 0, 60).Draw(t, "packets")
		model := naive{keys: map[string]int{}}
		got := map[uint64]flow.Record{}
		m := meter.New(meter.Options{}, func(r *flow.Record) { got[r.ID%1e9] = *r })
		for _, e := range list {
			model.add(e)
			m.Add(e.packet())
		}
		if m.Open() != len(model.flows) {
			t.Fatalf("%d flows are open, want %d", m.Open(), len(model.flows))
		}
		m.Flush()
		for i, want := range model.flows {
			if d := cmp.Diff(want, got[uint64(i)+1]); d != "" {
				t.Fatalf("flow %d: %s", i, d)
			}
		}
		if len(got) != len(model.flows) {
			t.Fatalf("%d flows, want %d", len(got), len(model.flows))
		}
	})
}

// ledger checks what holds for every input: each packet is counted once, each flow
// is emitted once, and the flows hold the metered packets.
type ledger struct {
	t       *testing.T
	packets uint64
	ids     map[uint64]bool
	lines   []byte
}

func (l *ledger) emit(r *flow.Record) {
	l.packets += r.Packets()
	if r.SrcPackets == 0 || r.End < r.Start || l.ids[r.ID%1e9] {
		l.t.Fatalf("impossible flow %+v", r)
	}
	l.ids[r.ID%1e9] = true
	l.lines = flow.AppendLine(l.lines[:0], r, flow.Form20)
	var back flow.Record
	if _, err := flow.ParseLine(l.lines[:len(l.lines)-1], &back); err != nil || back != *r {
		l.t.Fatalf("%s reads back as %+v (%v), want %+v", l.lines, back, err, *r)
	}
}

func (l *ledger) close(st meter.Stats) {
	if st.Packets != st.Metered+st.NonIP+st.UnknownLink+st.Truncated+st.Damaged {
		l.t.Fatalf("packets do not add up: %+v", st)
	}
	if l.packets != st.Metered || uint64(len(l.ids)) != st.Flows || st.Orphans > st.Fragments {
		l.t.Fatalf("%d packets in %d flows: %+v", l.packets, len(l.ids), st)
	}
}

// FuzzDecode meters one frame of any link type.
func FuzzDecode(f *testing.F) {
	f.Add(uint16(1), nt.Ethernet(0x8100, nt.Tag(1, 0x86dd), tcp6))
	f.Add(uint16(1), nt.Ethernet(0x8847, nt.Label(1, true), udp4))
	f.Add(uint16(1), nt.Ethernet(0x8864, []byte{0x11, 0, 0, 1, 0, 0, 0, 0x21}, udp4))
	f.Add(uint16(101), nt.IPv4("10.0.0.1", "10.0.0.2", 41, 1, 0x2000, nt.IPv6("::1", "::2", 44, nt.FragmentHeader(17, 8, true, 9))))
	f.Add(uint16(101), nt.IPv6("::1", "::2", 0, nt.Cat(nt.Extension(51), nt.Extension(58), nt.ICMP(128, 0, 1))))
	f.Add(uint16(9), []byte{0xff, 3, 0, 0x21, 0x45})
	f.Fuzz(func(t *testing.T, link uint16, frame []byte) {
		l := &ledger{t: t, ids: map[uint64]bool{}}
		m := meter.New(meter.Options{}, l.emit)
		p := &capture.Packet{Number: 1, Time: 1e6, Length: uint32(len(frame)), Data: frame, Link: capture.LinkType(link)}
		m.Add(p)
		m.Add(p)
		m.Flush()
		l.close(m.Stats())
	})
}

// FuzzMeter meters packets whose times, endpoints and flags the input chooses,
// with few places in the table.
func FuzzMeter(f *testing.F) {
	f.Add([]byte{0, 0, 0, 0, 1, 2, 3, 4, 255, 0, 9, 9}, uint8(2))
	f.Add(make([]byte, 400), uint8(0))
	f.Fuzz(func(t *testing.T, in []byte, most uint8) {
		l := &ledger{t: t, ids: map[uint64]bool{}}
		m := meter.New(meter.Options{MaxFlows: int(most)}, l.emit)
		m.File("f")
		in = in[:min(len(in), 4096)]
		for n := int64(0); len(in) >= 4; n++ {
			jump, who, what := int16(binary.BigEndian.Uint16(in)), in[2], in[3]
			in = in[4:]
			e := event{
				micros: max(0, 1_700_000_000_000_000+int64(jump)*1_000_000+n), src: int(who & 7), dst: int(who >> 3 & 7),
				srcPort: int(who >> 6), dstPort: 1, proto: []int{6, 17, 1, 50}[what&3], flags: int(what >> 2), length: 60,
			}
			p := e.packet()
			p.Offset, p.End = n*100, n*100+100
			m.Add(p)
			if most > 0 && m.Open() > int(most) {
				t.Fatalf("%d flows are open, at most %d may be", m.Open(), most)
			}
		}
		m.Flush()
		l.close(m.Stats())
	})
}

// BenchmarkMeter meters 100,000 generated packets of 1,000 and of 50,000 pairs.
func BenchmarkMeter(b *testing.B) {
	for _, pairs := range []int{1000, 50_000} {
		b.Run(fmt.Sprintf("%d pairs", pairs), func(b *testing.B) {
			frames := nt.Traffic(100_000, pairs)
			b.ReportAllocs()
			for b.Loop() {
				m := meter.New(meter.Options{}, func(*flow.Record) {})
				for i := range frames {
					f := &frames[i]
					m.Add(&capture.Packet{Time: f.Micros, Length: uint32(len(f.Data)), Data: f.Data, Link: 1})
				}
				m.Flush()
			}
			b.ReportMetric(float64(b.N*len(frames))/b.Elapsed().Seconds(), "packets/s")
		})
	}
}

// TestMalformed meters files that broke other programs; what they hold adds up.
func TestMalformed(t *testing.T) {
	for _, path := range files(t, "malformed") {
		l := &ledger{t: t, ids: map[uint64]bool{}}
		m := meter.New(meter.Options{}, l.emit)
		err := addFile(t, m, path)
		m.Flush()
		l.close(m.Stats())
		t.Logf("%s: %+v, %v", path, m.Stats(), err)
	}
}
