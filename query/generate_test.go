package query

import (
	"math"
	"strings"
	"time"

	"pgregory.net/rapid"

	"cxlens/internal/flow"
)

// The generators draw from small domains, so that flows and terms meet.

var testNow = time.Date(2026, 11, 22, 14, 0, 0, 0, time.UTC)

var (
	testAddrs = map[uint8][]flow.Addr{
		4: {addr("10.0.0.1"), addr("10.0.0.7"), addr("10.0.1.0"), addr("192.168.1.1"), addr("0.0.0.0"), addr("255.255.255.255")},
		6: {
			addr("::"), addr("::1"), addr("2001:db8::1"), addr("2001:db8::ffff:ffff:ffff:ffff"), addr("2001:db8:0:1::"),
			addr("::ffff:10.0.0.7"), addr("fe80::1"), addr("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
		},
	}
	testPorts  = []uint64{0, 1, 22, 53, 80, 443, 514, 1024, 8080, 51234, 65534, 65535}
	testProtos = []uint64{1, 6, 17, 58, 132, 0, 47, 255}
	testCounts = []uint64{0, 1, 2, 3, 999, 1000, 1500, 1_000_000, 1 << 32, 1<<53 + 1, 1 << 63, math.MaxUint64 - 1, math.MaxUint64}
	testSpans  = []int64{-2_000_000, -1, 0, 1, 500, 1_000_000, 1_500_000, 60_000_000, 3_600_000_000, 90_061_000_001}
	testNames  = []string{"", "eth1", "eth2", "ETH1", "dmz", `a"b\c`, "10.0.0.1", "50%", "a_b", "axb", "ä ö", "x*", "tab\tnul\x00", "and", "😀"}
	testFiles  = []string{"", "a.pcap", "b_1.pcap", "bx1.pcap", "dir/c%.pcap", `d\e.pcap`}
	testTimes  = []int64{-3_600_000_000, -60_000_000, -1_000_000, -1, 0, 1, 1_000_000, 60_000_000}
	testNodes  = []flow.NodeInfo{
		{ID: 1, Name: "eth1", Agent: "sensor-a", Netgroup: "dmz"},
		{ID: 2, Name: "ETH1", Agent: "sensor-b", Netgroup: ""},
		{ID: 3, Name: `a"b\c`, Agent: "50%", Netgroup: "a_b"},
		{ID: 4, Name: "axb", Agent: "ä ö", Netgroup: "and"},
	}
)

func addr(s string) flow.Addr {
	a, _, err := parseOneAddr(s)
	if err != nil {
		panic(err)
	}
	return a
}

func testNode(id uint32) flow.NodeInfo {
	for _, n := range testNodes {
		if n.ID == id {
			return n
		}
	}
	return flow.NodeInfo{ID: id}
}

func pick[T any](t *rapid.T, from []T, label string) T { return rapid.SampledFrom(from).Draw(t, label) }

// genRecord draws a flow.
func genRecord(t *rapid.T) flow.Record {
	version := pick(t, []uint8{4, 4, 6}, "version")
	start := testNow.UnixMicro() + pick(t, testTimes, "start")
	flags := rapid.Uint8Range(0, 31)
	return flow.Record{
		ID: pick(t, testCounts, "id"), Start: start, End: start + pick(t, testSpans, "span"),
		Src: pick(t, testAddrs[version], "src"), Dst: pick(t, testAddrs[version], "dst"),
		SrcPort: uint16(pick(t, testPorts, "sport")), DstPort: uint16(pick(t, testPorts, "dport")),
		SrcPackets: pick(t, testCounts, "spkts"), SrcBytes: pick(t, testCounts, "sbytes"),
		DstPackets: pick(t, testCounts, "dpkts"), DstBytes: pick(t, testCounts, "dbytes"),
		SrcFlags: flow.Flags(flags.Draw(t, "sflags")), DstFlags: flow.Flags(flags.Draw(t, "dflags")),
		Proto: uint8(pick(t, testProtos, "proto")), IPVersion: version,
		Node: pick(t, []uint32{0, 1, 2, 3, 4, 99}, "node"),
		File: pick(t, testFiles, "file"), EndFile: pick(t, testFiles, "endfile"), Offset: -1, EndOffset: -1,
	}
}

// genTree draws a tree in the shape that the parser makes. With named, sets may hold $name and ?name.
func genTree(t *rapid.T, depth int, named bool) Node {
	kind := 0
	if depth > 0 {
		kind = rapid.IntRange(0, 9).Draw(t, "kind")
	}
	switch kind {
	case 1, 2, 3:
		kids := make([]Node, rapid.IntRange(2, 4).Draw(t, "kids"))
		for i := range kids {
			kids[i] = genTree(t, depth-1, named)
		}
		if kind == 1 {
			return &OrNode{Kids: kids}
		}
		return &AndNode{Kids: kids}
	case 4:
		return &NotNode{Kid: genTree(t, depth-1, named)}
	}
	return genTerm(t, named)
}

func genTerm(t *rapid.T, named bool) Node {
	switch rapid.IntRange(0, 9).Draw(t, "term") {
	case 0:
		return &AnyNode{}
	case 1:
		return &IPVersion{Version: pick(t, []uint8{4, 6}, "version")}
	case 2:
		return genFlags(t)
	case 3:
		return genTime(t)
	}
	return genCompare(t, named)
}

func genSide(t *rapid.T) Side { return pick(t, []Side{Either, Src, Dst}, "side") }

func genFlags(t *rapid.T) Node {
	n := &Flags{Side: genSide(t), Mode: FlagsMode(rapid.IntRange(0, 3).Draw(t, "mode"))}
	least := uint8(0)
	if n.Mode == FlagsAll || n.Mode == FlagsAny {
		least = 1
	}
	n.Set = flow.Flags(rapid.Uint8Range(least, 31).Draw(t, "set"))
	if n.Mode == FlagsMasked {
		n.Mask = n.Set | flow.Flags(rapid.Uint8().Draw(t, "mask"))
	}
	return n
}

func genMoment(t *rapid.T) Moment {
	m := Moment{Now: rapid.Bool().Draw(t, "now"), Micros: pick(t, testTimes, "micros")}
	if !m.Now {
		m.Micros += testNow.UnixMicro()
	}
	return m
}

func genTime(t *rapid.T) Node {
	n := &Time{Field: TimeField(rapid.IntRange(0, 2).Draw(t, "field")), Op: TimeOp(rapid.IntRange(0, 2).Draw(t, "op"))}
	switch n.Op {
	case TimeRel:
		n.Rel, n.From = Rel(rapid.IntRange(0, 5).Draw(t, "rel")), genMoment(t)
	case TimeIn:
		n.From, n.To = genMoment(t), genMoment(t)
		if n.To.at(testNow) < n.From.at(testNow) {
			n.From, n.To = n.To, n.From
		}
	case TimeLast:
		n.Last = pick(t, testSpans[3:], "last")
	}
	return n
}

func genCompare(t *rapid.T, named bool) Node {
	n := &Compare{Field: Field(rapid.IntRange(0, int(numFields)-1).Draw(t, "field")), Rel: Rel(rapid.IntRange(0, 5).Draw(t, "rel"))}
	if n.Field == FieldICMPType || n.Field == FieldICMPCode {
		n.Field = FieldPort
	}
	if n.Field.Sided() {
		n.Side = genSide(t)
	}
	if !n.Field.kind().ordered() {
		n.Rel &= 1
	}
	if n.Rel.ordering() {
		n.Set = []Item{genItem(t, n.Field, true)}
		return n
	}
	for range rapid.IntRange(1, 6).Draw(t, "items") {
		if named && rapid.IntRange(0, 4).Draw(t, "named") == 0 {
			n.Set = append(n.Set, genNamed(t, n.Field))
			continue
		}
		n.Set = append(n.Set, genItem(t, n.Field, false))
	}
	return n
}

func genNamed(t *rapid.T, f Field) Item {
	if rapid.Bool().Draw(t, "ref") {
		return &Ref{Name: pick(t, []string{"servers", "a-b.c"}, "ref")}
	}
	return &Param{Name: pick(t, []string{"p", "q_1"}, "param"), Default: genItem(t, f, false)}
}

// genItem draws a value of a field; with single it is no range.
func genItem(t *rapid.T, f Field, single bool) Item {
	ranged := !single && rapid.IntRange(0, 3).Draw(t, "ranged") == 0
	switch f.kind() {
	case kindProto:
		return genNumber(t, testProtos, ranged)
	case kindPort:
		if !single && rapid.IntRange(0, 3).Draw(t, "service") == 0 {
			return &Word{Text: pick(t, []string{"ssh", "dns", "https", "syslog", "http-alt", "http"}, "service")}
		}
		return genNumber(t, testPorts, ranged)
	case kindShort:
		return genNumber(t, testPorts, ranged)
	case kindCount, kindID:
		return genNumber(t, testCounts, ranged)
	case kindRate:
		rates := []float64{0, 0.5, 1, 8, 12.5, 999, 1e6, 1.25e9, 2e18}
		lo := pick(t, rates, "lo")
		hi := lo
		if ranged {
			hi = max(lo, pick(t, rates, "hi"))
		}
		return &Decimal{Lo: lo, Hi: hi}
	case kindDuration:
		lo := pick(t, testSpans, "lo")
		hi := lo
		if ranged {
			hi = max(lo, pick(t, testSpans, "hi"))
		}
		return &Duration{Lo: lo, Hi: hi}
	case kindAddr:
		return genAddress(t, single, ranged)
	case kindState:
		return &Word{Text: pick(t, flow.StateNames(), "state")}
	case kindService:
		return &Word{Text: pick(t, []string{"", "ssh", "dns", "https", "syslog"}, "service")}
	}
	if f == FieldFile {
		return &Word{Text: pick(t, append([]string{"*", "*.pcap", "b_*", "*c%*", `d\*`}, testFiles...), "name")}
	}
	return &Word{Text: pick(t, append([]string{"*", "e*1", "*", "*_*", "a*b", "**"}, testNames...), "name")}
}

func genNumber(t *rapid.T, from []uint64, ranged bool) Item {
	lo := pick(t, from, "lo")
	hi := lo
	if ranged {
		hi = pick(t, from, "hi")
	}
	return &Number{Lo: min(lo, hi), Hi: max(lo, hi)}
}

func genAddress(t *rapid.T, single, ranged bool) Item {
	version := pick(t, []uint8{4, 6}, "version")
	a := pick(t, testAddrs[version], "addr")
	switch {
	case ranged:
		b := pick(t, testAddrs[version], "last")
		if b.Compare(a) < 0 {
			a, b = b, a
		}
		return &Address{Version: version, Lo: a, Hi: b}
	case !single && rapid.Bool().Draw(t, "block"):
		lo, hi := blockOf(a, 128-rapid.IntRange(0, addrBits(version)).Draw(t, "hostbits"))
		return &Address{Version: version, Lo: lo, Hi: hi}
	}
	return &Address{Version: version, Lo: a, Hi: a}
}

// namesOf finds the $names and ?names of a tree with the field they are used for; a name that
// two fields of different kinds use gets no entry, because one text cannot serve both.
func namesOf(n Node, found map[string]Field, clash map[string]bool) {
	switch n := n.(type) {
	case *AndNode:
		for _, kid := range n.Kids {
			namesOf(kid, found, clash)
		}
	case *OrNode:
		for _, kid := range n.Kids {
			namesOf(kid, found, clash)
		}
	case *NotNode:
		namesOf(n.Kid, found, clash)
	case *Compare:
		for _, i := range n.Set {
			name := ""
			switch i := i.(type) {
			case *Ref:
				name = "$" + i.Name
			case *Param:
				name = "?" + i.Name
			}
			if f, ok := found[name]; ok && f.kind() != n.Field.kind() {
				clash[name] = true
			}
			found[name] = n.Field
		}
	}
}

// genEnv draws sets for the names of a tree. ok is false when one name is used for two kinds of values.
func genEnv(t *rapid.T, n Node) (env Env, named map[string][]Item, ok bool) {
	found, clash := map[string]Field{}, map[string]bool{}
	namesOf(n, found, clash)
	env = Env{Now: testNow, Names: map[string]string{}, Params: map[string]string{}}
	named = map[string][]Item{}
	for name, f := range found {
		if name == "" || name[0] == '?' && rapid.Bool().Draw(t, "default") {
			continue
		}
		var texts []string
		for range rapid.IntRange(1, 3).Draw(t, "size") {
			i := genItem(t, f, false)
			named[name] = append(named[name], i)
			texts = append(texts, itemText(f, i))
		}
		text := "[" + strings.Join(texts, ", ") + "]"
		if name[0] == '$' {
			env.Names[name[1:]] = text
		} else {
			env.Params[name[1:]] = text
		}
	}
	return env, named, len(clash) == 0
}
