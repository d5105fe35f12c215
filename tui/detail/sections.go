package detail

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"cxlens/internal/flow"
	"cxlens/themes"
	"cxlens/tui/human"
	"cxlens/tui/table"
)

type section struct {
	title  string
	fields []field
}

// sections are the parts of the detail in their order.
func (m *Model) sections() []section {
	r := &m.record
	return []section{
		{title: "flow", fields: m.general()},
		{title: "source", fields: side(r, r.Src, r.SrcPort, r.SrcPackets, r.SrcBytes, r.SrcFlags)},
		{title: "destination", fields: side(r, r.Dst, r.DstPort, r.DstPackets, r.DstBytes, r.DstFlags)},
		{title: "derived", fields: derived(r)},
		{title: "where it comes from", fields: m.origin()},
	}
}

func (m *Model) general() []field {
	r := &m.record
	return []field{
		{"id", strconv.FormatUint(r.ID, 10), "start second and a counter; unique in practice for a node and a start", themes.Text},
		{"start", exact(r.Start), "first packet, UTC", themes.Text},
		{"end", exact(r.End), "last packet, UTC", themes.Text},
		{"duration", string(human.AppendSeconds(nil, r.Duration())), negative(r), themes.Text},
		{"protocol", flow.ProtoName(r.Proto), fmt.Sprintf("IP protocol %d over IP version %d", r.Proto, r.IPVersion), themes.Text},
	}
}

func negative(r *flow.Record) string {
	if r.End < r.Start {
		return "negative: the sensor's clock or its data went back"
	}
	return human.Duration(r.Duration())
}

func exact(us int64) string {
	return time.UnixMicro(us).UTC().Format("2006-01-02 15:04:05.000000")
}

func side(r *flow.Record, a flow.Addr, port uint16, packets, bytes uint64, flags flow.Flags) []field {
	fields := []field{{"address", a.Text(r.IPVersion), "", themes.Text}}
	switch name := flow.PortName(r.Proto, port); {
	case r.Proto == flow.ICMP || r.Proto == flow.ICMP6:
		fields = append(fields, field{"icmp id", strconv.Itoa(int(port)), "stands in the place of the port", themes.Text})
	case name != "":
		fields = append(fields, field{"port", strconv.Itoa(int(port)), "registered for " + name, themes.Text})
	default:
		fields = append(fields, field{"port", strconv.Itoa(int(port)), "no registered service", themes.Text})
	}
	fields = append(fields,
		field{"packets", human.Exact(packets), "sent by this side", themes.Text},
		field{"bytes", human.Exact(bytes), "whole frames sent by this side, " + human.Bytes(bytes), themes.Text})
	if r.Proto == flow.TCP {
		fields = append(fields, field{"flags", flags.String(), flagWords(flags), themes.Text})
	}
	return fields
}

var flagNames = []string{"FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR"}

// flagWords names the flags that were seen at least once.
func flagWords(f flow.Flags) string {
	var words []string
	for i, n := range flagNames {
		if f&(1<<i) != 0 {
			words = append(words, n)
		}
	}
	if len(words) == 0 {
		return "no flag was seen from this side"
	}
	return strings.Join(words, ", ") + " seen at least once"
}

func derived(r *flow.Record) []field {
	s := r.State()
	return []field{
		{"state", s.String(), Why(r), table.StateToken(s)},
		{"service", flow.Service(r.Proto, r.SrcPort, r.DstPort), "by the registered names of the ports, not by content", themes.Text},
		{"bytes", human.Exact(r.Bytes()), "both sides, " + human.Bytes(r.Bytes()), themes.Text},
		{"packets", human.Exact(r.Packets()), "both sides", themes.Text},
		{"packet rate", rate(float64(r.Packets()), r, " packets/s"), "both sides over the duration", themes.Text},
		{"bit rate", rate(8*float64(r.Bytes()), r, " bit/s"), "both sides over the duration", themes.Text},
		{"frame size", perPacket(r), "frame bytes a packet, both sides", themes.Text},
	}
}

// rate divides by the duration; without one there is no rate.
func rate(n float64, r *flow.Record, unit string) string {
	d := r.Duration().Seconds()
	if d <= 0 {
		return "none: no duration"
	}
	return string(human.AppendFloat(nil, n/d)) + unit
}

func perPacket(r *flow.Record) string {
	if r.Packets() == 0 {
		return "none: no packets"
	}
	return string(human.AppendFloat(nil, float64(r.Bytes())/float64(r.Packets()))) + " bytes"
}

func (m *Model) origin() []field {
	r := &m.record
	node := "none"
	if r.Node != 0 {
		node = fmt.Sprintf("%s (id %d)", flow.Clean(m.node.Name), r.Node)
	}
	fields := []field{
		{"node", node, "brought the flow to the server", themes.Text},
		{"agent", flow.Clean(m.node.Agent), "sensor host of the node", themes.Text},
		{"netgroup", flow.Clean(m.node.Netgroup), "network that the node watches", themes.Text},
	}
	if r.File == "" && r.EndFile == "" {
		return append(fields, field{"capture", "", "the sensor kept no packets of this flow", themes.Text})
	}
	return append(fields,
		field{"first packet", place(r.File, r.Offset), "capture file at the sensor and offset in it", themes.Text},
		field{"last packet", place(r.EndFile, r.EndOffset), "the offset is 16 short of the record's end", themes.Text})
}

func place(file string, offset int64) string {
	if file == "" {
		return "none"
	}
	if offset < 0 {
		return flow.Clean(file)
	}
	return fmt.Sprintf("%s at %s", flow.Clean(file), human.Exact(uint64(offset)))
}
