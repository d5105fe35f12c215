package pivot

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"cxlens/internal/flow"
	"cxlens/query"
)

// TestValueFindsItsGroup: the term of a value finds the flows that have it, and no others.
func TestValueFindsItsGroup(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table := flow.NewTable()
		table.SetNode(flow.NodeInfo{ID: 1, Name: "eth1", Agent: "sensor a", Netgroup: "lab"})
		table.SetNode(flow.NodeInfo{ID: 2, Name: "dmz", Agent: "sensor a", Netgroup: ""})
		for range rapid.IntRange(1, 12).Draw(t, "flows") {
			small := func(name string) uint64 { return rapid.Uint64Range(0, 3).Draw(t, name) }
			start := now.UnixMicro() + int64(small("start"))*250_000
			r := flow.Record{
				ID: small("id"), Start: start, End: start + int64(small("length"))*1_500_001, SrcPort: uint16(small("sport")), DstPort: uint16(443 + small("dport")),
				SrcPackets: small("sp"), SrcBytes: small("sb"), DstPackets: small("dp"), DstBytes: small("db"),
				SrcFlags: flow.Flags(small("sf")), DstFlags: flow.Flags(small("df")), Node: uint32(rapid.Uint64Range(1, 2).Draw(t, "node")),
				Proto: rapid.SampledFrom([]uint8{flow.TCP, flow.UDP, flow.ICMP, 47, 253}).Draw(t, "proto"), IPVersion: 4, File: "a b.pcap", EndFile: "",
			}
			if rapid.Bool().Draw(t, "ip6") {
				r.IPVersion, r.Src, r.Dst = 6, flow.AddrFromNumbers(small("s"), 1), flow.AddrFromNumbers(0, small("d"))
			} else {
				r.Src, r.Dst = flow.AddrFrom4(uint32(small("s"))), flow.AddrFrom4(uint32(small("d")))
			}
			table.Append(&r)
		}
		v := table.View()
		col := flow.Column(rapid.IntRange(0, int(flow.NumColumns)-1).Draw(t, "column"))
		cell := string(v.AppendCell(nil, col, rapid.IntRange(0, v.Len()-1).Draw(t, "row")))
		term, err := Value(col, cell)
		if err != nil {
			if strings.ContainsAny(err.Error(), "\n") || refused[col] == "" || !strings.Contains(err.Error(), refused[col]) {
				t.Fatalf("%s %q: %v", col, cell, err)
			}
			return
		}
		q, err := query.Parse(query.Text(term))
		if err != nil {
			t.Fatal(err)
		}
		found := make(map[int]bool)
		for _, row := range rowsOf(t, q, v) {
			found[int(row)] = true
		}
		for row := range v.Len() {
			if has := string(v.AppendCell(nil, col, row)) == cell; has != found[row] {
				t.Fatalf("%s finds row %d of %s %q: %v", q, row, col, cell, found[row])
			}
		}
	})
}

// refused are the columns whose values may have no term, and why.
var refused = map[flow.Column]string{
	flow.ColPPS: "rounded", flow.ColBPS: "rounded", flow.ColBPP: "rounded", flow.ColPcapEndFile: "no capture file", flow.ColNetgroup: "no netgroup",
	flow.ColPcapOffset: "cannot ask for a place", flow.ColPcapEndOffset: "cannot ask for a place",
}

func TestValues(t *testing.T) {
	n, err := Values([]flow.Column{flow.ColProto, flow.ColDstPort}, []string{"tcp", "443"})
	if err != nil || query.Text(n) != "tcp and dst port 443" && query.Text(n) != "proto tcp and dst port 443" {
		t.Errorf("%v, %v", n, err)
	}
	for _, c := range []struct {
		cols   []flow.Column
		values []string
		want   string
	}{
		{nil, nil, "no values"},
		{[]flow.Column{flow.ColProto}, nil, "no values"},
		{[]flow.Column{flow.ColProto}, []string{"\x1b[1m"}, "is no value of the column proto"},
		{[]flow.Column{flow.ColSrcIP}, []string{"10.0.0"}, "is no value"},
		{[]flow.Column{flow.ColDuration}, []string{"1.5s"}, "is no value"},
		{[]flow.Column{flow.ColStart}, []string{"noon"}, "is no value"},
		{[]flow.Column{flow.ColSrcBytes}, []string{"-1"}, "is no value"},
		{[]flow.Column{flow.ColNode}, []string{"a*"}, "has a *"},
		{[]flow.Column{flow.ColSrcFlags}, []string{"XYZ"}, "is no value"},
	} {
		if _, err := Values(c.cols, c.values); err == nil || !strings.Contains(err.Error(), c.want) || strings.ContainsRune(err.Error(), 0x1b) {
			t.Errorf("%v %q: %v, want %q", c.cols, c.values, err, c.want)
		}
	}
}
