package duckdb

import (
	"context"
	"errors"
	"fmt"

	"github.com/duckdb/duckdb-go/v2/mapping"

	"cxlens/internal/flow"
	"cxlens/internal/store"
)

// maxGroups bounds what Top returns, because the groups are held in memory.
const maxGroups = 1_000_000

// Top groups the matching flows by columns and returns the q.Limit groups (0: all,
// of which there may be 1,000,000) with the highest metric, and how many groups there are.
// Groups of equal metric come in the order of their values. q.Order does not matter.
func (s *Store) Top(ctx context.Context, q store.Query, by []flow.Column, metric store.Metric) (groups []store.Group, total uint64, err error) {
	err = summing(func(sum sums) error {
		groups, total, err = s.top(ctx, q, by, metric, sum)
		return err
	})
	return groups, total, err
}

func (s *Store) top(ctx context.Context, q store.Query, by []flow.Column, metric store.Metric, sum sums) (groups []store.Group, total uint64, err error) {
	scales, err := s.scales(ctx, q, by)
	if err != nil {
		return nil, 0, err
	}
	sql, args, err := topSQL(q, by, scales, metric, sum)
	if err != nil {
		return nil, 0, err
	}
	err = s.read(ctx, func(ctx context.Context, c *conn) error {
		cells, err := s.newCells(ctx, by)
		if err != nil {
			return err
		}
		cells.scales = scales
		r, err := c.query(ctx, sql, args...)
		if err != nil {
			return err
		}
		defer r.close()
		groups, total, err = readGroups(ctx, r, cells)
		if err == nil && total > uint64(len(groups)) && len(groups) == maxGroups {
			err = fmt.Errorf("flow store: %d groups are more than %d: give a limit or a narrower query", total, maxGroups)
		}
		return err
	})
	if err != nil {
		return nil, 0, err
	}
	return groups, total, nil
}

// topSQL groups by the values of the columns and joins each group with its first flow,
// whose cells have the text of the values.
func topSQL(q store.Query, by []flow.Column, scales scales, metric store.Metric, sum sums) (sql string, args []any, err error) {
	order, err := byMetric(metric, "flows", "bytes", "packets")
	if err != nil {
		return "", nil, err
	}
	if q.Limit < 0 {
		return "", nil, errors.New("flow store: the limit is negative")
	}
	keys, err := groupKeys(by)
	if err != nil {
		return "", nil, err
	}
	src, err := sourceOf(q, by)
	if err != nil {
		return "", nil, err
	}
	if len(scales) > 0 {
		keys = src.step(by, scales)
	}
	limit := q.Limit
	if limit == 0 || limit > maxGroups {
		limit = maxGroups
	}
	sql = "WITH g AS MATERIALIZED (SELECT " + keys.selected + ", count(*)::UBIGINT AS flows, " +
		sum.bytes + " AS bytes, " + sum.packets + " AS packets, min(seq) AS first, min(start) AS earliest, max(start) AS latest FROM " + src.from + src.where + " GROUP BY " + keys.list("") +
		"), t AS MATERIALIZED (SELECT * FROM g" + keys.highest("", order) + " LIMIT ?) SELECT " + columnList("f.") +
		", t.flows, t.bytes, t.packets, (SELECT count(*) FROM g)::UBIGINT, t.earliest, t.latest FROM t JOIN flow f ON f.seq = t.first" + keys.highest("t.", order)
	return sql, append(src.args, limit), nil
}

func readGroups(ctx context.Context, r *rows, cells *cells) (groups []store.Group, total uint64, err error) {
	types := append(columnTypes(), mapping.TypeUBigInt, mapping.TypeUBigInt, mapping.TypeUBigInt, mapping.TypeUBigInt,
		mapping.TypeBigInt, mapping.TypeBigInt)
	if err := r.expect(types...); err != nil {
		return nil, 0, err
	}
	n := len(flowColumns)
	for r.next() {
		flows, bytes := vector[uint64](r.chunk, n, r.n), vector[uint64](r.chunk, n+1, r.n)
		packets, totals := vector[uint64](r.chunk, n+2, r.n), vector[uint64](r.chunk, n+3, r.n)
		earliest, latest := vector[int64](r.chunk, n+4, r.n), vector[int64](r.chunk, n+5, r.n)
		total = totals[0]
		values, err := cells.of(ctx, vectorsOf(r.chunk, r.n))
		if err != nil {
			return nil, 0, err
		}
		for i := range r.n {
			groups = append(groups, store.Group{
				Values: values[i], Flows: flows[i], Bytes: bytes[i], Packets: packets[i], First: earliest[i], Last: latest[i],
			})
		}
	}
	return groups, total, r.err
}
