package tui

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"cxlens/internal/flow"
	"cxlens/internal/opentabs"
	"cxlens/themes"
	"cxlens/tui/span"
	"cxlens/tui/sums"
	"cxlens/tui/table"
)

// withTabs shows the main screen and keeps its tabs.
func withTabs(t *testing.T, store *opentabs.Store) *screen {
	s := start(t, 100, 30, newSource(), func(o *Options) { o.Tabs = store })
	s.until("the tabs of the last time", func() bool { return s.m.last.loaded })
	return s
}

// kept waits until what is kept holds.
func kept(t *testing.T, store *opentabs.Store, s *screen, holds func(opentabs.Set) bool) {
	t.Helper()
	s.until("the tabs to be kept", func() bool {
		set, err := store.Load("lab:10201")
		return err == nil && holds(set)
	})
}

func TestTabsOfTheLastTime(t *testing.T) {
	store := opentabs.NewStore(t.TempDir())
	s := withTabs(t, store)
	s.keys("ctrl+o")
	s.want("there are no tabs of the last time to open")
	s.keys("ctrl+t")
	s.typed("port 53")
	s.keys("enter")
	s.settle()
	s.keys("R")
	s.typed("names")
	s.keys("enter", "S")
	s.settle()
	s.keys("/")
	s.typed("udp")
	s.keys("enter")
	s.settle()
	s.keys("ctrl+t")
	s.typed("tcp")
	s.keys("enter")
	s.settle()
	s.keys("2")
	kept(t, store, s, func(set opentabs.Set) bool { return len(set.Tabs) == 3 && set.Shown == 1 })
	want := s.m.openSet()
	_ = s.m.close()

	s = withTabs(t, store)
	s.want("3 tabs were open the last time; ^o opens them again")
	kept(t, store, s, func(set opentabs.Set) bool { return len(set.Tabs) == 3 }) // one tab does not replace them
	before := len(s.src.results)
	s.keys("ctrl+o")
	s.settle()
	s.want("3 names", "refined by udp")
	if n := len(s.src.results) - before; n != 1 {
		t.Errorf("%d queries ran, only that of the tab on the screen should", n)
	}
	got := s.m.openSet()
	got.Tabs = got.Tabs[1:] // the first one is new
	got.Shown--
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	s.keys("4")
	s.settle()
	if r := s.src.last(); r.req.Query != "tcp" {
		t.Errorf("the tab that is shown now ran %q", r.req.Query)
	}
}

// TestTabsKeepTheirView: a profile, what was changed of it, and all of a view come back, in tabs of the last time and
// in one that was closed. A profile that changed or is gone leaves the view.
func TestTabsKeepTheirView(t *testing.T) {
	files := profileStore(t, map[string]string{"web": strings.ReplaceAll(webProfile, "and src net $internal", ""), "by": "query = 'udp'\ngroup = ['src_ip']\nlimit = 5"})
	store := opentabs.NewStore(t.TempDir())
	open := func() *screen {
		s := start(t, 120, 40, newSource(), func(o *Options) { o.Tabs, o.Profiles = store, files })
		s.until("the tabs of the last time", func() bool { return s.m.last.loaded && s.m.run.res != nil })
		return s
	}
	s := open()
	s.run(s.m.findProfile("web", true))
	s.comes("Which port")
	s.keys("enter")
	s.until("the theme", func() bool { return s.m.ownTheme != nil })
	s.m.table.ResizeColumn(flow.ColSrcIP, 4)
	s.m.table.FreezeAt(flow.ColDstIP)
	s.run(s.m.findProfile("by", true))
	s.until("the groups", func() bool { return s.m.saved != nil && s.m.saved.entry.Name == "by" && s.m.groups != nil })
	s.keys("T")
	want := s.m.openSet()
	if w := want.Tabs[1]; len(want.Tabs) != 3 || w.Theme != "light" || w.Widths["dst_ip"] != 31 || w.Frozen != 2 || w.Profile == nil || w.Metric != "bytes" {
		t.Fatalf("%+v", want.Tabs)
	}
	if w := want.Tabs[2]; !w.Timeline || w.Groups != 5 || len(w.Group) != 1 {
		t.Fatalf("%+v", w)
	}
	changed := s.m.profileText()
	s.keys("ctrl+w", "U")
	s.settle()
	if d := cmp.Diff(want, s.m.openSet()); d != "" || s.m.profileText() != changed {
		t.Errorf("closed and opened again, %q: %s", s.m.profileText(), d)
	}
	_ = s.m.close()

	s = open()
	s.keys("ctrl+o")
	s.settle()
	got := s.m.openSet()
	if d := cmp.Diff(want.Tabs, got.Tabs[1:]); d != "" {
		t.Error(d)
	}
	if s.m.profileText() != changed || changed != "by, changed" {
		t.Errorf("%q, was %q", s.m.profileText(), changed)
	}
	_ = s.m.close()

	if err := os.Remove(files.Dir + "/by.toml"); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(files.Dir+"/web.toml", []byte("query = 'tcp'"), 0o600); err != nil {
		t.Fatal(err)
	}
	s = open()
	s.keys("ctrl+o")
	s.settle()
	got = s.m.openSet()
	if len(s.m.notices) > 0 {
		t.Errorf("%q", s.m.notices)
	}
	for i, o := range got.Tabs[len(got.Tabs)-3:] {
		if o.Profile != nil {
			t.Errorf("tab %d runs %s", i, o.Profile.Name)
		}
		want.Tabs[i].Profile = nil
		if d := cmp.Diff(want.Tabs[i], o); d != "" {
			t.Error(d)
		}
	}
}

// TestViewKept: whatever a view has, a file brings it back.
func TestViewKept(t *testing.T) {
	s := withTabs(t, opentabs.NewStore(t.TempDir()))
	rapid.Check(t, func(t *rapid.T) {
		column := rapid.Map(rapid.IntRange(0, int(flow.NumColumns)-1), func(n int) flow.Column { return flow.Column(n) })
		some := func(what string, least, most int) []flow.Column {
			return rapid.SliceOfNDistinct(column, least, most, rapid.ID[flow.Column]).Draw(t, what)
		}
		sp, err := span.Parse(rapid.SampledFrom([]string{"all", "24h", "today", "2026-11-20", "2026-11-20 .. 2026-11-21T03:04:05Z"}).Draw(t, "span"), clock)
		if err != nil {
			t.Fatal(err)
		}
		v := view{
			query: rapid.SampledFrom([]string{"", "any", "port 53"}).Draw(t, "query"), span: sp, limit: rapid.Int64().Draw(t, "limit"),
			groups: some("groups", 0, maxGrouping), most: rapid.Int64().Draw(t, "most"), metric: sums.Metric(rapid.IntRange(0, int(sums.NumMetrics)-1).Draw(t, "metric")),
			timeline: rapid.Bool().Draw(t, "timeline"), theme: rapid.SampledFrom([]string{"", "light"}).Draw(t, "theme"),
		}
		for _, c := range some("order", 0, 4) {
			v.order = append(v.order, flow.SortKey{Column: c, Desc: rapid.Bool().Draw(t, "desc")})
		}
		v.shape = table.Shape{Columns: some("columns", 1, 8), Widths: make(map[flow.Column]int)}
		v.shape.Frozen = rapid.IntRange(0, len(v.shape.Columns)-1).Draw(t, "frozen")
		for _, c := range some("widths", 0, 3) {
			v.shape.Widths[c] = rapid.IntRange(table.MinWidth, table.MaxWidth).Draw(t, "width")
		}
		kept := v.kept()
		tab, err := s.m.unfold(opentabs.Tab{View: kept}, tabThings{themes: map[string]*themes.Theme{"light": s.m.opts.Themes.Auto(true)}})
		if err != nil {
			t.Fatal(err)
		}
		got := tab.view().kept()
		if got.Theme != "" {
			got.Theme = "light" // what the one for a light ground is called does not matter here
		}
		if d := cmp.Diff(kept, got, cmpopts.EquateEmpty()); d != "" {
			t.Fatal(d)
		}
	})
}

func TestTabsThatCannotBeKept(t *testing.T) {
	dir := t.TempDir() + "/file"
	if err := os.WriteFile(dir, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	s := withTabs(t, opentabs.NewStore(dir))
	s.keys("ctrl+t", "enter")
	s.until("the error", func() bool { return len(s.m.notices) > 0 })
	s.keys("ctrl+w")
	s.want("read the tabs of the last time")
	if len(s.m.notices) != 1 {
		t.Errorf("said %d times: %q", len(s.m.notices), s.m.notices)
	}
}

func TestDamagedTabs(t *testing.T) {
	store := opentabs.NewStore(t.TempDir())
	set := opentabs.Set{Tabs: []opentabs.Tab{
		{View: opentabs.View{Query: "tcp", Limit: -1}},
		{View: opentabs.View{Query: "udp", Order: []string{"colour"}}},
		{View: opentabs.View{Query: "icmp", Span: "soon"}},
		{View: opentabs.View{Query: "any"}, Refined: "port"},
		{View: opentabs.View{Query: "any", Columns: []string{"start"}, Widths: map[string]int{"wide": 3}}},
		{View: opentabs.View{Query: "any", Group: []string{"start", "start"}}},
		{View: opentabs.View{Query: "any", Metric: "miles"}},
	}}
	if err := store.Save("lab:10201", set); err != nil {
		t.Fatal(err)
	}
	s := withTabs(t, store)
	s.keys("ctrl+o")
	s.settle()
	if len(s.m.tabs.open) != 2 || s.m.bar.Text() != "tcp" || len(s.m.notices) != 6 {
		t.Errorf("%d tabs, %q, notices %q", len(s.m.tabs.open), s.m.bar.Text(), s.m.notices)
	}
}
