package query

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"cxlens/internal/flow"
)

// testTable makes a table of n drawn flows, repeated up to at least rows rows.
func testTable(t *rapid.T, n, rows int) (*flow.View, []flow.Record) {
	table := flow.NewTable()
	for _, node := range testNodes {
		table.SetNode(node)
	}
	drawn := make([]flow.Record, n)
	for i := range drawn {
		drawn[i] = genRecord(t)
	}
	var all []flow.Record
	for len(all) < rows {
		for i := range drawn {
			table.Append(&drawn[i])
		}
		all = append(all, drawn...)
	}
	return table.View(), all
}

func TestFilterIsNaive(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := pick(t, []int{1, 60, 70, 2047, 2048, 2049, 5000}, "rows")
		view, records := testTable(t, rapid.IntRange(1, 40).Draw(t, "flows"), rows)
		for range 8 {
			tree := genTree(t, 3, true)
			env, named, ok := genEnv(t, tree)
			if !ok {
				continue
			}
			checkFilter(t, view, records, tree, env, named)
		}
	})
}

func checkFilter(t *rapid.T, view *flow.View, records []flow.Record, tree Node, env Env, named map[string][]Item) {
	q := FromTree(tree)
	f, err := q.Filter(env)
	if err != nil {
		t.Fatalf("%s: %v", q, err)
	}
	got, err := f.Select(context.Background(), view, nil)
	if err != nil {
		t.Fatalf("%s: %v", q, err)
	}
	model := naive{now: testNow, named: named, nodeOf: testNode}
	want := []uint32{}
	for i := range records {
		if model.match(tree, &records[i]) {
			want = append(want, uint32(i))
		}
	}
	if !slices.Equal(got, want) || got == nil {
		t.Fatalf("%s with %v, %v\nselects %d rows, want %d\ngot  %.80v\nwant %.80v", q, env.Names, env.Params, len(got), len(want), got, want)
	}
	for _, row := range []int{0, len(records) / 2, len(records) - 1} {
		if f.Match(view, row) != slices.Contains(want, uint32(row)) {
			t.Fatalf("%s: Match(%d) is not Select's answer; flow %+v", q, row, records[row])
		}
	}
}

func TestSelectKeepsOrderOfRows(t *testing.T) {
	view := benchmarkView(300_000)
	q := mustParse(t, "port 443 and src bytes > 1K")
	f, err := q.Filter(Env{})
	if err != nil {
		t.Fatal(err)
	}
	all, err := f.Select(t.Context(), view, nil)
	if err != nil || len(all) == 0 || len(all) == view.Len() {
		t.Fatalf("%d of %d rows, %v", len(all), view.Len(), err)
	}
	match := make(map[uint32]bool)
	for _, row := range all {
		match[row] = true
	}
	r := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{0, 1, 1000, 200_000} {
		rows := make([]uint32, n)
		want := []uint32{}
		for i := range rows {
			rows[i] = r.Uint32N(uint32(view.Len()))
			if match[rows[i]] {
				want = append(want, rows[i])
			}
		}
		got, err := f.Select(t.Context(), view, rows)
		if err != nil || !slices.Equal(got, want) || got == nil {
			t.Errorf("of %d rows: %d, want %d; %v", n, len(got), len(want), err)
		}
	}
}

// lateContext is a context that is done after its error was looked at a number of times.
type lateContext struct {
	context.Context
	mu   sync.Mutex
	left int
}

func (c *lateContext) Err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.left--; c.left < 0 {
		return context.DeadlineExceeded
	}
	return nil
}

func TestSelectStopsWithContext(t *testing.T) {
	view := benchmarkView(300_000)
	f, err := mustParse(t, "any").Filter(Env{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if rows, err := f.Select(ctx, view, nil); !errors.Is(err, context.Canceled) || rows != nil {
		t.Errorf("%d rows, %v", len(rows), err)
	}
	// A context that ends after the first looks at it, in the middle of the work.
	late := &lateContext{Context: t.Context(), left: 4}
	if rows, err := f.Select(late, view, nil); !errors.Is(err, context.DeadlineExceeded) || rows != nil {
		t.Errorf("%d rows, %v", len(rows), err)
	}
}

func mustParse(t testing.TB, text string) *Query {
	t.Helper()
	q, err := Parse(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return q
}

func TestBindErrors(t *testing.T) {
	env := Env{
		Now: time.Now(),
		Names: map[string]string{
			"servers": "[10.0.0.1 10.0.0.2]", "loop": "[$pool 10.0.0.1]", "pool": "$loop",
			"bad": "10.0.0.300", "more": "10.0.0.1 10.0.0.2", "empty": "",
		},
		Params: map[string]string{"p": "80", "list": "[1 2]"},
	}
	for _, tt := range []struct {
		text           string
		offset, length int
		message        string
		nearest        string
	}{
		{"tcp and ip $server", 11, 7, "$server is not defined", "$servers"},
		{"ip $loop", 3, 5, "defined by itself ($loop -> $pool -> $loop)", ""},
		{"ip $bad", 3, 4, `in $bad: column 1: ip: "10.0.0.300" is not an IP address`, ""},
		{"ip $more", 3, 5, "several values stand in [ ]", ""},
		{"ip $empty", 3, 6, "expected an IP address", ""},
		{"port $servers", 5, 8, "in $servers", ""},
		{"port ?x", 5, 2, "the parameter ?x has no value", ""},
		{"port > ?list", 0, 12, "takes one value, not a list", ""},
		{"port > dhcp", 0, 11, "dhcp has several", ""},
		{"tcp icmp type 8", 4, 11, "flows carry no icmp type", "icmp id"},
		{"start in now .. 1970-01-02", 0, 26, "ends before it begins", ""},
	} {
		_, err := mustParse(t, tt.text).Filter(env)
		_, _, sqlErr := mustParse(t, tt.text).SQL(env)
		var e *Error
		if !errors.As(err, &e) || sqlErr == nil || sqlErr.Error() != err.Error() {
			t.Errorf("%s: errors %v and %v", tt.text, err, sqlErr)
			continue
		}
		if e.Offset != tt.offset || e.Length != tt.length || !strings.Contains(e.Message, tt.message) || e.Nearest != tt.nearest {
			t.Errorf("%s: %d+%d %s, nearest %q", tt.text, e.Offset, e.Length, e.Message, e.Nearest)
		}
	}
}
