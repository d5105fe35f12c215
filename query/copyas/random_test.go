package copyas_test

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	_ "github.com/duckdb/duckdb-go/v2"
	"pgregory.net/rapid"

	"cxlens/internal/flow"
	"cxlens/query"
	"cxlens/query/copyas"
)

// terms are parts of random queries. Ports stand beside a protocol that has ports: alone they mean
// the ICMP id too, which only "icmp id" says elsewhere.
var terms = []string{
	"any", "tcp", "udp", "icmp", "icmp6", "ip4", "ip6", "proto [1 17]", "proto != 6", "proto > 16",
	"ip 10.20.0.66", "src ip 10.20.0.77", "dst net 10.20.1.0/24", "src net fd00::/8", "ip != 10.20.0.20", "dst ip != 10.20.1.22",
	"ip [10.20.0.11-10.20.0.16 fd00:20::15 2001:db8:cb::/64]", "src ip >= 10.20.0.77", "ip < fd00::", "not src net 10.20.0.0/24",
	"(tcp and port 443)", "(udp and dst port [53 123])", "(tcp and src port > 40000)", "(tcp and dst port < 1024)",
	"(tcp and port != 22)", "(udp and src port [1-1023 5353])", "service ssh", "service [dns ntp]", "icmp id > 0", "icmp id 0", "icmp id != 0",
	"flags any R", "src flags S", "dst flags SA", "src flags S/SA", "flags = S", "src flags any FR", "dst flags = RA", "flags 0/S", "dst flags = 0",
	"start >= 2026-11-20T08:30:00Z", "start < 2026-11-20T09:00:00Z", "end > 2026-11-20T08:35:00.5Z", "active in 2026-11-20T08:30:00Z .. 2026-11-20T08:31:00Z",
	"end in 2026-11-20T08:30:00Z .. 2026-11-20T08:31:00Z", "active last 90m", "start last 1h", "active <= 2026-11-20T08:22:00Z", "end <= 2026-11-20T08:40:00Z",
	"bytes > 1K", "src bytes <= 500", "dst packets = 0", "packets [1 2 5-9]", "duration > 1s", "duration <= 1.5ms", "pps > 10.5", "bps 0-8K", "bpp >= 100",
	"state [S0 REJ]", "state != SF", `node "it's"`, "agent *a*", `netgroup ""`, `file "*'?\\%"`, "id > 5", "src bytes != 60",
}

// randomQuery joins terms; pick chooses a number below n.
func randomQuery(depth int, pick func(n int) int) string {
	if depth == 0 || pick(5) == 0 {
		return terms[pick(len(terms))]
	}
	switch pick(4) {
	case 0:
		return "not (" + randomQuery(depth-1, pick) + ")"
	case 1:
		return "(" + randomQuery(depth-1, pick) + " or " + randomQuery(depth-1, pick) + ")"
	}
	parts := []string{randomQuery(depth-1, pick), randomQuery(depth-1, pick)}
	if pick(2) == 0 {
		parts = append(parts, randomQuery(depth-1, pick))
	}
	return "(" + strings.Join(parts, " and ") + ")"
}

// randomQueries are the same ones in every run.
func randomQueries(n int) []string {
	rng := rand.New(rand.NewPCG(20, 26))
	out := make([]string, n)
	for i := range out {
		out[i] = randomQuery(1+i%4, rng.IntN)
	}
	return out
}

// TestConvertProperties: nothing panics, the text is one line, what a packet or a record cannot tell is listed.
func TestConvertProperties(t *testing.T) {
	unsaid := map[copyas.Target][]string{
		copyas.BPF:       {"bytes", "packets", "duration", "pps", "bps", "bpp", "state", "node", "agent", "netgroup", "file", "id >", "start", "end", "active"},
		copyas.Wireshark: {"bytes", "packets", "duration", "pps", "bps", "bpp", "state", "node", "agent", "netgroup", "file", "id >", "start", "end", "active"},
		copyas.Nfdump:    {"state", "node", "agent", "netgroup", "file", "start", "end", "active", "bytes", "packets", "duration", "pps", "bps", "bpp"},
	}
	rapid.Check(t, func(t *rapid.T) {
		text := randomQuery(4, func(n int) int { return rapid.IntRange(0, n-1).Draw(t, "pick") })
		q, err := query.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		for _, target := range copyas.Targets() {
			out, missing, err := copyas.Convert(q, env, target)
			switch {
			case err != nil:
				t.Fatalf("%s as %s: %v", text, target, err)
			case out == "" || strings.ContainsAny(out, "\r\n\x00"):
				t.Fatalf("%s as %s: %q", text, target, out)
			case target == copyas.SQL && len(missing) > 0:
				t.Fatalf("%s as SQL lacks %v", text, missing)
			}
			for _, m := range missing {
				if m.Part == "" || m.Why == "" || !strings.Contains(q.String(), m.Part) {
					t.Fatalf("%s as %s: missing %+v is no part of %s", text, target, m, q)
				}
			}
			for _, word := range unsaid[target] {
				term := strings.Contains(q.String(), word) && !strings.Contains(word, "id")
				if term && !slices.ContainsFunc(missing, func(m copyas.Missing) bool { return strings.Contains(m.Part, word) }) {
					t.Fatalf("%s as %s: %s: %q is not listed in %v", text, target, out, word, missing)
				}
			}
		}
	})
}

// lostFlows reports a flow that a query selects and a tool did not find.
func lostFlows(t *testing.T, text, said string, found map[pair]bool, records []flow.Record) {
	t.Helper()
	f, err := parse(t, text).Filter(env)
	if err != nil {
		t.Fatal(err)
	}
	for i := range records {
		if f.MatchRecord(&records[i], flow.NodeInfo{}) && !found[pairOf(&records[i])] {
			t.Errorf("%s: %s: lost %v", text, said, pairOf(&records[i]))
			return
		}
	}
}

func as(t *testing.T, text string, target copyas.Target) (string, []copyas.Missing) {
	t.Helper()
	out, missing, err := copyas.Convert(parse(t, text), env, target)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return out, missing
}

// TestRandomQueriesLoseNothing asks the real programs: they read every text, and find every flow.
func TestRandomQueriesLoseNothing(t *testing.T) {
	path := pick(t, sample(t), between("08:20:00", "08:32:00"))
	records := flows(t, path)
	if len(records) < 500 {
		t.Fatalf("%d flows only", len(records))
	}
	queries := randomQueries(60)
	t.Run("tcpdump", func(t *testing.T) {
		tcpdump := tool(t, "tcpdump", "tcpdump")
		out := filepath.Join(t.TempDir(), "out.pcap")
		for _, text := range queries {
			said, _ := as(t, text, copyas.BPF)
			_, stderr, err := run(t, tcpdump, "-r", path, "-w", out, said)
			found := map[pair]bool{}
			switch {
			case err == nil:
				found = pairs(flows(t, out))
			case !strings.Contains(stderr, "rejects all packets"): // libpcap refuses what cannot be
				t.Errorf("%s: %s: %v: %s", text, said, err, stderr)
				continue
			}
			lostFlows(t, text, said, found, records)
		}
	})
	t.Run("tshark", func(t *testing.T) {
		tshark := tool(t, "tshark", "tshark")
		needLua(t, tshark)
		filters := make([]string, len(queries))
		for i, text := range queries {
			filters[i], _ = as(t, text, copyas.Wireshark)
		}
		found := tapped(t, tshark, path, filters)
		for i, text := range queries {
			lostFlows(t, text, filters[i], pairs(flows(t, pick(t, path, numbered(found[i])))), records)
		}
	})
	t.Run("nfdump", func(t *testing.T) {
		nfdump := tool(t, "nfdump", "nfdump")
		for _, text := range queries {
			said, _ := as(t, text, copyas.Nfdump)
			if _, stderr, err := run(t, nfdump, "-Z", said); err != nil {
				t.Errorf("%s: %s: %v: %s", text, said, err, stderr)
			}
		}
	})
}

// TestSQLSelectsTheSame runs the statements in DuckDB on flows of the sample.
func TestSQLSelectsTheSame(t *testing.T) {
	t.Parallel()
	records := flows(t, sample(t))[:600]
	nodes := map[uint32]flow.NodeInfo{1: {ID: 1, Name: "it's", Agent: "sensor-a", Netgroup: ""}, 2: {ID: 2, Name: "dmz", Agent: "b", Netgroup: "x"}}
	for i := range records {
		records[i].Node, records[i].File, records[i].EndFile = uint32(i%3), "a'?%", `b\`
	}
	db := store(t, records, nodes)
	for _, text := range append(randomQueries(150), terms...) {
		q := parse(t, text)
		f, err := q.Filter(env)
		if err != nil {
			t.Fatal(err)
		}
		var want []int
		for i := range records {
			if f.MatchRecord(&records[i], nodes[records[i].Node]) {
				want = append(want, i)
			}
		}
		said, _ := as(t, text, copyas.SQL)
		if got := selectRows(t, db, said); !slices.Equal(got, want) {
			t.Errorf("%s: %s: %d rows, want %d", text, said, len(got), len(want))
		}
	}
}

// store is a DuckDB in memory with the columns that query.SQL is written for, and the row's number.
func store(t *testing.T, records []flow.Record, nodes map[uint32]flow.NodeInfo) *sql.DB {
	t.Helper()
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	db.SetMaxOpenConns(1)
	must := func(stmt string, args ...any) {
		if _, err := db.ExecContext(context.Background(), stmt, args...); err != nil {
			t.Fatal(err)
		}
	}
	must(`CREATE TABLE flows (seq INTEGER, node UINTEGER, id UBIGINT, start BIGINT, "end" BIGINT, proto UTINYINT, ip_version UTINYINT,
		src_hi UBIGINT, src_lo UBIGINT, dst_hi UBIGINT, dst_lo UBIGINT, src_port USMALLINT, dst_port USMALLINT,
		src_packets UBIGINT, src_bytes UBIGINT, dst_packets UBIGINT, dst_bytes UBIGINT, src_flags UTINYINT, dst_flags UTINYINT,
		pcap_file VARCHAR, pcap_end_file VARCHAR)`)
	must(`CREATE TABLE nodes (id UINTEGER, name VARCHAR, agent VARCHAR, netgroup VARCHAR)`)
	for _, n := range nodes {
		must("INSERT INTO nodes VALUES (?, ?, ?, ?)", n.ID, n.Name, n.Agent, n.Netgroup)
	}
	var rows []string
	for i := range records {
		r := &records[i]
		srcHi, srcLo := r.Src.Numbers()
		dstHi, dstLo := r.Dst.Numbers()
		rows = append(rows, fmt.Sprintf("(%d,%d,%d,%d,%d,%d,%d,%d,%d,%d,%d,%d,%d,%d,%d,%d,%d,%d,%d,'a''?%%','b\\')", i, r.Node, r.ID, r.Start, r.End,
			r.Proto, r.IPVersion, srcHi, srcLo, dstHi, dstLo, r.SrcPort, r.DstPort, r.SrcPackets, r.SrcBytes, r.DstPackets, r.DstBytes, r.SrcFlags, r.DstFlags))
	}
	must("INSERT INTO flows VALUES " + strings.Join(rows, ","))
	return db
}

func selectRows(t *testing.T, db *sql.DB, stmt string) []int {
	t.Helper()
	rows, err := db.QueryContext(context.Background(), "SELECT seq FROM ("+stmt+") ORDER BY seq")
	if err != nil {
		t.Fatalf("%s: %v", stmt, err)
	}
	defer rows.Close()
	var out []int
	for rows.Next() {
		var seq int
		if err := rows.Scan(&seq); err != nil {
			t.Fatal(err)
		}
		out = append(out, seq)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}
