package tui

import (
	"strings"
	"testing"
	"time"

	"cxlens/client"
)

// TestEmptyAnswer: an answer without flows says what was asked over which time, what the server holds and what to do.
func TestEmptyAnswer(t *testing.T) {
	first, last := time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC), time.Date(2026, 11, 21, 9, 30, 0, 0, time.UTC)
	holding := func(flows uint64, first, last time.Time) []client.Node {
		return []client.Node{{ID: 1, Name: "eth1", State: "online", Flows: flows, Oldest: first, Newest: last}}
	}
	for _, c := range []struct {
		name, query, span string
		nodes             []client.Node
		unknown           bool
		want              []string
		not               string
	}{
		{
			"a condition", "tcp and port 9", "", holding(12_431, first, last), false,
			[]string{"no flow at any time matches tcp and port 9", "the server has 12,431 flows, which start from 2026-11-20 08:00:00 to 2026-11-21 09:30:00", ": edits the query"},
			"changes the span",
		},
		{
			"a condition and a span", "port 9", "24h", holding(5, first, last), false,
			[]string{"in the span last 24h no flow matches port 9", "2026-11-21 09:30:00, all before the span", "L changes the span"},
			"any time matches",
		},
		{
			"a span of before", "any", "2026-11-01 .. 2026-11-02", holding(1, last, last), false,
			[]string{"no flow starts in the span 2026-11-01 .. 2026-11-02", "the server has 1 flow, which starts at 2026-11-21 09:30:00, after the span", "L changes the span"},
			"matches",
		},
		{
			"an empty store", "any", "", holding(0, time.Time{}, time.Time{}), false,
			[]string{"there are no flows", "the server has no flows yet", "r asks again once a node has brought flows"},
			"matches any",
		},
		{"no nodes", "any", "", nil, false, []string{"there are no flows", "no node has brought flows to this server yet"}, "matches any"},
		{"flows that came later", "any", "", holding(3, first, last), false, []string{"there were no flows when the query ran", "the server has 3 flows", "r asks again"}, "matches any"},
		{"an old server", "port 9", "", nil, true, []string{"no flow at any time matches port 9"}, "the server has"},
	} {
		t.Run(c.name, func(t *testing.T) {
			src := newSource()
			src.answer = func(r *fakeResult) { r.finish(0, 0) }
			src.status.Nodes, src.status.HasNodes = c.nodes, !c.unknown
			s := start(t, 120, 24, src, func(o *Options) { o.Query, o.Last = c.query, c.span })
			text := strings.Join(strings.Fields(s.text()), " ")
			for _, want := range c.want {
				if !strings.Contains(text, want) {
					t.Errorf("%q is missing:\n%s", want, s.text())
				}
			}
			if strings.Contains(text, c.not) {
				t.Errorf("it says %q:\n%s", c.not, s.text())
			}
		})
	}
}

// TestEmptyAnswerKeepsDatesWhole: where the line about the store needs a second one, it is not broken within a date.
func TestEmptyAnswerKeepsDatesWhole(t *testing.T) {
	src := newSource()
	src.answer = func(r *fakeResult) { r.finish(0, 0) }
	src.status.HasNodes = true
	src.status.Nodes = []client.Node{{
		ID: 1, Name: "eth1", State: "online", Flows: 123,
		Oldest: time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC), Newest: time.Date(2026, 11, 21, 9, 30, 0, 0, time.UTC),
	}}
	s := start(t, 80, 24, src, func(o *Options) { o.Query = "port 9" })
	s.sees("the server has 123 flows, which start from 2026-11-20 08:00:00 to", "2026-11-21 09:30:00")
}
