package embedded

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"
	"time"

	"cxlens/client"
	"cxlens/internal/node/sources"
	"cxlens/query"
)

// failingSource posts some lines and then fails, as a damaged file does.
type failingSource struct{ err error }

func (s failingSource) Name() string { return "damaged" }

func (s failingSource) Run(ctx context.Context, sink sources.Sink) error {
	if err := (lineSource{10}).Run(ctx, sink); err != nil {
		return err
	}
	return s.err
}

func TestFlowsArriveAndNodeIsOnline(t *testing.T) {
	e, err := Start(t.Context(), Options{Sources: []sources.Source{lineSource{2500}}, NodeName: "lab", Netgroup: "demo"})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	<-e.Read
	r := e.Client.Submit(query.Request{Query: "dst port 443"})
	if err := r.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	if p := r.Progress(); p.Rows != 500 || p.Matched != 500 || p.State != client.Done {
		t.Errorf("progress %+v", p)
	}
	if n := r.View().Nodes(); len(n) != 1 || n[0].Name != "lab" || n[0].Agent != agentName || n[0].Netgroup != "demo" {
		t.Errorf("nodes of the result: %+v", n)
	}
	waitNode(t, e.Client)
}

// waitNode waits until a ping has reported the node online with its flows.
func waitNode(t *testing.T, c *client.Client) {
	t.Helper()
	deadline := time.After(2 * time.Minute)
	for {
		s := c.Status()
		if len(s.Nodes) == 1 && s.Nodes[0].State == "online" && s.Nodes[0].Flows == 2500 {
			return
		}
		select {
		case <-c.Changed():
		case <-deadline:
			t.Fatalf("the node was never online with its flows: %+v", s.Nodes)
		}
	}
}

func TestDamagedSourceKeepsItsRows(t *testing.T) {
	damage := errors.New("x.pcap: packet 11 at offset 900: damaged")
	e, err := Start(t.Context(), Options{Sources: []sources.Source{failingSource{damage}, lineSource{5}}, NodeName: "lab"})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	<-e.Read
	if err := e.ReadErr(); err == nil || !strings.Contains(err.Error(), "packet 11") {
		t.Errorf("ReadErr() = %v", err)
	}
	r := e.Client.Submit(query.Request{Query: "any"})
	if err := r.Wait(t.Context()); err != nil || r.View().Len() != 15 {
		t.Errorf("%d rows, %v; want the 10 before the damage and the 5 of the next source", r.View().Len(), err)
	}
}

func TestCloseLeavesNothingBehind(t *testing.T) {
	before := runtime.NumGoroutine()
	for range 3 {
		e, err := Start(t.Context(), Options{Sources: []sources.Source{lineSource{20_000}}, NodeName: "lab"})
		if err != nil {
			t.Fatal(err)
		}
		e.Client.Submit(query.Request{Query: "any", Follow: true})
		if err := e.Close(); err != nil { // in the middle of everything
			t.Fatal(err)
		}
	}
	deadline := time.Now().Add(2 * time.Minute)
	for runtime.NumGoroutine() > before+2 && time.Now().Before(deadline) {
		runtime.Gosched()
	}
	if n := runtime.NumGoroutine(); n > before+2 {
		buf := make([]byte, 1<<16)
		t.Errorf("%d goroutines before, %d after\n%s", before, n, buf[:runtime.Stack(buf, true)])
	}
}
