package tui

import (
	"os"
	"strings"
	"testing"

	"cxlens/internal/opentabs"
	"cxlens/themes"
)

// TestViewAloneIsKept: the tabs are written as well when only how a tab looks at its rows was changed.
func TestViewAloneIsKept(t *testing.T) {
	store := opentabs.NewStore(t.TempDir())
	s := withTabs(t, store)
	s.keys("ctrl+t", "enter")
	s.settle()
	kept(t, store, s, func(set opentabs.Set) bool { return len(set.Tabs) == 2 && len(set.Tabs[1].Group) == 0 })
	last := func(holds func(opentabs.Tab) bool) func(opentabs.Set) bool {
		return func(set opentabs.Set) bool { return len(set.Tabs) == 2 && holds(set.Tabs[1]) }
	}
	for _, c := range []struct {
		what   string
		change func()
		holds  func(opentabs.Tab) bool
	}{
		{"the timeline", func() { s.keys("T") }, func(o opentabs.Tab) bool { return o.Timeline }},
		{"the order", func() { s.keys("l", "s") }, func(o opentabs.Tab) bool { return len(o.Order) == 1 && strings.HasSuffix(o.Order[0], "duration") }},
		{"the columns", func() { s.keys("H") }, func(o opentabs.Tab) bool { return len(o.Columns) == 14 }},
		{"exact numbers", func() { s.keys("=") }, func(o opentabs.Tab) bool { return o.Look.Exact }},
		{"the grouping", func() { s.keys("b"); s.typed("proto"); s.keys("enter") }, func(o opentabs.Tab) bool { return len(o.Group) == 1 && o.Group[0] == "proto" }},
	} {
		t.Run(c.what, func(t *testing.T) {
			before := len(s.src.results)
			c.change()
			kept(t, store, s, last(c.holds))
			for _, r := range s.src.results[before:] {
				if k := r.req.Kind; k == "flows" {
					t.Error("the query ran, so that the tab would have been kept anyway")
				}
			}
		})
	}
}

// TestViewAloneMarksTheProfile: the tab of a profile is marked as changed by each of them alone, and no more when it
// is taken back.
func TestViewAloneMarksTheProfile(t *testing.T) {
	files := profileStore(t, map[string]string{"web": "query = 'tcp'"})
	for what, keys := range map[string][]string{
		"order": {"l", "s"}, "timeline": {"T"}, "columns": {"H"}, "metric": {"T", "m"},
	} {
		t.Run(what, func(t *testing.T) {
			s := start(t, 120, 40, newSource(), func(o *Options) { o.Profiles = files })
			s.run(s.m.findProfile("web", true))
			s.until("the profile", func() bool { return s.m.saved != nil })
			s.settle()
			if s.m.title() != "web" {
				t.Fatalf("the title is %q at first", s.m.title())
			}
			s.keys(keys...)
			if s.m.title() != "web*" || !strings.Contains(s.text(), "web, changed") {
				t.Errorf("the title is %q, changed: %v", s.m.title(), s.m.changed())
			}
		})
	}
}

// TestThemeOfATabIsDamaged: a theme that is gone or cannot be read is said once in one line, and the tab comes without it.
func TestThemeOfATabIsDamaged(t *testing.T) {
	store, dir := opentabs.NewStore(t.TempDir()), t.TempDir()
	if err := os.WriteFile(dir+"/mine.toml", []byte("colours = ["), 0o600); err != nil {
		t.Fatal(err)
	}
	set := opentabs.Set{Tabs: []opentabs.Tab{
		{View: opentabs.View{Query: "tcp", Limit: -1, Theme: "mine"}},
		{View: opentabs.View{Query: "udp", Limit: -1, Theme: "gone"}},
		{View: opentabs.View{Query: "icmp", Limit: -1, Theme: "mine"}},
		{View: opentabs.View{Query: "any", Limit: -1, Theme: "nord"}},
	}}
	if err := store.Save("lab:10201", set); err != nil {
		t.Fatal(err)
	}
	s := start(t, 100, 30, newSource(), func(o *Options) { o.Tabs, o.Themes = store, themes.Loader{Dir: dir} })
	s.until("the tabs of the last time", func() bool { return s.m.last.loaded })
	s.keys("ctrl+o")
	s.settle()
	if len(s.m.tabs.open) != 5 || len(s.m.notices) != 2 {
		t.Fatalf("%d tabs, notices %q", len(s.m.tabs.open), s.m.notices)
	}
	for i, name := range []string{"mine", "gone"} {
		if n := s.m.notices[i]; !strings.Contains(n, name) || !strings.HasPrefix(n, "a tab of the last time has the theme of the screen: ") || strings.Contains(n, "\n") {
			t.Errorf("the notice on %s is %q", name, n)
		}
	}
	for i, own := range []bool{false, false, false, false, true} {
		if (s.m.tabs.open[i].ownTheme != nil) != own {
			t.Errorf("tab %d has a theme of its own: %v", i, !own)
		}
	}
}

// TestProfileOfATabIsDamaged: why a profile cannot be run again is said in one line.
func TestProfileOfATabIsDamaged(t *testing.T) {
	files := profileStore(t, map[string]string{"web": "query = 'tcp'\ntheme = 'gone'"})
	store := opentabs.NewStore(t.TempDir())
	open := func() *screen {
		s := start(t, 140, 30, newSource(), func(o *Options) { o.Tabs, o.Profiles = store, files })
		s.until("the tabs of the last time", func() bool { return s.m.last.loaded && s.m.run.res != nil })
		return s
	}
	s := open()
	s.run(s.m.findProfile("web", true))
	s.until("the notice of its theme", func() bool { return len(s.m.notices) == 1 })
	s.want("profile web has the theme of the screen: ")
	if s.m.title() != "web" {
		t.Errorf("a theme that cannot be read changes the tab: %q", s.m.title())
	}
	_ = s.m.close()
	if err := os.WriteFile(files.Dir+"/web.toml", []byte("query = ["), 0o600); err != nil {
		t.Fatal(err)
	}
	s = open()
	s.keys("ctrl+o")
	s.settle()
	if n := len(s.m.notices); n == 0 || !strings.HasPrefix(s.m.notices[n-1], "a tab of the last time keeps its view without its profile: ") {
		t.Errorf("the notices are %q", s.m.notices)
	}
	if s.m.saved != nil || s.m.run.text != "tcp" {
		t.Errorf("%v, %q", s.m.saved, s.m.run.text)
	}
}
