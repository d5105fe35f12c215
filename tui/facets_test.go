package tui

import (
	"fmt"
	"image/color"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"cxlens/internal/flow"
	"cxlens/query"
	"cxlens/tui/facets"
	"cxlens/tui/sums"
)

// onColumn puts the table's cursor on a column.
func (s *screen) onColumn(c flow.Column) {
	s.t.Helper()
	s.m.table.SetColumn(c)
	if s.m.table.Column() != c {
		s.t.Fatalf("the table does not show %s", c)
	}
}

func (l *listing) rest() bool { return l != nil && l.top == nil && l.sum == nil && l.whole }

func facetScreen(t *testing.T, w, h int, c flow.Column, change func(*Options)) (*screen, *server) {
	srv, src := newServer(t, 300)
	s := start(t, w, h, src, change)
	s.onColumn(c)
	s.keys("t")
	s.until("the server's answer", func() bool { return s.m.facets.rest() })
	return s, srv
}

// sameAs checks a list against the server's own answer.
func sameAs(t *testing.T, srv *server, l *listing, req query.Request) {
	t.Helper()
	for _, c := range l.list.By() {
		req.By = append(req.By, c.String())
	}
	req.Metric, req.Times = l.list.Metric().String(), true
	rows := srv.matching(req)
	_, want, total := srv.top(req, rows)
	all, _, _ := srv.sum(rows)
	got := l.list.Shown()
	if got.Of != total || got.All != all || len(got.Groups) != len(want) || !got.Whole {
		t.Fatalf("%d of %d groups of %v, want %d of %v", len(got.Groups), got.Of, got.All, len(want), all)
	}
	for _, g := range got.Groups {
		row := append(append(slices.Clone(g.Values), texts3(g.Sums)...), g.First, g.Last)
		if !slices.ContainsFunc(want, func(w []string) bool { return slices.Equal(w, row) }) {
			t.Errorf("%q is not what the server has", row)
		}
	}
	if !slices.IsSortedFunc(got.Groups, func(a, b facets.Group) int {
		return -compareOrEqual(a.Sums[l.list.Metric()], b.Sums[l.list.Metric()])
	}) {
		t.Error("the highest do not come first")
	}
}

func compareOrEqual(a, b uint64) int {
	if a == b {
		return 0
	}
	return compare(a, b)
}

func TestTopValuesAreThoseOfAllMatches(t *testing.T) {
	s, srv := facetScreen(t, 120, 40, flow.ColDstPort, func(o *Options) { o.Query = "tcp" })
	sameAs(t, srv, s.m.facets, query.Request{Query: "tcp"})
	s.want("top values: dst_port", fmt.Sprintf("of all %d matches", len(srv.matching(query.Request{Query: "tcp"}))), "SHARE")
	for _, metric := range []sums.Metric{sums.Bytes, sums.Packets, sums.Flows} {
		asked := len(srv.asked)
		s.keys("m")
		if s.m.facets.list.Metric() != metric || len(srv.asked) != asked {
			t.Errorf("ordered by %s, %d more questions", s.m.facets.list.Metric(), len(srv.asked)-asked)
		}
		sameAs(t, srv, s.m.facets, query.Request{Query: "tcp"})
	}
	s.keys("esc")
	if s.m.mode != modeFlows || s.m.facets != nil {
		t.Error("Esc does not close the box")
	}
}

// TestTopValuesOfTheRowsComeFirst: while the server thinks, the rows here are summed up.
func TestTopValuesOfTheRowsComeFirst(t *testing.T) {
	srv, src := newServer(t, 300)
	s := start(t, 120, 40, src, nil)
	srv.hold = query.KindTop
	s.onColumn(flow.ColProto)
	s.keys("t")
	s.until("the rows here", func() bool { return len(s.m.facets.list.Shown().Groups) == 3 })
	s.want("of the 300 rows here", "the server is asked for all matches")
	here := s.m.facets.list.Shown().Groups
	held := src.last()
	s.keys("esc")
	if !held.cancelled {
		t.Error("the server still looks for top values that nobody wants")
	}
	srv.hold = ""
	s.keys("t")
	s.until("the server's", func() bool { return s.m.facets.rest() })
	if got := s.m.facets.list.Shown().Groups; fmt.Sprint(got) != fmt.Sprint(here) {
		t.Errorf("the rows here have %v, the server %v", here, got)
	}
	s.keys("esc")
	srv.fail = query.KindTop
	s.keys("t")
	s.until("the error", func() bool { return strings.Contains(s.text(), "✗ the store failed") })
}

func TestTopValuesPivot(t *testing.T) {
	for _, c := range []struct {
		key   string
		query string
	}{
		{"enter", "port [443 53] and proto tcp"}, {"+", "port [443 53] and proto tcp"}, {"-", "port [443 53] and proto != tcp"}, {"i", "proto tcp"},
	} {
		s, srv := facetScreen(t, 120, 40, flow.ColProto, func(o *Options) { o.Query = "port [443 53]" })
		var want uint64
		for _, g := range s.m.facets.list.Shown().Groups {
			if (g.Values[0] == "tcp") != (c.key == "-") {
				want += g.Sums[sums.Flows]
			}
		}
		if g, _ := s.m.facets.list.Current(); g.Values[0] != "tcp" {
			t.Fatalf("%v is the first", g)
		}
		s.keys(c.key)
		if c.key == "i" {
			want = uint64(len(srv.matching(query.Request{Query: "proto tcp"})))
		}
		s.until("its rows", func() bool { _, n := s.m.table.Len(); return n == int(want) })
		parsed, err := query.Parse(c.query)
		if err != nil || s.m.bar.Text() != parsed.String() || s.m.mode != modeFlows {
			t.Errorf("%s: the query is %q", c.key, s.m.bar.Text())
		}
		s.keys("[")
		s.until("the way back", func() bool { return s.m.bar.Text() == "port [443 53]" })
	}
	s, _ := facetScreen(t, 120, 40, flow.ColProto, nil)
	s.keys("o", "enter")
	if len(s.m.tabs.open) != 2 || s.m.tabs.open[0].bar.Text() != "" || s.m.tab != s.m.tabs.open[1] {
		t.Errorf("%d tabs, the first has %q", len(s.m.tabs.open), s.m.tabs.open[0].bar.Text())
	}
	s, _ = facetScreen(t, 120, 40, flow.ColProto, nil)
	s.keys("esc")
	s.m.table.SetColumns([]flow.Column{flow.ColBPS})
	s.keys("t")
	s.until("the rates", func() bool { return s.m.facets.rest() })
	s.keys("v")
	s.until("the single rates", func() bool { return s.m.facets.rest() })
	s.keys("enter")
	s.want("a rate is rounded here")
}

func TestTopValuesNarrowCopyExport(t *testing.T) {
	dir := t.TempDir()
	s, srv := facetScreen(t, 120, 40, flow.ColDstPort, func(o *Options) { o.ExportDir = dir })
	s.keys("/")
	s.typed("44")
	s.keys("enter")
	s.want("443", "8443", "2 of 9 values")
	if g, _ := s.m.facets.list.Current(); !strings.Contains(g.Values[0], "44") {
		t.Errorf("%v is listed", g)
	}
	s.keys("esc")
	if len(s.m.facets.list.Shown().Groups) == 0 || s.m.mode != modeFacets {
		t.Error("Esc does not widen the list first")
	}
	s.keys("x", "enter")
	s.until("the file", func() bool { return strings.Contains(s.text(), "wrote ") })
	files, err := filepath.Glob(filepath.Join(dir, "*.csv"))
	if err != nil || len(files) != 1 {
		t.Fatal(files, err)
	}
	data, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	_, want, _ := srv.top(query.Request{By: []string{"dst_port"}, Times: true}, srv.matching(query.Request{Query: "any"}))
	lines := strings.Split(strings.TrimSpace(string(data)), "\n")
	first := strings.Split(lines[1], ",")
	if lines[0] != "dst_port,flows,bytes,packets,share,first,last" || len(lines) != len(want)+1 || !slices.Equal(slices.Delete(first, 4, 5), want[0]) {
		t.Errorf("%s", data)
	}
	s.keys("x", "enter")
	s.until("the refusal", func() bool { return strings.Contains(s.text(), "the file exists") })
	s.keys("Y")
	s.want("copied 9 values as CSV")
}

func TestGroups(t *testing.T) {
	srv, src := newServer(t, 300)
	s := start(t, 120, 40, src, func(o *Options) { o.Query = "port [443 53]" })
	s.onColumn(flow.ColProto)
	s.keys("b")
	s.until("the groups", func() bool { return s.m.groups.rest() })
	sameAs(t, srv, s.m.groups, query.Request{Query: "port [443 53]"})
	s.want("groups proto", "FLOWS▼", "FIRST")
	s.keys("b")
	s.typed("dst_port")
	s.keys("enter")
	s.until("more groups", func() bool { return s.m.groups.rest() && len(s.m.grouping) == 2 })
	sameAs(t, srv, s.m.groups, query.Request{Query: "port [443 53]"})
	g, _ := s.m.groups.list.Current()
	s.keys("enter")
	s.until("the group's rows", func() bool { _, n := s.m.table.Len(); return n == int(g.Sums[sums.Flows]) })
	if s.m.groups != nil || !strings.Contains(s.m.bar.Text(), "dst port "+g.Values[1]) {
		t.Errorf("%q, groups %v", s.m.bar.Text(), s.m.groups)
	}
	s.keys("[")
	s.until("the groups again", func() bool { return s.m.groups.rest() && len(s.m.grouping) == 2 })
	s.keys(":", "ctrl+u")
	s.typed("udp")
	s.keys("enter")
	s.until("groups of the next query", func() bool { return s.m.groups.rest() && s.m.groups.text == "udp" })
	sameAs(t, srv, s.m.groups, query.Request{Query: "udp"})
	s.keys("A", "ctrl+u")
	s.typed("proto, prot")
	s.keys("enter")
	s.want("prot")
	if s.m.mode != modePrompt {
		t.Error("columns that do not exist are taken")
	}
	s.keys("esc", "esc")
	if s.m.groups != nil || len(s.m.grouping) != 0 || !strings.Contains(s.text(), "START") {
		t.Error("Esc does not show the rows")
	}
}

func TestGrouping(t *testing.T) {
	for text, want := range map[string]string{
		"proto proto": "proto is there twice", "prot": "proto", "id start end duration proto state node": "these are 7 columns; at most 6 have room",
	} {
		if _, err := grouping(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
	}
	if by, err := grouping(" proto,dst_port  state "); err != nil || len(by) != 3 {
		t.Errorf("%v, %v", by, err)
	}
	if by, err := grouping(""); err != nil || len(by) != 0 {
		t.Errorf("%v, %v", by, err)
	}
}

func TestFacetScreens(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {120, 40}, {200, 60}} {
		for _, theme := range []string{"dark", "light", "mono"} {
			dress := func(s *screen) {
				switch theme {
				case "light":
					s.send(tea.BackgroundColorMsg{Color: color.White})
				case "mono":
					s.mono()
				}
			}
			name := fmt.Sprintf("%dx%d-%s", size[0], size[1], theme)
			t.Run(name, func(t *testing.T) {
				s, _ := facetScreen(t, size[0], size[1], flow.ColDstPort, nil)
				dress(s)
				golden(t, "facets-"+name, s)
				s.keys("esc")
				s.m.SetGrouping([]flow.Column{flow.ColProto, flow.ColDstPort, flow.ColState})
				s.keys("g")
				s.until("the groups", func() bool { return s.m.groups.rest() })
				s.keys("down")
				golden(t, "groups-"+name, s)
			})
		}
	}
}
