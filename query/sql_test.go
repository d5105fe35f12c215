package query

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/duckdb/duckdb-go/v2"
	"pgregory.net/rapid"

	"cxlens/internal/flow"
)

// testStore is a DuckDB in memory with the columns that SQL is written for.
type testStore struct {
	db   *sql.DB
	conn *sql.Conn
}

func openTestStore(t testing.TB) *testStore {
	t.Helper()
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(); _ = db.Close() })
	s := &testStore{db, conn}
	for _, stmt := range []string{
		`CREATE TABLE flows (seq UBIGINT, node UINTEGER, id UBIGINT, start BIGINT, "end" BIGINT, proto UTINYINT, ip_version UTINYINT,
			src_hi UBIGINT, src_lo UBIGINT, dst_hi UBIGINT, dst_lo UBIGINT, src_port USMALLINT, dst_port USMALLINT,
			src_packets UBIGINT, src_bytes UBIGINT, dst_packets UBIGINT, dst_bytes UBIGINT, src_flags UTINYINT, dst_flags UTINYINT,
			pcap_file VARCHAR, pcap_end_file VARCHAR)`,
		`CREATE TABLE nodes (id UINTEGER, name VARCHAR, agent VARCHAR, netgroup VARCHAR)`,
	} {
		if _, err := conn.ExecContext(t.Context(), stmt); err != nil {
			t.Fatal(err)
		}
	}
	for _, n := range testNodes {
		if _, err := conn.ExecContext(t.Context(), "INSERT INTO nodes VALUES (?, ?, ?, ?)", n.ID, n.Name, n.Agent, n.Netgroup); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// replace makes records the only flows.
func (s *testStore) replace(records []flow.Record) error {
	if _, err := s.conn.ExecContext(context.Background(), "DELETE FROM flows"); err != nil {
		return err
	}
	return s.conn.Raw(func(c any) error {
		a, err := duckdb.NewAppenderFromConn(c.(driver.Conn), "", "flows")
		if err != nil {
			return err
		}
		for i := range records {
			r := &records[i]
			srcHi, srcLo := r.Src.Numbers()
			dstHi, dstLo := r.Dst.Numbers()
			if err := a.AppendRow(uint64(i), r.Node, r.ID, r.Start, r.End, r.Proto, r.IPVersion, srcHi, srcLo, dstHi, dstLo,
				r.SrcPort, r.DstPort, r.SrcPackets, r.SrcBytes, r.DstPackets, r.DstBytes, uint8(r.SrcFlags), uint8(r.DstFlags), r.File, r.EndFile); err != nil {
				return err
			}
		}
		return a.Close()
	})
}

// matching returns the numbers of the flows that the query matches.
func (s *testStore) matching(q *Query, env Env) ([]uint64, error) {
	where, args, err := q.SQL(env)
	if err != nil {
		return nil, err
	}
	rows, err := s.conn.QueryContext(context.Background(), "SELECT seq FROM flows WHERE "+where+" ORDER BY seq", args...)
	if err != nil {
		return nil, fmt.Errorf("%s %v: %w", where, args, err)
	}
	defer func() { _ = rows.Close() }()
	var got []uint64
	for rows.Next() {
		var seq uint64
		if err := rows.Scan(&seq); err != nil {
			return nil, err
		}
		got = append(got, seq)
	}
	return got, rows.Err()
}

func TestSQLIsNaive(t *testing.T) {
	store := openTestStore(t)
	rapid.Check(t, func(t *rapid.T) {
		records := make([]flow.Record, 200)
		for i := range records {
			records[i] = genRecord(t)
		}
		if err := store.replace(records); err != nil {
			t.Fatal(err)
		}
		for range 10 {
			tree := genTree(t, 3, true)
			env, named, ok := genEnv(t, tree)
			if !ok {
				continue
			}
			q := FromTree(tree)
			got, err := store.matching(q, env)
			if err != nil {
				t.Fatalf("%s: %v", q, err)
			}
			model := naive{now: testNow, named: named, nodeOf: testNode}
			var want []uint64
			for i := range records {
				if model.match(tree, &records[i]) {
					want = append(want, uint64(i))
				}
			}
			if !slices.Equal(got, want) {
				where, args, _ := q.SQL(env)
				t.Fatalf("%s with %v, %v\nis %s %v\ngot  %v\nwant %v", q, env.Names, env.Params, where, args, got, want)
			}
		}
	})
}

func TestSQLText(t *testing.T) {
	for _, tt := range []struct{ text, where, args string }{
		{"any", "TRUE", "[]"},
		{"tcp", "(proto = ?)", "[6]"},
		{"port 443", "((src_port = ?) OR (dst_port = ?))", "[443 443]"},
		{"dst port [22 80-90]", "(dst_port BETWEEN ? AND ? OR dst_port = ?)", "[80 90 22]"},
		{"dst port > 65535", "FALSE", "[]"},
		{"dst port != 443", "(NOT (dst_port = ?))", "[443]"},
		{"src net 10/8", "((ip_version = 4 AND (src_lo BETWEEN ? AND ?)))", "[281470849515520 281470866292735]"},
		{"src net 2001:db8::/32", "((ip_version = 6 AND ((src_hi BETWEEN ? AND ?))))", "[2306139568115548160 2306139572410515455]"},
		{"src ip ::1", "((ip_version = 6 AND ((src_hi = ? AND (src_lo = ?)))))", "[0 1]"},
		{"src bytes > 1M", "(src_bytes >= ?)", "[1000001]"},
		{"dst flags S/SA", "(dst_flags & 18) = 2", "[]"},
		{"start >= 2026-11-22", "(start >= ?)", "[1795305600000000]"},
		{"node eth1", "node IN (SELECT id FROM nodes WHERE (name = ?))", "[eth1]"},
		{`node e_*`, `node IN (SELECT id FROM nodes WHERE (name LIKE ? ESCAPE '\'))`, `[e\_%]`},
	} {
		where, args, err := mustParse(t, tt.text).SQL(Env{})
		if err != nil || where != tt.where || fmt.Sprint(args) != tt.args {
			t.Errorf("%s:\ngot  %s %v, %v\nwant %s %s", tt.text, where, args, err, tt.where, tt.args)
		}
	}
}

func TestSQLOfLongQueries(t *testing.T) {
	store := openTestStore(t)
	if err := store.replace([]flow.Record{{Proto: 6, IPVersion: 4, Src: addr("10.0.0.7"), Dst: addr("10.0.0.8")}}); err != nil {
		t.Fatal(err)
	}
	var list strings.Builder
	for i := range 4000 {
		fmt.Fprintf(&list, "10.0.%d.%d ", i/100, 2*(i%100)+1)
	}
	for name, text := range map[string]string{
		"or":    "any" + strings.Repeat(" or udp", 5000),
		"and":   "any" + strings.Repeat(" tcp", 5000),
		"deep":  strings.Repeat("not (udp or ", 60) + "tcp" + strings.Repeat(")", 60),
		"not":   strings.Repeat("not ", MaxDepth-2) + "tcp",
		"list":  "ip [10.0.0.7 " + list.String() + "]",
		"list6": "ip [10.0.0.7" + strings.Repeat(" 2001:db8::1 2001:db8:0:7::-2001:db9::7", 1000) + "]",
	} {
		q := mustParse(t, text)
		got, err := store.matching(q, Env{})
		if err != nil || len(got) != 1 {
			t.Errorf("%s: %v, %.300v", name, got, err)
		}
	}
}

// Every service by every port that has a name, as dst and as src port.
func TestSQLOfServices(t *testing.T) {
	store := openTestStore(t)
	var records []flow.Record
	for proto, ports := range namedPorts() {
		for _, port := range ports {
			records = append(records,
				flow.Record{Proto: proto, DstPort: port, SrcPort: 51234, IPVersion: 4},
				flow.Record{Proto: proto, SrcPort: port, DstPort: 51234, IPVersion: 4},
				flow.Record{Proto: proto, SrcPort: port, DstPort: 443, IPVersion: 4},
				flow.Record{Proto: 1, SrcPort: port, DstPort: port, IPVersion: 4})
		}
	}
	if err := store.replace(records); err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, name := range append(flow.ServiceNames(), "") {
		got, err := store.matching(mustParse(t, "service "+Quote(name)), Env{})
		if err != nil {
			t.Fatal(err)
		}
		for _, seq := range got {
			if r := records[seq]; flow.Service(r.Proto, r.SrcPort, r.DstPort) != name {
				t.Errorf("service %q matches %+v", name, r)
			}
		}
		found += len(got)
	}
	if found != len(records) {
		t.Errorf("%d of %d flows have a service that matches", found, len(records))
	}
}
