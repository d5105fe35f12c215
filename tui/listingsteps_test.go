package tui

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"cxlens/internal/flow"
	"cxlens/query"
	"cxlens/query/steps"
	"cxlens/tui/facets"
	"cxlens/tui/sums"
)

// stepScreen shows the top values of a column, which are steps.
func stepScreen(t *testing.T, w, h int, c flow.Column, change func(*Options)) (*screen, *server) {
	srv, src := newServer(t, 300)
	s := start(t, w, h, src, change)
	s.m.table.SetColumns([]flow.Column{flow.ColStart, c, flow.ColProto, flow.ColDstPort})
	s.onColumn(c)
	s.keys("t")
	s.until("the server's answer", func() bool { return s.m.facets.rest() })
	return s, srv
}

// TestStepScreens: the steps of a time and of bytes where there is least room.
func TestStepScreens(t *testing.T) {
	for _, c := range []flow.Column{flow.ColStart, flow.ColBytes, flow.ColDuration, flow.ColBPS} {
		s, _ := stepScreen(t, 80, 24, c, nil)
		golden(t, "steps-"+c.String()+"-80x24", s)
	}
}

// TestStepsHoldAllFlows: the server's steps are those of the rows here when all of them are, each flow is in one, and
// each goes into the query as the flows that it counts.
func TestStepsHoldAllFlows(t *testing.T) {
	for c := range flow.NumColumns {
		if !steps.Has(c) {
			continue
		}
		t.Run(c.String(), func(t *testing.T) {
			s, srv := stepScreen(t, 120, 40, c, nil)
			whole := s.m.facets.list.Shown()
			var all sums.Sums
			for _, g := range whole.Groups {
				all.Add(g.Sums)
			}
			if all != whole.All || all[sums.Flows] != 300 || len(whole.Groups) > 61 || len(whole.Groups) < 2 {
				t.Fatalf("%d steps have %v of %v", len(whole.Groups), all, whole.All)
			}
			s.keys("w")
			s.until("the rows here", func() bool {
				return s.m.facets.list.Scope() == facets.OfHere && len(s.m.facets.list.Shown().Groups) > 0
			})
			here := slices.Clone(s.m.facets.list.Shown().Groups)
			for _, gs := range [][]facets.Group{whole.Groups, here} {
				slices.SortFunc(gs, func(a, b facets.Group) int { return strings.Compare(a.Values[0], b.Values[0]) })
			}
			if fmt.Sprint(here) != fmt.Sprint(whole.Groups) {
				t.Errorf("here %v, the server %v", here, whole.Groups)
			}
			g, _ := s.m.facets.list.Current()
			s.keys("enter")
			s.until("its rows", func() bool { _, n := s.m.table.Len(); return n == int(g.Sums[sums.Flows]) })
			if got := len(srv.matching(query.Request{Query: s.m.bar.Text()})); got != int(g.Sums[sums.Flows]) {
				t.Errorf("%q matches %d, its step has %d", s.m.bar.Text(), got, g.Sums[sums.Flows])
			}
			s.keys("[")
			s.until("all rows", func() bool { _, n := s.m.table.Len(); return n == 300 })
			s.keys("t")
			s.until("the steps again", func() bool { return s.m.facets.rest() })
			g, _ = s.m.facets.list.Current()
			s.keys("-")
			s.until("the other rows", func() bool { _, n := s.m.table.Len(); return n == 300-int(g.Sums[sums.Flows]) })
		})
	}
}

// TestStepsAndSingleValues: a key turns from the ones to the others; of a port there are no steps, and the key says so.
func TestStepsAndSingleValues(t *testing.T) {
	s, srv := stepScreen(t, 80, 24, flow.ColBytes, nil)
	s.want("steps of all 300 matches", "v single values")
	few := len(s.m.facets.list.Shown().Groups)
	s.keys("v")
	s.until("the single values", func() bool { return s.m.facets.rest() })
	if req := srv.last(query.KindTop); req.Steps || len(s.m.facets.list.Shown().Groups) <= few {
		t.Errorf("asked %+v: %d values, %d steps", req, len(s.m.facets.list.Shown().Groups), few)
	}
	s.want("values of all 300 matches", "v steps")
	s.keys("v")
	s.until("the steps", func() bool { return s.m.facets.rest() })
	if len(s.m.facets.list.Shown().Groups) != few {
		t.Error("the steps do not come back")
	}
	s.keys("esc")
	s.onColumn(flow.ColDstPort)
	s.keys("t")
	s.until("the ports", func() bool { return s.m.facets.rest() })
	if strings.Contains(s.text(), "v steps") || srv.last(query.KindTop).Steps {
		t.Error("ports have steps")
	}
	s.keys("v")
	s.want("no column here has steps")
}

// TestStepsOfAnOldServer: where the server sends single values, the steps are of the rows here, and the box says that.
func TestStepsOfAnOldServer(t *testing.T) {
	srv, src := newServer(t, 300)
	srv.old = true
	s := start(t, 80, 24, src, nil)
	s.onColumn(flow.ColStart)
	s.keys("t")
	s.until("the answers", func() bool { return !s.m.facets.asked() && !s.m.facets.adding })
	s.want("of the 300 rows here", "✗ this server counts single values only: the steps are of the rows here")
	s.keys("v")
	s.until("the single values", func() bool { return s.m.facets.rest() })
	s.want("values of all 300 matches")
	if strings.Contains(s.text(), "this server") {
		t.Error("single values need no steps")
	}
}

// TestStepsAreWrittenAsTheScreenIs: in its zone, and with its numbers; days begin at midnight there.
func TestStepsAreWrittenAsTheScreenIs(t *testing.T) {
	s, srv := stepScreen(t, 120, 40, flow.ColStart, func(o *Options) { o.Zone = time.FixedZone("Kolkata", 19_800) })
	if req := srv.last(query.KindTop); req.Shift != 19_800 || !req.Steps {
		t.Errorf("asked %+v", req)
	}
	g, _ := s.m.facets.list.Current()
	step, err := steps.Parse(flow.ColStart, g.Values[0])
	if err != nil {
		t.Fatal(err)
	}
	first, _ := step.Micros()
	s.want(time.UnixMicro(first).In(s.m.zone.shown).Format("15:04"))
	s, _ = stepScreen(t, 120, 40, flow.ColBytes, nil)
	s.want("k to ")
	s.keys("esc", "=", "t")
	s.until("the steps", func() bool { return s.m.facets.rest() })
	s.want(",999")
}

// TestGroupsOfSteps: groups of several columns have steps as well, and turn to single values for the next query.
func TestGroupsOfSteps(t *testing.T) {
	srv, src := newServer(t, 300)
	s := start(t, 120, 40, src, nil)
	s.m.SetGrouping([]flow.Column{flow.ColProto, flow.ColBytes, flow.ColDuration})
	s.keys("g")
	s.until("the groups", func() bool { return s.m.groups.rest() })
	g, _ := s.m.groups.list.Current()
	columns, rows := s.m.groups.list.Rows()
	if strings.Join(columns[:3], " ") != "proto bytes_step duration_step" || !slices.Equal(rows[0][:3], g.Values) || !strings.Contains(g.Values[1], "..") {
		t.Errorf("an export has %v and %v", columns, rows[0])
	}
	s.keys("v")
	s.until("single values", func() bool { return s.m.groups.rest() && s.m.groups.list.Singles() })
	s.m.submit("tcp")
	s.until("the next query", func() bool { return s.m.groups.rest() && s.m.groups.text == "tcp" })
	if srv.last(query.KindTop).Steps || !s.m.tab.look().groups.singles {
		t.Error("the single values are lost with the query")
	}
	s.keys("v")
	s.until("the steps", func() bool { return s.m.groups.rest() && !s.m.groups.list.Singles() })
	g, _ = s.m.groups.list.Current()
	s.keys("enter")
	s.until("its rows", func() bool { _, n := s.m.table.Len(); return n == int(g.Sums[sums.Flows]) })
}
