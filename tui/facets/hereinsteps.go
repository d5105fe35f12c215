package facets

import (
	"math"

	"cxlens/query/steps"
)

// span is the first and the last time in a column of the rows that count, before its steps are known.
type span struct {
	reader      *reader
	first, last int64
}

// InSteps sums up by the steps of the columns that have some; shift is as steps.For takes it. It is called before the
// first Step.
func (h *Here) InSteps(shift int64) {
	h.shift = shift
	for i := range h.readers {
		r := &h.readers[i]
		switch r.inSteps = steps.Has(r.col); {
		case r.inSteps && steps.IsTime(r.col):
			h.spans = append(h.spans, &span{reader: r, first: math.MaxInt64, last: math.MinInt64})
		case r.inSteps:
			r.scale = steps.For(r.col, 0, 0, shift)
		}
	}
}

// measure looks for the ends of times in the next rows, and returns how many it looked at. With the last one the steps
// are known, and the rows are gone through again.
func (h *Here) measure() int {
	n := min(blockRows, h.n-h.at)
	for _, s := range h.spans {
		h.view.Uint64s(s.reader.col, h.at, s.reader.numbers[:n])
		for i, at := range s.reader.numbers[:n] {
			if h.counts(h.at + i) {
				s.first, s.last = min(s.first, int64(at)), max(s.last, int64(at))
			}
		}
	}
	if h.at += n; h.at < h.n {
		return n
	}
	for _, s := range h.spans {
		s.reader.scale = steps.For(s.reader.col, min(s.first, s.last), s.last, h.shift)
	}
	h.spans, h.at = nil, 0
	return n
}

// steps reads n rows as the numbers at which their steps begin.
func (r *reader) steps(from, n int) {
	if r.floats != nil {
		r.eachRate(from, n, func(f float64) uint64 { return r.begin(steps.FloatKey(f)) })
		return
	}
	r.view.Uint64s(r.col, from, r.numbers[:n])
	for i, number := range r.numbers[:n] {
		r.numbers[i] = r.begin(steps.Key(r.col, number))
	}
}

// begin is the key at which the step of a key begins. Rows beside each other are often in the same one.
func (r *reader) begin(key uint64) uint64 {
	if key < r.last.Lo || key > r.last.Hi || r.last.Hi == 0 {
		r.last = r.scale.Find(key)
	}
	return r.last.Lo
}
