package duckdb

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/duckdb/duckdb-go/v2/mapping"

	"cxlens/internal/flow"
	"cxlens/internal/store"
)

// maxSeries is the most series that a timeline is stacked of.
const maxSeries = 1000

// TimelineBy cuts the span of the matching flows as Timeline does, for each of the q.Limit groups (1 to
// 1,000) that Top would return, and for the rest. Its memory does not grow with the number of groups in a
// bucket: the series are chosen first.
func (s *Store) TimelineBy(
	ctx context.Context, q store.Query, n int, by []flow.Column, metric store.Metric,
) (series [][]string, layers []store.Layer, width int64, err error) {
	if q.Limit < 1 || q.Limit > maxSeries {
		return nil, nil, 0, fmt.Errorf("flow store: a timeline of %d series: give 1 to %d", q.Limit, maxSeries)
	}
	lo, hi, width, err := s.cut(ctx, q, n)
	if err != nil || width == 0 {
		return nil, nil, 0, err
	}
	err = summing(func(sum sums) error {
		series, layers, err = s.layers(ctx, q, n, by, metric, lo, hi, width, sum)
		return err
	})
	return series, layers, width, err
}

func (s *Store) layers(ctx context.Context, q store.Query, n int, by []flow.Column, metric store.Metric, lo, hi, width int64, sum sums) (series [][]string, layers []store.Layer, err error) {
	sql, args, err := stackSQL(q, by, metric, lo, hi, width, sum)
	if err != nil {
		return nil, nil, err
	}
	err = s.read(ctx, func(ctx context.Context, c *conn) error {
		r, err := c.query(ctx, sql, args...)
		if err != nil {
			return err
		}
		stack := &stack{buckets: emptyBuckets(lo, width, n)}
		err = stack.read(r)
		r.close()
		if err != nil {
			return err
		}
		layers = stack.layers
		series, err = s.valuesOf(ctx, c, stack.first, by)
		return err
	})
	return series, layers, err
}

// stackSQL joins each flow with its series, if it is of one, and sums up by bucket and series.
func stackSQL(q store.Query, by []flow.Column, metric store.Metric, lo, hi, width int64, sum sums) (sql string, args []any, err error) {
	order, err := byMetric(metric, "count(*)", sum.bytes, sum.packets)
	if err != nil {
		return "", nil, err
	}
	keys, err := groupKeys(by)
	if err != nil {
		return "", nil, err
	}
	src, err := sourceOf(q, by)
	if err != nil {
		return "", nil, err
	}
	equal := make([]string, len(keys.names))
	for i, name := range keys.names {
		equal[i] = "f." + name + " = t." + name
	}
	list, from := keys.list(""), " FROM "+src.from+src.where
	if src.where == "" {
		from += " WHERE "
	} else {
		from += " AND "
	}
	from += "start BETWEEN ? AND ?" // flows that came since the span was asked for may lie outside
	sql = "WITH g AS (SELECT " + keys.selected + ", " + order + " AS m, min(seq) AS first" + from +
		" GROUP BY " + list + keys.highest("", "m") + " LIMIT ?), " +
		"t AS MATERIALIZED (SELECT *, row_number() OVER (" + keys.highest("", "m") + ")::BIGINT AS series FROM g) " +
		"SELECT " + bucketSQL(lo, hi) + " AS bucket, coalesce(t.series, 0)::BIGINT AS part, coalesce(min(t.first), 0)::UBIGINT, count(*)::UBIGINT, " +
		sum.bytes + ", " + sum.packets + " FROM (SELECT " + keys.selected +
		", start, src_bytes, dst_bytes, src_packets, dst_packets" + from + ") f LEFT JOIN t ON " +
		strings.Join(equal, " AND ") + " GROUP BY bucket, part ORDER BY bucket, part"
	args = append(append([]any{}, src.args...), lo, hi, q.Limit, lo, width)
	args = append(args, src.args...)
	return sql, append(args, lo, hi), nil
}

// stack collects the layers of a timeline.
type stack struct {
	buckets []store.Bucket // all of them, empty
	next    int            // the first bucket without a layer
	layers  []store.Layer
	first   []uint64 // the sequence number of each series' first flow
}

func (k *stack) read(r *rows) error {
	if err := r.expect(mapping.TypeBigInt, mapping.TypeBigInt, mapping.TypeUBigInt, mapping.TypeUBigInt, mapping.TypeUBigInt, mapping.TypeUBigInt); err != nil {
		return err
	}
	for r.next() {
		series, first := vector[int64](r.chunk, 1, r.n), vector[uint64](r.chunk, 2, r.n)
		flows, bytes, packets := vector[uint64](r.chunk, 3, r.n), vector[uint64](r.chunk, 4, r.n), vector[uint64](r.chunk, 5, r.n)
		for i, b := range vector[int64](r.chunk, 0, r.n) {
			k.empty(int(b))
			k.next = int(b) + 1
			l := store.Layer{Bucket: k.buckets[b], Series: int(series[i])}
			l.Flows, l.Bytes, l.Packets = flows[i], bytes[i], packets[i]
			k.layers = append(k.layers, l)
			k.note(l.Series, first[i])
		}
	}
	k.empty(len(k.buckets))
	return r.err
}

// empty adds the buckets below to that have no layer.
func (k *stack) empty(to int) {
	for ; k.next < to; k.next++ {
		k.layers = append(k.layers, store.Layer{Bucket: k.buckets[k.next]})
	}
}

// note keeps the first flow of a series.
func (k *stack) note(series int, first uint64) {
	if series == 0 {
		return
	}
	for len(k.first) < series {
		k.first = append(k.first, 0)
	}
	k.first[series-1] = first
}

// valuesOf returns the cells of the flows with these sequence numbers, in that order.
func (s *Store) valuesOf(ctx context.Context, c *conn, seqs []uint64, by []flow.Column) ([][]string, error) {
	if len(seqs) == 0 {
		return nil, nil
	}
	cells, err := s.newCells(ctx, by)
	if err != nil {
		return nil, err
	}
	args := make([]any, len(seqs))
	for i, seq := range seqs {
		args[i] = seq
	}
	marks := strings.TrimSuffix(strings.Repeat("?, ", len(seqs)), ", ")
	r, err := c.query(ctx, "SELECT "+columnList("")+" FROM flow WHERE seq IN ("+marks+")", args...)
	if err != nil {
		return nil, err
	}
	defer r.close()
	if err := r.expect(columnTypes()...); err != nil {
		return nil, err
	}
	found := make(map[uint64][]string, len(seqs))
	for r.next() {
		v := vectorsOf(r.chunk, r.n)
		values, err := cells.of(ctx, v)
		if err != nil {
			return nil, err
		}
		for i, seq := range v.seq {
			found[seq] = values[i]
		}
	}
	out := make([][]string, len(seqs))
	for i, seq := range seqs {
		values, ok := found[seq]
		if !ok && r.err == nil {
			return nil, errors.New("flow store: a flow of the timeline is gone: the store was changed by another program")
		}
		out[i] = values
	}
	return out, r.err
}
