package duckdb

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/duckdb/duckdb-go/v2/mapping"
)

// schemaVersion is the layout that this program reads and writes. A change of a
// table raises it; opening a store of a newer version is refused.
const schemaVersion = 1

// schema returns the statements that make the tables of a new store. The flows
// have no index: DuckDB keeps each column's range for every 122,880 rows, which is
// what conditions on start and seq need, and an index would halve the ingest rate.
func schema() string {
	var b strings.Builder
	fmt.Fprintf(&b, "CREATE TABLE cxlens_store (version INTEGER NOT NULL); INSERT INTO cxlens_store VALUES (%d);", schemaVersion)
	b.WriteString("CREATE TABLE flow (")
	for i, c := range flowColumns {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(c.name + " " + c.sql + " NOT NULL")
	}
	b.WriteString(`);
CREATE TABLE files (id UINTEGER NOT NULL, name VARCHAR NOT NULL, raw BLOB);
CREATE TABLE nodes (id UINTEGER PRIMARY KEY, name VARCHAR NOT NULL, agent VARCHAR NOT NULL, netgroup VARCHAR NOT NULL,
  node_text VARCHAR NOT NULL, agent_text VARCHAR NOT NULL, netgroup_text VARCHAR NOT NULL);
CREATE TABLE blocks (node UINTEGER, hash BLOB, "rows" UBIGINT NOT NULL, stored_at BIGINT NOT NULL, PRIMARY KEY (node, hash));
CREATE TABLE rejected (node UINTEGER NOT NULL, block BLOB NOT NULL, line BIGINT NOT NULL, "text" BLOB NOT NULL, reason VARCHAR NOT NULL);
CREATE VIEW flows AS SELECT f.*, coalesce(a.name, '') AS pcap_file, coalesce(e.name, '') AS pcap_end_file,
  coalesce(a.raw, encode(a.name), ''::BLOB) AS file_bytes, coalesce(e.raw, encode(e.name), ''::BLOB) AS end_file_bytes,
  CASE WHEN f.node = 0 THEN '' ELSE coalesce(n.node_text, f.node::VARCHAR) END AS node_text,
  CASE WHEN f.node = 0 THEN '' ELSE coalesce(n.agent_text, '') END AS agent_text,
  CASE WHEN f.node = 0 THEN '' ELSE coalesce(n.netgroup_text, '') END AS netgroup_text
FROM flow f LEFT JOIN files a ON a.id = f.file LEFT JOIN files e ON e.id = f.end_file LEFT JOIN nodes n ON n.id = f.node;`)
	return b.String()
}

// prepareSchema makes the tables of an empty database and checks those of any other.
func prepareSchema(ctx context.Context, c *conn) error {
	tables, err := tableNames(ctx, c)
	switch {
	case err != nil:
		return err
	case len(tables) == 0:
		return c.exec(ctx, "BEGIN; "+schema()+" COMMIT;")
	case !tables["cxlens_store"]:
		return errors.New("it is a DuckDB database of another program, not a flow store")
	}
	var version int64
	err = c.one(ctx, "SELECT version::BIGINT FROM cxlens_store", nil, func(r *rows) error {
		if err := r.expect(mapping.TypeBigInt); err != nil {
			return err
		}
		version = vector[int64](r.chunk, 0, r.n)[0]
		return nil
	})
	switch {
	case err != nil:
		return fmt.Errorf("reading its layout: %w", err)
	case version > schemaVersion:
		return fmt.Errorf("it was written by a newer cxlens (layout %d, this program knows %d): update cxlens", version, schemaVersion)
	case version < 1:
		return fmt.Errorf("its layout %d never was: the file is damaged", version)
	}
	return checkFlowTable(ctx, c)
}

// checkFlowTable refuses a table whose columns are not those that vectors trust.
func checkFlowTable(ctx context.Context, c *conn) error {
	r, err := c.query(ctx, "SELECT * FROM flow LIMIT 0")
	if err != nil {
		return err
	}
	defer r.close()
	return r.expect(columnTypes()...)
}

func tableNames(ctx context.Context, c *conn) (map[string]bool, error) {
	r, err := c.query(ctx, "SELECT table_name FROM duckdb_tables() WHERE NOT internal")
	if err != nil {
		return nil, err
	}
	defer r.close()
	if err := r.expect(mapping.TypeVarchar); err != nil {
		return nil, err
	}
	names := make(map[string]bool)
	for r.next() {
		for i := range r.n {
			names[r.text(0, i)] = true
		}
	}
	return names, r.err
}

// one runs a statement that gives a single chunk, of one row as a rule, and hands it to read.
func (c *conn) one(ctx context.Context, sql string, args []any, read func(*rows) error) error {
	r, err := c.query(ctx, sql, args...)
	if err != nil {
		return err
	}
	defer r.close()
	if !r.next() {
		if r.err != nil {
			return r.err
		}
		return errors.New("no row where there is always one")
	}
	return read(r)
}

// loadNext reads the numbers that follow the highest stored ones.
func loadNext(ctx context.Context, c *conn) (next nextIDs, err error) {
	const sql = "SELECT coalesce((SELECT max(seq) FROM flow), 0)::UBIGINT + 1, coalesce((SELECT max(id) FROM files), 0)::UINTEGER"
	err = c.one(ctx, sql, nil, func(r *rows) error {
		if err := r.expect(mapping.TypeUBigInt, mapping.TypeUInteger); err != nil {
			return err
		}
		next.seq = vector[uint64](r.chunk, 0, 1)[0]
		next.file = vector[uint32](r.chunk, 1, 1)[0] + 1
		return nil
	})
	return next, err
}
