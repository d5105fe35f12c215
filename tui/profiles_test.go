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
	"cxlens/query/profile"
)

// profileStore is a store of profiles in a folder of the test; files are written into the person's own and, with
// "shared/" before the name, into a shared one.
func profileStore(t *testing.T, files map[string]string) profile.Store {
	t.Helper()
	dir := t.TempDir()
	s := profile.Store{
		Dir: filepath.Join(dir, "profiles"), Further: []string{filepath.Join(dir, "shared")},
		MarksFile: filepath.Join(dir, "favourites.toml"),
	}
	for _, d := range []string{s.Dir, s.Further[0]} {
		if err := os.Mkdir(d, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range files {
		into := s.Dir
		if rest, ok := strings.CutPrefix(name, "shared/"); ok {
			into, name = s.Further[0], rest
		}
		if err := os.WriteFile(filepath.Join(into, name+".toml"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// webProfile is a profile with all that a view has.
const webProfile = `description = "Web sessions"
query = "tcp and dst port ?port:443 and src net $internal"
span = "last 24h"
order = ["-src_bytes", "start"]
limit = 500
columns = ["src_ip", "dst_ip", "src_bytes"]
frozen = 1
metric = "bytes"
timeline = "off"
theme = "light"
colour = "red"

[widths]
dst_ip = 31

[parameters.port]
prompt = "Which port"
`

// profileScreen is the main screen on profiles in files.
func profileScreen(t *testing.T, w, h int, files map[string]string) (*screen, profile.Store) {
	t.Helper()
	store := profileStore(t, files)
	s := start(t, w, h, newSource(), func(o *Options) {
		o.Profiles = store
		o.Names = map[string]string{"internal": "[10.0.0.0/8]"}
	})
	s.until("the first query", func() bool { return s.m.run.res != nil })
	s.settle()
	return s, store
}

// sees waits until the screen shows all texts.
func (s *screen) comes(texts ...string) {
	s.t.Helper()
	for _, text := range texts {
		s.until(text, func() bool { return strings.Contains(s.text(), text) })
	}
}

func (s *screen) goes(text string) {
	s.t.Helper()
	s.until("no "+text, func() bool { return !strings.Contains(s.text(), text) })
}

// search opens the list and looks for a profile.
func (s *screen) search(text string) {
	s.t.Helper()
	s.keys("p", "/")
	s.typed(text)
}

func mustGet(t *testing.T, s profile.Store, name string) profile.Entry {
	t.Helper()
	e, err := s.Get(name)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// TestProfileIsApplied: all that a profile says is on the tab when it runs, and its parameters are asked for.
func TestProfileIsApplied(t *testing.T) {
	s, _ := profileScreen(t, 120, 40, map[string]string{"web": webProfile})
	ran := len(s.src.results)
	s.search("web")
	s.keys("enter")
	s.comes("Which port", "?port · port")
	if len(s.src.results) != ran {
		t.Fatal("it ran before it was asked for")
	}
	s.keys("ctrl+u")
	s.typed("here")
	s.keys("enter")
	s.comes("✗ ", "expected a port")
	s.keys("ctrl+u")
	s.typed("8443 443")
	s.keys("enter")
	s.comes("web · last 24h · by src_bytes↓, start↑ · 500")
	s.settle()
	req := s.src.last().req
	if want := "proto tcp and dst port in [8443 443] and src net 10.0.0.0/8"; !sameQuery(t, req.Query, want) {
		t.Errorf("sent %q, want %q", req.Query, want)
	}
	if !slices.Equal(req.Order, []string{"-src_bytes", "start"}) || req.Limit != 500 || req.From == "" {
		t.Errorf("sent %+v", req)
	}
	if got := s.m.table.Columns(); len(got) != 3 || s.m.table.WidthOf(flow.ColDstIP) != 31 || s.m.table.Shape().Frozen != 1 || s.m.name != "web" {
		t.Errorf("columns %v, name %q", got, s.m.name)
	}
	if !strings.Contains(s.m.bar.Text(), "$internal") {
		t.Errorf("the line has %q", s.m.bar.Text())
	}
	s.until("the theme", func() bool { return s.m.look.Theme.Name == "light" })
	if got := s.m.changed(); got != nil {
		t.Errorf("changed by itself: %v", got)
	}
	if set := s.m.timeline.Settings; set.On || set.Metric.String() != "bytes" {
		t.Errorf("the timeline is %+v", set)
	}
	s.keys("ctrl+t")
	if s.m.look.Theme.Name == "light" {
		t.Error("the theme of the profile is on another tab")
	}
	s.keys("esc", "1")
	if s.m.look.Theme.Name != "light" {
		t.Error("the theme of the profile is gone")
	}
	s.search("web")
	s.keys("enter")
	s.comes("8443 443") // what was given the last time is offered again
	s.keys("esc")
	s.goes("Which port")
}

func sameQuery(t *testing.T, a, b string) bool {
	t.Helper()
	canon := func(text string) string {
		p := &profile.Profile{Query: text}
		bound, err := p.Bind(nil, nil, clock)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		return bound.Query.String()
	}
	return canon(a) == canon(b)
}

// TestProfileIsSaved: what was changed goes into the file, what was not stays as it is there, unknown keys included.
func TestProfileIsSaved(t *testing.T) {
	s, store := profileScreen(t, 120, 40, map[string]string{"web": webProfile})
	s.search("web")
	s.keys("enter")
	s.comes("Which port")
	s.keys("enter")
	s.comes("web · last 24h")
	s.until("the theme", func() bool { return s.m.look.Theme.Name == "light" })
	s.keys("p", "s")
	s.comes("web is as it was saved")
	s.keys("esc", "L", "ctrl+u")
	s.typed("last 7d limit none")
	s.keys("enter")
	s.comes("web, changed · last 7d")
	s.keys("p", "s")
	s.comes("Save the view as profile web? Changed: span, limit.")
	s.keys("y")
	s.comes("saved as profile web")
	s.keys("esc")
	s.comes("web · last 7d")
	e := mustGet(t, store, "web")
	if e.Span != "last 7d" || e.Limit != -1 || e.Query != "tcp and dst port ?port:443 and src net $internal" || len(e.Order) != 2 || e.Theme != "light" {
		t.Errorf("saved %+v", e.Profile)
	}
	if !slices.Equal(e.Unknown(), []string{"colour"}) || e.Parameters["port"].Prompt != "Which port" {
		t.Errorf("lost %v %v", e.Unknown(), e.Parameters)
	}

	s.ask("udp")
	s.settle()
	s.keys("p", "s")
	s.comes("Changed: query. It asks for")
	s.keys("y")
	s.until("the file", func() bool { return mustGet(t, store, "web").Query == "udp" })
}

// TestProfileSavedAs: a name that is safe, a description behind it, and a question before another one is lost.
func TestProfileSavedAs(t *testing.T) {
	s, store := profileScreen(t, 120, 40, map[string]string{"web": webProfile})
	s.ask("port 53 and udp")
	s.settle()
	s.keys("p", "S")
	s.comes("save the view as a profile")
	s.typed("../x")
	s.keys("enter")
	s.comes("letters a-z")
	s.keys("ctrl+u")
	s.typed("dns All name lookups")
	s.keys("enter")
	s.comes("saved as profile dns", "▸dns")
	e := mustGet(t, store, "dns")
	if e.Query != "port 53 and udp" || e.Description != "All name lookups" || e.Limit != DefaultLimit || len(e.Columns) == 0 || e.Span != "" || !slices.Equal(e.Order, []string{"-start"}) {
		t.Errorf("saved %+v", e.Profile)
	}
	s.keys("S")
	s.typed("web")
	s.keys("enter")
	s.comes("There is a profile web of your own. Replace it?")
	s.keys("n")
	if e := mustGet(t, store, "web"); e.Description != "Web sessions" {
		t.Errorf("replaced without a yes: %+v", e.Profile)
	}
	s.keys("S")
	s.typed("web")
	s.keys("enter")
	s.comes("Replace it?")
	s.keys("y")
	s.comes("saved as profile web")
	if e := mustGet(t, store, "web"); e.Query != "port 53 and udp" {
		t.Errorf("not replaced: %+v", e.Profile)
	}
}

// TestProfileChangedOnDisk: what another program wrote meanwhile is asked about before it is lost.
func TestProfileChangedOnDisk(t *testing.T) {
	s, store := profileScreen(t, 120, 40, map[string]string{"mine": `query = "tcp"`})
	s.search("mine")
	s.keys("enter")
	s.comes("mine · all time")
	s.ask("udp")
	s.settle()
	path := filepath.Join(store.Dir, "mine.toml")
	if err := os.WriteFile(path, []byte("query = 'icmp'\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.keys("p", "s", "y")
	s.comes("Another program changed the profile mine since it was read")
	s.keys("n")
	if e := mustGet(t, store, "mine"); e.Query != "icmp" {
		t.Errorf("it was overwritten: %s", e.Query)
	}
	s.keys("x")
	s.comes("Delete the profile mine?")
	if err := os.WriteFile(path, []byte("query = 'icmp6'\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.keys("y")
	s.comes("not deleted: profile mine was changed by another program")
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	s.keys("s", "y")
	s.comes("not saved, save it under another name")
}

// TestProfileFiles: rename, copy, delete, favourites and the profile on start, from the list.
func TestProfileFiles(t *testing.T) {
	s, store := profileScreen(t, 120, 40, map[string]string{"web": webProfile, "shared/team": `query = "udp"`})
	s.keys("p")
	s.comes("web ", "team ", "shared", "shipped")
	s.typed("/team")
	s.keys("tab", "x")
	s.comes("only profiles of your own can be changed")
	s.keys("r")
	s.comes("only profiles of your own can be changed")
	s.keys("c")
	s.comes("copy the profile team")
	s.keys("enter")
	s.comes("copied team to team-copy")
	s.keys("r", "ctrl+u")
	s.typed("web")
	s.keys("enter")
	s.comes("there is a profile of that name")
	s.keys("r", "ctrl+u")
	s.typed("a b")
	s.keys("enter")
	s.comes("a name has no blanks")
	s.keys("ctrl+u")
	s.typed("ours")
	s.keys("enter")
	s.comes("renamed team-copy to ours")
	s.keys("f", "4")
	s.comes("p 4 runs ours")
	s.keys("f", "x")
	s.comes("1 to 9, and 0 takes it away")
	s.keys("D")
	s.comes("ours runs when the program begins without a query", " start ")
	if m, err := store.Marks(); err != nil || m.Number("ours") != 4 || m.Start != "ours" {
		t.Errorf("%+v, %v", m, err)
	}
	s.keys("D")
	s.comes("no profile is run on start any more")
	s.keys("f", "0")
	s.comes("ours has no number any more")
	s.keys("4")
	s.comes("no profile has the number 4")
	s.keys("x")
	s.comes("Delete the profile ours?", "ours.toml")
	s.keys("n", "x", "y")
	s.comes("deleted the profile ours")
	s.until("the list", func() bool {
		return !slices.ContainsFunc(s.m.profiles.entries, func(e profile.Entry) bool { return e.Name == "ours" })
	})
	s.keys("esc", "p", "f", "2")
	s.comes("p 2 runs ")
	s.keys("esc", "p", "2")
	s.until("the favourite", func() bool { return s.m.saved != nil || s.m.mode == modeParams })
}

// TestProfileInANewTab leaves the tab that it came from alone.
func TestProfileInANewTab(t *testing.T) {
	s, _ := profileScreen(t, 120, 40, map[string]string{"mine": `query = "tcp"`})
	s.keys("p")
	s.comes("mine ")
	s.typed("/mine")
	s.keys("ctrl+t")
	s.comes("1 any", "2 mine")
	s.ask("udp")
	s.comes("2 mine*", "mine, changed")
	s.keys("1")
	if s.m.saved != nil || s.m.name != "" || s.m.bar.Text() != "" {
		t.Errorf("the first tab is %q, %q", s.m.name, s.m.bar.Text())
	}
	s.keys("2", "backspace")
	s.comes("2 mine ")
}

// TestProfileOnStart runs without a question, after its parameters, or not at all when a query was given.
func TestProfileOnStart(t *testing.T) {
	for name, c := range map[string]struct {
		start, text, query, last string
		shows                    []string
		sent                     int
	}{
		"plain":      {"mine", `query = "tcp"`, "", "", []string{"mine · all time", "❯ tcp"}, 1},
		"parameters": {"mine", `query = "port ?p:53"`, "", "", []string{"?p · port"}, 0},
		"query":      {"mine", `query = "tcp"`, "udp", "", []string{"❯ udp"}, 1},
		"span":       {"mine", `query = "tcp"`, "", "24h", []string{"❯ any", "last 24h"}, 1},
		"missing":    {"gone", `query = "tcp"`, "", "", []string{"❯ any", "the profile on start: no such profile"}, 1},
		"damaged":    {"mine", `query = "prot"`, "", "", []string{"❯ any", "mine.toml: query: column 1"}, 1},
		"none":       {"", `query = "tcp"`, "", "", []string{"❯ any"}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			store := profileStore(t, map[string]string{"mine": c.text})
			if err := store.SetStart(c.start); err != nil {
				t.Fatal(err)
			}
			s := start(t, 120, 40, newSource(), func(o *Options) { o.Profiles, o.Query, o.Last = store, c.query, c.last })
			s.comes(c.shows...)
			s.until("the queries", func() bool { return len(s.src.results) >= c.sent })
			if len(s.src.results) != c.sent {
				t.Errorf("%d queries were sent, want %d", len(s.src.results), c.sent)
			}
			if c.sent == 0 {
				s.keys("esc")
				s.until("the plain query", func() bool { return len(s.src.results) == 1 })
			}
		})
	}
}

// TestProfileOfThePalette: every profile has a name there.
func TestProfileOfThePalette(t *testing.T) {
	s, _ := profileScreen(t, 120, 40, map[string]string{"mine": `query = "tcp"`})
	s.keys("ctrl+k")
	s.typed("run mine")
	s.comes("profile: run mine")
	s.keys("enter")
	s.comes("mine · all time")
	s.keys("ctrl+k")
	s.typed("save the view of this tab under")
	s.keys("enter")
	s.comes("mine is as it was saved")
}

// TestLateProfileIsDropped: of two profiles that were asked for the later one runs, whichever file is read first.
func TestLateProfileIsDropped(t *testing.T) {
	s, _ := profileScreen(t, 120, 40, map[string]string{"a": `query = "tcp"`, "b": `query = "udp"`})
	first, second := s.m.findProfile("a", false), s.m.findProfile("b", false)
	s.send(second())
	s.send(first())
	s.want("❯ udp", "b · all time")
}

// TestProfileThatCannotRun says why, and nothing of the tab changes.
func TestProfileThatCannotRun(t *testing.T) {
	s, _ := profileScreen(t, 120, 40, map[string]string{"bad": `query = "prot 5"`, "dmz": `query = "ip $dmz"`})
	s.comes("bad.toml: query: column 1")
	s.run(s.m.findProfile("bad", false))
	s.comes("✗ ", "bad.toml")
	s.run(s.m.findProfile("dmz", false))
	s.comes("profile dmz: ", "$dmz is not defined")
	if s.m.saved != nil || s.m.bar.Text() != "" {
		t.Errorf("the line has %q", s.m.bar.Text())
	}
	s.keys("p")
	s.comes("! ", "bad.toml")
}

// TestGroupedProfileKeepsItsLimit: a limit of groups does not cut the flows.
func TestGroupedProfileKeepsItsLimit(t *testing.T) {
	s, store := profileScreen(t, 120, 40, map[string]string{"by": "query = 'tcp'\ngroup = ['src_ip']\nlimit = 5\nmetric = 'bytes'"})
	s.run(s.m.findProfile("by", false))
	s.comes("by · all time")
	if got := s.m.Grouping(); len(got) != 1 || got[0] != flow.ColSrcIP || s.m.timeline.Settings.Metric.String() != "bytes" {
		t.Errorf("grouped by %v", got)
	}
	for _, r := range s.src.results {
		if r.req.Kind == query.KindFlows && r.req.Limit != DefaultLimit {
			t.Errorf("limit %d of flows", r.req.Limit)
		}
	}
	s.ask("udp")
	s.settle()
	s.keys("p", "s", "y")
	s.until("the file", func() bool { return mustGet(t, store, "by").Query == "udp" })
	if e := mustGet(t, store, "by"); e.Limit != 5 || len(e.Group) != 1 || e.Metric != "bytes" {
		t.Errorf("saved %+v", e.Profile)
	}
}

func TestProfileScreens(t *testing.T) {
	files := map[string]string{"web": webProfile, "mine": `query = "tcp and dst port 443"`}
	for name, do := range map[string]func(s *screen){
		"profiles":        func(s *screen) { s.keys("p"); s.comes("web ") },
		"profiles-search": func(s *screen) { s.keys("p"); s.comes("web "); s.typed("/ssh") },
		"profiles-ask": func(s *screen) {
			s.run(s.m.findProfile("ssh-from-outside", false))
			s.comes("The inside")
			s.keys("tab", "end")
			s.typed("x")
			s.keys("enter")
		},
		"profiles-changed": func(s *screen) {
			s.run(s.m.findProfile("mine", false))
			s.comes("mine · all time")
			s.ask("udp")
			s.settle()
		},
	} {
		for _, size := range [][2]int{{80, 24}, {120, 40}, {40, 10}} {
			file := fmt.Sprintf("%s-%dx%d", name, size[0], size[1])
			t.Run(file, func(t *testing.T) {
				store := profileStore(t, files)
				if err := store.SetFavourite("web", 1); err != nil {
					t.Fatal(err)
				}
				s := start(t, 120, 40, newSource(), func(o *Options) {
					o.Profiles = profile.Store{Dir: store.Dir, MarksFile: store.MarksFile}
					o.Names = map[string]string{"internal": "[10.0.0.0/8]"}
				})
				s.mono()
				s.until("the first query", func() bool { return s.m.run.res != nil })
				s.settle()
				do(s)
				s.send(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
				if name == "profiles" { // the path of a file of the test is not the same twice
					s.m.profiles.list.Seek("beacons")
				}
				golden(t, file, s)
			})
		}
	}
}
