package query

import "strings"

// Side says which end of a flow a term looks at.
type Side uint8

// The sides. Either is what a term without "src" or "dst" means; for bytes and packets it is the sum.
const (
	Either Side = iota
	Src
	Dst
)

// String returns "src", "dst" or "".
func (s Side) String() string { return [...]string{"", "src", "dst"}[s] }

// Field is what a Compare compares.
type Field uint8

// The fields.
const (
	FieldProto Field = iota
	FieldIP
	FieldPort
	FieldBytes
	FieldPackets
	FieldDuration
	FieldPPS
	FieldBPS
	FieldBPP
	FieldICMPID
	FieldICMPType
	FieldICMPCode
	FieldNode
	FieldAgent
	FieldNetgroup
	FieldState
	FieldService
	FieldID
	FieldFile
	numFields
)

// valueKind says how a field's items are written and which relations it has.
type valueKind uint8

const (
	kindProto    valueKind = iota // Number or a protocol's name
	kindAddr                      // Address
	kindPort                      // Number up to 65535, or a service's name
	kindShort                     // Number up to 65535
	kindByte                      // Number up to 255
	kindCount                     // Number, K M G T
	kindID                        // Number
	kindRate                      // Decimal, K M G T
	kindDuration                  // Duration
	kindName                      // Word with *
	kindState                     // Word
	kindService                   // Word
)

// fields tells of each field how it is written, its kind, and whether it takes src and dst.
var fields = [numFields]struct {
	text  string
	kind  valueKind
	sided bool
}{
	FieldProto:    {"proto", kindProto, false},
	FieldIP:       {"ip", kindAddr, true},
	FieldPort:     {"port", kindPort, true},
	FieldBytes:    {"bytes", kindCount, true},
	FieldPackets:  {"packets", kindCount, true},
	FieldDuration: {"duration", kindDuration, false},
	FieldPPS:      {"pps", kindRate, false},
	FieldBPS:      {"bps", kindRate, false},
	FieldBPP:      {"bpp", kindRate, false},
	FieldICMPID:   {"icmp id", kindShort, false},
	FieldICMPType: {"icmp type", kindByte, false},
	FieldICMPCode: {"icmp code", kindByte, false},
	FieldNode:     {"node", kindName, false},
	FieldAgent:    {"agent", kindName, false},
	FieldNetgroup: {"netgroup", kindName, false},
	FieldState:    {"state", kindState, false},
	FieldService:  {"service", kindService, false},
	FieldID:       {"id", kindID, false},
	FieldFile:     {"file", kindName, false},
}

// String returns the field as a query has it.
func (f Field) String() string {
	if f < numFields {
		return fields[f].text
	}
	return "?"
}

// Sided tells whether "src" and "dst" may stand before the field.
func (f Field) Sided() bool { return f < numFields && fields[f].sided }

func (f Field) kind() valueKind { return fields[f].kind }

// ordered tells whether values of the kind compare with < <= > >=.
func (k valueKind) ordered() bool { return k != kindName && k != kindState && k != kindService }

// Rel is a relation between a field and a value.
type Rel uint8

// The relations.
const (
	EQ Rel = iota
	NE
	LT
	LE
	GT
	GE
)

// String returns the relation's sign.
func (r Rel) String() string { return [...]string{"=", "!=", "<", "<=", ">", ">="}[r] }

// ordering tells whether r is one of < <= > >=.
func (r Rel) ordering() bool { return r >= LT }

// relWords are the signs and nfdump's words of relations.
var relWords = map[string]Rel{
	"=": EQ, "==": EQ, "!=": NE, "<": LT, "<=": LE, ">": GT, ">=": GE,
	"eq": EQ, "ne": NE, "lt": LT, "le": LE, "gt": GT, "ge": GE,
}

// fieldWords are the words that begin a Compare, besides "icmp".
var fieldWords = map[string]Field{
	"proto": FieldProto, "ip": FieldIP, "host": FieldIP, "net": FieldIP, "port": FieldPort,
	"bytes": FieldBytes, "packets": FieldPackets, "duration": FieldDuration,
	"pps": FieldPPS, "bps": FieldBPS, "bpp": FieldBPP,
	"node": FieldNode, "agent": FieldAgent, "netgroup": FieldNetgroup,
	"state": FieldState, "service": FieldService, "id": FieldID, "file": FieldFile,
}

// icmpWords are the words that may follow "icmp".
var icmpWords = map[string]Field{"id": FieldICMPID, "type": FieldICMPType, "code": FieldICMPCode}

// fieldWord finds the field that a word names, in any case.
func fieldWord(word string) (Field, bool) {
	f, ok := fieldWords[strings.ToLower(word)]
	return f, ok
}
