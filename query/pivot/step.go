package pivot

import (
	"cxlens/internal/flow"
	"cxlens/query"
	"cxlens/query/steps"
)

// Steps is Values for a group whose columns, where they have steps, are given by these.
func Steps(cols []flow.Column, values []string) (query.Node, error) {
	return together(cols, values, func(c flow.Column, text string) (query.Node, error) {
		if !steps.Has(c) {
			return Value(c, text)
		}
		s, err := steps.Parse(c, text)
		if err != nil {
			return nil, err
		}
		n := step(s)
		return n, readable(n)
	})
}

// step is the term of just the flows that are in a step.
func step(s steps.Step) query.Node {
	switch s.Column {
	case flow.ColStart:
		return timeStep(query.TimeStart, s)
	case flow.ColEnd:
		return timeStep(query.TimeEnd, s)
	case flow.ColDuration:
		return lengthStep(s)
	case flow.ColPPS:
		return rateStep(query.FieldPPS, s)
	case flow.ColBPS:
		return rateStep(query.FieldBPS, s)
	case flow.ColBPP:
		return rateStep(query.FieldBPP, s)
	}
	side, f := sideOf(s.Column), numberFields[s.Column]
	if s.Open() {
		return number(side, f, query.GE, s.Lo)
	}
	return compare(side, f, query.EQ, &query.Number{Lo: s.Lo, Hi: s.Hi})
}

// timeStep is from..to; the years that have no text are before the first and after the last that have one.
func timeStep(f query.TimeField, s steps.Step) query.Node {
	first, last := s.Micros()
	from, to := query.Moment{Micros: first}, query.Moment{Micros: last + 1}
	switch {
	case last >= flow.MaxTime-1:
		return &query.Time{Field: f, Op: query.TimeRel, Rel: query.GE, From: from}
	case first <= flow.MinTime:
		return &query.Time{Field: f, Op: query.TimeRel, Rel: query.LT, From: to}
	}
	return &query.Time{Field: f, Op: query.TimeIn, From: from, To: to}
}

func lengthStep(s steps.Step) query.Node {
	first, last := s.Micros()
	term := func(rel query.Rel, n int64) query.Node {
		return compare(query.Either, query.FieldDuration, rel, &query.Duration{Lo: n, Hi: n})
	}
	switch {
	case s.Lo == s.Hi:
		return term(query.EQ, first)
	case s.Lo == 0:
		return term(query.LT, last+1)
	case s.Open():
		return term(query.GE, first)
	}
	return and(term(query.GE, first), term(query.LT, last+1))
}

// rateStep asks for a rate as well where a query takes none for one of 0.
func rateStep(f query.Field, s steps.Step) query.Node {
	of, zero := query.FieldDuration, query.Item(&query.Duration{})
	if f == query.FieldBPP {
		of, zero = query.FieldPackets, &query.Number{}
	}
	if s.None {
		return compare(query.Either, of, query.LE, zero)
	}
	from, to := s.Rates()
	term := func(rel query.Rel, x float64) query.Node {
		return compare(query.Either, f, rel, &query.Decimal{Lo: x, Hi: x})
	}
	switch {
	case from == 0:
		return and(term(query.LT, to), compare(query.Either, of, query.GT, zero))
	case s.Open():
		return term(query.GE, from)
	}
	return and(term(query.GE, from), term(query.LT, to))
}
