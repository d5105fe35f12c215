package tui

import (
	"testing"

	"cxlens/client"
	"cxlens/internal/flow"
	"cxlens/query"
)

// phase sets how the connection stands, and waits until the screen knows.
func (s *screen) phase(src *fakeSource, p client.Phase) {
	s.t.Helper()
	status := onlineStatus()
	status.Phase = p
	src.set(status)
	s.until("the connection's state", func() bool { return s.m.status.Phase == p })
}

// TestListsWithoutConnection: top values and groups say that the server cannot be asked, and whose counts they show; they
// ask when the connection is back.
func TestListsWithoutConnection(t *testing.T) {
	const (
		asked  = "the server is asked for all matches"
		absent = "the server is not connected: the counts are of the rows here"
		lost   = "the connection was lost: the counts are of the rows here"
	)
	for name, open := range map[string]func(s *screen) *listing{
		"top values": func(s *screen) *listing { s.keys("t"); return s.m.facets },
		"groups": func(s *screen) *listing {
			s.m.SetGrouping([]flow.Column{flow.ColProto})
			s.run(s.m.wantGroups())
			return s.m.groups
		},
	} {
		t.Run(name, func(t *testing.T) {
			srv, src := newServer(t, 300)
			s := start(t, 80, 24, src, nil)
			s.onColumn(flow.ColProto)
			srv.hold = query.KindTop
			s.phase(src, client.Waiting)
			l := open(s)
			s.until("the rows here", func() bool { return len(l.list.Shown().Groups) == 3 })
			s.want(absent, "of the 300 rows here")
			s.phase(src, client.Online)
			s.want(asked)
			s.seesNot(absent)
			s.phase(src, client.Waiting)
			s.want(absent)
			held := l.top.res.(*fakeResult)
			held.set(func() { held.progress = client.Progress{State: client.Failed, Err: client.ErrLost} })
			s.until("the loss", func() bool { return l.lost })
			s.want(lost, "of the 300 rows here")
			srv.hold = ""
			s.phase(src, client.Online)
			s.until("the server's answer", l.rest)
			s.want("of all 300 matches")
		})
	}
}
