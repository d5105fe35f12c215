package flow

import "strings"

// Column names one value of a flow, stored or derived, as outputs, orders,
// groups and the screen use it.
type Column uint8

// The columns. Those up to ColNetgroup are the columns of CSV and JSONL in their
// order (design.md, "What a person types"); the rest are derived for the screen,
// orders and groups.
const (
	ColID Column = iota
	ColStart
	ColEnd
	ColDuration
	ColProto
	ColSrcIP
	ColSrcPort
	ColDstIP
	ColDstPort
	ColSrcPackets
	ColSrcBytes
	ColDstPackets
	ColDstBytes
	ColSrcFlags
	ColDstFlags
	ColState
	ColIPVersion
	ColPcapFile
	ColPcapOffset
	ColPcapEndFile
	ColPcapEndOffset
	ColNode
	ColAgent
	ColNetgroup
	ColService // name of the service, see Service
	ColBytes   // frame bytes of both sides
	ColPackets // packets of both sides
	ColPPS     // packets a second of both sides
	ColBPS     // bits a second of both sides
	ColBPP     // frame bytes a packet of both sides
	NumColumns
)

// The columns that only a screen can show, and what it exports: what they say is known around the flows (see Around)
// and by no server.
const (
	ColSrcName   = NumColumns + iota // what the source is called
	ColDstName                       // what the destination is called
	ColDirection                     // which way the flow went, see Direction
	NumShown
)

var columnNames = [NumShown]string{
	"id", "start", "end", "duration", "proto", "src_ip", "src_port", "dst_ip", "dst_port",
	"src_packets", "src_bytes", "dst_packets", "dst_bytes", "src_flags", "dst_flags", "state", "ip_version",
	"pcap_file", "pcap_offset", "pcap_end_file", "pcap_end_offset", "node", "agent", "netgroup",
	"service", "bytes", "packets", "pps", "bps", "bpp",
	"src_name", "dst_name", "direction",
}

// String returns the column's name as outputs and orders spell it.
func (c Column) String() string {
	if c < NumShown {
		return columnNames[c]
	}
	return "?"
}

// ParseColumn reads the name of a column that every flow has, in any case.
func ParseColumn(name string) (Column, bool) {
	if c, ok := ParseShown(name); ok && c < NumColumns {
		return c, true
	}
	return 0, false
}

// ParseShown reads the name of a column that a screen can show, in any case.
func ParseShown(name string) (Column, bool) {
	for i, n := range columnNames {
		if strings.EqualFold(n, name) {
			return Column(i), true
		}
	}
	return 0, false
}

// OutputColumns are the columns of CSV and JSONL in their order.
func OutputColumns() []Column {
	cols := make([]Column, 0, ColNetgroup+1)
	for c := ColID; c <= ColNetgroup; c++ {
		cols = append(cols, c)
	}
	return cols
}

// SortKey is one column of an order.
type SortKey struct {
	Column Column
	Desc   bool
}

// ParseSortKey reads "src_bytes" (ascending) or "-src_bytes" (descending).
func ParseSortKey(s string) (SortKey, bool) {
	k, ok := ParseShownKey(s)
	return k, ok && k.Column < NumColumns
}

// ParseShownKey is ParseSortKey for the columns that a screen can show.
func ParseShownKey(s string) (SortKey, bool) {
	name, desc := strings.CutPrefix(s, "-")
	c, ok := ParseShown(name)
	return SortKey{Column: c, Desc: desc}, ok
}

// String returns k as ParseSortKey reads it.
func (k SortKey) String() string {
	if k.Desc {
		return "-" + k.Column.String()
	}
	return k.Column.String()
}

// NodeInfo is what a flow's node id stands for. Names come from peers: clean
// them before they reach a terminal, a log or a CSV file.
type NodeInfo struct {
	ID       uint32 `json:"id"`
	Name     string `json:"name"`
	Agent    string `json:"agent"`
	Netgroup string `json:"netgroup"`
}
