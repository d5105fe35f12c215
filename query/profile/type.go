package profile

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"cxlens/query"
)

// Type is what the values of a parameter are.
type Type uint8

// The types. A value of all but the last two may be several, with blanks or commas between them, and
// $name, a named network or list.
const (
	Address  Type = iota + 1 // an IP address
	Network                  // a CIDR block, a range, or an address
	Port                     // a port, a range, or the name of a service
	Number                   // a number, K M G T
	Duration                 // a duration: 90s, 1h30m
	Time                     // a time as query.ParseTime reads it; in a span only
	Text                     // a name: of a node, an agent, a netgroup, a state, a service, a file, a protocol
)

// types tell of each type its name, an example, and the fields that it can be compared with. The first
// of the fields says how values are read.
var types = []struct {
	name, example string
	fields        []query.Field
}{
	Address:  {"address", "10.0.0.7", []query.Field{query.FieldIP}},
	Network:  {"network", "10.0.0.0/8", []query.Field{query.FieldIP}},
	Port:     {"port", "443, https or 8000-8080", []query.Field{query.FieldPort}},
	Number:   {"number", "10M", []query.Field{query.FieldBPS, query.FieldPPS, query.FieldBPP, query.FieldBytes, query.FieldPackets, query.FieldID, query.FieldProto, query.FieldPort, query.FieldICMPID, query.FieldICMPType, query.FieldICMPCode}},
	Duration: {"duration", "90s or 1h30m", []query.Field{query.FieldDuration}},
	Time:     {"time", "2026-11-20T08:00:00Z or now-2h", nil},
	Text:     {"text", "eth1", []query.Field{query.FieldNode, query.FieldAgent, query.FieldNetgroup, query.FieldState, query.FieldService, query.FieldFile, query.FieldProto}},
}

// String returns the type's name as files spell it, "" for none.
func (t Type) String() string {
	if int(t) < len(types) {
		return types[t].name
	}
	return "?"
}

// Example is a value of the type.
func (t Type) Example() string { return types[t].example }

// ParseType reads the name of a type.
func ParseType(name string) (Type, error) {
	names := make([]string, 0, len(types))
	for i, t := range types[1:] {
		if t.name == name {
			return Type(i + 1), nil
		}
		names = append(names, t.name)
	}
	return 0, fmt.Errorf("%q is no type of a parameter; there are %s", name, strings.Join(names, ", "))
}

// typeOf is the type that a field's values have where nothing else is said.
func typeOf(f query.Field) Type {
	for _, t := range []Type{Network, Port, Duration, Text} {
		if slices.Contains(types[t].fields, f) {
			return t
		}
	}
	return Number
}

// takes tells whether values of the type can be compared with a field.
func (t Type) takes(f query.Field) bool { return slices.Contains(types[t].fields, f) }

// setText reads a value for the fields that it is compared with and returns it as the text of a set.
// A value is never more than values: no text can add a term to a query.
func (t Type) setText(value string, fields []query.Field) (string, error) {
	if strings.TrimSpace(value) == "" {
		return "", fmt.Errorf("the value is empty; expected %s such as %s", t.article(), t.Example())
	}
	if t == Text && !strings.HasPrefix(value, "$") && !slices.Contains(fields, query.FieldProto) {
		value = query.Quote(value) // names may have any characters; protocols are never strings
	}
	fields = append(types[t].fields[:1:1], fields...)
	for _, f := range fields {
		n, err := query.ParseCompare(query.Either, f, query.EQ, value)
		if err == nil {
			err = t.checkItems(n.Set)
		}
		var e *query.Error
		if errors.As(err, &e) {
			return "", fmt.Errorf("%s; expected %s such as %s", e.Message, t.article(), t.Example())
		}
		if err != nil {
			return "", err
		}
	}
	return "[" + strings.Trim(strings.TrimSpace(value), "[]") + "]", nil
}

func (t Type) checkItems(set []query.Item) error {
	if t == Text && len(set) > 1 {
		return errors.New("more than one name")
	}
	for _, i := range set {
		switch i := i.(type) {
		case *query.Param:
			return fmt.Errorf("?%s: the value of a parameter cannot be a parameter", i.Name)
		case *query.Address:
			if t == Address && i.Lo != i.Hi {
				return errors.New("it is more than one address; expected an address such as 10.0.0.7")
			}
		}
	}
	return nil
}

func (t Type) article() string {
	if t == Address {
		return "an " + t.String()
	}
	return "a " + t.String()
}

// spanText reads a value of type time or duration and returns it as a span has it.
func (t Type) spanText(value string, now time.Time) (string, error) {
	value = strings.TrimSpace(value)
	if t == Time {
		at, err := query.ParseTime(value, now, time.UTC)
		if err != nil {
			return "", fmt.Errorf("%w; expected a time such as %s", err, t.Example())
		}
		return at.Format(time.RFC3339Nano), nil
	}
	n, err := query.ParseCompare(query.Either, query.FieldDuration, query.EQ, value)
	if err == nil && len(n.Set) == 1 {
		if d, ok := n.Set[0].(*query.Duration); ok && d.Lo == d.Hi && d.Lo > 0 {
			return query.SetText(query.FieldDuration, n.Set), nil
		}
	}
	return "", fmt.Errorf("%q is not a duration above 0; expected a duration such as %s", value, t.Example())
}
