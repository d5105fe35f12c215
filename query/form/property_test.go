package form

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"cxlens/internal/flow"
	"cxlens/query"
)

var now = time.Date(2026, 11, 22, 14, 0, 0, 0, time.UTC)

// env binds the names that the generators draw.
var env = query.Env{
	Now:    now,
	Names:  map[string]string{"internal": "[10.0.0.0/8 fd00::/8]", "web": "[80 443]"},
	Params: map[string]string{"n": "2"},
}

func pick[T any](t *rapid.T, label string, from ...T) T {
	return rapid.SampledFrom(from).Draw(t, label)
}

// values are lists that fields take, in canonical spelling, by field.
var values = map[query.Field][]string{
	query.FieldProto: {"tcp", "udp", "icmp icmp6", "tcp 17-20", ">udp"},
	query.FieldIP: {
		"10.0.0.7", "10.0.0.0/8 192.168.0.0/16", "10.0.0.1-10.0.0.9", "::1", "fd00::/8", "192.0.2.0/24 $internal", ">=10.0.0.7",
	},
	query.FieldPort:     {"443", "https", "80 443", "1-1023", ">1023", "$web", "dns 8000-8080", "?n:53"},
	query.FieldState:    {"S0", "SF S1", "REJ"},
	query.FieldNode:     {"eth1", "eth*", `"and" dmz`, `""`},
	query.FieldAgent:    {"sensor-a", `"a b"`},
	query.FieldNetgroup: {"lab", `"" lab`},
	query.FieldICMPID:   {"443", "1-9 500", ">7"},
	query.FieldService:  {"https", "dns ssh", `""`},
	query.FieldID:       {"5", "1-9 70", ">5"},
	query.FieldFile:     {"a.pcap", "eth1* b.pcap"},
}

// mins and maxs are what the two texts of bounds take.
var (
	mins = map[query.Field][]string{
		query.FieldBytes: {"1K", ">2", "=1-1K", "!=1", "=2 1K"}, query.FieldPackets: {"2", ">1", "=?n:1"},
		query.FieldDuration: {"1s", ">-1s", "=0s"}, query.FieldPPS: {"0.5", ">2"}, query.FieldBPS: {"1K"}, query.FieldBPP: {"64"},
	}
	maxs = map[query.Field][]string{
		query.FieldBytes: {"1M", "<1K"}, query.FieldPackets: {"5", "<2"},
		query.FieldDuration: {"1m", "<1s"}, query.FieldPPS: {"9"}, query.FieldBPS: {"<1G"}, query.FieldBPP: {"1500"},
	}
	// others are terms that a form has no field for.
	others = []string{
		"tcp or udp", "not tcp", "not ip4", "ip4 or tcp", "start last 1h", "active in now-2h .. now", "not service ssh", "not icmp id 443", "not id > 5", "not file a.pcap",
		"not (port 80 and tcp)", "ip 10.0.0.7 and port 80 or ip6", "flags 0/0",
	}
)

func drawRow(t *rapid.T, f query.Field) Row {
	r := Row{Values: pick(t, "values", values[f]...)}
	if f.Sided() {
		r.Side = pick(t, "side", query.Either, query.Src, query.Dst)
	}
	if !strings.HasPrefix(r.Values, ">") {
		r.Not = rapid.Bool().Draw(t, "not")
	}
	return r
}

func maybeRow(t *rapid.T, f query.Field) Row {
	if rapid.IntRange(0, 2).Draw(t, "row") > 0 {
		return Row{}
	}
	return drawRow(t, f)
}

func drawRows(t *rapid.T, f query.Field) (rows []Row) {
	for range pick(t, "rows", 0, 0, 1, 2) {
		rows = append(rows, drawRow(t, f))
	}
	return rows
}

func maybeBounds(t *rapid.T, f query.Field) (b Bounds) {
	what := pick(t, "bounds", 0, 0, 1, 2, 3)
	if what&1 > 0 {
		b.Min = pick(t, "min", mins[f]...)
	}
	if what&2 > 0 {
		b.Max = pick(t, "max", maxs[f]...)
	}
	return b
}

// drawSided draws bounds of different sides: neighbours of one side would be joined.
func drawSided(t *rapid.T, f query.Field) (all []Bounds) {
	for _, side := range rapid.Permutation([]query.Side{query.Either, query.Src, query.Dst}).Draw(t, "sides") {
		if b := maybeBounds(t, f); !b.blank() {
			b.Side = side
			all = append(all, b)
		}
	}
	return all
}

func drawFlags(t *rapid.T) (f Flags) {
	if rapid.Bool().Draw(t, "no flags") {
		return f
	}
	f.Mode = query.FlagsMode(rapid.IntRange(0, 3).Draw(t, "mode"))
	f.Set = flow.Flags(rapid.Uint8Range(1, 31).Draw(t, "set"))
	if f.Mode == query.FlagsMasked {
		f.Mask = f.Set | flow.Flags(rapid.Uint8().Draw(t, "mask"))
	}
	return f
}

// drawForm draws a form in canonical spelling.
func drawForm(t *rapid.T) Form {
	f := Form{
		Proto: maybeRow(t, query.FieldProto), Direction: pick(t, "direction", Directions()...),
		Addrs: drawRows(t, query.FieldIP), Ports: drawRows(t, query.FieldPort),
		Bytes: drawSided(t, query.FieldBytes), Packets: drawSided(t, query.FieldPackets),
		Duration: maybeBounds(t, query.FieldDuration), PPS: maybeBounds(t, query.FieldPPS),
		BPS: maybeBounds(t, query.FieldBPS), BPP: maybeBounds(t, query.FieldBPP),
		Flags: [3]Flags{drawFlags(t), drawFlags(t), drawFlags(t)},
		State: maybeRow(t, query.FieldState), Node: maybeRow(t, query.FieldNode),
		Agent: maybeRow(t, query.FieldAgent), Netgroup: maybeRow(t, query.FieldNetgroup),
		ICMPID: maybeRow(t, query.FieldICMPID), Service: maybeRow(t, query.FieldService),
		ID: maybeRow(t, query.FieldID), File: maybeRow(t, query.FieldFile),
		Version: pick(t, "version", uint8(0), 0, 4, 6),
	}
	if f.Direction != Anywhere {
		f.Internal = pick(t, "internal", "", Named)
	}
	var also []string
	for range pick(t, "also", 0, 0, 1, 2) {
		text := pick(t, "other", others...)
		if strings.Contains(text, " or ") {
			text = "(" + text + ")"
		}
		also = append(also, text)
	}
	if len(also) > 0 {
		f.Also = mustParse(t, strings.Join(also, " and ")).String()
	}
	return f
}

func mustParse(t *rapid.T, text string) *query.Query {
	q, err := query.Parse(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return q
}

// TestFormTreeForm: a form that becomes a tree becomes the same form again.
func TestFormTreeForm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := drawForm(t)
		q, errs := f.Query()
		if len(errs) > 0 {
			t.Fatalf("%+v: %v", f, errs)
		}
		if diff := cmp.Diff(f, FromQuery(q)); diff != "" {
			t.Fatalf("%s: want, got\n%s", q, diff)
		}
	})
}

// drawTerm draws the text of a term that a field can show, or of another one.
func drawTerm(t *rapid.T) string {
	if rapid.IntRange(0, 3).Draw(t, "other") == 0 {
		return "(" + pick(t, "other", others...) + ")"
	}
	one := drawForm(t)
	one.Also = ""
	q, _ := one.Query()
	switch n := q.Root().(type) {
	case *query.AndNode:
		return "(" + query.Text(n.Kids[rapid.IntRange(0, len(n.Kids)-1).Draw(t, "kid")]) + ")"
	default:
		return "(" + query.Text(n) + ")"
	}
}

// drawTree draws a tree of "and", "or" and "not" over such terms.
func drawTree(t *rapid.T, depth int) string {
	kind := rapid.IntRange(0, 5).Draw(t, "kind")
	if depth == 0 || kind == 0 {
		return drawTerm(t)
	}
	if kind == 1 {
		return "not (" + drawTree(t, depth-1) + ")"
	}
	sep := " and "
	if kind == 2 {
		sep = " or "
	}
	var kids []string
	for range rapid.IntRange(1, 4).Draw(t, "kids") {
		kids = append(kids, "("+drawTree(t, depth-1)+")")
	}
	return strings.Join(kids, sep)
}

// TestTreeFormTree: a tree that goes through a form selects the same flows, and going through it
// again changes nothing any more.
func TestTreeFormTree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := mustParse(t, drawTree(t, 3))
		f := FromQuery(q)
		again, errs := f.Query()
		if len(errs) > 0 {
			t.Fatalf("%s: %v", q, errs)
		}
		before, after := filter(t, q), filter(t, again)
		for range 40 {
			r, node := drawFlow(t)
			if before.MatchRecord(&r, node) != after.MatchRecord(&r, node) {
				t.Fatalf("%s\nbecame %s\nwhich differs on %+v", q, again, r)
			}
		}
		third, _ := FromQuery(again).Query()
		if third.String() != again.String() {
			t.Fatalf("%s\nbecame %s\nand then %s", q, again, third)
		}
	})
}

// TestOrderedTextStays: a conjunction in the order of the form's parts keeps its text.
func TestOrderedTextStays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := drawForm(t)
		first, _ := f.Query()
		again, _ := FromQuery(mustParse(t, first.String())).Query()
		if first.String() != again.String() {
			t.Fatalf("%s\nbecame %s", first, again)
		}
	})
}

// TestNeverPanics: whatever is typed gives a query and errors whose places lie in the text.
func TestNeverPanics(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.SampledFrom([]rune(`0123456789./:-,[]()<>=!"\$?abhtps KM ä`+"\t"))).Draw(t, "text")
		b := Bounds{Min: text, Max: text}
		r := Row{Values: text, Not: rapid.Bool().Draw(t, "not")}
		f := Form{
			Proto: r, Addrs: []Row{r}, Ports: []Row{r}, Bytes: []Bounds{b}, Packets: []Bounds{b}, Duration: b, PPS: b, State: r, Node: r, Also: text,
		}
		q, errs := f.Query()
		if q == nil {
			t.Fatal("no query")
		}
		for _, e := range errs {
			if e.Message == "" || strings.Contains(e.Message, "\n") || e.Offset < 0 || e.Length < 0 || e.Offset+e.Length > len(text) {
				t.Fatalf("%q: %+v", text, e)
			}
		}
		if _, err := query.Parse(q.String()); err != nil {
			t.Fatalf("%q made %s: %v", text, q, err)
		}
	})
}

func filter(t *rapid.T, q *query.Query) *query.Filter {
	f, err := q.Filter(env)
	if err != nil {
		t.Fatalf("%s: %v", q, err)
	}
	return f
}

var addrs = map[uint8][]string{
	4: {"10.0.0.7", "10.0.0.1", "192.168.1.1", "192.0.2.9", "11.0.0.1"},
	6: {"::1", "fd00::1", "2001:db8::1"},
}

func drawFlow(t *rapid.T) (flow.Record, flow.NodeInfo) {
	version := pick(t, "version", uint8(4), 4, 6)
	start := now.Add(-pick(t, "ago", 0, time.Minute, 90*time.Minute, 3*time.Hour)).UnixMicro()
	count := func(label string) uint64 { return pick(t, label, uint64(0), 1, 2, 3, 999, 1000, 1e6) }
	port := func(label string) uint16 { return pick(t, label, uint16(0), 2, 22, 53, 80, 443, 1024, 8080, 51234) }
	address := func(label string) flow.Addr {
		a, _, err := flow.ParseAddr(pick(t, label, addrs[version]...))
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	r := flow.Record{
		ID: count("id"), Start: start, End: start + pick(t, "span", int64(-2e6), 0, 5e5, 1e6, 60e6, 61e6), IPVersion: version,
		Proto: pick(t, "proto", uint8(1), 6, 6, 17, 18, 47, 58), Src: address("src"), Dst: address("dst"),
		SrcPort: port("src port"), DstPort: port("dst port"), File: pick(t, "file", "", "a.pcap"),
		SrcPackets: count("src packets"), DstPackets: count("dst packets"), SrcBytes: count("src bytes"), DstBytes: count("dst bytes"),
		SrcFlags: flow.Flags(rapid.Uint8Range(0, 31).Draw(t, "src flags")), DstFlags: flow.Flags(rapid.Uint8Range(0, 31).Draw(t, "dst flags")),
	}
	node := flow.NodeInfo{
		ID: 1, Name: pick(t, "node", "", "eth1", "dmz", "and"), Agent: pick(t, "agent", "", "sensor-a", "a b"), Netgroup: pick(t, "netgroup", "", "lab"),
	}
	return r, node
}
