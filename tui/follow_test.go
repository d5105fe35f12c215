package tui

import (
	"cmp"
	"slices"
	"strings"
	"testing"
	"time"

	"cxlens/client"
	"cxlens/internal/flow"
)

// followScreen follows a query whose first answer had 20 rows; the clock is the test's.
func followScreen(t *testing.T) (s *screen, now *time.Time) {
	t.Helper()
	src, at := newSource(), clock
	src.answer = func(r *fakeResult) {
		r.finish(20, 20)
		r.set(func() { r.progress.State = client.Following })
	}
	s = start(t, 120, 30, src, func(o *Options) { o.Follow, o.Now = true, func() time.Time { return at } })
	return s, &at
}

// arrive lets a followed query have n rows in all, of which the oldest are cut.
func (s *screen) arrive(n int, cut uint64) {
	s.t.Helper()
	s.src.last().set(func() {
		r := s.src.results[len(s.src.results)-1]
		if cut > 0 {
			rows := make([]uint32, 0, n)
			all := newTable(n + int(cut)).View()
			for row := int(cut); row < all.Len(); row++ {
				rows = append(rows, uint32(row))
			}
			r.table = all.Keep(rows)
		} else {
			r.table = newTableLike(r.table, n)
		}
		r.progress.Rows, r.progress.Cut, r.progress.Matched = n, cut, uint64(n)+cut
	})
	s.until("the rows", func() bool { return s.m.run.progress.Rows == n && s.m.run.progress.Cut == cut })
}

// newTableLike adds flows to a table up to n.
func newTableLike(t *flow.Table, n int) *flow.Table {
	for _, r := range flows(n)[t.Len():] {
		t.Append(&r)
	}
	return t
}

func TestFollowRateAndPause(t *testing.T) {
	s, now := followScreen(t)
	if text := s.text(); !strings.Contains(text, "following new flows, 0/s") {
		t.Fatalf("at first:\n%s", text)
	}
	*now = now.Add(5 * time.Second)
	s.arrive(70, 0)
	if text := s.text(); !strings.Contains(text, "following new flows, 10.0/s") {
		t.Errorf("50 rows in 5 s:\n%s", text)
	}
	s.until("the rows here", func() bool { n, _ := s.m.table.Len(); return n == 70 })
	s.keys("E")
	s.arrive(100, 0)
	if n, arrived := s.m.table.Len(); n != 70 || arrived != 70 {
		t.Errorf("%d of %d rows on the screen while it is paused", n, arrived)
	}
	if text := s.text(); !strings.Contains(text, "paused, 30 wait · E shows them") {
		t.Errorf("paused:\n%s", text)
	}
	s.keys("E")
	s.until("the rows that waited", func() bool { n, _ := s.m.table.Len(); return n == 100 })
	for range 15 { // the rate falls while nothing arrives
		*now = now.Add(time.Second)
		s.send(ticked{})
	}
	if text := s.text(); !strings.Contains(text, "following new flows, 0/s") {
		t.Errorf("after 15 s without a flow:\n%s", text)
	}
	s.keys("F")
	s.src.last().set(func() { s.src.results[len(s.src.results)-1].progress.State = client.Done })
	s.until("the end", func() bool { return s.m.run.progress.State == client.Done })
	s.keys("E")
	if text := s.text(); !strings.Contains(text, "no query is followed") {
		t.Errorf("a key that does nothing is silent:\n%s", text)
	}
}

func TestFollowSaysWhatIsCut(t *testing.T) {
	s, now := followScreen(t)
	*now = now.Add(time.Minute)
	s.arrive(30, 5000)
	s.until("the new rows", func() bool { n, _ := s.m.table.Len(); return n == 30 })
	if text := s.text(); !strings.Contains(text, "5,000 older rows cut") {
		t.Errorf("the cut is silent:\n%s", text)
	}
}

// TestFollowGoesOnAfterALoss: the query is asked anew by itself, once, when the connection is back, unless its rows are held.
func TestFollowGoesOnAfterALoss(t *testing.T) {
	s, _ := followScreen(t)
	s.keys("down", "down", "down")
	row, _ := s.m.table.Mark()
	lose := func() {
		s.src.last().set(func() {
			p := &s.src.results[len(s.src.results)-1].progress
			p.State, p.Err = client.Failed, client.ErrLost
		})
		s.until("the failure", func() bool { return s.m.run.progress.State == client.Failed })
		s.src.set(client.Status{Phase: client.Waiting, Server: "lab:10201", Err: client.ErrLost})
		s.until("the loss", func() bool { return s.m.status.Phase == client.Waiting })
	}
	lose()
	text := s.text()
	if strings.Contains(text, "✗ the connection was lost") || !strings.Contains(text, "follows again once connected") {
		t.Errorf("what goes on by itself asks for something:\n%s", text)
	}
	asked := len(s.src.results)
	s.src.set(onlineStatus())
	s.until("the query again", func() bool { return len(s.src.results) == asked+1 && s.m.run.progress.State == client.Following })
	s.settle()
	if req := s.src.last().req; !req.Follow {
		t.Errorf("asked %+v", req)
	}
	if again, ok := s.m.table.Mark(); !ok || again.ID != row.ID {
		t.Errorf("the cursor went from %+v to %+v", row, again)
	}
	if text := s.text(); !strings.Contains(text, "what is followed goes on") {
		t.Errorf("the screen says\n%s", text)
	}
	s.keys("E")
	lose()
	s.src.set(onlineStatus())
	s.until("the connection", func() bool { return s.m.status.Phase == client.Online })
	if len(s.src.results) != asked+1 {
		t.Error("rows that are held were asked for again")
	}
	s.keys("E")
	if len(s.src.results) != asked+2 {
		t.Errorf("%d questions after the pause", len(s.src.results)-asked)
	}
}

// TestFollowStaysInOrder: new flows stand where the order puts them, also once the following has ended.
func TestFollowStaysInOrder(t *testing.T) {
	for name, end := range map[string]client.Progress{
		"lost":      {State: client.Failed, Err: client.ErrLost},
		"cancelled": {State: client.Cancelled},
	} {
		t.Run(name, func(t *testing.T) {
			s, now := followScreen(t)
			*now = now.Add(time.Second)
			s.src.last().set(func() { // newer flows come later
				r := s.src.results[len(s.src.results)-1]
				all := flows(70)
				r.table = flow.NewTable()
				for i := range all {
					r.table.Append(&all[(i+50)%70])
				}
				r.progress.Rows, r.progress.Matched = 70, 70
			})
			s.until("the rows", func() bool { n, _ := s.m.table.Len(); return n == 70 && !s.m.table.Sorting() })
			s.settle()
			before := starts(s)
			if !slices.IsSortedFunc(before, func(a, b int64) int { return cmp.Compare(b, a) }) {
				t.Fatalf("not the newest first while it is followed: %v", before)
			}
			s.src.last().set(func() {
				p := &s.src.results[len(s.src.results)-1].progress
				p.State, p.Err = end.State, end.Err
			})
			s.until("the end", func() bool { return s.m.run.progress.State == end.State })
			s.settle()
			if after := starts(s); !slices.Equal(after, before) {
				t.Errorf("the order was\n%v, then\n%v", before, after)
			}
		})
	}
}

// starts are the beginnings of the flows in the order of the screen.
func starts(s *screen) []int64 {
	var out []int64
	view, order, n := s.m.table.Present()
	for place := range n {
		row := place
		if order != nil {
			row = int(order[place])
		}
		out = append(out, view.Int64(flow.ColStart, row))
	}
	return out
}

func TestFollowBringsNewFlowsIntoOrder(t *testing.T) {
	src := newSource()
	src.answer = func(r *fakeResult) {
		r.finish(100, 100)
		r.set(func() { r.progress.State = client.Following })
	}
	s := start(t, 120, 40, src, func(o *Options) { o.Follow = true })
	if !src.last().req.Follow {
		t.Error("follow was not asked for")
	}
	s.sees("following new flows", "follow")
	r := src.last()
	fresh := flow.Record{ID: 9, Start: clock.UnixMicro(), End: clock.UnixMicro(), Proto: flow.TCP, IPVersion: 4, Src: flow.AddrFrom4(0x01020304)}
	r.set(func() { r.table.Append(&fresh); r.progress.Rows++ })
	s.until("the new flow", func() bool { n, _ := s.m.table.Len(); return n == 101 })
	s.settle()
	var top flow.Record
	if s.m.table.Current(&top); top.ID != 9 {
		t.Errorf("the newest flow is not first: %+v", top)
	}
}
