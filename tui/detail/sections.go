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
		{title: "source", fields: m.side(r.Src, r.SrcPort, r.SrcPackets, r.SrcBytes, r.SrcFlags)},
		{title: "destination", fields: m.side(r.Dst, r.DstPort, r.DstPackets, r.DstBytes, r.DstFlags)},
		{title: "derived", fields: derived(r)},
		{title: "where it comes from", fields: m.origin()},
		{title: "related flows", fields: m.relations()},
	}
}

func (m *Model) general() []field {
	r := &m.record
	return []field{
		text("id", strconv.FormatUint(r.ID, 10), "unique in practice for a node and a start"),
		text("start", utc(r.Start), "first packet; "+m.local(r.Start)),
		text("end", utc(r.End), "last packet; "+m.local(r.End)),
		text("duration", string(human.AppendSeconds(nil, r.Duration())), negative(r)),
		text("protocol", flow.ProtoName(r.Proto), fmt.Sprintf("IP protocol %d over IP version %d", r.Proto, r.IPVersion)),
	}
}

// text is a field in the usual colour.
func text(name, value, about string) field {
	return field{name: name, value: value, about: about, token: themes.Text}
}

func negative(r *flow.Record) string {
	if r.End < r.Start {
		return "negative: the sensor's clock or its data went back"
	}
	return human.Duration(r.Duration())
}

const layout = "2006-01-02 15:04:05.000000"

func utc(us int64) string { return time.UnixMicro(us).UTC().Format(layout) + " UTC" }

// local is the same moment on the clock of the person's own zone, or of the one that was named.
func (m *Model) local(us int64) string {
	t := time.UnixMicro(us).In(m.zone)
	name, offset := t.Zone()
	place := "local"
	if named := m.zone.String(); strings.Contains(named, "/") { // as the time zone database calls places
		place = flow.Clean(named)
	}
	if offset == 0 {
		return place + " time the same"
	}
	if strings.ContainsAny(name[:min(1, len(name))], "+-") { // a zone without a name is called by its offset
		name = ""
	}
	return place + " " + t.Format(layout+" -0700 ") + flow.Clean(name)
}

func (m *Model) side(a flow.Addr, port uint16, packets, bytes uint64, flags flow.Flags) []field {
	r := &m.record
	fields := []field{text("address", a.Text(r.IPVersion), "")}
	if m.Facts != nil {
		for _, f := range m.Facts(a.Netip(r.IPVersion)) {
			fields = append(fields, text(f.Name, f.Value, f.About))
		}
	}
	switch name := flow.PortName(r.Proto, port); {
	case r.Proto == flow.ICMP || r.Proto == flow.ICMP6:
		fields = append(fields, text("icmp id", strconv.Itoa(int(port)), "stands in the place of the port"))
	case name != "":
		fields = append(fields, text("port", strconv.Itoa(int(port)), "registered for "+name))
	default:
		fields = append(fields, text("port", strconv.Itoa(int(port)), "no registered service"))
	}
	fields = append(fields,
		text("packets", human.Exact(packets), "sent by this side, "+rate(float64(packets), r, " packets/s")),
		text("bytes", human.Exact(bytes), "sent by this side, "+human.Bytes(bytes)+", "+rate(8*float64(bytes), r, " bit/s")))
	if r.Proto == flow.TCP {
		fields = append(fields, text("flags", flags.String(), flagWords(flags)))
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
		{name: "state", value: s.String(), about: Why(r), token: table.StateToken(s)},
		text("service", flow.Service(r.Proto, r.SrcPort, r.DstPort), "by the registered names of the ports, not by content"),
		text("bytes", human.Exact(r.Bytes()), "both sides, "+human.Bytes(r.Bytes())),
		text("byte layer", "2, whole frames", "what cxtracker counts: Ethernet header and all above it"),
		text("packets", human.Exact(r.Packets()), "both sides"),
		text("packet rate", rate(float64(r.Packets()), r, " packets/s"), "both sides over the duration"),
		text("bit rate", rate(8*float64(r.Bytes()), r, " bit/s"), "both sides over the duration"),
		text("frame size", perPacket(r), "frame bytes a packet, both sides"),
		text("asymmetry", asymmetry(r), leaning(r)),
	}
}

// asymmetry is how the bytes are shared between the sides.
func asymmetry(r *flow.Record) string {
	if r.Bytes() == 0 {
		return "none: no bytes"
	}
	share := float64(r.SrcBytes) / (float64(r.SrcBytes) + float64(r.DstBytes))
	return fmt.Sprintf("%.1f %% up, %.1f %% down", 100*share, 100-100*share)
}

// leaning says which side sent more, and how many times as much.
func leaning(r *flow.Record) string {
	up, down := float64(r.SrcBytes), float64(r.DstBytes)
	switch {
	case up == down:
		return "both sides sent as many bytes"
	case down == 0:
		return "only the source sent bytes"
	case up == 0:
		return "only the destination sent bytes"
	case up > down:
		return "the source sent " + string(human.AppendFloat(nil, up/down)) + " times the bytes of the destination"
	}
	return "the destination sent " + string(human.AppendFloat(nil, down/up)) + " times the bytes of the source"
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
		text("node", node, "brought the flow to the server"),
		text("agent", flow.Clean(m.node.Agent), "sensor host of the node"),
		text("netgroup", flow.Clean(m.node.Netgroup), "network that the node watches"),
	}
	if r.File == "" && r.EndFile == "" {
		return append(fields, text("capture", "", "the sensor kept no packets of this flow"))
	}
	return append(fields,
		text("first packet", place(r.File, r.Offset), "capture file at the sensor and offset in it"),
		text("last packet", place(r.EndFile, r.EndOffset), "the offset is 16 short of the record's end"))
}

// relations are the queries for flows that have something in common with this one.
func (m *Model) relations() []field {
	fields := make([]field, 0, len(m.related))
	for _, rel := range m.related {
		f := field{name: keyOf(m.keys, rel.Action) + "  " + rel.Name, value: flow.Clean(rel.Query), token: themes.Text, opens: rel.Action}
		if rel.Query == "" {
			f.about = flow.Clean(rel.Why)
		}
		fields = append(fields, f)
	}
	return fields
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
