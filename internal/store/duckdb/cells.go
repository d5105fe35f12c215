package duckdb

import (
	"context"

	"cxlens/internal/flow"
	"cxlens/query/steps"
)

// cells turns rows into the text that outputs have of them.
type cells struct {
	cols  []flow.Column
	nodes []flow.NodeInfo
	names nameReader
	// scales are the steps that are written in the place of the values of their columns.
	scales scales
}

func (s *Store) newCells(ctx context.Context, cols []flow.Column) (*cells, error) {
	c, err := s.pool.get()
	if err != nil {
		return nil, err
	}
	defer s.pool.put(c)
	nodes, err := readNodes(ctx, c)
	return &cells{cols: cols, nodes: nodes, names: nameReader{store: s}}, err
}

// of returns the cells of a chunk's rows. A flow.Table writes them, so that there is
// one place that says how a value reads.
func (c *cells) of(ctx context.Context, v vectors) ([][]string, error) {
	if err := c.names.load(ctx, &v); err != nil {
		return nil, err
	}
	table := flow.NewTable()
	for _, n := range c.nodes {
		table.SetNode(n)
	}
	var r flow.Record
	for i := range v.seq {
		v.get(i, &r)
		r.File, r.EndFile = c.names.name(v.file[i]), c.names.name(v.endFile[i])
		table.Append(&r)
	}
	view := table.View()
	values := make([][]string, len(v.seq))
	var buf []byte
	for i := range values {
		values[i] = make([]string, len(c.cols))
		for j, col := range c.cols {
			if scale, ok := c.scales[col]; ok {
				values[i][j] = scale.Find(steps.KeyOf(view, col, i)).Text()
				continue
			}
			buf = view.AppendCell(buf[:0], col, i)
			values[i][j] = string(buf)
		}
	}
	return values, nil
}
