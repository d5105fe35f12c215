package tui

import (
	"slices"
	"strings"
	"testing"

	"cxlens/internal/flow"
	"cxlens/query"
	"cxlens/query/profile"
)

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

// TestProfileOrderOfTheScreen: an order by a column that no server knows is kept, and the server is asked for the rest of it.
func TestProfileOrderOfTheScreen(t *testing.T) {
	s, _ := profileScreen(t, 120, 40, map[string]string{"named": "query = \"any\"\norder = [\"dst_name\", \"-bytes\"]"})
	s.search("named")
	s.keys("enter")
	s.comes("named · all time · by bytes↓")
	s.settle()
	if order := s.src.last().req.Order; !slices.Equal(order, []string{"-bytes"}) {
		t.Errorf("the server is asked for %v", order)
	}
	if text := s.text(); !strings.Contains(text, "sort dst_name↑, bytes↓") || s.m.changed() != nil {
		t.Errorf("changed %v:\n%s", s.m.changed(), text)
	}
	if kept := s.m.view().asNew().Order; !slices.Equal(kept, []string{"dst_name", "-bytes"}) {
		t.Errorf("kept as %v", kept)
	}
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
