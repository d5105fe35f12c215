package form

import (
	"errors"
	"strings"

	"cxlens/internal/flow"
	"cxlens/query"
)

// Query makes the query that the fields stand for. With errors, in the order of the parts, it is that
// of the fields without one.
func (f Form) Query() (*query.Query, []FieldError) {
	w := writer{}
	w.row(PartProto, 0, f.Proto)
	if f.Version != 0 {
		w.terms = append(w.terms, &query.IPVersion{Version: f.Version})
	}
	direction, err := f.Direction.terms(f.Internal)
	w.add(FieldError{Part: PartDirection}, err, direction...)
	for i, r := range f.Addrs {
		w.row(PartAddrs, i, r)
	}
	for i, r := range f.Ports {
		w.row(PartPorts, i, r)
	}
	for i, b := range f.Bytes {
		w.bounds(PartBytes, i, b)
	}
	for i, b := range f.Packets {
		w.bounds(PartPackets, i, b)
	}
	w.bounds(PartDuration, 0, f.Duration)
	w.bounds(PartPPS, 0, f.PPS)
	w.bounds(PartBPS, 0, f.BPS)
	w.bounds(PartBPP, 0, f.BPP)
	for side, row := range f.Flags {
		if !row.blank() {
			w.terms = append(w.terms, &query.Flags{Side: query.Side(side), Mode: row.Mode, Set: row.Set, Mask: row.mask()})
		}
	}
	w.row(PartICMPID, 0, f.ICMPID)
	w.row(PartState, 0, f.State)
	w.row(PartService, 0, f.Service)
	w.row(PartNode, 0, f.Node)
	w.row(PartAgent, 0, f.Agent)
	w.row(PartNetgroup, 0, f.Netgroup)
	w.row(PartID, 0, f.ID)
	w.row(PartFile, 0, f.File)
	if also, err := query.Parse(f.Also); err != nil {
		w.add(FieldError{Part: PartAlso}, err)
	} else {
		w.terms = append(w.terms, conjunction(also.Root())...)
	}
	return query.FromTree(join(w.terms)), w.errs
}

func (f Flags) mask() flow.Flags {
	if f.Mode == query.FlagsMasked {
		return f.Mask
	}
	return 0
}

// writer collects the terms and the errors of a form.
type writer struct {
	terms []query.Node
	errs  []FieldError
}

// add adds terms, or err at the place that at names.
func (w *writer) add(at FieldError, err error, terms ...query.Node) {
	var qe *query.Error
	switch {
	case err == nil:
		w.terms = append(w.terms, terms...)
		return
	case errors.As(err, &qe):
		at.Message = qe.Message
		at.Offset += qe.Offset
		at.Length = qe.Length
		if hint := qe.Hint(); hint != "" {
			at.Message += "; " + hint
		}
	default:
		at.Message = err.Error()
	}
	w.errs = append(w.errs, at)
}

// row adds the term of a row.
func (w *writer) row(part Part, i int, r Row) {
	if r.blank() {
		return
	}
	rel, values, skipped := relation(r.Values)
	at := FieldError{Part: part, Row: i, Offset: skipped}
	switch {
	case rel == "" || rel == "=":
		rel = "="
	case r.Not:
		at.Offset, at.Length = 0, len(rel)
		at.Message = "a comparison cannot be turned round with \"not\": write " + opposite[rel] + " instead"
		w.errs = append(w.errs, at)
		return
	}
	relation := relations[rel]
	if r.Not {
		relation = query.NE
	}
	w.compare(at, r.Side, relation, values)
}

// bounds adds the terms of bounds.
func (w *writer) bounds(part Part, i int, b Bounds) {
	if !blank(b.Min) {
		w.least(FieldError{Part: part, Row: i}, b)
	}
	if blank(b.Max) {
		return
	}
	rel, values, skipped := relation(b.Max)
	at := FieldError{Part: part, Row: i, Max: true, Offset: skipped}
	switch rel {
	case "", "<=":
		w.compare(at, b.Side, query.LE, values)
	case "<":
		w.compare(at, b.Side, query.LT, values)
	default:
		at.Offset, at.Length = 0, len(rel)
		at.Message = "expected the largest value, or < and a value, found \"" + rel + "\""
		w.errs = append(w.errs, at)
	}
}

// least adds the term of Min: one value is the least, several values and ranges are what it has to be.
func (w *writer) least(at FieldError, b Bounds) {
	rel, values, skipped := relation(b.Min)
	at.Offset = skipped
	switch rel {
	case "":
		field, _ := at.Part.Field()
		if _, err := query.ParseCompare(b.Side, field, query.GE, values); err != nil {
			if _, err := query.ParseCompare(b.Side, field, query.EQ, values); err == nil {
				w.compare(at, b.Side, query.EQ, values)
				return
			}
		}
		w.compare(at, b.Side, query.GE, values)
	case "<", "<=":
		at.Offset, at.Length = 0, len(rel)
		at.Message = "expected the smallest value, or >, = or != and values, found \"" + rel + "\"; the largest stands to the right"
		w.errs = append(w.errs, at)
	default:
		w.compare(at, b.Side, relations[rel], values)
	}
}

func (w *writer) compare(at FieldError, side query.Side, rel query.Rel, values string) {
	field, _ := at.Part.Field()
	n, err := query.ParseCompare(side, field, rel, values)
	w.add(at, err, n)
}

var relations = map[string]query.Rel{
	"=": query.EQ, "!=": query.NE, "<": query.LT, "<=": query.LE, ">": query.GT, ">=": query.GE,
}

// opposite are the relations that hold where another does not.
var opposite = map[string]string{"=": "!=", "!=": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}

// relation cuts a relation off the beginning of a text; skipped are the bytes before the values.
func relation(text string) (rel, values string, skipped int) {
	rest := strings.TrimLeft(text, " \t")
	for _, sign := range []string{"<=", ">=", "!=", "==", "=", "<", ">"} {
		if after, ok := strings.CutPrefix(rest, sign); ok {
			if sign == "==" {
				sign = "="
			}
			return sign, after, len(text) - len(after)
		}
	}
	return "", text, 0
}
