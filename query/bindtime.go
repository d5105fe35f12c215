package query

import (
	"math"

	"cxlens/internal/flow"
)

// time binds start, end and active.
func (b *binder) time(n *Time) (predicate, error) {
	from := n.From.at(b.env.Now)
	switch n.Op {
	case TimeLast:
		return b.timeRel(n.Field, GE, b.env.Now.UnixMicro()-n.Last), nil
	case TimeIn:
		to := n.To.at(b.env.Now)
		if to < from {
			return nil, errorAt(b.text, n.Place, "the span ends before it begins")
		}
		if n.Field == TimeActive {
			return andPredicate{
				signed(flow.ColStart, LT, to),
				signed(flow.ColEnd, GE, from),
			}, nil
		}
		return signedBetween(timeColumn(n.Field), from, to), nil
	}
	return b.timeRel(n.Field, n.Rel, from), nil
}

func timeColumn(f TimeField) flow.Column {
	if f == TimeEnd {
		return flow.ColEnd
	}
	return flow.ColStart
}

// timeRel binds "field rel t". A flow is active in relation to t when any moment of it is.
func (b *binder) timeRel(f TimeField, rel Rel, t int64) predicate {
	switch {
	case f != TimeActive && rel == NE:
		return notPredicate{signed(timeColumn(f), EQ, t)}
	case f != TimeActive:
		return signed(timeColumn(f), rel, t)
	}
	switch rel {
	case LT, LE:
		return signed(flow.ColStart, rel, t)
	case GT, GE:
		return signed(flow.ColEnd, rel, t)
	}
	at := andPredicate{signed(flow.ColStart, LE, t), signed(flow.ColEnd, GE, t)}
	if rel == NE {
		return notPredicate{at}
	}
	return at
}

// signed compares a signed column with x.
func signed(col flow.Column, rel Rel, x int64) predicate {
	v, ok := related(rel, biased(x), biased(x))
	if !ok {
		return constPredicate(false)
	}
	return &numberPredicate{col, []interval{v}, true}
}

// signedBetween is from <= col < to.
func signedBetween(col flow.Column, from, to int64) predicate {
	if to == from || to == math.MinInt64 {
		return constPredicate(false)
	}
	return &numberPredicate{col, []interval{{biased(from), biased(to - 1)}}, true}
}
