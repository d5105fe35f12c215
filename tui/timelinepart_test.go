package tui

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"cxlens/client"
	"cxlens/query"
	"cxlens/tui/sums"
)

func (s *screen) partThere(flows uint64) {
	s.t.Helper()
	s.until("the refined part", func() bool {
		p := s.m.timeline.Part()
		return p != nil && p.All[sums.Flows] == flows
	})
}

// TestTimelineOfRefinedRows: the refined part of the rows here stands in the bars of the match, goes along with another
// refinement and another span, and goes away with it. The server is not asked for it.
func TestTimelineOfRefinedRows(t *testing.T) {
	s, srv := timelineScreen(t, 120, 40, nil)
	asked := len(srv.asked)
	for _, text := range []string{"dst port 443", "tcp", "port 1"} {
		s.keys("/", "ctrl+u")
		s.typed(text)
		s.keys("enter")
		want, _, _ := srv.sum(srv.matching(query.Request{Query: text}))
		s.partThere(want[sums.Flows])
		var sum sums.Sums
		for _, b := range s.m.timeline.Part().Total {
			sum.Add(b)
		}
		if sum != want {
			t.Errorf("%s: the part is %v, the rows are %v", text, sum, want)
		}
		s.want(fmt.Sprintf("░ match 300 · █ refined %d of the rows here", want[sums.Flows]))
	}
	if len(srv.asked) != asked {
		t.Errorf("the server was asked %d times", len(srv.asked)-asked)
	}
	s.keys("/", "ctrl+u")
	s.typed("tcp")
	s.keys("enter")
	s.settle()
	s.keys("z", "m", "esc")
	s.until("bytes", func() bool {
		return strings.Contains(s.text(), "refined ") && strings.Contains(s.text(), " MB of the rows here")
	})
	s.keys("esc")
	s.until("no part", func() bool { return s.m.timeline.Part() == nil && !strings.Contains(s.text(), "of the rows here") })
}

// TestTimelineOfRefinedRowsThatCome: a row that comes later is counted, and one count runs at a time.
func TestTimelineOfRefinedRowsThatCome(t *testing.T) {
	now := clock
	srv, src := newServer(t, 300)
	answer := src.answer
	src.answer = func(r *fakeResult) {
		answer(r)
		if r.req.Follow {
			r.set(func() { r.progress.State = client.Following })
		}
	}
	s := start(t, 120, 40, src, func(o *Options) { o.Follow, o.Now = true, func() time.Time { return now } })
	s.keys("T")
	s.timelineThere()
	s.run(s.m.refine("tcp"))
	want := uint64(len(srv.matching(query.Request{Query: "tcp"})))
	s.partThere(want)
	before := s.m.part.seq
	s.send(refinedDue{s.m.tab})
	s.settle()
	if s.m.part.seq != before {
		t.Error("the same rows were counted twice")
	}
	s.m.refined = ""
	s.send(refinedCounted{tab: s.m.tab, seq: before, data: s.m.timeline.Shown()})
	if s.m.timeline.Part() != nil {
		t.Error("an answer that nobody waits for is drawn")
	}
}

func TestTimelineRefinedScreens(t *testing.T) {
	for name, keys := range map[string][]string{
		"blocks": nil, "ascii": {"z", "v", "v", "esc"}, "braille": {"z", "v", "esc"}, "flat": {"z", "_", "_", "_", "esc"},
	} {
		for _, size := range [][2]int{{80, 24}, {120, 40}} {
			file := fmt.Sprintf("timeline-refined-%s-%dx%d", name, size[0], size[1])
			t.Run(file, func(t *testing.T) {
				s, _ := timelineScreen(t, size[0], size[1], nil)
				s.mono()
				s.run(s.m.refine("udp"))
				s.keys(keys...)
				s.timelineThere()
				s.until("the part", func() bool { return s.m.timeline.Part() != nil })
				s.settle() // the bytes of the rows stand at the end of the last line
				golden(t, file, s)
			})
		}
	}
}
