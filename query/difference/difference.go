// Package difference compares two answers of kind top: what is new, gone and changed between two
// spans of time, or between two queries, by a key of columns.
//
// It may import query and internal/flow; it does no I/O. The surprising thing: a server answers no more
// than so many keys, so that a key that one side lacks may only be below what was answered; such
// rows are marked, with how much they had at most.
package difference

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"

	"cxlens/query"
)

// Kind is what became of a key.
type Kind uint8

// The kinds.
const (
	Same    Kind = iota
	New          // not before
	Gone         // not after
	Changed      // another number of flows, bytes or packets
)

// String returns the kind as a word.
func (k Kind) String() string { return [...]string{"same", "new", "gone", "changed"}[k] }

// Sign returns the kind as a sign.
func (k Kind) Sign() string { return [...]string{"=", "+", "−", "~"}[k] }

// Sums are what the flows of a key sum up to. Bytes are frame bytes.
type Sums struct{ Flows, Bytes, Packets uint64 }

// Of returns the sum of a metric of package query.
func (s Sums) Of(metric string) uint64 {
	switch metric {
	case query.MetricBytes:
		return s.Bytes
	case query.MetricPackets:
		return s.Packets
	}
	return s.Flows
}

// Side is a server's answer of kind top.
type Side struct {
	Rows   [][]string // the values of the key, then flows, bytes, packets; the highest metric first
	Groups uint64     // how many keys there are in all; 0 when the server does not say
}

// Cut tells whether there are keys that were not answered.
func (s Side) Cut() bool { return s.Groups > uint64(len(s.Rows)) }

// Row is a key and what became of it.
type Row struct {
	Key           []string
	Kind          Kind
	Before, After Sums
	// Unsure tells that the key may be on the side that lacks it, below what the server answered.
	Unsure bool
}

// Ratio is after by before of a metric; infinite for a key that is new.
func (r *Row) Ratio(metric string) float64 {
	before, after := r.Before.Of(metric), r.After.Of(metric)
	if before == 0 && after == 0 {
		return 1
	}
	return float64(after) / float64(before)
}

// change is how far a metric has moved.
func (r *Row) change(metric string) uint64 {
	before, after := r.Before.Of(metric), r.After.Of(metric)
	return max(before, after) - min(before, after)
}

// Result is a comparison.
type Result struct {
	Rows  []Row               // the largest change of the metric first
	Count [Changed + 1]uint64 // rows of each kind
	// Before and After sum up the keys that were answered.
	Before, After Sums
	// FloorBefore and FloorAfter are what a key that was not answered had at most; 0 when all were.
	FloorBefore, FloorAfter uint64
}

// Compare compares two answers by keys columns, which the metric ordered. An error is an answer
// that is damaged.
func Compare(before, after Side, keys int, metric string) (*Result, error) {
	res := &Result{FloorBefore: before.floor(keys, metric), FloorAfter: after.floor(keys, metric)}
	at := make(map[string]int, len(before.Rows)+len(after.Rows))
	for n, side := range []Side{before, after} {
		for _, row := range side.Rows {
			key, sums, err := read(row, keys)
			if err != nil {
				return nil, err
			}
			id := identity(key)
			i, known := at[id]
			if !known {
				i = len(res.Rows)
				at[id] = i
				res.Rows = append(res.Rows, Row{Key: key})
			}
			if n == 0 {
				res.Rows[i].Before.add(sums)
				res.Before.add(sums)
			} else {
				res.Rows[i].After.add(sums)
				res.After.add(sums)
			}
		}
	}
	for i := range res.Rows {
		r := &res.Rows[i]
		r.Kind = kindOf(r)
		r.Unsure = r.Kind == New && before.Cut() || r.Kind == Gone && after.Cut()
		res.Count[r.Kind]++
	}
	res.Sort(metric)
	return res, nil
}

func kindOf(r *Row) Kind {
	switch {
	case r.Before == r.After:
		return Same
	case r.Before.Flows == 0:
		return New
	case r.After.Flows == 0:
		return Gone
	}
	return Changed
}

// Sort puts the largest change of a metric first.
func (res *Result) Sort(metric string) {
	slices.SortFunc(res.Rows, func(a, b Row) int {
		return cmp.Or(cmp.Compare(b.change(metric), a.change(metric)), slices.Compare(a.Key, b.Key))
	})
}

// floor is the smallest metric that was answered when some were not.
func (s Side) floor(keys int, metric string) uint64 {
	if !s.Cut() || len(s.Rows) == 0 {
		return 0
	}
	_, sums, err := read(s.Rows[len(s.Rows)-1], keys)
	if err != nil { // Compare says so
		return 0
	}
	return sums.Of(metric)
}

func (s *Sums) add(o Sums) {
	s.Flows, s.Bytes, s.Packets = add(s.Flows, o.Flows), add(s.Bytes, o.Bytes), add(s.Packets, o.Packets)
}

// add stays at the largest number rather than beginning anew.
func add(a, b uint64) uint64 {
	if a > math.MaxUint64-b {
		return math.MaxUint64
	}
	return a + b
}

// identity is a text that two keys share only when they are equal.
func identity(key []string) string {
	var b []byte
	for _, k := range key {
		b = strconv.AppendInt(b, int64(len(k)), 10)
		b = append(append(b, ':'), k...)
	}
	return string(b)
}

func read(row []string, keys int) (key []string, s Sums, err error) {
	if len(row) != keys+3 {
		return nil, s, fmt.Errorf("the server's answer is damaged: %d values where %d were due", len(row), keys+3)
	}
	for i, to := range []*uint64{&s.Flows, &s.Bytes, &s.Packets} {
		if *to, err = strconv.ParseUint(row[keys+i], 10, 64); err != nil {
			return nil, s, fmt.Errorf("the server's answer is damaged: %.40q is no count", row[keys+i])
		}
	}
	return row[:keys:keys], s, nil
}
