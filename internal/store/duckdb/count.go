package duckdb

import (
	"context"

	"github.com/duckdb/duckdb-go/v2/mapping"

	"cxlens/internal/store"
)

// Count sums up all flows that match; Order and Limit do not matter. Sums beyond 64
// bits stay at the largest number.
func (s *Store) Count(ctx context.Context, q store.Query) (t store.Totals, err error) {
	err = summing(func(sum sums) error {
		t, err = s.count(ctx, q, sum)
		return err
	})
	return t, err
}

func (s *Store) count(ctx context.Context, q store.Query, sum sums) (t store.Totals, err error) {
	src, err := sourceOf(q, nil)
	if err != nil {
		return t, err
	}
	sql := "SELECT count(*)::UBIGINT, " + sum.bytes + ", " + sum.packets +
		", coalesce(min(start), 0), coalesce(max(start), 0), coalesce(max(seq), 0)::UBIGINT FROM " + src.from + src.where
	err = s.read(ctx, func(ctx context.Context, c *conn) error {
		return c.one(ctx, sql, src.args, func(r *rows) error {
			if err := r.expect(mapping.TypeUBigInt, mapping.TypeUBigInt, mapping.TypeUBigInt,
				mapping.TypeBigInt, mapping.TypeBigInt, mapping.TypeUBigInt); err != nil {
				return err
			}
			t = store.Totals{
				Flows: vector[uint64](r.chunk, 0, 1)[0], Bytes: vector[uint64](r.chunk, 1, 1)[0], Packets: vector[uint64](r.chunk, 2, 1)[0],
				First: vector[int64](r.chunk, 3, 1)[0], Last: vector[int64](r.chunk, 4, 1)[0],
				LastSeq: vector[uint64](r.chunk, 5, 1)[0],
			}
			return nil
		})
	})
	return t, err
}
