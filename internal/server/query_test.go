package server

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cxlens/internal/flow"
	"cxlens/internal/wire"
)

// ids are the flows' ids in rows.
func ids(rows []string) []string {
	out := make([]string, len(rows))
	for i, r := range rows {
		out[i], _, _ = strings.Cut(r, "|")
	}
	return out
}

func TestFlowsInParts(t *testing.T) {
	const total = 25_000
	r := newRig(t)
	r.fill(0, total)
	c := r.client("ann")
	all, rows := c.result(`{"id":7,"query":"any","order":["-start"]}`)
	if len(rows) != total || all[0].Rows != firstRows {
		t.Fatalf("%d rows, %d in the first part", len(rows), all[0].Rows)
	}
	for i, p := range all {
		last := i == len(all)-1
		if p.ID != 7 || p.Part != i || p.Done != last || p.size > 1<<20 || p.Rows > 10_000 || p.Matched > total ||
			!slices.Equal(p.Columns, flow.ResultColumns()) {
			t.Errorf("part %d: %+v, %d bytes", i, p.PartHeader, p.size)
		}
		if p.Rows > 0 && (len(p.Nodes) != 1 || p.Nodes[0].Name != "eth1") {
			t.Errorf("part %d: nodes %v", i, p.Nodes)
		}
	}
	if end := all[len(all)-1]; end.Matched != total || end.Error != nil {
		t.Errorf("the last part: %+v", end.PartHeader)
	}
	for i, id := range ids(rows) {
		if id != fmt.Sprint(total-i) {
			t.Fatalf("row %d is flow %s", i, id)
		}
	}
	var rec flow.Record
	if err := flow.ParseResultLine([]byte(rows[0]), &rec); err != nil {
		t.Fatal(err)
	}
	want := record(total - 1)
	want.Node = 1
	if d := cmp.Diff(want, rec); d != "" {
		t.Error(d)
	}
}

// TestLimitCutsRowsOnly: matched counts all matches.
func TestLimitCutsRowsOnly(t *testing.T) {
	r := newRig(t)
	r.fill(0, 3000)
	c := r.client("ann")
	for _, limit := range []int{1, 500, 501, 2999, 3000, 3001} {
		all, rows := c.result(fmt.Sprintf(`{"id":1,"query":"tcp","limit":%d}`, limit))
		if end := all[len(all)-1]; len(rows) != min(limit, 3000) || end.Matched != 3000 {
			t.Errorf("limit %d: %d rows, %d matched", limit, len(rows), end.Matched)
		}
	}
	all, rows := c.result(`{"id":1,"query":"udp"}`)
	if len(all) != 1 || len(rows) != 0 || all[0].Matched != 0 {
		t.Errorf("no match: %+v", all)
	}
}

func TestSpan(t *testing.T) {
	r := newRig(t)
	r.fill(0, 100)
	c := r.client("ann")
	// A flow is in the span when from <= start < to.
	_, rows := c.result(`{"id":1,"query":"any","from":"2026-11-20T00:00:10Z","to":"2026-11-20T01:00:20+01:00"}`)
	if len(rows) != 10 || ids(rows)[0] != "11" {
		t.Errorf("%d rows, first %v", len(rows), rows[:1])
	}
	_, rows = c.result(`{"id":1,"query":"start last 3d"}`)
	if len(rows) != 100 {
		t.Errorf("last 3d of the server's clock: %d rows", len(rows))
	}
	if _, rows = c.result(`{"id":1,"query":"start last 2h"}`); len(rows) != 0 {
		t.Errorf("last 2h of the server's clock: %d rows", len(rows))
	}
}

func TestOtherKinds(t *testing.T) {
	r := newRig(t)
	r.fill(0, 300)
	c := r.client("ann")
	for request, want := range map[string]struct {
		columns string
		matched uint64
		groups  uint64
		rows    []string
	}{
		`{"id":1,"query":"any","kind":"count"}`: {"flows bytes packets first last", 300, 0, []string{
			"300|92850|900|2026-11-20T00:00:00.000000Z|2026-11-20T00:04:59.000000Z",
		}},
		`{"id":1,"query":"udp","kind":"count"}`: {"flows bytes packets first last", 0, 0, []string{"0|0|0||"}},
		`{"id":1,"query":"any","kind":"top","by":["dst_port"],"metric":"bytes"}`: {
			"dst_port flows bytes packets", 300, 3, []string{"82|100|31050|300", "81|100|30950|300", "80|100|30850|300"},
		},
		`{"id":1,"query":"src ip 10.0.0.0/31","kind":"top","by":["src_ip","proto"],"limit":1}`: {
			"src_ip proto flows bytes packets", 4, 2, []string{"10.0.0.0|tcp|2|570|6"},
		},
		`{"id":1,"query":"any","kind":"top","by":["node"]}`: {"node flows bytes packets", 300, 1, []string{"eth1|300|92850|900"}},
		`{"id":1,"query":"any","kind":"timeline","buckets":3,"from":"2026-11-20T00:00:00Z","to":"2026-11-20T00:15:00Z"}`: {
			"start flows bytes packets", 300, 0, []string{
				"2026-11-20T00:00:00.000000Z|300|92850|900", "2026-11-20T00:05:00.000000Z|0|0|0", "2026-11-20T00:10:00.000000Z|0|0|0",
			},
		},
		`{"id":1,"query":"any","kind":"top","by":["src_ip"],"limit":1,"times":true}`: {
			"src_ip flows bytes packets first last", 300, 250, []string{
				"10.0.0.0|2|570|6|2026-11-20T00:00:00.000000Z|2026-11-20T00:04:10.000000Z",
			},
		},
		`{"id":1,"query":"any","kind":"top","by":["bytes","dst_port"],"steps":true,"limit":1}`: {
			"bytes_step dst_port flows bytes packets", 300, 6, []string{"200..499|81|87|28623|261"},
		},
		`{"id":1,"query":"any","kind":"top","by":["start"],"steps":true,"shift":-1,"limit":1}`: {
			"start_step flows bytes packets", 300, 31, []string{"2026-11-20T00:00:01.000000Z..2026-11-20T00:00:11.000000Z|10|1655|30"},
		},
		`{"id":1,"query":"any","kind":"timeline","by":["dst_port"],"metric":"bytes","limit":2,"buckets":2,"from":"2026-11-20T00:00:00Z","to":"2026-11-20T00:10:00Z"}`: {
			"start series dst_port flows bytes packets", 300, 0, []string{
				"2026-11-20T00:00:00.000000Z|0||100|30850|300", "2026-11-20T00:00:00.000000Z|1|82|100|31050|300",
				"2026-11-20T00:00:00.000000Z|2|81|100|30950|300", "2026-11-20T00:05:00.000000Z|0||0|0|0",
			},
		},
	} {
		all, rows := c.result(request)
		if len(all) != 1 || strings.Join(all[0].Columns, " ") != want.columns || all[0].Matched != want.matched || all[0].groups != want.groups {
			t.Errorf("%s: %d parts, %+v, %d groups", request, len(all), all[0].PartHeader, all[0].groups)
		}
		if d := cmp.Diff(want.rows, rows); d != "" {
			t.Errorf("%s: %s", request, d)
		}
	}
	if _, rows := c.result(`{"id":1,"query":"any","kind":"timeline"}`); len(rows) != defaultBuckets {
		t.Errorf("%d buckets", len(rows))
	}
	if all, rows := c.result(`{"id":1,"query":"any","kind":"top","by":["id"]}`); len(rows) != 300 || all[0].Matched != 300 {
		t.Errorf("%d groups, %+v", len(rows), all[0].PartHeader)
	}
}

// TestRefusals: what cannot run is answered 204, with a part that says why when the id is known.
func TestRefusals(t *testing.T) {
	r := newRig(t, func(c *Config) { c.Limits.Groups = 10 })
	c := r.client("ann")
	for request, want := range map[string]struct {
		id     int64
		code   int
		offset int
		text   string
	}{
		`{"id":3,"query":"dst prot 443"}`:                                    {3, -1, 4, "prot"},
		`{"id":3,"query":"src ip $nets"}`:                                    {3, -1, 7, "nets"},
		`{"id":3,"query":"any","kind":"sum"}`:                                {3, -32602, -1, "sum"},
		`{"id":3,"query":"any","order":["-sizes"]}`:                          {3, -32602, -1, "sizes"},
		`{"id":3,"query":"any","limit":-1}`:                                  {3, -32602, -1, "limit"},
		`{"id":3,"query":"any","from":"yesterday"}`:                          {3, -32602, -1, "from"},
		`{"id":3,"query":"any","kind":"top"}`:                                {3, -32602, -1, "by"},
		`{"id":3,"query":"any","kind":"top","by":["end"],"shift":86401}`:     {3, -32602, -1, "more than a day"},
		`{"id":3,"query":"any","kind":"top","by":["x"]}`:                     {3, -32602, -1, "by"},
		`{"id":3,"query":"any","kind":"timeline","by":["proto"],"limit":51}`: {3, -32602, -1, "50 series"},
		`{"id":3,"query":"any","kind":"timeline","buckets":99999}`:           {3, -32602, -1, "buckets"},
		`{"id":3,"query":"any","kind":"count","follow":true}`:                {3, -32602, -1, "follow"},
		`{"id":3,"query":"any","kind":"top","by":["id"],"limit":11}`: {
			3, -1, -1, "10 groups at most",
		},
		`{"id":3,"query":7}`: {3, -32602, -1, "query"},
		`frob`:               {0, -1, 0, "frob"},
	} {
		if err := c.ask(request); !isAck(err, 204) {
			t.Errorf("%s: %v", request, err)
			continue
		}
		p := c.next()
		if p.ID != want.id || !p.Done || p.Rows != 0 || p.Error == nil || p.Error.Code != want.code || p.Error.Offset != want.offset ||
			!strings.Contains(p.Error.Message, want.text) {
			t.Errorf("%s: %+v, %+v", request, p.PartHeader, p.Error)
		}
	}
	for _, request := range []string{`{"id":`, `{"query":"frob"`, `{"id":"x","query":"any"}`, "", "any\nany"} {
		if err := c.ask(request); !isAck(err, 204) && request != "" {
			t.Errorf("%q: %v", request, err)
		}
	}
	// An empty block is the bare line "any"; two lines have the id 0.
	for len(c.parts) > 0 {
		if p := <-c.parts; p.ID != 0 {
			t.Errorf("a part of %d came", p.ID)
		}
	}
}

// blockCounts makes every Count of the store wait until release or its context's end; began tells of each.
func (r *rig) blockCounts() (began chan struct{}, release func()) {
	began = make(chan struct{}, 1000)
	gate := make(chan struct{})
	r.store.set(func(h *hooked) {
		h.onCount = func(ctx context.Context) error {
			began <- struct{}{}
			select {
			case <-gate:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	})
	return began, func() { close(gate) }
}

// jobs is the number of queries that clients have, in whatever state.
func (r *rig) jobs() int {
	n := 0
	r.srv.mu.Lock()
	defer r.srv.mu.Unlock()
	for p := range r.srv.peers {
		if c, ok := p.owner.(*clientConn); ok {
			c.queries.mu.Lock()
			n += c.queries.live
			c.queries.mu.Unlock()
		}
	}
	return n
}

func TestCancel(t *testing.T) {
	r := newRig(t)
	r.fill(0, 10)
	c := r.client("ann")
	began, release := r.blockCounts()
	if err := c.ask(`{"id":5,"query":"any","kind":"count"}`); err != nil {
		t.Fatal(err)
	}
	receive(t, "the query to begin", began)
	if err := c.ask(`{"id":5,"query":"any"}`); !isAck(err, 204) {
		t.Errorf("the id of a running query: %v", err)
	}
	if p := c.next(); p.Error == nil || !strings.Contains(p.Error.Message, "id 5 is in use") {
		t.Errorf("got %+v", p.PartHeader)
	}
	for range 2 { // what has ended meanwhile can be cancelled too
		if err := c.ask(`{"cancel":5}`); err != nil {
			t.Fatal(err)
		}
	}
	release()
	all, _ := c.result(`{"id":5,"query":"any"}`)
	if len(all) != 1 || all[0].Rows != 10 || all[0].Error != nil {
		t.Errorf("the id used again: %+v", all[0].PartHeader)
	}
	wait(t, "the end of the queries", func() bool { return r.jobs() == 0 })
	if len(c.parts) != 0 {
		t.Errorf("%d parts more", len(c.parts))
	}
}

// TestQueue: one runs, one waits, a third is refused; both others are answered.
func TestQueue(t *testing.T) {
	r := newRig(t, func(c *Config) { c.Limits.Queries, c.Limits.Queued = 1, 1 })
	r.fill(0, 10)
	c := r.client("ann")
	began, release := r.blockCounts()
	for id := 1; id <= 2; id++ {
		if err := c.ask(fmt.Sprintf(`{"id":%d,"query":"any","kind":"count"}`, id)); err != nil {
			t.Fatal(err)
		}
	}
	receive(t, "the query to begin", began)
	if err := c.ask(`{"id":3,"query":"any","kind":"count"}`); !isAck(err, 204) {
		t.Errorf("the third: %v", err)
	}
	if p := c.next(); p.ID != 3 || p.Error == nil || !strings.Contains(p.Error.Message, "2 queries") {
		t.Errorf("got %+v", p.PartHeader)
	}
	if len(began) != 0 {
		t.Error("the waiting query runs")
	}
	release()
	if a, b := c.next(), c.next(); a.ID+b.ID != 3 || !a.Done || !b.Done {
		t.Errorf("got %+v and %+v", a.PartHeader, b.PartHeader)
	}
}

// TestRefusedPart: a client that answers 204 to a part gets no further part of that query, and of others all.
func TestRefusedPart(t *testing.T) {
	r := newRig(t, func(c *Config) { c.Limits.PartRows = 500 })
	r.fill(0, 20_000)
	c := r.client("ann")
	c.mu.Lock()
	c.answer = func(p part) wire.Answer {
		if p.ID == 1 {
			return wire.DataError
		}
		return wire.Accept
	}
	c.mu.Unlock()
	if err := c.ask(`{"id":1,"query":"any"}`); err != nil {
		t.Fatal(err)
	}
	if p := c.next(); p.ID != 1 || p.Done {
		t.Fatalf("got %+v", p.PartHeader)
	}
	wait(t, "the end of the query", func() bool { return r.jobs() == 0 })
	if _, rows := c.result(`{"id":2,"query":"any"}`); len(rows) != 20_000 {
		t.Errorf("the other query has %d rows", len(rows))
	}
}

// TestStoreFailsInResult: the rows before stay, and the last part says that it failed without the store's words.
func TestStoreFailsInResult(t *testing.T) {
	r := newRig(t, func(c *Config) { c.Limits.PartRows = 500 })
	r.fill(0, 5000)
	var batches atomic.Int32
	r.store.set(func(h *hooked) {
		h.onBatch = func(int) error {
			if batches.Add(1) == 3 {
				return errors.New("secret words of the store")
			}
			return nil
		}
	})
	c := r.client("ann")
	all, rows := c.result(`{"id":1,"query":"any"}`)
	end := all[len(all)-1]
	if len(rows) == 0 || len(rows) >= 5000 || end.Error == nil || end.Error.Code != wire.CodeInternal || strings.Contains(end.Error.Message, "secret") {
		t.Errorf("%d rows, %+v", len(rows), end.PartHeader)
	}
}

// TestBackpressure: while the client does not take a part, the store is read no further than two parts ahead, and
// pings are answered. Then all rows come.
func TestBackpressure(t *testing.T) {
	const total = 30_000
	r := newRig(t, func(c *Config) { c.Limits.PartRows = 1000 })
	r.fill(0, total)
	var read atomic.Int64
	r.store.set(func(h *hooked) { h.onBatch = func(n int) error { read.Add(int64(n)); return nil } })
	c := r.client("ann")
	gate := make(chan struct{})
	c.mu.Lock()
	c.answer = func(part) wire.Answer { <-gate; return wire.Accept }
	c.mu.Unlock()
	if err := c.ask(`{"id":1,"query":"any"}`); err != nil {
		t.Fatal(err)
	}
	const most = firstRows + 2*1000 + rowBatch
	wait(t, "the second part to fill", func() bool { return read.Load() >= firstRows+1000 })
	for range 200 {
		c.walk([]step{{"ping", object{"timestamp": 1}, `"nodes"`}})
		if n := read.Load(); n > most {
			t.Fatalf("%d rows were read while none was taken", n)
		}
	}
	close(gate)
	rows := 0
	for p := c.next(); ; p = c.next() {
		if rows += p.Rows; p.Done {
			break
		}
	}
	if rows != total {
		t.Errorf("%d rows came", rows)
	}
}

// TestQueriesInterleave: a small query does not wait for the end of a large one.
func TestQueriesInterleave(t *testing.T) {
	r := newRig(t, func(c *Config) { c.Limits.PartRows = 500 })
	r.fill(0, 50_000)
	c := r.client("ann")
	for _, q := range []string{`{"id":1,"query":"any"}`, `{"id":2,"query":"any","limit":2500}`} {
		if err := c.ask(q); err != nil {
			t.Fatal(err)
		}
	}
	large, small := 0, 0
	between := 0
	for {
		p := c.next()
		switch {
		case p.ID == 1:
			large++
			if small > 0 {
				between++
			}
			if p.Done {
				t.Fatalf("the large query ended first, after %d parts of the small one", small)
			}
		default:
			small++
		}
		if p.ID == 2 && p.Done {
			break
		}
	}
	// Each has one part in the queue of posts, so they take turns.
	if between > 2*small+2 {
		t.Errorf("%d parts of the large query came between %d of the small one", between, small)
	}
	if err := c.ask(`{"cancel":1}`); err != nil {
		t.Error(err)
	}
}

// TestKilledInResult: a client that dies in the middle of a result leaves nothing running.
func TestKilledInResult(t *testing.T) {
	r := newRig(t, func(c *Config) { c.Limits.PartRows = 500 })
	r.fill(0, 20_000)
	c := r.client("ann")
	if err := c.ask(`{"id":1,"query":"any"}`); err != nil {
		t.Fatal(err)
	}
	c.next()
	c.Close()
	wait(t, "the end of the connection", func() bool {
		r.srv.mu.Lock()
		defer r.srv.mu.Unlock()
		return len(r.srv.peers) == 0
	})
	if _, rows := r.client("ann").result(`{"id":1,"query":"any","limit":3}`); len(rows) != 3 {
		t.Errorf("%d rows on a new connection", len(rows))
	}
}
