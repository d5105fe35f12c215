package tui

import (
	"strings"
	"testing"

	"cxlens/client"
	"cxlens/internal/flow"
)

// TestWordsAtEightyColumns: what is said at the foot is whole, and not followed by the beginning of something else.
func TestWordsAtEightyColumns(t *testing.T) {
	src := newSource()
	src.answer = func(r *fakeResult) {
		r.finish(20, 20)
		r.set(func() { r.progress.State = client.Following })
	}
	s := start(t, 80, 24, src, func(o *Options) { o.Follow = true })
	s.m.news("wrote 5,192 rows to /home/analyst/cxlens-20261122-195609.csv")
	if text := s.text(); !strings.Contains(text, "195609.csv") || strings.Contains(text, "following") {
		t.Errorf("a long text:\n%s", text)
	}
	s.m.news("copied")
	if text := s.text(); !strings.Contains(text, "copied") || !strings.Contains(text, "following new flows, 0/s") {
		t.Errorf("a short text:\n%s", text)
	}
	src.set(client.Status{
		Phase: client.Waiting, Server: "127.0.0.1:17721", RetryAt: clock,
		Err: failedDial("connect to 127.0.0.1:17721: connection refused"),
	})
	s.until("the loss", func() bool { return s.m.status.Phase == client.Waiting })
	if text := s.text(); !strings.Contains(text, "connection lost, trying again now: connection refused") {
		t.Errorf("the reason is not whole:\n%s", text)
	}
}

type failedDial string

func (e failedDial) Error() string { return string(e) }

// TestEmptyServerIsNamed: without a flow on the server it is not the query that removes them.
func TestEmptyServerIsNamed(t *testing.T) {
	src := newSource()
	src.answer = func(r *fakeResult) { r.finish(0, 0) }
	src.status.Nodes[0].Flows, src.status.Nodes[0].Oldest, src.status.Nodes[0].Newest = 0, src.status.Nodes[1].Oldest, src.status.Nodes[1].Newest
	s := start(t, 80, 24, src, nil)
	if text := s.text(); !strings.Contains(text, "the server has no flows yet") {
		t.Errorf("the screen says\n%s", text)
	}
}

// TestOneOfAThing: a single value and a single match are not called several.
func TestOneOfAThing(t *testing.T) {
	_, src := newServer(t, 1)
	s := start(t, 80, 24, src, nil)
	s.onColumn(flow.ColProto)
	s.keys("t")
	s.until("the server's answer", func() bool { return s.m.facets.rest() })
	if text := s.text(); !strings.Contains(text, "1 value of the only match") {
		t.Errorf("the screen says\n%s", text)
	}
}
