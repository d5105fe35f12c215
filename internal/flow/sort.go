package flow

import (
	"context"
	"math/bits"
)

// Sort returns rows (nil: all rows) ordered by keys, stable, as a new index vector.
// Addresses order by version, then as numbers; protocols, ports, flags as numbers;
// node, agent, netgroup, state, service and files by their text; directions as Direction numbers them. Names
// (ColSrcName, ColDstName) order as text does, as they are known now, addresses without one behind the others. It
// stops with ctx's error when ctx is done. Rows are never moved.
//
// It takes 16 bytes a row while it runs: each row becomes one 64-bit number, its place
// in the present order in the low bits and as much of the keys as fits above it,
// and a radix sort orders the numbers; what does not fit takes another round, of
// the rows only that the rounds before left equal. Long keys are joined of codes
// that are short for small numbers (see shorten), so that few rows need one.
func (v *View) Sort(ctx context.Context, rows []uint32, keys []SortKey) ([]uint32, error) {
	n := v.n
	if rows != nil {
		n = len(rows)
	}
	sources := make([]keySource, 0, len(keys))
	for _, k := range keys {
		s, err := v.keySource(ctx, k.Column, rows)
		if err != nil {
			return nil, err
		}
		s.desc = k.Desc
		sources = append(sources, s)
	}
	order, err := sortPositions(ctx, n, sources)
	if err != nil || rows == nil {
		return order, err
	}
	for i, at := range order {
		order[i] = rows[at]
	}
	return order, nil
}

// keySource is one key of an order: numbers that order as the column does.
type keySource struct {
	fill func(dst []uint64, from int) // for the places from, from+1, ...
	desc bool

	lo, hi uint64 // bounds of the numbers
	known  bool   // whether lo and hi are there already
	offset int    // of its lowest bit in the joined key, where all keys have a fixed length
	prefix int    // bits of a code's length, 0 where all codes are as long (see shorten)
}

func (s *keySource) bits() int { return bits.Len64(s.hi - s.lo) }
