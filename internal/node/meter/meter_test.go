package meter_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"cxlens/internal/flow"
	"cxlens/internal/node/capture"
	"cxlens/internal/node/meter"
	nt "cxlens/internal/node/nodetest"
)

// script meters raw IP packets at given seconds and keeps what is emitted.
type script struct {
	t   *testing.T
	m   *meter.Meter
	n   int64
	out []flow.Record
}

func newScript(t *testing.T, opts meter.Options) *script {
	s := &script{t: t}
	s.m = meter.New(opts, func(r *flow.Record) { s.out = append(s.out, *r) })
	return s
}

func (s *script) at(second float64, packet []byte) {
	s.n++
	s.m.Add(&capture.Packet{
		Number: uint64(s.n), Time: int64(second * 1e6), Length: uint32(len(packet)) + 100, Data: packet,
		Link: capture.LinkRaw, Offset: s.n * 1000, End: s.n*1000 + 500,
	})
}

// tcp sends flags from a (10.0.0.1:40000) to b (10.0.0.2:80), or back.
func (s *script) tcp(second float64, fromA bool, flags string) {
	f, _ := flow.ParseFlags(flags)
	if fromA {
		s.at(second, nt.IPv4("10.0.0.1", "10.0.0.2", 6, 1, 0, nt.TCP(40000, 80, byte(f), "")))
		return
	}
	s.at(second, nt.IPv4("10.0.0.2", "10.0.0.1", 6, 1, 0, nt.TCP(80, 40000, byte(f), "")))
}

func (s *script) udp(second float64, src, dst string, srcPort, dstPort int) {
	s.at(second, nt.IPv4(src, dst, 17, 1, 0, nt.UDP(srcPort, dstPort, "")))
}

// flows returns what was emitted, flushed or not, in words.
func (s *script) flows() string {
	var out []string
	for _, r := range s.out {
		out = append(out, fmt.Sprintf("%s %d+%d %s/%s %d-%d", endpointsOf(&r), r.SrcPackets, r.DstPackets, r.SrcFlags, r.DstFlags, r.Start/1e6, r.End/1e6))
	}
	return strings.Join(out, "; ")
}

func (s *script) expect(want string) {
	s.t.Helper()
	if got := s.flows(); got != want {
		s.t.Errorf("got  %s\nwant %s", got, want)
	}
}

// TestRecord checks every field of one conversation.
func TestRecord(t *testing.T) {
	s := newScript(t, meter.Options{})
	s.m.File("one.pcap")
	s.tcp(1_700_000_000.25, true, "S")
	s.tcp(1_700_000_000.5, false, "SA")
	s.m.File("two.pcap")
	s.tcp(1_700_000_001.75, true, "PA")
	s.m.Flush()
	want := flow.Record{
		ID: 1_700_000_000_000_000_001, Start: 1_700_000_000_250_000, End: 1_700_000_001_750_000,
		Src: flow.AddrFrom4(0x0a000001), Dst: flow.AddrFrom4(0x0a000002), SrcPort: 40000, DstPort: 80,
		SrcPackets: 2, SrcBytes: 280, DstPackets: 1, DstBytes: 140,
		SrcFlags: flow.SYN | flow.PSH | flow.ACK, DstFlags: flow.SYN | flow.ACK,
		Proto: flow.TCP, IPVersion: 4, File: "one.pcap", Offset: 1000, EndFile: "two.pcap", EndOffset: 3500 - 16,
	}
	if len(s.out) != 1 || s.out[0] != want {
		t.Errorf("got  %+v\nwant %+v", s.out, want)
	}
}

// TestNoFile: a stream has no place to look into.
func TestNoFile(t *testing.T) {
	s := newScript(t, meter.Options{})
	s.tcp(1, true, "S")
	s.m.Flush()
	if r := s.out[0]; r.File != "" || r.Offset != -1 || r.EndFile != "" || r.EndOffset != -1 {
		t.Errorf("%+v", r)
	}
}

// TestDirection: src is who sent the first packet, whichever address is lower, SYN+ACK or not.
func TestDirection(t *testing.T) {
	s := newScript(t, meter.Options{})
	s.tcp(1, false, "SA")
	s.tcp(2, true, "A")
	s.m.Flush()
	s.expect("tcp 10.0.0.2:80 > 10.0.0.1:40000 1+1 SA/A 1-2")

	same := newScript(t, meter.Options{}) // an endpoint that talks to itself on another port
	same.udp(1, "10.0.0.1", "10.0.0.1", 9, 8)
	same.udp(1, "10.0.0.1", "10.0.0.1", 8, 9)
	same.m.Flush()
	same.expect("udp 10.0.0.1:9 > 10.0.0.1:8 1+1 / 1-1")
}

// TestKey: VLAN is no part of the key; protocol, IP version and ICMP id are.
func TestKey(t *testing.T) {
	s := newScript(t, meter.Options{})
	add := func(link capture.LinkType, frame []byte) {
		s.m.Add(&capture.Packet{Time: 1e6, Length: 60, Data: frame, Link: link})
	}
	add(1, nt.Ethernet(0x8100, nt.Tag(1, 0x0800), udp4))
	add(1, nt.Ethernet(0x8100, nt.Tag(2, 0x0800), udp4))
	add(101, udp4)
	add(101, nt.IPv4("10.0.0.1", "192.0.2.2", 132, 7, 0, nt.UDP(5353, 53, "")))
	add(101, nt.IPv6("::ffff:10.0.0.1", "::ffff:192.0.2.2", 17, nt.UDP(5353, 53, "")))
	add(101, nt.IPv4("10.0.0.1", "192.0.2.2", 1, 7, 0, nt.ICMP(8, 0, 1)))
	add(101, nt.IPv4("192.0.2.2", "10.0.0.1", 1, 7, 0, nt.ICMP(0, 0, 1)))
	add(101, nt.IPv4("10.0.0.1", "192.0.2.2", 1, 7, 0, nt.ICMP(8, 0, 2)))
	s.m.Flush()
	var got []string
	for _, r := range s.out {
		got = append(got, fmt.Sprintf("%d/%d %d+%d", r.IPVersion, r.Proto, r.SrcPackets, r.DstPackets))
	}
	slices.Sort(got)
	if want := "4/1 1+0; 4/1 1+1; 4/132 1+0; 4/17 3+0; 6/17 1+0"; strings.Join(got, "; ") != want {
		t.Errorf("%v, want %s", got, want)
	}
}

// TestTimeouts: a packet within the idle time continues the flow, one after it begins a new one.
func TestTimeouts(t *testing.T) {
	type step struct {
		fromA bool
		flags string
	}
	for name, tc := range map[string]struct {
		steps []step
		idle  float64
	}{
		"established":    {[]step{{true, "S"}, {false, "SA"}, {true, "A"}}, 600},
		"unanswered":     {[]step{{true, "S"}}, 30},
		"fin both":       {[]step{{true, "S"}, {false, "SA"}, {true, "FA"}, {false, "FA"}}, 5},
		"fin of one":     {[]step{{true, "S"}, {false, "SA"}, {true, "FA"}}, 600},
		"reset by dst":   {[]step{{true, "S"}, {false, "RA"}}, 5},
		"reset by src":   {[]step{{true, "S"}, {false, "SA"}, {true, "R"}}, 5},
		"never began":    {[]step{{true, "P"}}, 5},
		"midstream":      {[]step{{true, "PA"}, {false, "A"}}, 600},
		"mute responder": {[]step{{true, "PA"}, {false, "P"}}, 30},
	} {
		for _, late := range []bool{false, true} {
			s := newScript(t, meter.Options{})
			for _, st := range tc.steps {
				s.tcp(1000, st.fromA, st.flags)
			}
			gap := tc.idle
			if late {
				gap += 0.000001
			}
			s.tcp(1000+gap, true, "A")
			s.m.Flush()
			if want := 1; !late && len(s.out) != want || late && len(s.out) != 2 {
				t.Errorf("%s after %v s: %s", name, gap, s.flows())
			}
		}
	}
	for proto, idle := range map[int]float64{1: 60, 17: 60, 58: 60, 50: 300, 132: 300} {
		for gap, want := range map[float64]int{idle: 1, idle + 0.5: 2} {
			s := newScript(t, meter.Options{})
			for _, second := range []float64{1000, 1000 + gap} {
				s.at(second, nt.IPv4("10.0.0.1", "10.0.0.2", proto, 1, 0, nt.UDP(1, 2, "")))
			}
			s.m.Flush()
			if len(s.out) != want {
				t.Errorf("protocol %d after %v s: %s", proto, gap, s.flows())
			}
		}
	}
}

// TestSweep: an idle flow is handed over while others go on, without a packet of its own.
func TestSweep(t *testing.T) {
	s := newScript(t, meter.Options{})
	s.udp(1000, "10.0.0.1", "10.0.0.9", 1, 2)
	s.udp(1001, "10.0.0.2", "10.0.0.9", 1, 2)
	for second := 1010.0; second < 1061; second += 10 {
		s.udp(second, "10.0.0.3", "10.0.0.9", 1, 2)
	}
	s.expect("")
	s.udp(1080, "10.0.0.3", "10.0.0.9", 1, 2)
	s.expect("udp 10.0.0.1:1 > 10.0.0.9:2 1+0 / 1000-1000; udp 10.0.0.2:1 > 10.0.0.9:2 1+0 / 1001-1001")
	if s.m.Open() != 1 {
		t.Errorf("%d flows are open", s.m.Open())
	}
}

// TestSYNOnClosedFlow: as in cxtracker, a retry within five seconds stays the same flow.
func TestSYNOnClosedFlow(t *testing.T) {
	s := newScript(t, meter.Options{})
	s.tcp(1, true, "S")
	s.tcp(1, false, "RA")
	s.tcp(5, true, "S")
	s.tcp(5, false, "RA")
	s.m.Flush()
	s.expect("tcp 10.0.0.1:40000 > 10.0.0.2:80 2+2 S/RA 1-5")
}

// TestDisorder: late packets are counted and widen the flow; a time that is set back does not hold flows for ever.
func TestDisorder(t *testing.T) {
	s := newScript(t, meter.Options{})
	s.tcp(100, true, "S")
	s.tcp(102, false, "SA")
	s.tcp(99, true, "A")
	s.tcp(101, true, "A")
	s.m.Flush()
	s.expect("tcp 10.0.0.1:40000 > 10.0.0.2:80 3+1 SA/SA 99-102")

	back := newScript(t, meter.Options{})
	back.udp(1_000_000, "10.0.0.1", "10.0.0.9", 1, 2)
	back.udp(5000, "10.0.0.1", "10.0.0.9", 1, 2) // another day's file: not the same flow
	back.expect("udp 10.0.0.1:1 > 10.0.0.9:2 1+0 / 1000000-1000000")
	back.udp(1_000_001, "10.0.0.3", "10.0.0.9", 1, 2) // and forth
	back.udp(6000, "10.0.0.2", "10.0.0.9", 1, 2)
	back.udp(6030, "10.0.0.2", "10.0.0.9", 1, 2)
	if back.m.Open() != 1 {
		t.Errorf("%d flows are open: %s", back.m.Open(), back.flows())
	}
}

// TestMaxFlows: the flow that was idle longest makes room, whatever its protocol.
func TestMaxFlows(t *testing.T) {
	s := newScript(t, meter.Options{MaxFlows: 2})
	s.tcp(1, true, "S")
	s.udp(2, "10.0.0.1", "10.0.0.9", 1, 2)
	s.tcp(3, false, "SA")
	s.udp(4, "10.0.0.2", "10.0.0.9", 1, 2)
	s.expect("udp 10.0.0.1:1 > 10.0.0.9:2 1+0 / 2-2")
	s.udp(5, "10.0.0.3", "10.0.0.9", 1, 2)
	s.m.Flush()
	if st := s.m.Stats(); st.Evicted != 2 || st.Flows != 4 {
		t.Errorf("%+v", st)
	}
	s.expect("udp 10.0.0.1:1 > 10.0.0.9:2 1+0 / 2-2; tcp 10.0.0.1:40000 > 10.0.0.2:80 1+1 S/SA 1-3; " +
		"udp 10.0.0.2:1 > 10.0.0.9:2 1+0 / 4-4; udp 10.0.0.3:1 > 10.0.0.9:2 1+0 / 5-5")
}

// TestFragments: later fragments are counted with the first one's flow, or under port 0.
func TestFragments(t *testing.T) {
	const more = 0x2000
	first := nt.IPv4("10.0.0.1", "10.0.0.2", 17, 77, more, nt.UDP(53, 5353, "12345678"))
	later := nt.IPv4("10.0.0.1", "10.0.0.2", 17, 77, 2, []byte("\x01\x02\x03\x04rest"))
	const whole, orphan = "udp 10.0.0.1:53 > 10.0.0.2:5353", "udp 10.0.0.1:0 > 10.0.0.2:0"

	s := newScript(t, meter.Options{})
	s.at(1, first)
	s.at(2, later)
	s.m.Flush()
	s.expect(whole + " 2+0 / 1-2")
	if st := s.m.Stats(); st.Fragments != 1 || st.Orphans != 0 {
		t.Errorf("%+v", st)
	}

	s = newScript(t, meter.Options{}) // the first comes last, then 31 s pass
	s.at(1, later)
	s.at(2, first)
	s.at(33, later)
	s.m.Flush()
	s.expect(whole + " 1+0 / 2-2; " + orphan + " 2+0 / 1-33")
	if st := s.m.Stats(); st.Fragments != 2 || st.Orphans != 2 {
		t.Errorf("%+v", st)
	}

	s = newScript(t, meter.Options{}) // other id, other direction, other protocol
	s.at(1, first)
	s.at(1, nt.IPv4("10.0.0.1", "10.0.0.2", 17, 78, 2, []byte("rest")))
	s.at(1, nt.IPv4("10.0.0.2", "10.0.0.1", 17, 77, 2, []byte("rest")))
	s.at(1, nt.IPv4("10.0.0.1", "10.0.0.2", 6, 77, 2, []byte("rest")))
	s.m.Flush()
	if st := s.m.Stats(); st.Orphans != 3 {
		t.Errorf("%+v: %s", st, s.flows())
	}

	s = newScript(t, meter.Options{}) // IPv6, options behind the fragment header; a fragmented tunnel
	s.at(1, nt.IPv6("fe80::1", "fe80::2", 44, nt.Cat(nt.FragmentHeader(60, 0, true, 5), nt.Extension(17), nt.UDP(1, 2, ""))))
	s.at(1, nt.IPv6("fe80::1", "fe80::2", 44, nt.Cat(nt.FragmentHeader(60, 16, false, 5), []byte("rest of it"))))
	s.at(1, nt.IPv4("10.9.0.1", "10.9.0.2", 4, 6, more, udp4))
	s.at(1, nt.IPv4("10.9.0.1", "10.9.0.2", 4, 6, 4, []byte("rest of it")))
	s.m.Flush()
	s.expect("udp fe80::1:1 > fe80::2:2 2+0 / 1-1; " + flow4 + " 2+0 / 1-1")
}

// TestFragmentsBound: more fragmented datagrams than are remembered, and the newest of them still known.
func TestFragmentsBound(t *testing.T) {
	s := newScript(t, meter.Options{})
	const n = 20_000
	send := func(id, fragment int) {
		host := fmt.Sprintf("10.0.%d.%d", id>>8, id&255)
		s.at(1, nt.IPv4(host, "10.255.0.1", 17, 7, fragment, nt.UDP(1, 2, "")))
	}
	for id := range n {
		send(id, 0x2000)
	}
	send(n-1, 2)
	send(n-8192, 2)
	if st := s.m.Stats(); st.Orphans != 0 {
		t.Errorf("%+v", st)
	}
	send(n-8193, 2)
	if st := s.m.Stats(); st.Orphans != 1 || st.Fragments != 3 {
		t.Errorf("%+v", st)
	}
}

// TestMeterAllocates nothing for a packet of a known flow.
func TestMeterAllocates(t *testing.T) {
	m := meter.New(meter.Options{}, func(*flow.Record) {})
	frame := nt.Ethernet(0x8100, nt.Tag(1, 0x0800), nt.IPv4("10.9.0.1", "10.9.0.2", 41, 1, 0, tcp6))
	p := &capture.Packet{Time: 1e6, Length: 100, Data: frame, Link: 1}
	m.Add(p)
	if n := testing.AllocsPerRun(1000, func() { m.Add(p) }); n != 0 {
		t.Errorf("%v allocations a packet", n)
	}
}
