package query

import (
	"context"
	"math/bits"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"cxlens/internal/flow"
)

// Filter is a query bound to an Env, to be run on tables. It is safe for concurrent use.
type Filter struct {
	pred predicate
}

// Filter binds the query for use on tables. Errors are *Error: an undefined $name, a ?name
// without a value, icmp type or code, which flows do not carry.
func (q *Query) Filter(env Env) (*Filter, error) {
	p, err := q.bind(env)
	if err != nil {
		return nil, err
	}
	return &Filter{ordered(p)}, nil
}

// ordered puts the cheap parts of every "and" first, because a block that they empty is done.
func ordered(p predicate) predicate {
	switch p := p.(type) {
	case andPredicate:
		kids := make(andPredicate, len(p))
		for i, kid := range p {
			kids[i] = ordered(kid)
		}
		slices.SortStableFunc(kids, func(a, b predicate) int { return a.cost() - b.cost() })
		return kids
	case orPredicate:
		kids := make(orPredicate, len(p))
		for i, kid := range p {
			kids[i] = ordered(kid)
		}
		return kids
	case notPredicate:
		return notPredicate{ordered(p.kid)}
	}
	return p
}

// Match decides about one row of v. For many rows Select is faster by far.
func (f *Filter) Match(v *flow.View, row int) bool {
	var r flow.Record
	v.Record(row, &r)
	return f.pred.match(&r, v.Node(r.Node))
}

// MatchRecord decides about a flow that is in no table; node is what its node id stands for.
func (f *Filter) MatchRecord(r *flow.Record, node flow.NodeInfo) bool {
	return f.pred.match(r, node)
}

// Select returns those of rows (nil: all rows of v), in their order, that match, as a new slice.
// It works on several goroutines and stops with ctx's error when ctx is done.
func (f *Filter) Select(ctx context.Context, v *flow.View, rows []uint32) ([]uint32, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	r, err := prepare(ctx, v, f.pred)
	if err != nil {
		return nil, err
	}
	m, err := r.matches(ctx, f.pred, neededBlocks(v.Len(), rows))
	if err != nil {
		return nil, err
	}
	if rows == nil {
		return setBits(m), nil
	}
	out := make([]uint32, 0, min(len(rows), count(m)))
	for _, row := range rows {
		if m[row>>6]>>(row&63)&1 != 0 {
			out = append(out, row)
		}
	}
	return out, nil
}

// neededBlocks tells of each block of n rows whether one of rows is in it; nil is all blocks.
func neededBlocks(n int, rows []uint32) []bool {
	if rows == nil {
		return nil
	}
	needed := make([]bool, (n+blockRows-1)/blockRows)
	for _, row := range rows {
		needed[row/blockRows] = true
	}
	return needed
}

// stripeBlocks is how many blocks a goroutine takes at a time; ctx is looked at between stripes.
const stripeBlocks = 16

// matches returns a bit for every row of the view; those of blocks that are not needed stay 0.
func (r *run) matches(ctx context.Context, p predicate, needed []bool) ([]uint64, error) {
	n := r.view.Len()
	m := make([]uint64, (n+63)/64)
	next := stripes(n, stripeBlocks*blockRows)
	var wg sync.WaitGroup
	for range workers(n) {
		wg.Go(func() {
			b := &block{run: r}
			var out bitmap
			for from, to, ok := next(); ok && ctx.Err() == nil; from, to, ok = next() {
				for ; from < to; from += blockRows {
					if needed == nil || needed[from/blockRows] {
						b.eval(p, from, min(blockRows, to-from), &out)
						copy(m[from/64:], out[:])
					}
				}
			}
		})
	}
	wg.Wait()
	return m, ctx.Err()
}

// stripes hands out the ranges of n things in pieces of step, to any number of goroutines.
func stripes(n, step int) func() (from, to int, ok bool) {
	var taken atomic.Int64
	return func() (int, int, bool) {
		from := int(taken.Add(int64(step))) - step
		return from, min(from+step, n), from < n
	}
}

// parallelRows is from how many rows on more than one goroutine pays.
const parallelRows = 1 << 16

// workers is the number of goroutines for n rows.
func workers(n int) int {
	if n < parallelRows {
		return 1
	}
	return runtime.GOMAXPROCS(0)
}

// setBits lists the places of the set bits.
func setBits(words []uint64) []uint32 {
	out := make([]uint32, count(words))
	at := 0
	for i, w := range words {
		base := uint32(i) * 64
		for ; w != 0; w &= w - 1 {
			out[at] = base + uint32(bits.TrailingZeros64(w))
			at++
		}
	}
	return out
}
