package query

import "cxlens/internal/flow"

// Place is where a part of a query stands in its text: the bytes from Start up to but
// without End. It is zero in a tree that was not read from a text.
type Place struct{ Start, End int }

// At returns the place.
func (p Place) At() Place { return p }

// Node is a part of a query's tree: AndNode, OrNode, NotNode, AnyNode, IPVersion, Compare, Flags or Time.
// Nodes are never changed after they are made.
type Node interface {
	At() Place
	node()
}

// AndNode matches what all of its parts match. It has at least two.
type AndNode struct {
	Place
	Kids []Node
}

// OrNode matches what any of its parts matches. It has at least two.
type OrNode struct {
	Place
	Kids []Node
}

// NotNode matches what its part does not.
type NotNode struct {
	Place
	Kid Node
}

// AnyNode matches every flow.
type AnyNode struct{ Place }

// IPVersion is "ip4" or "ip6".
type IPVersion struct {
	Place
	Version uint8 // 4 or 6
}

// Compare is a field, a relation and a set of values. The bare words tcp, udp, icmp
// and icmp6 are Compare too, with FieldProto.
type Compare struct {
	Place
	Side  Side
	Field Field
	Rel   Rel
	Set   []Item // at least one; with an ordering relation exactly one, which is no range
}

// Flags is a condition on TCP flags.
type Flags struct {
	Place
	Side Side
	Mode FlagsMode
	Set  flow.Flags
	Mask flow.Flags // with FlagsMasked: the flags that are looked at; Set is among them
}

// FlagsMode says how Flags compares.
type FlagsMode uint8

// The modes, with how they are written.
const (
	FlagsAll    FlagsMode = iota // flags SA: all of Set, others do not matter
	FlagsAny                     // flags any FR: at least one of Set
	FlagsExact                   // flags = S: Set and nothing else
	FlagsMasked                  // flags S/SA: of Mask exactly Set
)

// Time is a condition on a flow's start, end, or the span between them (active).
type Time struct {
	Place
	Field TimeField
	Op    TimeOp
	Rel   Rel    // with TimeRel
	From  Moment // with TimeRel: the moment compared with; with TimeIn: the first of the span
	To    Moment // with TimeIn: the end of the span, which does not belong to it
	Last  int64  // with TimeLast: microseconds before now, above 0
}

// TimeField says which time of a flow is meant.
type TimeField uint8

// The time fields.
const (
	TimeStart TimeField = iota
	TimeEnd
	TimeActive
)

// TimeOp says how Time compares.
type TimeOp uint8

// The ways to compare times, with how they are written.
const (
	TimeRel  TimeOp = iota // start >= T
	TimeIn                 // start in A .. B
	TimeLast               // start last 1h
)

// Moment is a point in time, or one that follows the clock.
type Moment struct {
	Place
	// Now says that Micros counts from the time at which the query runs.
	Now bool
	// Micros are microseconds since the Unix epoch, or from now (negative: ago).
	Micros int64
}

func (*AndNode) node()   {}
func (*OrNode) node()    {}
func (*NotNode) node()   {}
func (*AnyNode) node()   {}
func (*IPVersion) node() {}
func (*Compare) node()   {}
func (*Flags) node()     {}
func (*Time) node()      {}
