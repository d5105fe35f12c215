package client

import (
	"context"
	"errors"
	"testing"

	"cxlens/internal/flow"
	"cxlens/query"
)

// streamed is a stream that runs beside the test.
type streamed struct {
	views chan *flow.View // what each got; each waits until the test takes it
	last  Progress
	end   chan error
}

func stream(ctx context.Context, c *Client, req query.Request, each func(*flow.View) error) *streamed {
	s := &streamed{views: make(chan *flow.View), end: make(chan error, 1)}
	go func() {
		s.end <- c.Stream(ctx, req, func(v *flow.View, p Progress) error {
			s.last = p
			s.views <- v
			return each(v)
		})
	}()
	return s
}

func taken(*flow.View) error { return nil }

func TestStreamHandsPartsOver(t *testing.T) {
	s := newFakeServer(t)
	c := dialled(t, s)
	out := stream(t.Context(), c, query.Request{Query: "tcp"}, taken)
	req := s.request(t)
	node := []flow.NodeInfo{{ID: 3, Name: "eth1"}}
	posted := make(chan error, 2)
	go func() {
		posted <- s.peer().post(t, query.PartHeader{ID: req.ID, Columns: []string{"id"}, Nodes: node, Matched: 5, Rows: 3}, rows(3))
		posted <- s.peer().post(t, query.PartHeader{ID: req.ID, Part: 1, Columns: []string{"id"}, Matched: 5, Rows: 2, Done: true}, rows(2))
	}()
	for _, want := range []int{3, 2} {
		v := <-out.views
		if v.Len() != want || v.Uint64(flow.ColID, 0) != 1 {
			t.Errorf("a view of %d rows, want %d that begin anew", v.Len(), want)
		}
		if want == 3 && v.Node(3).Name != "eth1" {
			t.Errorf("node %+v", v.Node(3))
		}
	}
	if err := errors.Join(<-posted, <-posted, <-out.end); err != nil {
		t.Fatal(err)
	}
	if out.last.Rows != 5 || out.last.Matched != 5 {
		t.Errorf("progress %+v", out.last)
	}
}

func TestStreamEndsWithItsReader(t *testing.T) {
	s := newFakeServer(t)
	c := dialled(t, s)
	full := errors.New("disk full")
	out := stream(t.Context(), c, query.Request{Query: "tcp"}, func(*flow.View) error { return full })
	req := s.request(t)
	go func() { <-out.views }()
	if err := s.peer().post(t, query.PartHeader{ID: req.ID, Matched: 9, Rows: 1}, rows(1)); err != nil {
		t.Fatal(err)
	}
	if err := <-out.end; !errors.Is(err, full) {
		t.Errorf("ended with %v", err)
	}
	if told := s.request(t); told.Cancel == nil || *told.Cancel != req.ID {
		t.Errorf("the server was told %+v", told)
	}
}

func TestStreamIsCancelled(t *testing.T) {
	s := newFakeServer(t)
	c := dialled(t, s)
	ctx, cancel := context.WithCancel(t.Context())
	out := stream(ctx, c, query.Request{Query: "tcp"}, taken)
	req := s.request(t)
	cancel()
	if err := <-out.end; !errors.Is(err, context.Canceled) {
		t.Errorf("ended with %v", err)
	}
	if told := s.request(t); told.Cancel == nil || *told.Cancel != req.ID {
		t.Errorf("the server was told %+v", told)
	}
}

// TestStreamOfLostConnection: half an answer is an error, and a reader that does not take its part does not hold it up.
func TestStreamOfLostConnection(t *testing.T) {
	s := newFakeServer(t)
	c := dialled(t, s)
	out := stream(t.Context(), c, query.Request{Query: "tcp"}, taken)
	req := s.request(t)
	if err := s.peer().post(t, query.PartHeader{ID: req.ID, Matched: 9, Rows: 1}, rows(1)); err != nil {
		t.Fatal(err)
	}
	s.dropAll()
	<-out.views
	if err := <-out.end; !errors.Is(err, ErrLost) {
		t.Errorf("ended with %v", err)
	}
	out = stream(t.Context(), c, query.Request{Query: "udp"}, taken)
	s.request(t)
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-out.end; err == nil {
		t.Error("a stream that the client's end cut off ended well")
	}
}
