package form

import (
	"iter"
	"slices"
	"strings"

	"cxlens/internal/flow"
	"cxlens/query"
	model "cxlens/query/form"
	"cxlens/tui/span"
)

// The fields beside the tree.
const (
	partSpan model.Part = 100 + iota
	partOrder
	partLimit
)

// row is a field on the screen: a line of cells.
type row struct {
	part  model.Part
	side  query.Side // of a row of flags
	label string
	hint  string
	cells []cell
	errs  []string // below the row
}

// texts are the row's texts, of bounds the least and the largest value.
func (r *row) texts() (all []*text) {
	for _, c := range r.cells {
		if t, ok := c.(*text); ok {
			all = append(all, t)
		}
	}
	return all
}

// at returns the choice that begins the row.
func (r *row) chosen() int { return r.cells[0].(*choice).at }

// blank tells that nothing is typed into the row.
func (r *row) blank() bool {
	for _, t := range r.texts() {
		if strings.TrimSpace(t.value()) != "" {
			return false
		}
	}
	return true
}

// The choices before values; a place in rowChoices is a side, plus three when negated.
var (
	rowChoices    = []string{"either", "src", "dst", "neither", "not src", "not dst"}
	plainChoices  = []string{"is", "not"}
	boundsChoices = []string{"both", "src", "dst"}
	// versionChoices are what versions are called.
	versionChoices = []string{"both", "IPv4", "IPv6"}
	versions       = []uint8{0, 4, 6}
)

const (
	listHint    = "several by blanks"
	addrHint    = "10.0.0.7, 10.0.0.0/8, 192.0.2.1-192.0.2.9, fd00::/8; " + listHint
	portHint    = "443, 8000-8080, >1023, a service such as https, dns, ssh; " + listHint
	countHint   = "1500, 20K, 1.5M, 2G; >1M is above it, 1K-1M a range"
	timeHint    = "500ms, 90s, 1.5h, 2d; >90s is above it, 1s-5s a range"
	flagsHint   = "Space or a letter sets FIN SYN RST PSH ACK URG ECE CWR; masked: - is unset"
	namesHint   = "← → choose what the server knows; * is any characters; " + listHint
	spanHint    = "15m, 2026-11-22, 2026-11-22 08:00 .. 2026-11-22 09:30"
	orderHint   = "start oldest first, -start newest first, -bytes largest first"
	limitHint   = "how many rows come at most: 500, 100k, 2M or none"
	alsoHint    = "query text for what has no field here, joined by \"and\""
	versionHint = "IPv4, IPv6 or both"
	serviceHint = "by the registered ports: https (or tls), dns, ssh, rdp; " + listHint
	icmpHint    = "the id of an echo, as ping has it: 4711, 1-99; " + listHint
	idHint      = "a flow's id, as its detail shows it; " + listHint
	fileHint    = "the capture file of the first packet; * is any characters"
	insideHint  = "internal are the networks "
)

var spanPicks = []string{"all", "15m", "1h", "24h", "7d", "today", "yesterday"}

// newRows lays the fields of a form out: two columns and, below them, what is as wide as both.
func (m *Model) newRows(f model.Form, s Search) {
	direction := &choice{at: int(f.Direction)}
	for _, d := range model.Directions() {
		direction.options = append(direction.options, d.String())
	}
	version := &choice{options: versionChoices, at: slices.Index(versions, f.Version)}
	inside := m.inside(f)
	l := []*row{
		{part: partSpan, label: "time, UTC", hint: spanHint, cells: []cell{newText(strings.TrimPrefix(s.Span.Text(), "last "), "all", fixedPicks(spanPicks))}},
		{part: model.PartDirection, label: "direction", hint: insideHint + inside, cells: []cell{direction}},
	}
	for _, r := range append(f.Addrs, model.Row{}) {
		l = append(l, newRow(model.PartAddrs, "address", addrHint, r, nil))
	}
	for _, r := range append(f.Ports, model.Row{}) {
		l = append(l, newRow(model.PartPorts, "port", portHint, r, nil))
	}
	l = append(l, newRow(model.PartProto, "protocol", "tcp, udp, icmp, gre, 47, 50-51; "+listHint, f.Proto, fixedPicks([]string{"", "tcp", "udp", "icmp", "icmp6"})))
	for _, b := range append(f.Bytes, model.Bounds{}) {
		l = append(l, newBounds(model.PartBytes, "bytes", countHint, b))
	}
	for _, b := range append(f.Packets, model.Bounds{}) {
		l = append(l, newBounds(model.PartPackets, "packets", countHint, b))
	}
	l = append(l, newBounds(model.PartDuration, "duration", timeHint, f.Duration),
		newBounds(model.PartPPS, "packets/s", countHint, f.PPS), newBounds(model.PartBPS, "bits/s", countHint, f.BPS),
		newBounds(model.PartBPP, "bytes/pkt", countHint, f.BPP),
		&row{part: model.PartVersion, label: "version", hint: versionHint, cells: []cell{version}},
		newRow(model.PartICMPID, "icmp id", icmpHint, f.ICMPID, nil))
	states := append([]string{""}, flow.StateNames()...)
	r := []*row{
		newRow(model.PartState, "state", "S0 unanswered, REJ refused, SF closed, S1 open, RSTO RSTR reset, OTH", f.State, fixedPicks(states)),
	}
	for _, side := range []query.Side{query.Src, query.Dst, query.Either} {
		toggles := newFlags(f.Flags[side])
		label, hint := strings.TrimSpace(side.String()+" flags"), flagsHint
		if side == query.Either {
			hint = "of one side or the other; " + hint
		}
		r = append(r, &row{part: model.PartFlags, side: side, label: label, hint: hint, cells: []cell{toggles.mode, toggles}})
	}
	r = append(r,
		newRow(model.PartNode, "node", namesHint, f.Node, m.picks(query.FieldNode)),
		newRow(model.PartAgent, "agent", namesHint, f.Agent, m.picks(query.FieldAgent)),
		newRow(model.PartNetgroup, "netgroup", namesHint, f.Netgroup, m.picks(query.FieldNetgroup)),
		newRow(model.PartService, "service", serviceHint, f.Service, fixedPicks([]string{"", "https", "http", "dns", "ssh", "smb", "rdp", "smtp"})),
		newRow(model.PartID, "id", idHint, f.ID, nil),
		newRow(model.PartFile, "file", fileHint, f.File, nil),
		&row{part: partOrder, label: "order", hint: orderHint, cells: []cell{newText(orderText(s.Order), "as stored", fixedPicks([]string{"-start", "start", "-bytes", "-packets", "-duration"}))}},
		&row{part: partLimit, label: "limit", hint: limitHint, cells: []cell{newText(span.LimitText(s.Limit), "", fixedPicks([]string{"1k", "10k", "100k", "1M", "none"}))}})
	m.rows = [3][]*row{l, r, {{part: model.PartAlso, label: "and also", hint: alsoHint, cells: []cell{newText(f.Also, "nothing else", nil)}}}}
}

func (m *Model) inside(f model.Form) string {
	if f.Internal != "" {
		return f.Internal
	}
	return model.Blocks
}

func fixedPicks(list []string) func() []string { return func() []string { return list } }

// picks lists what the server knows for a field of names, as the query language writes it.
func (m *Model) picks(f query.Field) func() []string {
	return func() []string {
		list := []string{""}
		for _, name := range m.names(f) {
			list = append(list, query.SetText(f, []query.Item{&query.Word{Text: name}}))
		}
		return list
	}
}

// newRow is a row of values with what they are of.
func newRow(part model.Part, label, hint string, r model.Row, picks func() []string) *row {
	c := &choice{options: plainChoices}
	sides := 1
	if f, _ := part.Field(); f.Sided() {
		c.options, c.at, sides = rowChoices, int(r.Side), 3
	}
	if r.Not {
		c.at += sides
	}
	return &row{part: part, label: label, hint: hint, cells: []cell{c, newText(r.Values, "any", picks)}}
}

// values is newRow backwards.
func (r *row) values() model.Row {
	sides := len(r.cells[0].(*choice).options) / 2
	return model.Row{Side: query.Side(r.chosen() % sides), Not: r.chosen() >= sides, Values: r.texts()[0].value()}
}

// newBounds is a row of a least and a largest value.
func newBounds(part model.Part, label, hint string, b model.Bounds) *row {
	r := &row{part: part, label: label, hint: hint}
	if f, _ := part.Field(); f.Sided() {
		r.cells = append(r.cells, &choice{options: boundsChoices, at: int(b.Side)})
	}
	r.cells = append(r.cells, newText(b.Min, "min", nil), newText(b.Max, "max", nil))
	return r
}

// bounds is newBounds backwards.
func (r *row) bounds() model.Bounds {
	b := model.Bounds{Min: r.texts()[0].value(), Max: r.texts()[1].value()}
	if len(r.cells) == 3 {
		b.Side = query.Side(r.chosen())
	}
	return b
}

// form collects what stands in the fields. Blank rows keep their place, which errors name.
func (m *Model) form() model.Form {
	f := model.Form{Internal: m.internal}
	for r := range m.all() {
		r.collect(&f)
	}
	return f
}

// collect puts what stands in the row into f.
func (r *row) collect(f *model.Form) {
	switch r.part {
	case model.PartDirection:
		f.Direction = model.Direction(r.chosen())
	case model.PartVersion:
		f.Version = versions[r.chosen()]
	case model.PartAddrs:
		f.Addrs = append(f.Addrs, r.values())
	case model.PartPorts:
		f.Ports = append(f.Ports, r.values())
	case model.PartBytes:
		f.Bytes = append(f.Bytes, r.bounds())
	case model.PartPackets:
		f.Packets = append(f.Packets, r.bounds())
	case model.PartFlags:
		f.Flags[r.side] = r.cells[1].(*flags).value()
	case model.PartAlso:
		f.Also = r.texts()[0].value()
	default:
		r.collectSingle(f)
	}
}

// collectSingle is collect for the parts of one row.
func (r *row) collectSingle(f *model.Form) {
	switch r.part {
	case model.PartProto:
		f.Proto = r.values()
	case model.PartState:
		f.State = r.values()
	case model.PartNode:
		f.Node = r.values()
	case model.PartAgent:
		f.Agent = r.values()
	case model.PartNetgroup:
		f.Netgroup = r.values()
	case model.PartICMPID:
		f.ICMPID = r.values()
	case model.PartService:
		f.Service = r.values()
	case model.PartID:
		f.ID = r.values()
	case model.PartFile:
		f.File = r.values()
	case model.PartDuration:
		f.Duration = r.bounds()
	case model.PartPPS:
		f.PPS = r.bounds()
	case model.PartBPS:
		f.BPS = r.bounds()
	case model.PartBPP:
		f.BPP = r.bounds()
	}
}

// all are the rows in the order in which the keyboard walks them.
func (m *Model) all() iter.Seq[*row] {
	return func(yield func(*row) bool) {
		for _, col := range m.rows {
			for _, r := range col {
				if !yield(r) {
					return
				}
			}
		}
	}
}

// grow keeps a blank row at the end of every group of rows.
func (m *Model) grow() {
	for i, col := range m.rows {
		var grown []*row
		for j, r := range col {
			grown = append(grown, r)
			if r.blank() || j+1 < len(col) && col[j+1].part == r.part {
				continue
			}
			switch r.part {
			case model.PartAddrs, model.PartPorts:
				grown = append(grown, newRow(r.part, r.label, r.hint, model.Row{}, nil))
			case model.PartBytes, model.PartPackets:
				grown = append(grown, newBounds(r.part, r.label, r.hint, model.Bounds{}))
			}
		}
		m.rows[i] = grown
	}
}
