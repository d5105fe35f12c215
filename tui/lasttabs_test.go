package tui

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cxlens/internal/opentabs"
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
	set := opentabs.Set{Tabs: []opentabs.Tab{{Query: "tcp", Limit: -1}, {Query: "udp", Order: []string{"colour"}}, {Query: "icmp", Span: "soon"}, {Query: "any", Refined: "port"}}}
	if err := store.Save("lab:10201", set); err != nil {
		t.Fatal(err)
	}
	s := withTabs(t, store)
	s.keys("ctrl+o")
	s.settle()
	if len(s.m.tabs.open) != 2 || s.m.bar.Text() != "tcp" || len(s.m.notices) != 3 {
		t.Errorf("%d tabs, %q, notices %q", len(s.m.tabs.open), s.m.bar.Text(), s.m.notices)
	}
}
