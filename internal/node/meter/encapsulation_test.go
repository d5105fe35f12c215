package meter_test

import (
	"fmt"
	"strings"
	"testing"

	"cxlens/internal/flow"
	"cxlens/internal/node/capture"
	"cxlens/internal/node/meter"
	nt "cxlens/internal/node/nodetest"
)

// one meters a single frame and prints its flow, "" when it has none.
func one(link capture.LinkType, frame []byte) (string, meter.Stats) {
	out := ""
	m := meter.New(meter.Options{}, func(r *flow.Record) { out += endpointsOf(r) })
	m.Add(&capture.Packet{Number: 1, Time: 1e6, Length: uint32(len(frame)), Data: frame, Link: link, Offset: 24, End: 100})
	m.Flush()
	return out, m.Stats()
}

func endpointsOf(r *flow.Record) string {
	return fmt.Sprintf("%s %s:%d > %s:%d", flow.ProtoName(r.Proto), r.Src.Text(r.IPVersion), r.SrcPort, r.Dst.Text(r.IPVersion), r.DstPort)
}

var (
	udp4 = nt.IPv4("10.0.0.1", "192.0.2.2", 17, 7, 0, nt.UDP(5353, 53, "query"))
	tcp6 = nt.IPv6("2001:db8::1", "2001:db8::2", 6, nt.TCP(40000, 443, 2, ""))
)

const (
	flow4 = "udp 10.0.0.1:5353 > 192.0.2.2:53"
	flow6 = "tcp 2001:db8::1:40000 > 2001:db8::2:443"
)

// TestEncapsulations finds the same two packets below every header.
func TestEncapsulations(t *testing.T) {
	sll := func(ether byte) []byte { return append(make([]byte, 14), 8, ether) }
	sll2 := func(hi, lo byte) []byte { return append([]byte{hi, lo}, make([]byte, 18)...) }
	pppoe := func(proto byte) []byte { return []byte{0x11, 0, 0, 1, 0, 0, 0, proto} }
	for _, tc := range []struct {
		name  string
		link  capture.LinkType
		frame []byte
		want  string
	}{
		{"Ethernet IPv4", 1, nt.Ethernet(0x0800, udp4), flow4},
		{"Ethernet IPv6", 1, nt.Ethernet(0x86dd, tcp6), flow6},
		{"padding", 1, nt.Ethernet(0x0800, udp4, make([]byte, 18)), flow4},
		{"802.1Q", 1, nt.Ethernet(0x8100, nt.Tag(7, 0x86dd), tcp6), flow6},
		{"802.1ad", 1, nt.Ethernet(0x88a8, nt.Tag(7, 0x8100), nt.Tag(8, 0x0800), udp4), flow4},
		{"QinQ 0x9100", 1, nt.Ethernet(0x9100, nt.Tag(7, 0x8100), nt.Tag(8, 0x86dd), tcp6), flow6},
		{"16 tags", 1, nt.Ethernet(0x8100, repeat(nt.Tag(1, 0x8100), 14), nt.Tag(1, 0x0800), udp4), flow4},
		{"MPLS", 1, nt.Ethernet(0x8847, nt.Label(16, false), nt.Label(17, true), udp4), flow4},
		{"MPLS multicast", 1, nt.Ethernet(0x8848, nt.Label(16, true), tcp6), flow6},
		{"VLAN and MPLS", 1, nt.Ethernet(0x8100, nt.Tag(1, 0x8847), nt.Label(16, true), udp4), flow4},
		{"PPPoE IPv4", 1, nt.Ethernet(0x8864, pppoe(0x21), udp4), flow4},
		{"PPPoE IPv6", 1, nt.Ethernet(0x8864, pppoe(0x57), tcp6), flow6},
		{"VLAN and PPPoE", 1, nt.Ethernet(0x8100, nt.Tag(1, 0x8864), pppoe(0x21), udp4), flow4},
		{"SNAP", 1, nt.Ethernet(8+len(udp4), []byte{0xaa, 0xaa, 3, 0, 0, 0, 8, 0}, udp4), flow4},
		{"raw 12", 12, udp4, flow4},
		{"raw 14", 14, tcp6, flow6},
		{"raw 101 IPv4", 101, udp4, flow4},
		{"raw 101 IPv6", 101, tcp6, flow6},
		{"raw 228", 228, udp4, flow4},
		{"raw 229", 229, tcp6, flow6},
		{"cooked IPv4", 113, nt.Cat(sll(0), udp4), flow4},
		{"cooked 2 IPv6", 276, nt.Cat(sll2(0x86, 0xdd), tcp6), flow6},
		{"cooked 2 VLAN", 276, nt.Cat(sll2(0x81, 0), nt.Tag(3, 0x0800), udp4), flow4},
		{"null little", 0, nt.Cat([]byte{2, 0, 0, 0}, udp4), flow4},
		{"null big", 0, nt.Cat([]byte{0, 0, 0, 2}, udp4), flow4},
		{"null FreeBSD IPv6", 0, nt.Cat([]byte{28, 0, 0, 0}, tcp6), flow6},
		{"loop IPv6", 108, nt.Cat([]byte{0, 0, 0, 24}, tcp6), flow6},
		{"PPP with HDLC", 9, nt.Cat([]byte{0xff, 3, 0, 0x21}, udp4), flow4},
		{"PPP", 9, nt.Cat([]byte{0, 0x57}, tcp6), flow6},
		{"PPP short protocol", 9, nt.Cat([]byte{0x21}, udp4), flow4},
		{"PPP MPLS", 9, nt.Cat([]byte{0xff, 3, 0x02, 0x81}, nt.Label(20, true), udp4), flow4},
		{"PPP 50", 50, nt.Cat([]byte{0xff, 3, 0, 0x57}, tcp6), flow6},
		{"PPP 50 as Cisco HDLC", 50, nt.Cat([]byte{0x0f, 0, 8, 0}, udp4), flow4},
		{"Cisco HDLC", 104, nt.Cat([]byte{0x8f, 0, 0x86, 0xdd}, tcp6), flow6},
	} {
		got, stats := one(tc.link, tc.frame)
		if got != tc.want || stats.Metered != 1 {
			t.Errorf("%s: %q, want %q (%+v)", tc.name, got, tc.want, stats)
		}
	}
}

func repeat(b []byte, n int) []byte { return []byte(strings.Repeat(string(b), n)) }

// TestTunnels: the innermost addresses count, and what cannot be read leaves the flow to the header around it.
func TestTunnels(t *testing.T) {
	outer := func(proto int, inner []byte) []byte {
		return nt.IPv4("198.51.100.1", "198.51.100.2", proto, 1, 0, inner)
	}
	outer6 := func(next int, inner []byte) []byte { return nt.IPv6("2001:db8:a::1", "2001:db8:a::2", next, inner) }
	deep := udp4
	for range 5 {
		deep = outer(4, deep)
	}
	for name, tc := range map[string]struct {
		packet []byte
		want   string
	}{
		"IP in IP":     {outer(4, udp4), flow4},
		"6in4":         {outer(41, tcp6), flow6},
		"4in6":         {outer6(4, udp4), flow4},
		"6in6":         {outer6(41, tcp6), flow6},
		"twice":        {outer(4, outer(41, tcp6)), flow6},
		"too deep":     {deep, "ipip 198.51.100.1:0 > 198.51.100.2:0"},
		"broken inner": {outer(4, []byte("no packet at all, long enough")), "ipip 198.51.100.1:0 > 198.51.100.2:0"},
		"cut inner":    {outer(41, tcp6[:30]), "ipv6 198.51.100.1:0 > 198.51.100.2:0"},
		"GRE is none":  {outer(47, []byte{0, 0, 8, 0}), "gre 198.51.100.1:0 > 198.51.100.2:0"},
	} {
		if got, _ := one(capture.LinkRaw, tc.packet); got != tc.want {
			t.Errorf("%s: %q, want %q", name, got, tc.want)
		}
	}
}

// TestTransport: ports, ids, extension headers, options.
func TestTransport(t *testing.T) {
	v4 := func(proto int, payload []byte) []byte { return nt.IPv4("10.0.0.1", "10.0.0.2", proto, 1, 0, payload) }
	v6 := func(next int, payload ...[]byte) []byte {
		return nt.IPv6("fe80::1", "fe80::2", next, nt.Cat(payload...))
	}
	options := v4(17, nt.Cat(make([]byte, 8), nt.UDP(1, 2, "")))
	options[0] = 0x47
	offload := v4(6, nt.TCP(80, 81, 0, ""))
	offload[2], offload[3] = 0, 0
	var chain []byte
	for range 20 {
		chain = append(chain, nt.Extension(60)...)
	}
	for name, tc := range map[string]struct {
		packet   []byte
		want     string
		portless uint64
	}{
		"UDP":               {v4(17, nt.UDP(1, 2, "")), "udp 10.0.0.1:1 > 10.0.0.2:2", 0},
		"SCTP":              {v4(132, nt.UDP(3, 4, "")), "sctp 10.0.0.1:3 > 10.0.0.2:4", 0},
		"options":           {options, "udp 10.0.0.1:1 > 10.0.0.2:2", 0},
		"offload":           {offload, "tcp 10.0.0.1:80 > 10.0.0.2:81", 0},
		"echo":              {v4(1, nt.ICMP(8, 0, 77)), "icmp 10.0.0.1:77 > 10.0.0.2:77", 0},
		"timestamp":         {v4(1, nt.ICMP(14, 0, 78)), "icmp 10.0.0.1:78 > 10.0.0.2:78", 0},
		"redirect":          {v4(1, nt.ICMP(5, 0, 79)), "icmp 10.0.0.1:0 > 10.0.0.2:0", 0},
		"short echo":        {v4(1, []byte{8, 0, 0, 0, 1}), "icmp 10.0.0.1:0 > 10.0.0.2:0", 1},
		"empty ICMP":        {v4(1, nil), "icmp 10.0.0.1:0 > 10.0.0.2:0", 1},
		"cut TCP":           {v4(6, []byte{1, 2, 3}), "tcp 10.0.0.1:0 > 10.0.0.2:0", 1},
		"padding no ports":  {append(v4(17, nil), 1, 2, 3, 4), "udp 10.0.0.1:0 > 10.0.0.2:0", 1},
		"ESP":               {v4(50, []byte("encrypted")), "esp 10.0.0.1:0 > 10.0.0.2:0", 0},
		"AH on IPv4":        {v4(51, []byte("authentic")), "ah 10.0.0.1:0 > 10.0.0.2:0", 0},
		"echo 6":            {v6(58, nt.ICMP(129, 0, 80)), "icmp6 fe80::1:80 > fe80::2:80", 0},
		"neighbour":         {v6(58, nt.ICMP(135, 0, 81)), "icmp6 fe80::1:0 > fe80::2:0", 0},
		"hop by hop":        {v6(0, nt.Extension(43), nt.Extension(60), nt.Extension(17), nt.UDP(1, 2, "")), "udp fe80::1:1 > fe80::2:2", 0},
		"AH on IPv6":        {v6(51, []byte{6, 1}, make([]byte, 10), nt.TCP(1, 2, 2, "")), "tcp fe80::1:1 > fe80::2:2", 0},
		"atomic fragment":   {v6(44, nt.FragmentHeader(17, 0, false, 9), nt.UDP(1, 2, "")), "udp fe80::1:1 > fe80::2:2", 0},
		"no next header":    {v6(59, []byte("ignored")), "59 fe80::1:0 > fe80::2:0", 0},
		"mobility":          {v6(135, make([]byte, 16)), "135 fe80::1:0 > fe80::2:0", 0},
		"cut extension":     {v6(0, []byte{6, 0}), "0 fe80::1:0 > fe80::2:0", 0},
		"long extension":    {v6(60, []byte{17, 200, 0, 0, 0, 0, 0, 0}), "udp fe80::1:0 > fe80::2:0", 1},
		"endless extension": {v6(60, chain), "60 fe80::1:0 > fe80::2:0", 0},
	} {
		got, stats := one(capture.LinkRaw, tc.packet)
		if got != tc.want || stats.Portless != tc.portless {
			t.Errorf("%s: %q, portless %d, want %q, %d", name, got, stats.Portless, tc.want, tc.portless)
		}
	}
}

// TestNoFlow: every frame without a flow is counted once, with its reason.
func TestNoFlow(t *testing.T) {
	header := nt.IPv4("10.0.0.1", "10.0.0.2", 17, 1, 0, nil)
	shortHeader, shortTotal, version := append([]byte{0x44}, header[1:]...), nt.Cat(header), append([]byte{0x65}, header[1:]...)
	shortTotal[3] = 19
	for name, tc := range map[string]struct {
		link  capture.LinkType
		frame []byte
		want  meter.Stats
	}{
		"ARP":             {1, nt.Ethernet(0x0806, make([]byte, 28)), meter.Stats{NonIP: 1}},
		"STP":             {1, nt.Ethernet(38, []byte{0x42, 0x42, 3}, make([]byte, 35)), meter.Stats{NonIP: 1}},
		"PPPoE discovery": {1, nt.Ethernet(0x8863, make([]byte, 10)), meter.Stats{NonIP: 1}},
		"LCP":             {9, []byte{0xff, 3, 0xc0, 0x21}, meter.Stats{NonIP: 1}},
		"pseudowire":      {1, nt.Ethernet(0x8847, nt.Label(16, true), make([]byte, 4)), meter.Stats{NonIP: 1}},
		"endless tags":    {1, nt.Ethernet(0x8100, repeat(nt.Tag(1, 0x8100), 200)), meter.Stats{NonIP: 1}},
		"endless labels":  {1, nt.Ethernet(0x8847, repeat(nt.Label(1, false), 200)), meter.Stats{NonIP: 1}},
		"AppleTalk null":  {0, []byte{16, 0, 0, 0}, meter.Stats{NonIP: 1}},
		"short frame":     {1, make([]byte, 13), meter.Stats{Truncated: 1}},
		"empty":           {101, nil, meter.Stats{Truncated: 1}},
		"cut tag":         {1, nt.Ethernet(0x8100, []byte{1, 2, 3}), meter.Stats{Truncated: 1}},
		"cut label":       {1, nt.Ethernet(0x8847, []byte{1, 2, 0}), meter.Stats{Truncated: 1}},
		"cut PPPoE":       {1, nt.Ethernet(0x8864, []byte{1, 2, 0}), meter.Stats{Truncated: 1}},
		"cut cooked":      {113, make([]byte, 15), meter.Stats{Truncated: 1}},
		"cut cooked 2":    {276, make([]byte, 19), meter.Stats{Truncated: 1}},
		"cut null":        {0, make([]byte, 3), meter.Stats{Truncated: 1}},
		"cut PPP":         {9, []byte{0xff}, meter.Stats{Truncated: 1}},
		"cut IPv4":        {228, header[:19], meter.Stats{Truncated: 1}},
		"cut IPv6":        {229, tcp6[:39], meter.Stats{Truncated: 1}},
		"header length":   {228, shortHeader, meter.Stats{Damaged: 1}},
		"total length":    {228, shortTotal, meter.Stats{Damaged: 1}},
		"version":         {1, nt.Ethernet(0x0800, version), meter.Stats{Damaged: 1}},
		"link type":       {147, header, meter.Stats{UnknownLink: 1}},
	} {
		tc.want.Packets, tc.want.Bytes = 1, uint64(len(tc.frame))
		if got, stats := one(tc.link, tc.frame); got != "" || stats != tc.want {
			t.Errorf("%s: %q %+v, want %+v", name, got, stats, tc.want)
		}
	}
}
