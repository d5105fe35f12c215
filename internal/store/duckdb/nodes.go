package duckdb

import (
	"context"
	"fmt"
	"strconv"
	"unicode/utf8"

	"github.com/duckdb/duckdb-go/v2/mapping"

	"cxlens/internal/flow"
)

// SaveNode stores what a node id stands for, replacing what was known of it. The names must be UTF-8.
func (s *Store) SaveNode(ctx context.Context, n flow.NodeInfo) error {
	for _, name := range []string{n.Name, n.Agent, n.Netgroup} {
		if !utf8.ValidString(name) {
			return fmt.Errorf("saving node %d: %q is not UTF-8", n.ID, name)
		}
	}
	text := flow.Clean(n.Name) // as outputs show it, so that flows order and group by what one sees
	if text == "" {
		text = strconv.FormatUint(uint64(n.ID), 10)
	}
	return s.write(ctx, func(ctx context.Context, c *conn) error {
		err := c.exec(ctx, "INSERT OR REPLACE INTO nodes VALUES (?, ?, ?, ?, ?, ?, ?)",
			n.ID, n.Name, n.Agent, n.Netgroup, text, flow.Clean(n.Agent), flow.Clean(n.Netgroup))
		if err != nil {
			return fmt.Errorf("saving node %d: %w", n.ID, err)
		}
		return nil
	})
}

// Nodes lists the nodes that were ever saved, ordered by id.
func (s *Store) Nodes(ctx context.Context) ([]flow.NodeInfo, error) {
	var nodes []flow.NodeInfo
	err := s.read(ctx, func(ctx context.Context, c *conn) (err error) {
		nodes, err = readNodes(ctx, c)
		return err
	})
	return nodes, err
}

func readNodes(ctx context.Context, c *conn) ([]flow.NodeInfo, error) {
	r, err := c.query(ctx, "SELECT id, name, agent, netgroup FROM nodes ORDER BY id")
	if err != nil {
		return nil, err
	}
	defer r.close()
	if err := r.expect(mapping.TypeUInteger, mapping.TypeVarchar, mapping.TypeVarchar, mapping.TypeVarchar); err != nil {
		return nil, err
	}
	var nodes []flow.NodeInfo
	for r.next() {
		for i, id := range vector[uint32](r.chunk, 0, r.n) {
			nodes = append(nodes, flow.NodeInfo{ID: id, Name: r.text(1, i), Agent: r.text(2, i), Netgroup: r.text(3, i)})
		}
	}
	return nodes, r.err
}
