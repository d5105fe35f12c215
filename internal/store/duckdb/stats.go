package duckdb

import (
	"context"
	"maps"

	"github.com/duckdb/duckdb-go/v2/mapping"

	"cxlens/internal/flow"
	"cxlens/internal/store"
)

// Stats returns the sums of each node that has flows. They are kept up to date in
// memory, so that asking often costs nothing.
func (s *Store) Stats(ctx context.Context) (map[uint32]store.NodeStats, error) {
	_, end, err := s.begin(ctx)
	if err != nil {
		return nil, err
	}
	defer end()
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.stats), nil
}

// addStats adds records, at least one, to a node's sums.
func addStats(n store.NodeStats, records []flow.Record) store.NodeStats {
	if n.Flows == 0 {
		n.Oldest, n.Newest = records[0].Start, records[0].Start
	}
	for i := range records {
		n.Oldest = min(n.Oldest, records[i].Start)
		n.Newest = max(n.Newest, records[i].Start)
	}
	n.Flows += uint64(len(records))
	return n
}

// loadStats sums up what is stored.
func loadStats(ctx context.Context, c *conn) (map[uint32]store.NodeStats, error) {
	r, err := c.query(ctx, "SELECT node, count(*)::UBIGINT, min(start), max(start) FROM flow GROUP BY node")
	if err != nil {
		return nil, err
	}
	defer r.close()
	if err := r.expect(mapping.TypeUInteger, mapping.TypeUBigInt, mapping.TypeBigInt, mapping.TypeBigInt); err != nil {
		return nil, err
	}
	stats := make(map[uint32]store.NodeStats)
	for r.next() {
		flows, oldest, newest := vector[uint64](r.chunk, 1, r.n), vector[int64](r.chunk, 2, r.n), vector[int64](r.chunk, 3, r.n)
		for i, node := range vector[uint32](r.chunk, 0, r.n) {
			stats[node] = store.NodeStats{Flows: flows[i], Oldest: oldest[i], Newest: newest[i]}
		}
	}
	return stats, r.err
}
