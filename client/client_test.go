package client

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"cxlens/internal/wire"
	"cxlens/query"
)

func TestConnectRefused(t *testing.T) {
	s := newFakeServer(t)
	c := New(Config{Name: "me", Secret: "hunter2", Dial: s.listener.Dial})
	defer c.Close()
	err := c.Connect(t.Context())
	if !errors.Is(err, ErrAuth) {
		t.Fatalf("got %v, want ErrAuth", err)
	}
	if strings.Contains(err.Error(), "hunter2") {
		t.Errorf("the secret is in the error: %v", err)
	}
	if st := c.Status(); st.Phase != Refused || st.Err == nil {
		t.Errorf("status %+v", st)
	}
}

func TestConnectNobodyThere(t *testing.T) {
	c := New(Config{Server: "127.0.0.1:1", Name: "me", Secret: "right"})
	defer c.Close()
	err := c.Connect(t.Context())
	if err == nil || !strings.Contains(err.Error(), "127.0.0.1:1") {
		t.Errorf("got %v, want an error that names the address", err)
	}
}

func TestPingFeedsStatus(t *testing.T) {
	c := dialled(t, newFakeServer(t))
	st := c.until(t, "nodes", func(s Status) bool { return len(s.Nodes) == 1 })
	if st.Phase != Online || st.Level != 2 || !st.HasNodes {
		t.Errorf("status %+v", st)
	}
	if strings.ContainsAny(st.Description+st.Nodes[0].Name, "\x1b\x07") {
		t.Errorf("control characters came through: %q, %q", st.Description, st.Nodes[0].Name)
	}
	if st.Nodes[0].RTT != 1500*time.Microsecond || st.Nodes[0].Flows != 12 {
		t.Errorf("node %+v", st.Nodes[0])
	}
	if st.Skew < 50*time.Second || st.Skew > 70*time.Second {
		t.Errorf("skew %s, the peer's clock is a minute ahead", st.Skew)
	}
}

func TestResultInParts(t *testing.T) {
	s := newFakeServer(t)
	c := dialled(t, s)
	r := c.Submit(query.Request{Query: "tcp", Limit: 3})
	req := s.request(t)
	if req.Query != "tcp" || req.ID != r.Request().ID {
		t.Fatalf("the server got %+v", req)
	}
	p := s.peer()
	if err := p.post(t, query.PartHeader{ID: req.ID, Columns: []string{"id"}, Matched: 10, Rows: 2}, rows(2)); err != nil {
		t.Fatal(err)
	}
	r.until(t, "the first part", func(p Progress) bool { return p.State == Streaming && p.Rows == 2 })
	before := r.View()
	if err := p.post(t, query.PartHeader{ID: req.ID, Part: 1, Columns: []string{"id"}, Matched: 10, Rows: 1, Done: true, ElapsedMS: 7}, rows(1)); err != nil {
		t.Fatal(err)
	}
	if err := r.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	got := r.Progress()
	if got.State != Done || got.Rows != 3 || got.Matched != 10 || got.Expect != 3 || got.Server != 7*time.Millisecond {
		t.Errorf("progress %+v", got)
	}
	if before.Len() != 2 || r.View().Len() != 3 {
		t.Errorf("views hold %d and %d rows", before.Len(), r.View().Len())
	}
}

func TestOldServerWithoutHeader(t *testing.T) {
	s := newFakeServer(t)
	c := dialled(t, s)
	first, second := c.Submit(query.Request{Query: "tcp"}), c.Submit(query.Request{Query: "udp"})
	s.request(t)
	s.request(t)
	if err := s.peer().conn.Post(t.Context(), moduleCXTRACKER, []byte(rows(4))); err != nil {
		t.Fatal(err)
	}
	if err := first.Wait(t.Context()); err != nil || first.View().Len() != 4 {
		t.Errorf("the oldest query got %d rows, %v", first.View().Len(), err)
	}
	if second.Progress().State.Ended() {
		t.Error("the other query ended as well")
	}
}

func TestRefusedQuerySaysWhy(t *testing.T) {
	s := newFakeServer(t)
	s.answer = func(query.Request) wire.Answer { return wire.DataError }
	c := dialled(t, s)
	r := c.Submit(query.Request{Query: "nonsense"})
	req := s.request(t)
	h := query.PartHeader{ID: req.ID, Error: &query.RequestError{Code: -1, Message: "what is \x1b[1mnonsense?"}}
	if err := s.peer().post(t, h, ""); err != nil {
		t.Fatal(err)
	}
	err := r.Wait(t.Context())
	var refused *query.RequestError
	if !errors.As(err, &refused) || refused.Code != -1 {
		t.Fatalf("got %v", err)
	}
	if strings.Contains(err.Error(), "\x1b") {
		t.Errorf("control characters came through: %q", err)
	}
}

func TestCancel(t *testing.T) {
	s := newFakeServer(t)
	c := dialled(t, s)
	r := c.Submit(query.Request{Query: "tcp"})
	req := s.request(t)
	if err := s.peer().post(t, query.PartHeader{ID: req.ID, Matched: 9, Rows: 2}, rows(2)); err != nil {
		t.Fatal(err)
	}
	r.Cancel()
	if told := s.request(t); told.Cancel == nil || *told.Cancel != req.ID {
		t.Errorf("the server was told %+v", told)
	}
	if r.Progress().State != Cancelled || r.View().Len() != 2 {
		t.Errorf("after cancel: %+v", r.Progress())
	}
	var ack *wire.AckError
	err := s.peer().post(t, query.PartHeader{ID: req.ID, Part: 1, Rows: 1}, rows(1))
	if !errors.As(err, &ack) || ack.Code != 204 {
		t.Errorf("a part of a cancelled query was answered %v, want 204", err)
	}
}

func TestDamagedPartFailsTheQuery(t *testing.T) {
	s := newFakeServer(t)
	c := dialled(t, s)
	r := c.Submit(query.Request{Query: "tcp"})
	req := s.request(t)
	if err := s.peer().post(t, query.PartHeader{ID: req.ID, Rows: 1}, "no|row\n"); err == nil {
		t.Error("a damaged part was accepted")
	}
	if err := r.Wait(t.Context()); err == nil {
		t.Error("the query did not fail")
	}
}

func TestReconnect(t *testing.T) {
	s := newFakeServer(t)
	c := dialled(t, s)
	r := c.Submit(query.Request{Query: "tcp", Follow: true})
	req := s.request(t)
	if err := s.peer().post(t, query.PartHeader{ID: req.ID, Matched: 2, Rows: 2, Done: true}, rows(2)); err != nil {
		t.Fatal(err)
	}
	r.until(t, "follow", func(p Progress) bool { return p.State == Following })
	s.dropAll()
	if err := r.Wait(t.Context()); !errors.Is(err, ErrLost) {
		t.Errorf("the followed query ended with %v", err)
	}
	if r.View().Len() != 2 {
		t.Error("its rows are gone")
	}
	queued := c.Submit(query.Request{Query: "udp"})
	c.until(t, "online again", func(s Status) bool { return s.Phase == Online })
	if got := s.request(t); got.ID != queued.Request().ID {
		t.Errorf("the server got %+v", got)
	}
}

func TestCloseEndsWhatRuns(t *testing.T) {
	s := newFakeServer(t)
	c := dialled(t, s)
	r := c.Submit(query.Request{Query: "tcp"})
	s.request(t)
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	if err := r.Wait(t.Context()); err != nil || r.Progress().State != Cancelled {
		t.Errorf("after close: %+v, %v", r.Progress(), err)
	}
	if c.Status().Phase != Closed {
		t.Errorf("phase %s", c.Status().Phase)
	}
}

// TestCloseLeavesASilentServer: a server that hangs does not keep a person.
func TestCloseLeavesASilentServer(t *testing.T) {
	ours, theirs := wire.Pipe()
	defer theirs.Close()
	c := New(Config{Name: "me", Secret: "right", Dial: func(context.Context) (net.Conn, error) { return ours, nil }})
	connected := make(chan error, 1)
	go func() { connected <- c.Connect(t.Context()) }()
	// The server answers authenticate and falls silent.
	line, err := bufio.NewReader(theirs).ReadString('\n')
	if err != nil || !strings.Contains(line, "authenticate") {
		t.Fatalf("got %q, %v", line, err)
	}
	var req struct{ ID json.RawMessage }
	if err := json.Unmarshal([]byte(line), &req); err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(theirs, `{"jsonrpc":"2.0","id":%s,"result":{"id":1,"level":1}}`+"\n", req.ID)
	if err := <-connected; err != nil {
		t.Fatal(err)
	}
	c.Submit(query.Request{Query: "any"})
	if err := c.Close(); err != nil {
		t.Error(err)
	}
}
