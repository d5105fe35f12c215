package pivot

import (
	"math"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"cxlens/internal/flow"
	"cxlens/query"
)

var now = time.Date(2026, 11, 22, 14, 0, 0, 0, time.UTC)

func addr(t testing.TB, s string) flow.Addr {
	t.Helper()
	a, _, err := flow.ParseAddr(s)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// https is a flow of TLS.
func https(t testing.TB) *flow.Record {
	start := now.Add(-time.Hour).UnixMicro()
	return &flow.Record{
		ID: 7, Start: start, End: start + 12_345_678, Src: addr(t, "10.0.0.7"), Dst: addr(t, "192.0.2.9"), SrcPort: 51234, DstPort: 443,
		SrcPackets: 10, SrcBytes: 1_800_000, DstPackets: 20, SrcFlags: flow.SYN | flow.ACK, Proto: flow.TCP, IPVersion: 4, Node: 1,
		File: "eth1.pcap", EndFile: "eth 1.pcap", Offset: 24, EndOffset: 99,
	}
}

func eth1() flow.NodeInfo {
	return flow.NodeInfo{ID: 1, Name: "eth1", Agent: "sensor a", Netgroup: ""}
}

func TestTermOfEveryColumn(t *testing.T) {
	want := map[flow.Column]string{
		flow.ColID: "id = 7", flow.ColStart: "start in 2026-11-22T12:55:00Z .. 2026-11-22T13:05:00Z",
		flow.ColEnd:      "end in 2026-11-22T12:55:12.345678Z .. 2026-11-22T13:05:12.345678Z",
		flow.ColDuration: "duration >= 12.345678s", flow.ColProto: "tcp", flow.ColSrcIP: "src ip 10.0.0.7", flow.ColSrcPort: "src port 51234",
		flow.ColDstIP: "dst ip 192.0.2.9", flow.ColDstPort: "dst port 443", flow.ColSrcPackets: "src packets >= 10",
		flow.ColSrcBytes: "src bytes >= 1.8M", flow.ColDstPackets: "dst packets >= 20", flow.ColDstBytes: "dst bytes = 0",
		flow.ColSrcFlags: "src flags = SA", flow.ColDstFlags: "tcp and dst flags = 0", flow.ColState: "state OTH", flow.ColIPVersion: "ip4",
		flow.ColPcapFile: "file eth1.pcap", flow.ColPcapEndFile: `file "eth 1.pcap"`, flow.ColNode: "node eth1", flow.ColAgent: `agent "sensor a"`,
		flow.ColNetgroup: `netgroup ""`, flow.ColService: "service https", flow.ColBytes: "bytes >= 1.8M", flow.ColPackets: "packets >= 30",
		flow.ColPPS: "pps >= 2.43", flow.ColBPS: "bps >= 1166400.095", flow.ColBPP: "bpp >= 60K",
	}
	for col := range flow.NumColumns {
		n, err := Term(col, https(t), eth1())
		if col == flow.ColPcapOffset || col == flow.ColPcapEndOffset {
			if err == nil {
				t.Errorf("%s has the term %s", col, query.Text(n))
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", col, err)
		} else if got := query.Text(n); got != want[col] {
			t.Errorf("%s: %s, want %s", col, got, want[col])
		}
	}
}

func TestValuesWithoutTermSayWhy(t *testing.T) {
	cases := map[string]struct {
		col    flow.Column
		change func(r *flow.Record, n *flow.NodeInfo)
		want   string
	}{
		"gre port":     {flow.ColDstPort, func(r *flow.Record, _ *flow.NodeInfo) { r.Proto, r.DstPort = 47, 0 }, "gre has no ports"},
		"odd port":     {flow.ColSrcPort, func(r *flow.Record, _ *flow.NodeInfo) { r.Proto, r.SrcPort = 200, 0 }, "protocol 200 has no ports"},
		"udp flags":    {flow.ColSrcFlags, func(r *flow.Record, _ *flow.NodeInfo) { r.Proto, r.SrcFlags = flow.UDP, 0 }, "udp has no TCP flags"},
		"no duration":  {flow.ColPPS, func(r *flow.Record, _ *flow.NodeInfo) { r.End = r.Start }, "no duration"},
		"no packets":   {flow.ColBPP, func(r *flow.Record, _ *flow.NodeInfo) { r.SrcPackets, r.DstPackets = 0, 0 }, "no packets"},
		"unknown node": {flow.ColAgent, func(r *flow.Record, n *flow.NodeInfo) { r.Node, *n = 99, flow.NodeInfo{ID: 99} }, "node 99 is not known"},
		"no node":      {flow.ColNode, func(r *flow.Record, n *flow.NodeInfo) { r.Node, *n = 0, flow.NodeInfo{} }, "no node"},
		"no file":      {flow.ColPcapFile, func(r *flow.Record, _ *flow.NodeInfo) { r.File = "" }, "no capture file"},
		"star":         {flow.ColNode, func(_ *flow.Record, n *flow.NodeInfo) { n.Name = "e*" }, "any characters"},
		"not UTF-8":    {flow.ColNode, func(_ *flow.Record, n *flow.NodeInfo) { n.Name = "e\xff" }, "not UTF-8"},
		"endless":      {flow.ColDuration, func(r *flow.Record, _ *flow.NodeInfo) { r.End = math.MaxInt64 }, "beyond"},
		"no year":      {flow.ColStart, func(r *flow.Record, _ *flow.NodeInfo) { r.Start = math.MinInt64 }, "beyond"},
	}
	for name, c := range cases {
		r, node := https(t), eth1()
		c.change(r, &node)
		if n, err := Term(c.col, r, node); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, %v", name, n, err)
		}
	}
}

func TestRows(t *testing.T) {
	r := https(t)
	same, err := SamePort(r)
	if err != nil {
		t.Fatal(err)
	}
	target, err := Target(r)
	if err != nil {
		t.Fatal(err)
	}
	echo := *r
	echo.Proto, echo.SrcPort, echo.DstPort = flow.ICMP, 9, 9
	gre := *r
	gre.Proto, gre.SrcPort, gre.DstPort = 47, 0, 0
	self := *r
	self.Dst = self.Src
	for want, got := range map[string]*query.Query{
		"ip 10.0.0.7 and ip 192.0.2.9":              Pair(r),
		"src ip 10.0.0.7 and dst ip 10.0.0.7":       Pair(&self),
		"src ip 10.0.0.7 and tcp and dst port 443":  same,
		"src ip 10.0.0.7":                           Source(r),
		"tcp and dst ip 192.0.2.9 and dst port 443": target,
		"tcp and (src ip 10.0.0.7 and src port 51234 and dst ip 192.0.2.9 and dst port 443 or " +
			"dst ip 10.0.0.7 and dst port 51234 and src ip 192.0.2.9 and src port 443)": Connection(r),
		"icmp id 9 and ip 10.0.0.7 and ip 192.0.2.9": Connection(&echo),
		"proto gre and ip 10.0.0.7 and ip 192.0.2.9": Connection(&gre),
	} {
		if got.String() != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	for _, other := range []*flow.Record{&echo, &gre} {
		if _, err := SamePort(other); err == nil {
			t.Errorf("protocol %d has a port", other.Proto)
		}
		if _, err := Target(other); err == nil {
			t.Errorf("protocol %d has a port to go to", other.Proto)
		}
	}
}

func TestIncludeAndExclude(t *testing.T) {
	port443, err := Term(flow.ColDstPort, https(t), eth1())
	if err != nil {
		t.Fatal(err)
	}
	bytes, err := Term(flow.ColSrcBytes, https(t), eth1())
	if err != nil {
		t.Fatal(err)
	}
	none, err := Term(flow.ColDstFlags, https(t), eth1())
	if err != nil {
		t.Fatal(err)
	}
	id := number(query.Either, query.FieldICMPID, query.EQ, 7)
	for _, c := range []struct {
		do         func(*query.Query, query.Node) (*query.Query, error)
		text, want string
		term       query.Node
	}{
		{Include, "any", "dst port 443", port443},
		{Include, "", "dst port 443", port443},
		{Include, "tcp", "tcp and dst port 443", port443},
		{Include, "tcp or udp", "(tcp or udp) and dst port 443", port443},
		{Include, "tcp and dst port 443", "tcp and dst port 443", port443},
		{Include, "port 443 and ip $dmz", "port 443 and net $dmz and dst port 443", port443},
		{Exclude, "any", "dst port != 443", port443},
		{Exclude, "tcp or udp", "(tcp or udp) and dst port != 443", port443},
		{Exclude, "tcp", "tcp and src bytes < 1.8M", bytes},
		{Exclude, "any", "not (tcp and dst flags = 0)", none},
		{Exclude, "any", "not icmp id 7", id},
	} {
		q, err := query.Parse(c.text)
		if err != nil {
			t.Fatal(err)
		}
		got, err := c.do(q, c.term)
		if err != nil {
			t.Errorf("%s: %v", c.text, err)
			continue
		}
		want, err := query.Parse(c.want)
		if err != nil {
			t.Fatal(err)
		}
		if got.String() != want.String() {
			t.Errorf("%q became %s, want %s", c.text, got, want)
		}
	}
}

func TestExcludingWhatTheQueryAsksForIsRefused(t *testing.T) {
	term, err := Term(flow.ColDstPort, https(t), eth1())
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"dst port 443", "tcp and dst port 443"} {
		q, err := query.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := Exclude(q, term); err == nil || !strings.Contains(err.Error(), "asks for dst port 443") {
			t.Errorf("%s became %v, %v", text, got, err)
		}
	}
}

func TestTooLongIsRefused(t *testing.T) {
	q, err := query.Parse("ip [" + strings.Repeat("10.0.0.7 ", (query.MaxText-20)/9) + "]")
	if err != nil {
		t.Fatal(err)
	}
	term, err := Term(flow.ColStart, https(t), eth1())
	if err != nil {
		t.Fatal(err)
	}
	if got, err := Include(q, term); err == nil {
		t.Errorf("became %d bytes", len(got.String()))
	}
}

// genRecord draws a flow, odd ones among them.
func genRecord(t *rapid.T) (*flow.Record, flow.NodeInfo) {
	pick := func(label string, from ...uint64) uint64 { return rapid.SampledFrom(from).Draw(t, label) }
	count := func(label string) uint64 {
		return rapid.OneOf(rapid.Uint64(), rapid.Uint64Range(0, 3000), rapid.SampledFrom([]uint64{0, 1, math.MaxUint64})).Draw(t, label)
	}
	start := rapid.Int64Range(-1<<50, 1<<52).Draw(t, "start")
	r := &flow.Record{
		ID: count("id"), Start: start, End: start + rapid.Int64Range(-10_000_000, 1<<50).Draw(t, "long"),
		SrcPort: rapid.Uint16().Draw(t, "sport"), DstPort: uint16(pick("dport", 0, 22, 53, 443, 65535)),
		SrcPackets: count("spkts"), SrcBytes: count("sbytes"), DstPackets: count("dpkts"), DstBytes: count("dbytes"),
		SrcFlags: flow.Flags(rapid.Uint8().Draw(t, "sflags")), DstFlags: flow.Flags(rapid.Uint8().Draw(t, "dflags")),
		Proto: uint8(pick("proto", 1, 6, 6, 17, 58, 132, 47, 0, 255)), IPVersion: uint8(pick("version", 4, 6)),
		Node: uint32(pick("node", 0, 1, 2)), File: rapid.String().Draw(t, "file"), EndFile: "end.pcap",
	}
	if r.IPVersion == 4 {
		r.Src, r.Dst = flow.AddrFrom4(rapid.Uint32().Draw(t, "src")), flow.AddrFrom4(rapid.Uint32().Draw(t, "dst"))
	} else {
		r.Src, r.Dst = flow.AddrFromNumbers(count("src hi"), count("src lo")), flow.AddrFromNumbers(count("dst hi"), count("dst lo"))
	}
	if rapid.Bool().Draw(t, "self") {
		r.Dst = r.Src
	}
	if r.Proto == flow.ICMP || r.Proto == flow.ICMP6 { // cxtracker has the id in both ports
		r.DstPort = r.SrcPort
	}
	node := flow.NodeInfo{ID: r.Node}
	if r.Node == 1 {
		name := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"eth1", "and", "a b", `"`, "$x", "?y", "*"}))
		node.Name, node.Agent, node.Netgroup = name.Draw(t, "name"), name.Draw(t, "agent"), name.Draw(t, "netgroup")
	}
	return r, node
}

// matches tells what the query's text, read again as a server does, says of a flow.
func matches(t *rapid.T, q *query.Query, r *flow.Record, node flow.NodeInfo) bool {
	again, err := query.Parse(q.String())
	if err != nil {
		t.Fatalf("%s does not read back: %v", q, err)
	}
	if again.String() != q.String() {
		t.Fatalf("%s reads back as %s", q, again)
	}
	f, err := again.Filter(query.Env{Now: now})
	if err != nil {
		t.Fatalf("%s: %v", q, err)
	}
	return f.MatchRecord(r, node)
}

// TestRowMatchesItsTerm: every term matches the flow that it was made of, its exclusion does not, and
// for another flow the two are opposites.
func TestRowMatchesItsTerm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, node := genRecord(t)
		other, otherNode := genRecord(t)
		col := flow.Column(rapid.IntRange(0, int(flow.NumColumns)-1).Draw(t, "column"))
		n, err := Term(col, r, node)
		if err != nil {
			t.Skip("no term")
		}
		only, err := Only(n)
		if err != nil {
			t.Fatal(err)
		}
		if !matches(t, only, r, node) {
			t.Fatalf("%s does not match its flow", only)
		}
		all := query.FromTree(&query.AnyNode{})
		with, err := Include(all, n)
		if err != nil {
			t.Fatal(err)
		}
		without, err := Exclude(all, n)
		if err != nil {
			t.Fatal(err)
		}
		if with.String() != only.String() || matches(t, without, r, node) {
			t.Fatalf("included %s, excluded %s", with, without)
		}
		if matches(t, with, other, otherNode) == matches(t, without, other, otherNode) {
			t.Fatalf("%s and %s are not opposites", with, without)
		}
	})
}

// TestRowMatchesItsRowPivots: pair and connection match the flow and the one that goes back.
func TestRowMatchesItsRowPivots(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, node := genRecord(t)
		back := *r
		back.Src, back.Dst, back.SrcPort, back.DstPort = r.Dst, r.Src, r.DstPort, r.SrcPort
		for _, q := range []*query.Query{Pair(r), Connection(r)} {
			if !matches(t, q, r, node) || !matches(t, q, &back, node) {
				t.Fatalf("%s misses a direction", q)
			}
			stranger := *r
			stranger.Dst[15] ^= 1
			if stranger.Src != stranger.Dst && r.Src != r.Dst && matches(t, q, &stranger, node) {
				t.Fatalf("%s matches another host", q)
			}
		}
		if q, err := SamePort(r); err == nil && !matches(t, q, r, node) {
			t.Fatalf("%s does not match its flow", q)
		}
		from, to, err := Around(r, time.Duration(rapid.Int64Range(1, int64(100*time.Hour)).Draw(t, "d")))
		if err != nil {
			t.Fatal(err)
		}
		if r.Start < from.UnixMicro() || r.Start >= to.UnixMicro() {
			t.Fatalf("%d is not in %s .. %s", r.Start, from, to)
		}
	})
}

func TestAroundRefuses(t *testing.T) {
	r := https(t)
	if _, _, err := Around(r, 0); err == nil {
		t.Error("0 was taken")
	}
	r.Start = flow.MaxTime
	if _, _, err := Around(r, time.Minute); err == nil {
		t.Error("the year 10000 was taken")
	}
}
