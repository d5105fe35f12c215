package duckdb

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"cxlens/internal/flow"
	"cxlens/internal/store"
)

// groupNames are the expressions that tell groups apart, with the names that a statement gives them.
type groupNames struct {
	selected string // the expressions AS their names
	names    []string
}

// groupKeys are the expressions whose values tell the groups of columns apart, each once.
func groupKeys(by []flow.Column) (g groupNames, err error) {
	if len(by) == 0 {
		return g, errors.New("flow store: top needs a column to group by")
	}
	var keys []string
	for _, c := range by {
		if c >= flow.NumColumns {
			return g, fmt.Errorf("flow store: no column %d to group by", c)
		}
		for _, expr := range groupSQL(c) {
			if !slices.Contains(keys, expr) {
				keys = append(keys, expr)
			}
		}
	}
	return named(keys), nil
}

// named gives each of the expressions a name.
func named(keys []string) (g groupNames) {
	for i, k := range keys {
		g.names = append(g.names, fmt.Sprintf("k%d", i))
		keys[i] = k + " AS " + g.names[i]
	}
	g.selected = strings.Join(keys, ", ")
	return g
}

// groupSQL is columnSQL for groups, whose values are text in the end: rates have three
// decimals there and belong together when they read the same, and where a flow has no
// rate, which is not a rate of 0, the text is empty.
func groupSQL(c flow.Column) []string {
	exprs := columnSQL(c)
	if rated := rateOr(c, "printf('%.3f', "+exprs[0]+")::DOUBLE"); rated != "" {
		return []string{rated}
	}
	return exprs
}

// rateOr is expr for the flows that have the rate of a column, and -1 for the others; "" where a column is no rate.
func rateOr(c flow.Column, expr string) string {
	of := durationSQL
	switch c {
	case flow.ColBPP:
		of = packetsSQL
	case flow.ColPPS, flow.ColBPS:
	default:
		return ""
	}
	return "(CASE WHEN " + of + " > 0 THEN " + expr + " ELSE -1 END)"
}

// list are the names, each of the table that prefix says: "t." or "".
func (g groupNames) list(prefix string) string {
	return prefix + strings.Join(g.names, ", "+prefix)
}

// highest orders groups by a metric's column, the highest first, and groups of equal metric by their values.
func (g groupNames) highest(prefix, metric string) string {
	return " ORDER BY " + prefix + metric + " DESC, " + g.list(prefix)
}

// byMetric is the expression of a metric.
func byMetric(metric store.Metric, flows, bytes, packets string) (string, error) {
	switch metric {
	case store.Flows:
		return flows, nil
	case store.Bytes:
		return bytes, nil
	case store.Packets:
		return packets, nil
	}
	return "", fmt.Errorf("flow store: no metric %q: flows, bytes or packets", metric)
}
