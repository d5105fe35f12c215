package tui

import (
	"fmt"
	"image/color"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"cxlens/client"
	"cxlens/query"
	"cxlens/themes"
	"cxlens/tui/look"
	"cxlens/tui/sums"
	"cxlens/tui/timeline"
)

func (s *screen) timelineThere() {
	s.t.Helper()
	s.until("the timeline", func() bool { return s.m.timeline.Shown() != nil && s.m.times.ask == nil })
}

func timelineScreen(t *testing.T, w, h int, change func(*Options)) (*screen, *server) {
	srv, src := newServer(t, 300)
	s := start(t, w, h, src, change)
	s.keys("T")
	s.timelineThere()
	return s, srv
}

func TestTimelineIsThatOfAllMatches(t *testing.T) {
	s, srv := timelineScreen(t, 120, 40, func(o *Options) { o.Query, o.Limit = "tcp", 10 })
	d := s.m.timeline.Shown()
	all, _, _ := srv.sum(srv.matching(query.Request{Query: "tcp"}))
	var sum sums.Sums
	for _, b := range d.Total {
		sum.Add(b)
	}
	if sum != all || d.Matches != all[sums.Flows] {
		t.Errorf("the timeline sums up to %v of %d matches, the matches to %v", sum, d.Matches, all)
	}
	req := srv.last(query.KindTimeline)
	if !slices.Equal(req.By, []string{"proto"}) || req.Metric != "flows" || req.Query != "tcp" {
		t.Errorf("asked for %+v", req)
	}
	s.want("tcp 100%", "13:5")
	s.keys("T")
	if s.m.timelineLines() != 0 || strings.Contains(s.text(), "tcp 100%") {
		t.Error("T does not hide the timeline")
	}
}

func TestTimelineZoomAndBack(t *testing.T) {
	s, srv := timelineScreen(t, 120, 40, nil)
	s.keys("z", "home", "right", "right", "space", "right", "right", "right")
	from, to, _ := s.m.timeline.Span()
	var want sums.Sums
	for _, b := range s.m.timeline.Shown().Total[2:6] {
		want.Add(b)
	}
	s.want(sums.Flows.Text(want[sums.Flows]))
	s.keys("enter")
	s.timelineThere()
	flows := lastFlows(srv)
	if flows.From != stamp(from.UnixMicro()) || flows.To != stamp(to.UnixMicro()) {
		t.Errorf("zoomed to %s .. %s, want %s .. %s", flows.From, flows.To, from, to)
	}
	s.until("the rows", func() bool { _, n := s.m.table.Len(); return n == int(want[sums.Flows]) })
	if s.m.mode != modeTimeline {
		t.Error("the keyboard left the timeline")
	}
	if d := s.m.timeline.Shown(); d.Start > from.UnixMicro() || d.End() < to.UnixMicro() {
		t.Errorf("the timeline shows %d .. %d", d.Start, d.End())
	}
	s.keys("[")
	s.until("the rows before", func() bool { _, n := s.m.table.Len(); return n == 300 })
	s.keys("]")
	s.until("the rows after", func() bool { _, n := s.m.table.Len(); return n == int(want[sums.Flows]) })
	if s.m.mode != modeTimeline {
		t.Error("zooming back and forward leaves the timeline")
	}
	s.timelineThere()
	s.keys("-")
	s.until("more rows", func() bool { _, n := s.m.table.Len(); return n > int(want[sums.Flows]) })
}

// lastFlows is the newest request for rows.
func lastFlows(s *server) query.Request {
	for _, req := range slices.Backward(s.asked) {
		if req.Kind == query.KindFlows {
			return req
		}
	}
	return query.Request{}
}

func TestTimelineZoomByMouse(t *testing.T) {
	s, srv := timelineScreen(t, 120, 40, nil)
	s.want("tcp") // what a person points at has been drawn
	y := s.m.geometry().body - 5
	s.send(tea.MouseClickMsg{X: 20, Y: y, Button: tea.MouseLeft})
	s.send(tea.MouseMotionMsg{X: 29, Y: y, Button: tea.MouseLeft})
	from, to, _ := s.m.timeline.Span()
	d := s.m.timeline.Shown()
	if from.UnixMicro() != d.Start+12*d.Width || to.Sub(from) != time.Duration(10*d.Width)*time.Microsecond {
		t.Errorf("dragged over %s .. %s of buckets of %d from %d", from, to, d.Width, d.Start)
	}
	s.send(tea.MouseReleaseMsg{X: 29, Y: y, Button: tea.MouseLeft})
	if got := lastFlows(srv); got.From != stamp(from.UnixMicro()) {
		t.Errorf("the drag asked for %+v", got)
	}
	s.timelineThere()
	asked := len(srv.asked)
	s.send(tea.MouseClickMsg{X: 20, Y: y, Button: tea.MouseLeft})
	s.send(tea.MouseReleaseMsg{X: 20, Y: y, Button: tea.MouseLeft})
	if len(srv.asked) != asked || s.m.mode != modeTimeline {
		t.Error("a click zooms, or does not go to the timeline")
	}
}

func TestTimelineIsCancelledWithItsQuery(t *testing.T) {
	srv, src := newServer(t, 300)
	s := start(t, 120, 40, src, nil)
	srv.hold = query.KindCount
	s.keys("T")
	held := src.last()
	if held.req.Kind != query.KindCount {
		t.Fatalf("%+v was asked", held.req)
	}
	s.want("the server is asked for the timeline")
	srv.hold = ""
	s.keys("r")
	if !held.cancelled {
		t.Error("the timeline of the query before is still on its way")
	}
	s.timelineThere()
	s.keys("T")
	srv.hold = query.KindTimeline
	s.keys("T", "r")
	s.until("the ends", func() bool { return src.last().req.Kind == query.KindTimeline })
	held = src.last()
	s.keys("T")
	if !held.cancelled {
		t.Error("the timeline is hidden and still on its way")
	}
}

func TestTimelineSaysWhyItIsEmpty(t *testing.T) {
	srv, src := newServer(t, 300)
	srv.fail = query.KindCount
	s := start(t, 120, 40, src, nil)
	s.keys("T")
	s.until("the error", func() bool { return strings.Contains(s.text(), "✗ timeline: the store failed") })
	srv.fail = query.KindTimeline
	s.keys("r")
	s.until("the other error", func() bool {
		return strings.Contains(s.text(), "✗ timeline: the store failed") && s.m.times.ask == nil
	})
	s.keys("z", "enter")
	s.want("there is nothing on the timeline yet")
	srv.fail = ""
	s.keys(":")
	s.typed("port 1")
	s.keys("enter")
	s.until("no matches", func() bool { return strings.Contains(s.text(), "no flow matches, and so there is no timeline") })
}

// TestTimelineOfASpan: buckets begin at round times, and yet only flows of the span are counted.
func TestTimelineOfASpan(t *testing.T) {
	s, srv := timelineScreen(t, 120, 40, func(o *Options) { o.Last = "2026-11-22 13:53:00.5 .. 2026-11-22 13:55:00.25" })
	want, _, _ := srv.sum(srv.matching(query.Request{Query: "any", From: "2026-11-22T13:53:00.5Z", To: "2026-11-22T13:55:00.25Z"}))
	d := s.m.timeline.Shown()
	var sum sums.Sums
	for _, b := range d.Total {
		sum.Add(b)
	}
	if sum != want || d.Start%d.Width != 0 {
		t.Errorf("%v, want %v; the first bucket of %d is at %d", sum, want, d.Width, d.Start)
	}
	s.keys("z", "home", "enter")
	if got := lastFlows(srv); got.From != "2026-11-22T13:53:00.5Z" {
		t.Errorf("the zoom begins at %s, before the query's span", got.From)
	}
}

func TestTimelineSettings(t *testing.T) {
	s, srv := timelineScreen(t, 120, 40, nil)
	s.keys("z", "m")
	s.timelineThere()
	if req := srv.last(query.KindTimeline); req.Metric != "bytes" {
		t.Errorf("asked for %+v", req)
	}
	s.want("bytes")
	s.keys("esc", "right", "right", "right", "z", "b")
	s.timelineThere()
	col := s.m.table.Column().String()
	if req := srv.last(query.KindTimeline); col == "proto" || !slices.Equal(req.By, []string{col}) {
		t.Errorf("column %s, asked for %+v", col, req)
	}
	s.keys("b")
	s.timelineThere()
	if req := srv.last(query.KindTimeline); req.By != nil || req.Limit != 0 {
		t.Errorf("asked for %+v", req)
	}
	s.keys("b", "a")
	s.timelineThere()
	s.want("   tcp ", "   udp ")
	lines := s.m.timelineLines()
	s.keys("+")
	if s.m.timelineLines() != lines+1 {
		t.Error("+ does not make it higher")
	}
	s.keys("_", "_", "_", "_", "_")
	s.want("the timeline has one line; T hides it")
	s.keys("ctrl+t")
	s.typed("tcp")
	s.keys("enter")
	if s.m.timeline.Settings != s.m.tabs.open[0].timeline.Settings {
		t.Error("a new tab looks at the time otherwise")
	}
}

func TestTimelineRefreshesWhileFollowing(t *testing.T) {
	now := clock
	srv, src := newServer(t, 300)
	src.answer = func(r *fakeResult) {
		srv.answer(r)
		if r.req.Follow {
			r.set(func() { r.progress.State = client.Following })
		}
	}
	s := start(t, 120, 40, src, func(o *Options) { o.Follow, o.Now = true, func() time.Time { return now } })
	follows := src.last()
	s.keys("T")
	s.timelineThere()
	asked := len(srv.asked)
	follows.set(func() { follows.progress.Matched++ })
	s.until("the match", func() bool { return s.m.run.progress.Matched == 301 })
	if len(srv.asked) != asked || !s.m.times.timed {
		t.Error("the timeline was asked for again at once, or never will be")
	}
	now = now.Add(2 * refreshTimeline)
	s.send(timelineDue{s.m.tab})
	if len(srv.asked) != asked+1 {
		t.Error("the timeline was not asked for again")
	}
	s.timelineThere()
	s.send(timelineDue{s.m.tab})
	if s.until("rest", func() bool { return s.m.times.ask == nil }); len(srv.asked) != asked+2 {
		t.Errorf("%d more questions without new matches", len(srv.asked)-asked-2)
	}
}

func TestTimelineScreens(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {120, 40}, {200, 60}} {
		for _, theme := range []string{"dark", "light", "mono"} {
			name := fmt.Sprintf("timeline-%dx%d-%s", size[0], size[1], theme)
			t.Run(name, func(t *testing.T) {
				s, _ := timelineScreen(t, size[0], size[1], nil)
				switch theme {
				case "light":
					s.send(tea.BackgroundColorMsg{Color: color.White})
				case "mono":
					s.mono()
				}
				golden(t, name, s)
			})
		}
	}
	for name, keys := range map[string][]string{
		"select": {"z", "left", "space", "left", "left", "left", "left", "left", "left"}, "lanes": {"z", "a", "esc"}, "braille": {"z", "v", "+", "+", "+", "esc"},
		"ascii": {"z", "v", "v", "+", "+", "+", "esc"},
	} {
		for _, size := range [][2]int{{80, 24}, {120, 40}} {
			file := fmt.Sprintf("timeline-%s-%dx%d", name, size[0], size[1])
			t.Run(file, func(t *testing.T) {
				s, _ := timelineScreen(t, size[0], size[1], nil)
				s.mono()
				s.keys(keys...)
				s.timelineThere()
				golden(t, file, s)
			})
		}
	}
}

// BenchmarkTimeline draws a timeline of 200 columns that changed.
func BenchmarkTimeline(b *testing.B) {
	d := &timeline.Data{Width: 1_000_000, Total: make([]sums.Sums, 192)}
	for range 5 {
		s := timeline.Series{Name: "tcp", Sums: make([]sums.Sums, 192)}
		for i := range s.Sums {
			s.Sums[i] = sums.Sums{uint64(i * 7 % 13), uint64(i), uint64(i)}
			d.Total[i].Add(s.Sums[i])
		}
		d.Series = append(d.Series, s)
	}
	m := timeline.New(timeline.Keys(), timeline.Settings{On: true})
	l := newTestLook()
	b.ReportAllocs()
	for b.Loop() {
		m.Show(d)
		m.View(l, 200, 60, timeline.Spot{Active: true})
	}
}

func newTestLook() *look.Look { return look.New(themes.Loader{}.Auto(false), false) }
