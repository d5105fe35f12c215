package tui

import (
	"fmt"
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

// TestWhatIsCounted: with a refinement a key turns from the refined matches to all, to the rows here, and back; the list
// says which, and has the figures of it.
func TestWhatIsCounted(t *testing.T) {
	srv, src := newServer(t, 300)
	s := start(t, 120, 40, src, func(o *Options) { o.Query = "tcp" })
	s.settle()
	match, both := query.Request{Query: "tcp"}, query.Request{Query: "tcp and dst port 443"}
	for _, group := range []bool{false, true} {
		s.onColumn(flow.ColState)
		s.keys("/", "ctrl+u")
		s.typed("dst port 443")
		s.keys("enter")
		s.settle()
		list := func() *listing {
			if group {
				return s.m.groups
			}
			return s.m.facets
		}
		if s.keys("t"); group {
			s.keys("esc", "b")
		}
		s.until("the refined matches", func() bool { return list().rest() })
		sameAs(t, srv, list(), both)
		s.want("refined by dst port 443")
		s.keys("w")
		s.until("all matches", func() bool { return list().rest() })
		sameAs(t, srv, list(), match)
		s.want(fmt.Sprintf("of all %d matches", len(srv.matching(match))))
		asked := len(srv.asked)
		s.keys("w")
		n := uint64(len(srv.matching(both)))
		s.until("the rows here", func() bool { return list().here != nil && list().list.Shown().All[sums.Flows] == n })
		s.want(fmt.Sprintf("of the %d refined rows here", n))
		if len(srv.asked) != asked {
			t.Errorf("the server was asked %d times for the rows here", len(srv.asked)-asked)
		}
		if !group {
			s.keys("esc")
			continue
		}
		s.keys("/", "ctrl+u") // letters that narrow the list, which are not a refinement
		s.keys("esc")
		s.run(s.m.refine("dst port 53"))
		n = uint64(len(srv.matching(query.Request{Query: "tcp and dst port 53"})))
		s.until("the other rows", func() bool { return list().list.Shown().All[sums.Flows] == n })
		s.run(s.m.refine(""))
		s.until("all rows", func() bool {
			return strings.Contains(s.text(), fmt.Sprintf("of the %d rows here", len(srv.matching(match))))
		})
		s.keys("w")
		s.until("the match", func() bool { return list().rest() })
		sameAs(t, srv, list(), match)
	}
}

// TestMoreValues: a key lists 1,000 more, of all matches and of the rows here, until all are listed.
func TestMoreValues(t *testing.T) {
	_, src := newServer(t, 2500)
	s := start(t, 120, 40, src, nil)
	s.onColumn(flow.ColStart)
	s.m.SetGrouping([]flow.Column{flow.ColID})
	s.keys("g")
	s.until("the groups", func() bool { return s.m.groups.rest() })
	for _, scope := range []facets.Scope{facets.OfRefined, facets.OfHere} {
		for _, n := range []int{1000, 2000, 2500} {
			s.until("so many", func() bool { return len(s.m.groups.list.Shown().Groups) == n })
			if n < 2500 {
				s.want(fmt.Sprintf("the %s with most flows of 2,500 values", []string{"1,000", "2,000"}[n/1000-1]))
			}
			s.keys(".")
		}
		s.want("all of them are listed")
		if scope == facets.OfRefined {
			if s.m.mostGroups != 3000 {
				t.Errorf("a tab of the last time would list %d", s.m.mostGroups)
			}
			s.m.groups.most = listedMost
			s.keys("w")
			s.until("the rows here", func() bool { return s.m.groups.here != nil })
		}
	}
	s.m.groups.most = mostListed
	a := s.m.groups.list.Shown()
	a.Of++
	s.m.groups.list.Show(a)
	s.keys(".")
	s.want("at most 20,000 are listed")
}

// TestGroupsSortByAnyColumn: by keys and by a click on a title; the order stays for the next query, and an export has it.
func TestGroupsSortByAnyColumn(t *testing.T) {
	dir := t.TempDir()
	_, src := newServer(t, 300)
	s := start(t, 140, 40, src, func(o *Options) { o.ExportDir = dir })
	s.m.SetGrouping([]flow.Column{flow.ColDstPort})
	s.keys("g")
	s.until("the groups", func() bool { return s.m.groups.rest() })
	s.keys("left", "s")
	values := func() (out []string) {
		for _, g := range s.m.groups.list.Shown().Groups {
			out = append(out, g.Values[0])
		}
		return out
	}
	want := []string{"22", "25", "53", "80", "123", "443", "3389", "4711", "8443"}
	if got := values(); !slices.Equal(got, want) {
		t.Errorf("by the port: %q", got)
	}
	s.want("DST_PORT▲")
	s.keys("left")
	s.want("this is the first column")
	s.ask("tcp")
	s.until("the groups of tcp", func() bool { return s.m.groups.rest() && s.m.groups.text == "tcp" })
	s.want("DST_PORT▲")
	s.keys("x", "ctrl+u")
	s.typed(filepath.Join(dir, "groups.jsonl"))
	s.keys("enter")
	s.until("the file", func() bool { return strings.Contains(s.text(), "wrote ") })
	data, err := os.ReadFile(filepath.Join(dir, "groups.jsonl"))
	if err != nil || !strings.HasPrefix(string(data), `{"dst_port":22,"flows":`) {
		t.Errorf("%v: %.200s", err, data)
	}
	y := s.m.geometry().body
	for _, title := range []string{"LAST", "PACKETS"} {
		line := strings.Split(s.text(), "\n")[y+1]
		x := len([]rune(line[:strings.Index(line, title)]))
		s.send(tea.MouseClickMsg{X: x, Y: y + 1, Button: tea.MouseLeft})
		s.until("the groups", func() bool { return s.m.groups.rest() })
		s.want(title + "▼")
	}
	if s.m.groups.list.Metric() != sums.Packets {
		t.Error("a click on a metric does not list by it")
	}
}
