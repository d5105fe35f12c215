package duckdb

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/duckdb/duckdb-go/v2/mapping"

	"cxlens/internal/flow"
	"cxlens/internal/store"
	"cxlens/query/steps"
)

// scales are the steps of columns.
type scales map[flow.Column]*steps.Scale

// scales are those of the columns of by that have steps, nil when q wants none.
func (s *Store) scales(ctx context.Context, q store.Query, by []flow.Column) (scales, error) {
	if !q.Steps {
		return nil, nil
	}
	out := make(scales)
	for _, c := range by {
		if !steps.Has(c) || out[c] != nil {
			continue
		}
		var first, last int64
		if steps.IsTime(c) {
			var err error
			if first, last, err = s.ends(ctx, q, c); err != nil {
				return nil, err
			}
		}
		out[c] = steps.For(c, first, last, q.Shift)
	}
	return out, nil
}

// ends are the first and the last time in a column of the matching flows, 0 when there are none.
func (s *Store) ends(ctx context.Context, q store.Query, c flow.Column) (first, last int64, err error) {
	src, err := sourceOf(q, nil)
	if err != nil {
		return 0, 0, err
	}
	at := columnSQL(c)[0]
	sql := "SELECT coalesce(min(" + at + "), 0), coalesce(max(" + at + "), 0) FROM " + src.from + src.where
	err = s.read(ctx, func(ctx context.Context, c *conn) error {
		return c.one(ctx, sql, src.args, func(r *rows) error {
			if err := r.expect(mapping.TypeBigInt, mapping.TypeBigInt); err != nil {
				return err
			}
			first, last = vector[int64](r.chunk, 0, 1)[0], vector[int64](r.chunk, 1, 1)[0]
			return nil
		})
	})
	return first, last, err
}

// step makes the values of the columns with scales available under a name each, so that they are computed once, and
// returns what tells the groups apart: the numbers of the steps, and the expressions of the other columns. Earlier flows
// that came since the ends of a time were asked for are left out.
func (s *source) step(by []flow.Column, scales scales) groupNames {
	var keys, values, between []string
	for i, c := range by {
		scale, ok := scales[c]
		if !ok {
			for _, key := range groupSQL(c) {
				if !slices.Contains(keys, key) {
					keys = append(keys, key)
				}
			}
			continue
		}
		if slices.Contains(by[:i], c) {
			continue
		}
		value := fmt.Sprintf("v%d", i)
		values = append(values, columnSQL(c)[0]+" AS "+value)
		if !steps.IsTime(c) {
			keys = append(keys, stepSQL(c, scale, value))
			continue
		}
		base, width := scale.Times()
		wide := "::HUGEINT"
		if base >= 0 { // what is not before it is no further from it than a number goes
			wide = ""
		}
		keys = append(keys, fmt.Sprintf("((%s%s - %s) // %d)::BIGINT", value, wide, literal(base), width))
		between = append(between, value+" >= "+literal(base))
	}
	s.from = "(SELECT *, " + strings.Join(values, ", ") + " FROM " + s.from + s.where + ")"
	s.where, s.plain = "", false
	if len(between) > 0 {
		s.where = " WHERE " + strings.Join(between, " AND ")
	}
	return named(keys)
}

// literal is a signed number: the least one is beyond a minus and a number.
func literal(n int64) string {
	if n == math.MinInt64 {
		return minInt64
	}
	return "(" + strconv.FormatInt(n, 10) + ")"
}

// stepSQL is the number of the step of a value, -1 of none.
func stepSQL(c flow.Column, scale *steps.Scale, value string) string {
	var edges []string
	for _, key := range scale.Edges() {
		edges = append(edges, edgeSQL(c, key))
	}
	tree := searchSQL(value, edges, 0)
	if rated := rateOr(c, tree); rated != "" {
		return rated
	}
	return tree
}

// edgeSQL is the value of a key.
func edgeSQL(c flow.Column, key uint64) string {
	step := steps.Step{Column: c, Lo: key}
	switch c {
	case flow.ColDuration:
		first, _ := step.Micros()
		return literal(first) + "::BIGINT"
	case flow.ColPPS, flow.ColBPS, flow.ColBPP:
		from, _ := step.Rates()
		return "'" + strconv.FormatFloat(from, 'g', -1, 64) + "'::DOUBLE"
	}
	return strconv.FormatUint(key, 10) + "::UBIGINT"
}

// searchSQL finds the last of the edges that is at most the value by halves: few comparisons a row. The first one always
// is; at is its number.
func searchSQL(value string, edges []string, at int) string {
	if len(edges) == 1 {
		return strconv.Itoa(at)
	}
	half := len(edges) / 2
	return "CASE WHEN " + value + " < " + edges[half] + " THEN " + searchSQL(value, edges[:half], at) +
		" ELSE " + searchSQL(value, edges[half:], at+half) + " END"
}
