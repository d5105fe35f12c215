// Package form is the model of the query form: fields with texts, as a person fills them in, and
// the way between them and a query's tree. It may import query and internal/flow.
//
// The surprising thing: a form is always whole. What it has no field for stands in Also, as the text
// of a query, so that a tree that goes through a form and back selects the same flows.
package form

import (
	"strings"

	"cxlens/internal/flow"
	"cxlens/query"
)

// Form are the fields. Its zero value is "any". Texts are written as query.ParseCompare reads
// them: several values with blanks or commas between them, with ranges, blocks, $names and ?names where
// the query language has them. Blank texts are no condition.
type Form struct {
	Proto Row // no side
	// Version is the IP version, 4 or 6, and 0 for any.
	Version uint8

	Direction Direction
	// Internal are the values that stand for the inside, "" for Blocks.
	Internal string
	Addrs    []Row
	Ports    []Row

	Bytes, Packets          []Bounds
	Duration, PPS, BPS, BPP Bounds // no side

	// Flags are the conditions on TCP flags, by query.Side.
	Flags [3]Flags

	ICMPID, State, Service, Node, Agent, Netgroup, ID, File Row // no side

	// Also is the text of what has no field; it is joined to the fields by "and".
	Also string
}

// Row is a condition that values are, or are not, among those of a list. A comparison may
// stand before a single value: "> 1023".
type Row struct {
	Side   query.Side
	Not    bool
	Values string
}

func (r Row) blank() bool { return blank(r.Values) }

// Bounds are a smallest and a largest value. Min also takes a list or a range ("1K-1M"), "= 5",
// "!= 5" and "> 5"; Max also takes "< 5".
type Bounds struct {
	Side     query.Side
	Min, Max string
}

func (b Bounds) blank() bool { return blank(b.Min) && blank(b.Max) }

// Flags is a condition on the TCP flags of a side. FlagsAll and FlagsAny without a flag, and FlagsMasked
// without a mask, are no condition; FlagsExact without a flag is "no flags".
type Flags struct {
	Mode query.FlagsMode
	Set  flow.Flags
	Mask flow.Flags // with FlagsMasked; Set is among them
}

func (f Flags) blank() bool {
	switch f.Mode {
	case query.FlagsExact:
		return false
	case query.FlagsMasked:
		return f.Mask == 0
	}
	return f.Set == 0
}

func blank(s string) bool { return strings.TrimSpace(s) == "" }

// Part is a field of the form, or a group of rows.
type Part uint8

// The parts, in the order in which their terms stand in the query.
const (
	PartProto Part = iota
	PartVersion
	PartDirection
	PartAddrs
	PartPorts
	PartBytes
	PartPackets
	PartDuration
	PartPPS
	PartBPS
	PartBPP
	PartFlags
	PartICMPID
	PartState
	PartService
	PartNode
	PartAgent
	PartNetgroup
	PartID
	PartFile
	PartAlso
)

// Field is the query field that a part's values are of; ok is false for PartVersion, PartFlags and PartAlso.
func (p Part) Field() (f query.Field, ok bool) {
	f, ok = map[Part]query.Field{
		PartProto: query.FieldProto, PartDirection: query.FieldIP, PartAddrs: query.FieldIP, PartPorts: query.FieldPort,
		PartBytes: query.FieldBytes, PartPackets: query.FieldPackets, PartDuration: query.FieldDuration,
		PartPPS: query.FieldPPS, PartBPS: query.FieldBPS, PartBPP: query.FieldBPP,
		PartState: query.FieldState, PartNode: query.FieldNode, PartAgent: query.FieldAgent, PartNetgroup: query.FieldNetgroup,
		PartICMPID: query.FieldICMPID, PartService: query.FieldService, PartID: query.FieldID, PartFile: query.FieldFile,
	}[p]
	return f, ok
}

// FieldError is a text of the form that cannot be read.
type FieldError struct {
	Part Part
	// Row is the row of Addrs, Ports, Bytes or Packets, else 0.
	Row int
	// Max tells that the error is in Bounds.Max.
	Max bool
	// Offset and Length are the bytes of the text that it is about.
	Offset, Length int
	// Message is one line: what is wrong, what was expected and the nearest words.
	Message string
}

// Error returns the message.
func (e FieldError) Error() string { return e.Message }
