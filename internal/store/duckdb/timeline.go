package duckdb

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/duckdb/duckdb-go/v2/mapping"

	"cxlens/internal/store"
)

// maxBuckets is the most that Timeline cuts a span into.
const maxBuckets = 10_000

// Timeline cuts the span of the matching flows into n buckets, 1 to 10,000, of equal
// width in microseconds. The span is q.From to q.To; a missing bound is the first or the
// last matching flow. Without any flow and a bound missing there is no span and no bucket.
// The last bucket may reach past the span. Order and Limit do not matter.
func (s *Store) Timeline(ctx context.Context, q store.Query, n int) (buckets []store.Bucket, width int64, err error) {
	lo, hi, width, err := s.cut(ctx, q, n)
	if err != nil || width == 0 {
		return nil, 0, err
	}
	buckets = emptyBuckets(lo, width, n)
	return buckets, width, summing(func(sum sums) error { return s.fill(ctx, q, buckets, lo, hi, width, sum) })
}

// cut returns the first and the last microsecond of a timeline of n buckets and their width, 0
// when there is no span.
func (s *Store) cut(ctx context.Context, q store.Query, n int) (lo, hi, width int64, err error) {
	if n < 1 || n > maxBuckets {
		return 0, 0, 0, fmt.Errorf("flow store: a timeline of %d buckets: give 1 to %d", n, maxBuckets)
	}
	lo, hi, ok, err := s.span(ctx, q)
	if err != nil || !ok {
		return 0, 0, 0, err
	}
	w := uint64(hi-lo)/uint64(n) + 1 // hi is in the span, so this rounds up
	if w > math.MaxInt64 || w == 0 {
		return 0, 0, 0, errors.New("flow store: the timeline's span is longer than 292,000 years")
	}
	return lo, hi, int64(w), nil
}

func emptyBuckets(lo, width int64, n int) []store.Bucket {
	buckets := make([]store.Bucket, n)
	for i := range buckets {
		buckets[i].Start = saturatingAdd(lo, uint64(i)*uint64(width))
	}
	return buckets
}

// bucketSQL is the number of the bucket of a flow; its parameters are lo and the width.
func bucketSQL(lo, hi int64) string {
	if uint64(hi-lo) > math.MaxInt64 {
		return "((start::HUGEINT - ?) // ?)::BIGINT"
	}
	return "((start - ?) // ?)::BIGINT"
}

// span returns the first and the last microsecond of the timeline; ok is false when there is none.
func (s *Store) span(ctx context.Context, q store.Query) (lo, hi int64, ok bool, err error) {
	if q.From != nil && q.To != nil {
		if *q.From >= *q.To {
			return 0, 0, false, errors.New("flow store: the timeline's span ends before it begins")
		}
		return *q.From, *q.To - 1, true, nil
	}
	t, err := s.Count(ctx, q)
	if err != nil || t.Flows == 0 {
		return 0, 0, false, err
	}
	lo, hi = t.First, t.Last
	if q.From != nil {
		lo = *q.From
	}
	if q.To != nil {
		hi = *q.To - 1
	}
	return lo, hi, true, nil
}

// fill adds the matching flows to their buckets.
func (s *Store) fill(ctx context.Context, q store.Query, buckets []store.Bucket, lo, hi, width int64, sum sums) error {
	src, err := sourceOf(q, nil)
	if err != nil {
		return err
	}
	// Flows that came since span was asked for may lie outside.
	and := " WHERE "
	if src.where != "" {
		and = " AND "
	}
	sql := "SELECT " + bucketSQL(lo, hi) + " AS bucket, count(*)::UBIGINT, " + sum.bytes + ", " + sum.packets +
		" FROM " + src.from + src.where + and + "start BETWEEN ? AND ? GROUP BY bucket"
	args := append([]any{lo, width}, src.args...)
	args = append(args, lo, hi)
	return s.read(ctx, func(ctx context.Context, c *conn) error {
		r, err := c.query(ctx, sql, args...)
		if err != nil {
			return err
		}
		defer r.close()
		if err := r.expect(mapping.TypeBigInt, mapping.TypeUBigInt, mapping.TypeUBigInt, mapping.TypeUBigInt); err != nil {
			return err
		}
		for r.next() {
			flows, bytes, packets := vector[uint64](r.chunk, 1, r.n), vector[uint64](r.chunk, 2, r.n), vector[uint64](r.chunk, 3, r.n)
			for i, b := range vector[int64](r.chunk, 0, r.n) {
				buckets[b].Flows, buckets[b].Bytes, buckets[b].Packets = flows[i], bytes[i], packets[i]
			}
		}
		return r.err
	})
}

// saturatingAdd is a + d, at most the largest number.
func saturatingAdd(a int64, d uint64) int64 {
	if d > uint64(math.MaxInt64)-uint64(a) {
		return math.MaxInt64
	}
	return a + int64(d)
}
