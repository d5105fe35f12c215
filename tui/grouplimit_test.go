package tui

import (
	"fmt"
	"testing"

	"cxlens/internal/flow"
	"cxlens/query"
	"cxlens/query/profile"
	"cxlens/tui/facets"
)

// TestProfileLimitsItsGroups: so many groups are listed, the list says of how many, and the flows are not cut. Another
// order asks for other groups, and other columns have no limit.
func TestProfileLimitsItsGroups(t *testing.T) {
	store := profileStore(t, map[string]string{"by": "query = 'any'\ngroup = ['dst_port']\nlimit = 2"})
	srv, src := newServer(t, 300)
	s := start(t, 120, 40, src, func(o *Options) { o.Profiles = store })
	s.until("the first query", func() bool { return s.m.run.res != nil })
	s.settle()
	s.run(s.m.findProfile("by", false))
	s.until("the groups", func() bool { return s.m.groups.rest() })
	all := len(srv.groups(query.Request{By: []string{"dst_port"}}, srv.matching(query.Request{Query: "any"})))
	if all < 3 {
		t.Fatalf("%d groups", all)
	}
	s.want(fmt.Sprintf("dst_port · the 2 with most flows of %d values", all), "of all 300 matches")
	limited := func(order string) {
		t.Helper()
		sameAs(t, srv, s.m.groups, query.Request{Query: "any", Limit: 2})
		if got := s.m.groups.list.Metric().String(); got != order {
			t.Errorf("by %s, want %s", got, order)
		}
	}
	limited(query.MetricFlows)
	s.keys(s.m.keys.facets.KeyOf(facets.Metric))
	s.until("the groups in another order", func() bool { return s.m.groups.rest() })
	limited(query.MetricBytes)
	if s.m.limit != DefaultLimit || s.m.profileText() != "by" {
		t.Errorf("limit %d of rows, %q", s.m.limit, s.m.profileText())
	}

	s.keys("A", "enter")
	s.until("all groups", func() bool { return s.m.groups.rest() })
	s.want(fmt.Sprintf("dst_port · %d values", all), "by, changed")
}

// TestWayBackToLimitedGroups: going back brings the groups with their limit.
func TestWayBackToLimitedGroups(t *testing.T) {
	srv, src := newServer(t, 300)
	s := start(t, 120, 40, src, nil)
	s.settle()
	s.m.SetGrouping([]flow.Column{flow.ColDstPort})
	s.m.mostGroups = 2
	s.ask("tcp")
	s.until("the groups of tcp", func() bool { return s.m.groups.rest() })
	sameAs(t, srv, s.m.groups, query.Request{Query: "tcp", Limit: 2})
	s.m.SetGrouping(nil)
	s.keys("backspace")
	s.until("the groups of any", func() bool { return s.m.groups.rest() })
	sameAs(t, srv, s.m.groups, query.Request{Query: "any", Limit: 2})
}

// TestLimitOfRowsAndGroups: what a profile's limit counts goes with what is shown when the view is saved.
func TestLimitOfRowsAndGroups(t *testing.T) {
	by, none := []flow.Column{flow.ColSrcIP}, []flow.Column(nil)
	for _, c := range []struct {
		was, now view
		saved    int64
		changed  bool
	}{
		{view{groups: by, most: 5, limit: 100}, view{groups: by, most: 5, limit: 100}, 5, false},
		{view{groups: by, most: 5, limit: 100}, view{groups: by, most: 5, limit: 700}, 5, false}, // rows are not what it counts
		{view{groups: by, most: 5, limit: 100}, view{groups: by, limit: 100}, 0, true},
		{view{groups: by, most: 5, limit: 100}, view{groups: none, limit: 100}, 100, true},
		{view{groups: none, limit: 100}, view{groups: by, limit: 100}, 0, true},
		{view{groups: none, limit: 100}, view{groups: none, limit: 0}, -1, true},
		{view{groups: none, limit: -1}, view{groups: none, limit: 0}, -1, false},
	} {
		base := &profile.Profile{Query: "any", Limit: c.was.savedLimit()}
		if got := c.now.keep(base, c.was).Limit; got != c.saved {
			t.Errorf("%+v to %+v saves limit %d, want %d", c.was, c.now, got, c.saved)
		}
		if got := len(c.now.differs(c.was)) > 0; got != c.changed {
			t.Errorf("%+v to %+v: changed is %t", c.was, c.now, got)
		}
		if got := c.now.asNew().Limit; got != c.now.savedLimit() {
			t.Errorf("%+v as a new profile has limit %d", c.now, got)
		}
	}
}
