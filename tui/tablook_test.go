package tui

import (
	"reflect"
	"strings"
	"testing"

	"cxlens/internal/flow"
	"cxlens/internal/opentabs"
	"cxlens/tui/facets"
	"cxlens/tui/span"
	"cxlens/tui/sums"
	"cxlens/tui/table"
	"cxlens/tui/timeline"
)

// whole is all that a tab shows and that comes back with it.
type whole struct {
	view view
	look tabLook

	name    string
	follow  bool
	refined string
}

func (t *tab) whole() whole {
	return whole{view: t.view(), look: t.look(), name: t.name, follow: t.follow, refined: t.refined}
}

// leaves calls f for every value of two things of one type that is no struct, with where it stands.
func leaves(path string, a, b reflect.Value, f func(path string, a, b reflect.Value)) {
	if a.Kind() != reflect.Struct || a.Type() == reflect.TypeFor[span.Span]() {
		f(path, a, b)
		return
	}
	for i := range a.NumField() {
		leaves(path+"."+a.Type().Field(i).Name, a.Field(i), b.Field(i), f)
	}
}

// TestEverythingOfATabComesBack: each value of a view, a look, a shape and of the settings differs from a new tab's here,
// and is the same after another start. A field that is added and not set below fails the first check, and one that is
// set and not kept the second.
func TestEverythingOfATabComesBack(t *testing.T) {
	store := opentabs.NewStore(t.TempDir())
	s := withTabs(t, store)
	fresh := s.m.tab.whole()
	s.keys("ctrl+t")
	s.typed("port 53")
	s.keys("enter")
	s.settle()
	sp, err := span.Parse("2026-11-20 .. 2026-11-21", clock)
	if err != nil {
		t.Fatal(err)
	}
	want := whole{
		view: view{
			query: "port 53", span: sp, order: []flow.SortKey{{Column: flow.ColSrcIP}}, limit: 777,
			shape:  table.Shape{Columns: []flow.Column{flow.ColState, flow.ColSrcIP}, Widths: map[flow.Column]int{flow.ColState: 17}, Frozen: 1},
			groups: []flow.Column{flow.ColProto}, most: 5, metric: sums.Packets, timeline: true, theme: "light",
		},
		look: tabLook{
			bars:  timeline.Settings{On: true, Metric: sums.Packets, By: flow.ColState, Style: timeline.Braille, Lanes: true, Height: 2},
			exact: true, column: flow.ColSrcIP, groups: groupLook{sums.Bytes, "-by.proto", facets.OfMatch, true},
		},
		name: "names", follow: true, refined: "udp",
	}
	leaves("tab", reflect.ValueOf(want), reflect.ValueOf(fresh), func(path string, a, b reflect.Value) {
		if reflect.DeepEqual(exported(a), exported(b)) {
			t.Errorf("%s is as in a new tab: give it another value, so that it can be seen to come back", path)
		}
	})

	tab := s.m.tab
	tab.put(want.view)
	tab.ownTheme, err = s.m.opts.Themes.Load("light")
	if err != nil {
		t.Fatal(err)
	}
	tab.timeline.Change(func(to *timeline.Settings) { *to = want.look.bars })
	tab.table.SetExact(want.look.exact)
	tab.table.SetColumn(want.look.column)
	tab.groupLook = want.look.groups
	tab.name, tab.follow = want.name, want.follow
	s.run(s.m.refine(want.refined))
	if got := tab.whole(); !reflect.DeepEqual(got, want) {
		t.Fatalf("a tab takes on\n%+v, not\n%+v", got, want)
	}
	_ = s.m.close()

	s = withTabs(t, store)
	s.keys("ctrl+o")
	s.until("the tab", func() bool { return s.m.name == "names" })
	got := s.m.tab.whole()
	leaves("tab", reflect.ValueOf(want), reflect.ValueOf(got), func(path string, a, b reflect.Value) {
		if !reflect.DeepEqual(exported(a), exported(b)) {
			t.Errorf("%s does not come back: %v, was %v", path, b, a)
		}
	})
}

// exported is a copy of a value that may be of an unexported field.
func exported(v reflect.Value) any {
	switch v.Kind() {
	case reflect.Slice:
		var out []any
		for i := range v.Len() {
			out = append(out, exported(v.Index(i)))
		}
		return out
	case reflect.Map:
		out := make(map[any]any)
		for it := v.MapRange(); it.Next(); {
			out[exported(it.Key())] = exported(it.Value())
		}
		return out
	case reflect.Struct:
		out := make(map[any]any)
		for i := range v.NumField() {
			out[v.Type().Field(i).Name] = exported(v.Field(i))
		}
		return out
	case reflect.String:
		return v.String()
	case reflect.Bool:
		return v.Bool()
	case reflect.Int, reflect.Int64:
		return v.Int()
	case reflect.Uint8, reflect.Uint64:
		return v.Uint()
	}
	panic("a tab shows a " + v.Kind().String() + ", which the test cannot compare")
}

// TestEveryFieldOfATabIsKeptOrNot: whoever adds something to a tab decides here whether it comes back.
func TestEveryFieldOfATabIsKeptOrNot(t *testing.T) {
	kept := map[string]string{
		"tab.name": "whole", "tab.span": "view", "tab.limit": "view", "tab.follow": "whole", "tab.refined": "whole",
		"tab.saved": "opentabs.Profile", "tab.ownTheme": "view.theme", "tab.table": "view and look", "tab.bar": "view.query",
		"views.timeline": "view and look", "views.grouping": "view", "views.mostGroups": "view",
		"views.groupLook": "look",
	}
	for name, why := range map[string]string{
		"tab.views": "below", "tab.run": "the query brings it again", "tab.fresh": "of the rows", "tab.trail": "the way back is of one run of the program",
		"tab.waiting": "is what a tab that comes back does", "tab.spanBefore": "of a query that was being typed", "tab.seen": "of the rows", "tab.shaped": "a count",
		"views.times": "asked again", "views.part": "counted again", "views.facets": "a box that is open", "views.groups": "asked again",
	} {
		kept[name] = why
	}
	for _, of := range []reflect.Type{reflect.TypeFor[tab](), reflect.TypeFor[views]()} {
		for i := range of.NumField() {
			if name := of.Name() + "." + of.Field(i).Name; kept[name] == "" {
				t.Errorf("%s: put it into view or tabLook, so that it comes back with the tab, or say here why not", name)
			}
		}
	}
}

func TestDamagedLooks(t *testing.T) {
	s := withTabs(t, opentabs.NewStore(t.TempDir()))
	fine := *s.m.tab.look().kept()
	for want, change := range map[string]func(*opentabs.Look){
		"to stack by":           func(l *opentabs.Look) { l.Stack = "colour" },
		"no bars of":            func(l *opentabs.Look) { l.Style = "" },
		"a timeline of 9 lines": func(l *opentabs.Look) { l.Height = 9 },
		"neither a metric":      func(l *opentabs.Look) { l.Counts = "all" },
		"no column":             func(l *opentabs.Look) { l.Column = "\x1b[2J" },
	} {
		o := fine
		change(&o)
		if err := s.m.lookKept(s.m.newTab(""), &o); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\x1b") {
			t.Errorf("%+v: %v, want %q", o, err, want)
		}
	}
	s.m.opts.ASCII = true
	tab := s.m.newTab("")
	if err := s.m.lookKept(tab, &fine); err != nil || tab.timeline.Style != timeline.ASCII {
		t.Errorf("blocks come back on a terminal that has none: %v", err)
	}
}
