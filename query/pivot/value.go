package pivot

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"cxlens/internal/flow"
	"cxlens/query"
)

// Values is the term of all flows that have these values in these columns, as outputs write them: what a
// group of a top query is. An error says why a column or a value has no term.
func Values(cols []flow.Column, values []string) (query.Node, error) {
	return together(cols, values, Value)
}

// together is the term of all flows that have each of the values, whose terms are given.
func together(cols []flow.Column, values []string, term func(flow.Column, string) (query.Node, error)) (query.Node, error) {
	if len(cols) != len(values) || len(cols) == 0 {
		return nil, errors.New("this group has no values")
	}
	var kids []query.Node
	for i, c := range cols {
		kid, err := term(c, values[i])
		if err != nil {
			return nil, err
		}
		if both, ok := kid.(*query.AndNode); ok {
			kids = append(kids, both.Kids...)
		} else {
			kids = append(kids, kid)
		}
	}
	if len(kids) == 1 {
		return kids[0], nil
	}
	return and(kids...), nil
}

// Value is the term of all flows that have a value in a column, given as outputs write it. Unlike Term, which
// is about one flow, it is exactly the value; only a capture file is found where it has the first packet or
// the last. An error says why there is no term.
func Value(col flow.Column, text string) (query.Node, error) {
	n, err := value(col, text)
	if err != nil {
		return nil, err
	}
	return n, readable(n)
}

func value(col flow.Column, text string) (query.Node, error) {
	switch col {
	case flow.ColStart, flow.ColEnd:
		return timeValue(col, text)
	case flow.ColDuration:
		return durationValue(text)
	case flow.ColProto:
		p, ok := flow.ParseProto(text)
		if !ok {
			return nil, noValue(col, text)
		}
		return proto(p), nil
	case flow.ColSrcIP, flow.ColDstIP:
		a, version, err := flow.ParseAddr(text)
		if err != nil {
			return nil, noValue(col, text)
		}
		return address(sideOf(col), a, version), nil
	case flow.ColSrcFlags, flow.ColDstFlags:
		f, ok := flow.ParseFlags(text)
		if !ok && text != "" {
			return nil, noValue(col, text)
		}
		return &query.Flags{Side: sideOf(col), Mode: query.FlagsExact, Set: f}, nil
	case flow.ColState:
		return word(query.FieldState, text), nil
	case flow.ColService:
		return word(query.FieldService, text), nil
	case flow.ColNode, flow.ColAgent, flow.ColNetgroup, flow.ColPcapFile, flow.ColPcapEndFile:
		return nameValue(col, text)
	case flow.ColPcapOffset, flow.ColPcapEndOffset:
		return nil, errors.New("a query cannot ask for a place in a capture file; the column of the file's name can be used")
	case flow.ColPPS, flow.ColBPS, flow.ColBPP:
		return nil, errors.New("a rate is rounded here, and a query would not find just these flows")
	}
	return numberValue(col, text)
}

func noValue(col flow.Column, text string) error {
	return fmt.Errorf("%.40q is no value of the column %s", flow.Clean(text), col)
}

func sideOf(col flow.Column) query.Side {
	switch col {
	case flow.ColSrcIP, flow.ColSrcPort, flow.ColSrcPackets, flow.ColSrcBytes, flow.ColSrcFlags:
		return query.Src
	case flow.ColDstIP, flow.ColDstPort, flow.ColDstPackets, flow.ColDstBytes, flow.ColDstFlags:
		return query.Dst
	}
	return query.Either
}

// numberFields are the fields of the columns whose values are whole numbers.
var numberFields = map[flow.Column]query.Field{
	flow.ColID: query.FieldID, flow.ColSrcPort: query.FieldPort, flow.ColDstPort: query.FieldPort,
	flow.ColSrcPackets: query.FieldPackets, flow.ColDstPackets: query.FieldPackets, flow.ColPackets: query.FieldPackets,
	flow.ColSrcBytes: query.FieldBytes, flow.ColDstBytes: query.FieldBytes, flow.ColBytes: query.FieldBytes,
}

func numberValue(col flow.Column, text string) (query.Node, error) {
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		return nil, noValue(col, text)
	}
	if col == flow.ColIPVersion {
		return &query.IPVersion{Version: uint8(n)}, nil
	}
	f, ok := numberFields[col]
	if !ok {
		return nil, fmt.Errorf("a query has no term for the column %s", col)
	}
	return number(sideOf(col), f, query.EQ, n), nil
}

func timeValue(col flow.Column, text string) (query.Node, error) {
	q, err := query.Parse(col.String() + " = " + text)
	if err != nil {
		return nil, noValue(col, text)
	}
	return q.Root(), nil
}

// durationValue reads seconds with decimals.
func durationValue(text string) (query.Node, error) {
	whole, part, _ := strings.Cut(text, ".")
	part += strings.Repeat("0", max(0, 6-len(part)))
	micros, err := strconv.ParseInt(whole+part, 10, 64)
	if err != nil || len(part) != 6 {
		return nil, noValue(flow.ColDuration, text)
	}
	return compare(query.Either, query.FieldDuration, query.EQ, &query.Duration{Lo: micros, Hi: micros}), nil
}

func nameValue(col flow.Column, text string) (query.Node, error) {
	switch {
	case text == "" && (col == flow.ColPcapFile || col == flow.ColPcapEndFile):
		return nil, errors.New("these flows have no capture file")
	case text == "":
		return nil, fmt.Errorf("these flows have no %s", col)
	}
	field := map[flow.Column]query.Field{
		flow.ColNode: query.FieldNode, flow.ColAgent: query.FieldAgent, flow.ColNetgroup: query.FieldNetgroup,
		flow.ColPcapFile: query.FieldFile, flow.ColPcapEndFile: query.FieldFile,
	}[col]
	return name(field, text)
}
