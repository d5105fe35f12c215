package table

import (
	"slices"

	"cxlens/internal/flow"
)

// spec says how a column stands on the screen.
type spec struct {
	title string
	// about explains the column in the column list and in a flow's detail.
	about string
	right bool
	// worth orders columns by use: at narrow widths those of the least worth go first.
	worth int
}

// specs are all columns that the screen can show.
var specs = [flow.NumShown]spec{
	flow.ColID:          {title: "ID", about: "the flow's id: its start second and a counter", right: true, worth: 5},
	flow.ColStart:       {title: "START", about: "time of the first packet, UTC", worth: 95},
	flow.ColEnd:         {title: "END", about: "time of the last packet, UTC", worth: 30},
	flow.ColDuration:    {title: "DUR", about: "from the first packet to the last", right: true, worth: 60},
	flow.ColProto:       {title: "PROTO", about: "IP protocol", worth: 75},
	flow.ColSrcIP:       {title: "SOURCE", about: "address that sent the first packet", worth: 100},
	flow.ColSrcPort:     {title: "SPORT", about: "source port; for ICMP the id", right: true, worth: 55},
	flow.ColDstIP:       {title: "DESTINATION", about: "address that was sent to", worth: 100},
	flow.ColDstPort:     {title: "DPORT", about: "destination port and its service; for ICMP the id", worth: 90},
	flow.ColSrcPackets:  {title: "↑PKTS", about: "packets from the source", right: true, worth: 40},
	flow.ColSrcBytes:    {title: "↑BYTES", about: "frame bytes from the source", right: true, worth: 80},
	flow.ColDstPackets:  {title: "↓PKTS", about: "packets from the destination", right: true, worth: 35},
	flow.ColDstBytes:    {title: "↓BYTES", about: "frame bytes from the destination", right: true, worth: 78},
	flow.ColSrcFlags:    {title: "↑FLAGS", about: "TCP flags that the source sent, from FIN upward", worth: 25},
	flow.ColDstFlags:    {title: "↓FLAGS", about: "TCP flags that the destination sent, from FIN upward", worth: 24},
	flow.ColState:       {title: "STATE", about: "what became of the connection, derived from flags and counts", worth: 70},
	flow.ColIPVersion:   {title: "IP", about: "IP version", right: true, worth: 6},
	flow.ColPcapFile:    {title: "CAPTURE", about: "capture file with the first packet", worth: 10},
	flow.ColPcapOffset:  {title: "OFFSET", about: "where the first packet stands in its capture file", right: true, worth: 9},
	flow.ColPcapEndFile: {title: "END CAPTURE", about: "capture file with the last packet", worth: 8},
	flow.ColPcapEndOffset: {
		title: "END OFFSET", about: "where the last packet ends in its capture file, less 16", right: true, worth: 7,
	},
	flow.ColNode:     {title: "NODE", about: "node that brought the flow", worth: 45},
	flow.ColAgent:    {title: "AGENT", about: "sensor host of the node", worth: 20},
	flow.ColNetgroup: {title: "NETGROUP", about: "network that the node watches", worth: 22},
	flow.ColService:  {title: "SERVICE", about: "service by the ports' registered names", worth: 28},
	flow.ColBytes:    {title: "BYTES", about: "frame bytes of both sides", right: true, worth: 50},
	flow.ColPackets:  {title: "PKTS", about: "packets of both sides", right: true, worth: 34},
	flow.ColPPS:      {title: "PPS", about: "packets a second of both sides", right: true, worth: 15},
	flow.ColBPS:      {title: "BPS", about: "bits a second of both sides", right: true, worth: 16},
	flow.ColBPP:      {title: "BPP", about: "frame bytes a packet of both sides", right: true, worth: 14},

	flow.ColSrcName:   {title: "SOURCE NAME", about: "network, country and host name of the source, where known", worth: 62},
	flow.ColDstName:   {title: "DEST NAME", about: "network, country and host name of the destination, where known", worth: 62},
	flow.ColDirection: {title: "DIRECTION", about: "in, out, inside or outside of the network $internal", worth: 61},
}

// defaults are the columns that are shown until the person chooses others.
var defaults = []flow.Column{
	flow.ColStart, flow.ColDuration, flow.ColProto, flow.ColSrcIP, flow.ColSrcPort, flow.ColDstIP, flow.ColDstPort,
	flow.ColSrcPackets, flow.ColDstPackets, flow.ColSrcBytes, flow.ColDstBytes,
	flow.ColSrcFlags, flow.ColDstFlags, flow.ColState, flow.ColNode,
}

// Defaults returns the columns that are shown until others are chosen.
func Defaults() []flow.Column { return slices.Clone(defaults) }

// Title returns a column's title as it stands alone.
func Title(c flow.Column) string { return specs[c].title }

// Name returns a title that tells all columns apart.
func Name(c flow.Column) string {
	switch c {
	case flow.ColSrcPort:
		return "SOURCE PORT"
	case flow.ColDstPort:
		return "DESTINATION PORT"
	}
	return specs[c].title
}

// About explains a column in one line.
func About(c flow.Column) string { return specs[c].about }

// numeric tells whether the largest values of a column are the ones to look at first.
func numeric(c flow.Column) bool {
	switch c {
	case flow.ColStart, flow.ColEnd, flow.ColDuration, flow.ColSrcPackets, flow.ColSrcBytes, flow.ColDstPackets, flow.ColDstBytes,
		flow.ColBytes, flow.ColPackets, flow.ColPPS, flow.ColBPS, flow.ColBPP:
		return true
	}
	return false
}
