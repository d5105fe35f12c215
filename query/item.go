package query

import "cxlens/internal/flow"

// Item is one value or range of a Compare's set: Number, Decimal, Duration, Address,
// Word, Ref or Param. Which of them a field takes is told by Field.
type Item interface {
	At() Place
	item()
}

// Number is a whole number or a range of them, both ends included: ports, protocols, counts, ids.
type Number struct {
	Place
	Lo, Hi uint64
}

// Decimal is a number or a range of them, both ends included, for rates.
type Decimal struct {
	Place
	Lo, Hi float64
}

// Duration is a length of time or a range of them, both ends included, in microseconds.
type Duration struct {
	Place
	Lo, Hi int64
}

// Address is an IP address, a CIDR block or a range of addresses of one IP version, both ends included.
type Address struct {
	Place
	Version uint8 // 4 or 6
	Lo, Hi  flow.Addr
}

// Word is a name: of a node, an agent, a netgroup, a file (with * for any characters), a
// state (upper case) or a service (lower case; for ports too).
type Word struct {
	Place
	Text string
}

// Ref is $name: the set that Env.Names has under that name.
type Ref struct {
	Place
	Name string
}

// Param is ?name or ?name:default: the set that Env.Params has under that name.
type Param struct {
	Place
	Name    string
	Default Item // nil for none
}

func (*Number) item()   {}
func (*Decimal) item()  {}
func (*Duration) item() {}
func (*Address) item()  {}
func (*Word) item()     {}
func (*Ref) item()      {}
func (*Param) item()    {}
