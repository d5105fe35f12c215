package copyas

import (
	"fmt"
	"math"
	"net/netip"
	"strconv"
	"strings"

	"cxlens/internal/flow"
	"cxlens/query"
)

// nfdump is the filter language of nfdump 1.7, nfdump(1). Its conditions are on records of one direction.
type nfdump struct {
	// sided says that the query tells src from dst, so that only the source's records are meant.
	sided bool
}

var nfdumpWords = words{and: " and ", or: " or ", not: "not ", yes: "any", no: "not any"}

func (nfdump) returns() bool { return false }

func (nfdump) own(known) expr { return yes }

const (
	otherRecord = "a record counts what its own source sent; ask for it with src and dst exchanged"
	bothRecords = "a record counts one direction, and the sum of both is in none"
	ipBytes     = "a record counts one direction, IP bytes instead of frame bytes, and only up to the exporter's timeout"
	oneRecord   = "a record counts one direction, and only up to the exporter's timeout"
)

var nfdumpLacks = map[query.Field]string{
	query.FieldICMPID:   "records carry ICMP type and code, not the id",
	query.FieldState:    "a record does not tell what the other side did",
	query.FieldNode:     "records carry no node",
	query.FieldAgent:    "records carry no agent",
	query.FieldNetgroup: "records carry no netgroup",
	query.FieldFile:     "records carry no file name",
	query.FieldID:       "records carry no session id",
}

func (d nfdump) says(t term) said {
	switch n := t.node.(type) {
	case *query.IPVersion:
		return exact(leaf(fmt.Sprintf("ipv%d", n.Version)))
	case *query.Flags:
		return d.flags(n)
	case *query.Time:
		return lacks("nfdump takes the span of time by its option -t")
	case *query.Compare:
		return d.compare(t, n)
	}
	return lacks("nfdump lacks it")
}

func (d nfdump) compare(t term, n *query.Compare) said {
	side := nfdumpSide(n.Side)
	switch n.Field {
	case query.FieldProto:
		return exact(nfdumpNumbers("proto", t.spans(255)))
	case query.FieldIP:
		return nfdumpAddrs(side, t.addrs())
	case query.FieldPort:
		list := t.spans(65535)
		s := exact(nfdumpPorts(n.Side, list))
		s.low = and(s.low, notICMP(t.known, list))
		return s
	case query.FieldService:
		s := t.service(func(side query.Side, proto uint8, list []span) expr {
			return and(leaf("proto "+flow.ProtoName(proto)), nfdumpPorts(side, list))
		})
		return s
	case query.FieldICMPType:
		return exact(and(nfdumpICMP, nfdumpNumbers("icmp-type", t.spans(255))))
	case query.FieldICMPCode:
		return exact(and(nfdumpICMP, nfdumpNumbers("icmp-code", t.spans(255))))
	case query.FieldBytes, query.FieldPackets:
		return nfdumpCount(t, n)
	case query.FieldDuration, query.FieldPPS, query.FieldBPS, query.FieldBPP:
		return differing(t.ranges(n.Field.String()), n.Field == query.FieldBPS || n.Field == query.FieldBPP)
	}
	return lacks(nfdumpLacks[n.Field])
}

var nfdumpICMP = or(leaf("proto icmp"), leaf("proto icmp6"))

func nfdumpSide(s query.Side) string {
	if s == query.Either {
		return ""
	}
	return s.String() + " "
}

// notICMP leaves out ICMP where a number of list could be an ICMP type and code, which nfdump keeps in the dst port.
func notICMP(k known, list []span) expr {
	if !k.may(flow.ICMP, flow.ICMP6) {
		return yes
	}
	for _, s := range list {
		for v := s.lo; v <= s.hi; v++ {
			if v&0xff < 16 { // codes are small
				return not(nfdumpICMP)
			}
		}
	}
	return yes
}

// nfdumpPorts lists single ports and compares with the ends of ranges.
func nfdumpPorts(side query.Side, list []span) expr {
	var single []string
	var out []expr
	for _, s := range list {
		if s.lo == s.hi {
			single = append(single, strconv.FormatUint(s.lo, 10))
			continue
		}
		sides := []query.Side{side}
		if side == query.Either {
			// Both ends of the range have to hold for the same port.
			sides = []query.Side{query.Src, query.Dst}
		}
		for _, one := range sides {
			out = append(out, bounds(one.String()+" port", s, 65535))
		}
	}
	switch {
	case len(single) == 1:
		out = append(out, leaf(nfdumpSide(side)+"port "+single[0]))
	case len(single) > 1:
		out = append(out, leaf(nfdumpSide(side)+"port in [ "+strings.Join(single, " ")+" ]"))
	}
	return or(out...)
}

// bounds compares a field with the ends of a range, as far as they bound it.
func bounds(field string, s span, most uint64) expr {
	if s.lo == s.hi {
		return leaf(fmt.Sprintf("%s = %d", field, s.lo))
	}
	lo, hi := yes, yes
	if s.lo > 0 {
		lo = leaf(fmt.Sprintf("%s > %d", field, s.lo-1))
	}
	if s.hi < most {
		hi = leaf(fmt.Sprintf("%s < %d", field, s.hi+1))
	}
	return and(lo, hi)
}

func nfdumpNumbers(field string, list []span) expr {
	var out []expr
	for _, s := range list {
		for v := s.lo; v <= s.hi; v++ {
			text := strconv.FormatUint(v, 10)
			if field == "proto" {
				text = flow.ProtoName(uint8(v))
				if v != uint64(flow.TCP) && v != uint64(flow.UDP) && v != uint64(flow.ICMP) && v != uint64(flow.ICMP6) {
					text = strconv.FormatUint(v, 10)
				}
			}
			out = append(out, leaf(field+" "+text))
		}
	}
	return or(out...)
}

func nfdumpAddrs(side string, list []addrSpan) said {
	blocks, ok := blocksOf(list)
	if !ok {
		return lacks(tooMany)
	}
	var single, nets []netip.Prefix
	for _, p := range blocks {
		if p.IsSingleIP() {
			single = append(single, p)
		} else {
			nets = append(nets, p)
		}
	}
	var out []expr
	for _, p := range nets {
		if p.Bits() == 0 {
			out = append(out, leaf(map[bool]string{true: "ipv4", false: "ipv6"}[p.Addr().Is4()]))
			continue
		}
		out = append(out, leaf(side+"net "+p.String()))
	}
	switch {
	case len(single) == 1:
		out = append(out, leaf(side+"ip "+single[0].Addr().String()))
	case len(single) > 1:
		texts := make([]string, len(single))
		for i, p := range single {
			texts[i] = p.Addr().String()
		}
		out = append(out, leaf(side+"ip in [ "+strings.Join(texts, " ")+" ]"))
	}
	return exact(or(out...))
}

// nfdumpCount compares bytes and packets. A record has those of one direction.
func nfdumpCount(t term, n *query.Compare) said {
	s := differing(t.ranges(n.Field.String()), n.Field == query.FieldBytes)
	switch n.Side {
	case query.Dst:
		return lacks(otherRecord)
	case query.Either:
		s.note = bothRecords
	}
	return s
}

func differing(e expr, bytes bool) said {
	s := exact(e)
	s.note = oneRecord
	if bytes {
		s.note = ipBytes
	}
	return s
}

// ranges compares counts, rates and durations; what is finer than nfdump's units is rounded so
// that the text selects rather more.
func (t term) ranges(field string) expr {
	var out []expr
	for _, i := range t.items {
		switch i := i.(type) {
		case *query.Number:
			if lo, hi, ok := related(t.rel, i.Lo, i.Hi, math.MaxUint64); ok {
				out = append(out, bounds(field, span{lo, hi}, math.MaxUint64))
			}
		case *query.Decimal:
			out = append(out, rounded(field, t.rel, i.Lo, i.Hi))
		case *query.Duration: // nfdump's are milliseconds
			out = append(out, rounded(field, t.rel, float64(i.Lo)/1000, float64(i.Hi)/1000))
		}
	}
	return or(out...)
}

// rounded compares a whole number with ends that are none.
func rounded(field string, rel query.Rel, lo, hi float64) expr {
	from, to := whole(math.Floor(lo)), whole(math.Ceil(hi))
	switch rel {
	case query.LT:
		if hi <= 0 {
			return no
		}
		return leaf(fmt.Sprintf("%s < %d", field, to))
	case query.LE:
		if hi < 0 {
			return no
		}
		return bounds(field, span{0, to}, math.MaxUint64)
	case query.GT:
		if lo < 0 {
			return yes
		}
		if lo == math.Floor(lo) {
			return leaf(fmt.Sprintf("%s > %d", field, from))
		}
		return bounds(field, span{from, math.MaxUint64}, math.MaxUint64)
	case query.GE:
		return bounds(field, span{from, math.MaxUint64}, math.MaxUint64)
	}
	if hi < 0 {
		return no
	}
	return bounds(field, span{from, to}, math.MaxUint64)
}

// whole is a number without decimals as nfdump takes it, from 0 to the largest of 63 bits.
func whole(x float64) uint64 {
	if x >= math.MaxInt64 {
		return math.MaxInt64
	}
	return uint64(max(0, x))
}

// flags says flags of a record, which are those of all its packets. nfdump knows no ECE and CWR.
func (d nfdump) flags(n *query.Flags) said {
	switch {
	case n.Side == query.Dst:
		return lacks(otherRecord)
	case n.Side == query.Either && d.sided:
		return lacks("a record has the flags of one side, and the query tells src from dst")
	case (n.Set|n.Mask)&(flow.ECE|flow.CWR) != 0:
		return lacks("nfdump knows no ECE and CWR")
	}
	s := exact(recordFlags(n))
	s.one = n.Side == query.Either // of the two records of a flow one is enough
	if n.Mode == query.FlagsExact {
		s.note, s.noLow = "nfdump knows no ECE and CWR", true
	}
	return s
}

func recordFlags(n *query.Flags) expr {
	var some, lack []expr
	mask := n.Mask
	if n.Mode == query.FlagsExact {
		mask = 0xff &^ (flow.ECE | flow.CWR)
	}
	for _, letter := range "FSRPAU" {
		f, _ := flow.ParseFlags(string(letter))
		if n.Set&f != 0 {
			some = append(some, leaf("flags "+string(letter)))
		} else if mask&f != 0 {
			lack = append(lack, not(leaf("flags "+string(letter))))
		}
	}
	if n.Mode == query.FlagsAny {
		return or(some...)
	}
	return and(append(some, lack...)...)
}
