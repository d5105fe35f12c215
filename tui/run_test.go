package tui

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"cxlens/client"
	"cxlens/query"
)

func TestFirstQuery(t *testing.T) {
	src := newSource()
	s := start(t, 120, 40, src, func(o *Options) { o.Query, o.Last, o.Limit = "tcp", "24h", 500 })
	req := src.last().req
	want := query.Request{
		Query: "tcp", From: clock.Add(-24 * time.Hour).Format(time.RFC3339Nano), Kind: query.KindFlows, Order: []string{"-start"}, Limit: 500,
	}
	if fmt.Sprint(req) != fmt.Sprint(want) {
		t.Errorf("asked for %+v, want %+v", req, want)
	}
	s.sees("last 24h · newest first · 500", "1,204,331 matched")
}

func TestServerErrorStandsUnderTheQuery(t *testing.T) {
	src := newSource()
	src.answer = func(r *fakeResult) {
		r.set(func() {
			r.progress = client.Progress{State: client.Failed, Err: &query.RequestError{Code: -1, Message: "no node has that\x1b[2J", Offset: 3}}
		})
	}
	s := start(t, 100, 30, src, func(o *Options) { o.Query = "ip 10.0.0.1" })
	s.sees("   ❯ ip 10.0.0.1"[2:], "^ no node has that", "r runs it again")
	if strings.Contains(s.m.View().Content, "\x1b[2J") {
		t.Error("the server's control characters reach the terminal")
	}
}

func TestSpanAndLimit(t *testing.T) {
	src := newSource()
	s := start(t, 100, 30, src, nil)
	s.keys("L", "ctrl+u")
	s.typed("7 parsecs")
	s.keys("enter")
	if s.m.mode != modePrompt || len(src.results) != 1 {
		t.Fatal("a bad span was taken")
	}
	s.sees("expected")
	s.keys("ctrl+u")
	s.typed("15m limit none")
	s.keys("enter")
	req := src.last().req
	if req.From != clock.Add(-15*time.Minute).Format(time.RFC3339Nano) || req.Limit != 0 {
		t.Errorf("asked from %q with limit %d", req.From, req.Limit)
	}
	s.sees("last 15m · newest first · no limit")
}

func TestRunAgainAsksInThePresentOrder(t *testing.T) {
	src := newSource()
	s := start(t, 120, 30, src, nil)
	s.keys("right", "right", "right", "s")
	s.settle()
	s.sees("sorted here only: r asks the server")
	s.keys("r")
	if got := fmt.Sprint(src.last().req.Order); got != "[src_ip]" {
		t.Errorf("asked in order %s", got)
	}
	s.settle()
	s.seesNot("sorted here only")
}

func TestRefine(t *testing.T) {
	src := newSource()
	s := start(t, 120, 40, src, nil)
	s.keys("/")
	s.typed("udp and prot 53")
	s.keys("enter")
	s.sees("refine the rows here", "did you mean")
	s.keys("ctrl+u")
	s.typed("udp")
	s.keys("enter")
	s.settle()
	s.sees("34 of 300 here refined by udp")
	if len(src.results) != 1 {
		t.Error("the server was asked")
	}
	s.keys("r")
	s.settle()
	s.sees("34 of 300 here refined by udp")
	s.keys("esc")
	s.settle()
	s.sees("300 here")
	s.seesNot("refined")
	s.keys("esc")
	s.sees("nothing is refined")
}

func TestCancel(t *testing.T) {
	src := newSource()
	src.answer = slow
	s := start(t, 120, 40, src, nil)
	s.until("rows", func() bool { n, _ := s.m.table.Len(); return n == 20 })
	s.keys("ctrl+c")
	s.until("the end", func() bool { return s.m.run.progress.State == client.Cancelled })
	s.sees("query cancelled: the rows that arrived stay; ^c again quits", "cancelled after")
	if !src.last().cancelled {
		t.Error("the server was not told")
	}
	s.keys("down")
	s.sees("20 here")
	s.keys("ctrl+c")
	s.sees("nothing runs; ^c again quits")
	if s.quit {
		t.Fatal("quit too early")
	}
	s.keys("ctrl+c")
	s.until("the end", func() bool { return s.quit })
}

func TestQuitAsksWhileAQueryRuns(t *testing.T) {
	src := newSource()
	src.answer = slow
	s := start(t, 120, 40, src, nil)
	s.keys("q")
	s.sees("A query is running. Quit all the same?")
	s.keys("enter", "n")
	if s.m.mode != modeFlows || s.quit {
		t.Fatal("no was not taken")
	}
	s.keys("q", "y")
	s.until("the end", func() bool { return s.quit })
	done := start(t, 120, 40, newSource(), nil)
	done.keys("q")
	done.until("the end", func() bool { return done.quit })
}

func TestTheQuestionGoesWithTheQuery(t *testing.T) {
	src := newSource()
	src.answer = slow
	s := start(t, 120, 40, src, nil)
	s.keys("q")
	s.sees("A query is running. Quit all the same?")
	src.last().finish(20, 20)
	s.until("the end", func() bool { return s.m.mode == modeFlows })
	s.sees("the query has ended; q quits")
	if s.quit {
		t.Error("quit without an answer")
	}
}

func TestANewQueryCancelsTheOldOne(t *testing.T) {
	src := newSource()
	src.answer = slow
	s := start(t, 120, 40, src, nil)
	old := src.last()
	src.answer = func(r *fakeResult) { r.finish(7, 7) }
	s.keys(":")
	s.typed("udp")
	s.keys("enter")
	if !old.cancelled {
		t.Error("the old query runs on")
	}
	s.until("the new rows", func() bool { n, _ := s.m.table.Len(); return n == 7 })
	s.send(resultChanged{seq: s.m.run.seq - 1})
	old.finish(50, 50)
	s.send(resultChanged{seq: s.m.run.seq - 1})
	if n, _ := s.m.table.Len(); n != 7 {
		t.Errorf("%d rows: the old query's answer is shown", n)
	}
}
