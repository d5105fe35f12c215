package pivot

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"time"
	"unicode/utf8"

	"cxlens/internal/flow"
	"cxlens/query"
)

// Near is how far the term of a time column reaches to both sides.
const Near = 5 * time.Minute

// Term is the term of a flow's value in a column. It matches r itself. Counts, durations and rates are
// "at least this", a count of 0 is "none"; times are Near around r's; a port of ICMP is its id; flags
// are exactly those of the side. node is what r's node id stands for. An error says why the column
// or this value of it has no term.
func Term(col flow.Column, r *flow.Record, node flow.NodeInfo) (query.Node, error) {
	n, err := term(col, r, node)
	if err != nil {
		return nil, err
	}
	return n, readable(n)
}

func term(col flow.Column, r *flow.Record, node flow.NodeInfo) (query.Node, error) {
	switch col {
	case flow.ColID:
		return number(query.Either, query.FieldID, query.EQ, r.ID), nil
	case flow.ColStart:
		return around(query.TimeStart, r.Start), nil
	case flow.ColEnd:
		return around(query.TimeEnd, r.End), nil
	case flow.ColProto:
		return proto(r.Proto), nil
	case flow.ColSrcIP:
		return address(query.Src, r.Src, r.IPVersion), nil
	case flow.ColDstIP:
		return address(query.Dst, r.Dst, r.IPVersion), nil
	case flow.ColSrcPort:
		return port(query.Src, r)
	case flow.ColDstPort:
		return port(query.Dst, r)
	case flow.ColSrcFlags:
		return flags(query.Src, r.SrcFlags, r.Proto)
	case flow.ColDstFlags:
		return flags(query.Dst, r.DstFlags, r.Proto)
	case flow.ColIPVersion:
		return &query.IPVersion{Version: r.IPVersion}, nil
	case flow.ColState:
		return word(query.FieldState, r.State().String()), nil
	case flow.ColService:
		return word(query.FieldService, flow.Service(r.Proto, r.SrcPort, r.DstPort)), nil
	case flow.ColNode, flow.ColAgent, flow.ColNetgroup:
		return ofNode(col, r.Node, node)
	case flow.ColPcapFile:
		return file(r.File)
	case flow.ColPcapEndFile:
		return file(r.EndFile)
	case flow.ColPcapOffset, flow.ColPcapEndOffset:
		return nil, errors.New("a query cannot ask for a place in a capture file; the column of the file's name can be used")
	}
	return quantity(col, r)
}

// quantity is the term of what is counted or measured.
func quantity(col flow.Column, r *flow.Record) (query.Node, error) {
	switch col {
	case flow.ColSrcPackets:
		return atLeast(query.Src, query.FieldPackets, r.SrcPackets), nil
	case flow.ColSrcBytes:
		return atLeast(query.Src, query.FieldBytes, r.SrcBytes), nil
	case flow.ColDstPackets:
		return atLeast(query.Dst, query.FieldPackets, r.DstPackets), nil
	case flow.ColDstBytes:
		return atLeast(query.Dst, query.FieldBytes, r.DstBytes), nil
	case flow.ColBytes:
		return atLeast(query.Either, query.FieldBytes, r.Bytes()), nil
	case flow.ColPackets:
		return atLeast(query.Either, query.FieldPackets, r.Packets()), nil
	case flow.ColDuration:
		return duration(r.End - r.Start), nil
	case flow.ColPPS:
		return rate(query.FieldPPS, r.PPS(), r.End > r.Start)
	case flow.ColBPS:
		return rate(query.FieldBPS, r.BPS(), r.End > r.Start)
	case flow.ColBPP:
		return rate(query.FieldBPP, r.BPP(), r.Packets() > 0)
	}
	return nil, fmt.Errorf("a query has no term for the column %s", col)
}

// readable reports a term that its own text does not give back: a length of time or a date that the
// language cannot write, as damaged data has them.
func readable(n query.Node) error {
	text := query.Text(n)
	if q, err := query.Parse(text); err != nil || q.String() != text {
		return errors.New("this value is beyond what a query can write")
	}
	return nil
}

func compare(side query.Side, f query.Field, rel query.Rel, item query.Item) *query.Compare {
	return &query.Compare{Side: side, Field: f, Rel: rel, Set: []query.Item{item}}
}

func number(side query.Side, f query.Field, rel query.Rel, n uint64) *query.Compare {
	return compare(side, f, rel, &query.Number{Lo: n, Hi: n})
}

func word(f query.Field, text string) *query.Compare {
	return compare(query.Either, f, query.EQ, &query.Word{Text: text})
}

func address(side query.Side, a flow.Addr, version uint8) *query.Compare {
	return compare(side, query.FieldIP, query.EQ, &query.Address{Version: version, Lo: a, Hi: a})
}

func proto(p uint8) *query.Compare {
	return number(query.Either, query.FieldProto, query.EQ, uint64(p))
}

// isICMP tells the protocols whose ports are an id.
func isICMP(p uint8) bool { return p == flow.ICMP || p == flow.ICMP6 }

// port is a port of r, or the id that stands in its place.
func port(side query.Side, r *flow.Record) (query.Node, error) {
	n := r.SrcPort
	if side == query.Dst {
		n = r.DstPort
	}
	switch {
	case isICMP(r.Proto):
		return number(query.Either, query.FieldICMPID, query.EQ, uint64(n)), nil
	case n == 0 && !hasPorts(r.Proto):
		return nil, noPorts(r.Proto)
	}
	return number(side, query.FieldPort, query.EQ, uint64(n)), nil
}

func hasPorts(p uint8) bool {
	const dccp, udplite = 33, 136
	return p == flow.TCP || p == flow.UDP || p == flow.SCTP || p == dccp || p == udplite
}

func noPorts(p uint8) error { return fmt.Errorf("%s has no ports", protoText(p)) }

func protoText(p uint8) string {
	name := flow.ProtoName(p)
	if name[0] >= '0' && name[0] <= '9' {
		return "protocol " + name
	}
	return name
}

func flags(side query.Side, f flow.Flags, p uint8) (query.Node, error) {
	exact := &query.Flags{Side: side, Mode: query.FlagsExact, Set: f}
	switch {
	case f == 0 && p != flow.TCP:
		return nil, fmt.Errorf("%s has no TCP flags", protoText(p))
	case f == 0: // other protocols have no flags either, and are not meant
		return &query.AndNode{Kids: []query.Node{proto(p), exact}}, nil
	}
	return exact, nil
}

// atLeast is "n or more"; 0 or more would be every flow, so that 0 is none.
func atLeast(side query.Side, f query.Field, n uint64) query.Node {
	if n == 0 {
		return number(side, f, query.EQ, 0)
	}
	return number(side, f, query.GE, n)
}

func duration(micros int64) query.Node {
	rel := query.GE
	if micros == 0 {
		rel = query.EQ
	}
	return compare(query.Either, query.FieldDuration, rel, &query.Duration{Lo: micros, Hi: micros})
}

// rate is "x or more", x cut to the three decimals that cells show.
func rate(f query.Field, x float64, has bool) (query.Node, error) {
	if !has && f == query.FieldBPP {
		return nil, errors.New("this flow has no packets, and so no bytes a packet")
	}
	if !has {
		return nil, errors.New("this flow has no duration, and so no rate")
	}
	if x == 0 {
		return compare(query.Either, f, query.EQ, &query.Decimal{}), nil
	}
	if cut := math.Floor(x*1000) / 1000; cut > 0 && cut <= x {
		x = cut
	}
	return compare(query.Either, f, query.GE, &query.Decimal{Lo: x, Hi: x}), nil
}

func around(f query.TimeField, micros int64) query.Node {
	reach := Near.Microseconds()
	if micros <= flow.MinTime+reach || micros >= flow.MaxTime-reach { // what cannot be written is refused by readable
		reach = 1
	}
	return &query.Time{Field: f, Op: query.TimeIn, From: query.Moment{Micros: micros - reach}, To: query.Moment{Micros: micros + reach}}
}

func ofNode(col flow.Column, id uint32, node flow.NodeInfo) (query.Node, error) {
	if node.Name == "" {
		if id == 0 {
			return nil, errors.New("no node brought this flow")
		}
		return nil, fmt.Errorf("the name of node %d is not known", id)
	}
	switch col {
	case flow.ColAgent:
		return name(query.FieldAgent, node.Agent)
	case flow.ColNetgroup:
		return name(query.FieldNetgroup, node.Netgroup)
	}
	return name(query.FieldNode, node.Name)
}

func file(path string) (query.Node, error) {
	if path == "" {
		return nil, errors.New("this flow has no capture file")
	}
	return name(query.FieldFile, path)
}

// name is the term of a name that a peer chose. A query cannot write every name.
func name(f query.Field, text string) (query.Node, error) {
	switch {
	case strings.Contains(text, "*"):
		return nil, fmt.Errorf("this %s has a * in its name, which in a query stands for any characters", f)
	case !utf8.ValidString(text):
		return nil, fmt.Errorf("the name of this %s is not UTF-8", f)
	}
	return word(f, text), nil
}
