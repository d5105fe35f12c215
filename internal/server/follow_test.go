package server

import (
	"fmt"
	"sync"
	"testing"
	"time"
)

// collect takes parts of one query until it has n rows, and fails on a flow that comes twice.
func collect(m *remote, n int) (rows []string, done bool) {
	m.t.Helper()
	seen := map[string]bool{}
	for len(rows) < n {
		p := m.next()
		done = done || p.Done
		for i, id := range ids(p.rows) {
			if seen[id] {
				m.t.Fatalf("flow %s came twice", id)
			}
			seen[id] = true
			rows = append(rows, p.rows[i])
		}
	}
	return rows, done
}

func TestFollow(t *testing.T) {
	r := newRig(t)
	n := r.node("eth1")
	if err := n.post("DATA", block(0, 10)); err != nil {
		t.Fatal(err)
	}
	c := r.client("ann")
	all, rows := c.result(`{"id":4,"query":"dst port 80","order":["-start"],"limit":2,"follow":true}`)
	if end := all[len(all)-1]; len(rows) != 2 || ids(rows)[0] != "10" || end.Matched != 4 {
		t.Fatalf("first rows %v, %+v", rows, end.PartHeader)
	}
	// The limit and the order were those of the first rows.
	if err := n.post("DATA", block(10, 9)); err != nil {
		t.Fatal(err)
	}
	p := c.next()
	if p.Done || p.Part != len(all) || p.Matched != 7 || fmt.Sprint(ids(p.rows)) != "[13 16 19]" {
		t.Errorf("then: %v, %+v", p.rows, p.PartHeader)
	}
	if err := c.ask(`{"cancel":4}`); err != nil {
		t.Fatal(err)
	}
	wait(t, "the end of the query", func() bool { return r.jobs() == 0 })
	if err := n.post("DATA", block(30, 9)); err != nil {
		t.Fatal(err)
	}
	if _, rows := c.result(`{"id":5,"query":"any","kind":"count"}`); len(rows) != 1 || len(c.parts) != 0 {
		t.Errorf("after the cancel: %v", rows)
	}
}

// TestFollowHoldsNoSlot: queries that follow do not keep others from running.
func TestFollowHoldsNoSlot(t *testing.T) {
	r := newRig(t, func(c *Config) { c.Limits.Queries = 1 })
	c := r.client("ann")
	for id := 1; id <= 5; id++ {
		all, _ := c.result(fmt.Sprintf(`{"id":%d,"query":"any","follow":true}`, id))
		if len(all) != 1 {
			t.Errorf("query %d has %d parts", id, len(all))
		}
	}
}

// TestFollowWhileStoring: two clients begin to follow while a node posts; each sees every flow exactly once.
func TestFollowWhileStoring(t *testing.T) {
	const blocks, size = 60, 50
	r := newRig(t)
	n := r.node("eth1")
	var work sync.WaitGroup
	half := make(chan struct{})
	work.Go(func() {
		for i := range blocks {
			if i == blocks/4 {
				close(half)
			}
			if err := n.post("DATA", block(i*size, size)); err != nil {
				t.Error(err)
			}
		}
	})
	<-half
	requests := map[string]string{
		"ann": `{"id":1,"query":"any","follow":true}`,
		"bob": `{"id":1,"query":"any","order":["-src_bytes"],"follow":true}`,
	}
	for name, request := range requests {
		c := r.client(name)
		work.Go(func() {
			if err := c.ask(request); err != nil {
				t.Error(err)
				return
			}
			rows, done := collect(c, blocks*size)
			if len(rows) != blocks*size || !done {
				t.Errorf("%s: %d rows, done %v", name, len(rows), done)
			}
		})
	}
	work.Wait()
}

// TestFollowEndsWithServer: following queries do not keep Shutdown waiting.
func TestFollowEndsWithServer(t *testing.T) {
	r := newRig(t)
	c := r.client("ann")
	c.result(`{"id":1,"query":"any","follow":true}`)
	began := time.Now()
	r.shutdown()
	if err := c.ended(); err != nil {
		t.Errorf("the client: %v", err)
	}
	if took := time.Since(began); took > patience/2 {
		t.Errorf("took %v", took)
	}
}
