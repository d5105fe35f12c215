package flow

import "testing"

func TestAppendCell(t *testing.T) {
	table := NewTable()
	table.Append(&Record{
		ID: 1<<64 - 1, Start: 1795355793_257697, End: 1795355805_657697, Proto: TCP, IPVersion: 4,
		Src: AddrFrom4(0x0a000007), SrcPort: 51234, Dst: AddrFrom4(0xc0000209), DstPort: 443,
		SrcPackets: 10, SrcBytes: 1800, DstPackets: 8, DstBytes: 4500, SrcFlags: 0xff, DstFlags: ACK | SYN,
		Node: 3, File: "em1\x1b", Offset: -1, EndFile: "em2", EndOffset: -17,
	})
	table.Append(&Record{
		Start: -1, End: -2, Proto: 99, IPVersion: 6, Src: AddrFromNumbers(0x20010db8_00000000, 0), Dst: Addr{10: 0xff, 11: 0xff, 12: 1},
		SrcPackets: 3, SrcBytes: 100, Node: 4_000_000_000,
	})
	table.Append(&Record{IPVersion: 4})
	table.SetNode(NodeInfo{ID: 3, Name: "eth\n1", Agent: "a\u202eb", Netgroup: "dmz"})
	table.SetNode(NodeInfo{ID: 2, Name: "other"})
	v := table.View()
	want := map[Column][3]string{
		ColID:            {"18446744073709551615", "0", "0"},
		ColStart:         {"2026-11-22T13:56:33.257697Z", "1969-12-31T23:59:59.999999Z", "1970-01-01T00:00:00.000000Z"},
		ColEnd:           {"2026-11-22T13:56:45.657697Z", "1969-12-31T23:59:59.999998Z", "1970-01-01T00:00:00.000000Z"},
		ColDuration:      {"12.400000", "-0.000001", "0.000000"},
		ColProto:         {"tcp", "99", "0"},
		ColSrcIP:         {"10.0.0.7", "2001:db8::", "0.0.0.0"},
		ColSrcPort:       {"51234", "0", "0"},
		ColDstIP:         {"192.0.2.9", "::ffff:1.0.0.0", "0.0.0.0"},
		ColDstPort:       {"443", "0", "0"},
		ColSrcPackets:    {"10", "3", "0"},
		ColSrcBytes:      {"1800", "100", "0"},
		ColDstPackets:    {"8", "0", "0"},
		ColDstBytes:      {"4500", "0", "0"},
		ColSrcFlags:      {"FSRPAUEC", "", ""},
		ColDstFlags:      {"SA", "", ""},
		ColState:         {"RSTO", "OTH", "OTH"},
		ColIPVersion:     {"4", "6", "4"},
		ColPcapFile:      {"em1�", "", ""},
		ColPcapOffset:    {"-1", "0", "0"},
		ColPcapEndFile:   {"em2", "", ""},
		ColPcapEndOffset: {"-17", "0", "0"},
		ColNode:          {"eth�1", "4000000000", ""},
		ColAgent:         {"a�b", "", ""},
		ColNetgroup:      {"dmz", "", ""},
		ColService:       {"https", "", ""},
		ColBytes:         {"6300", "100", "0"},
		ColPackets:       {"18", "3", "0"},
		ColPPS:           {"1.452", "", ""},
		ColBPS:           {"4064.516", "", ""},
		ColBPP:           {"350", "33.333", ""},
	}
	for col := range NumColumns {
		for row, text := range want[col] {
			if got := string(v.AppendCell(nil, col, row)); got != text {
				t.Errorf("%v of row %d is %q, want %q", col, row, got, text)
			}
		}
	}
	if got := v.Node(77); got != (NodeInfo{ID: 77}) {
		t.Errorf("an unknown node is %+v", got)
	}
	if nodes := v.Nodes(); len(nodes) != 2 || nodes[0].ID != 2 || nodes[1].ID != 3 {
		t.Errorf("nodes %+v", nodes)
	}
}
