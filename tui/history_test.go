package tui

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"cxlens/client"
	ihistory "cxlens/internal/history"
	"cxlens/query"
)

// ran makes a history: the queries were run one minute after the other, the last one a minute before the clock.
func ran(t *testing.T, store *ihistory.Store, queries ...string) {
	t.Helper()
	for i, q := range queries {
		ago := time.Duration(len(queries)-i) * time.Minute
		e := ihistory.Entry{
			Time: clock.Add(-ago), Query: q, Span: "last 24h", Server: "lab:10201", Outcome: "done",
			Matched: uint64(12345 * (i + 1)), Took: time.Duration(i+1) * 37 * time.Millisecond,
		}
		if err := store.Add(e); err != nil {
			t.Fatal(err)
		}
	}
}

func newStore(t *testing.T) *ihistory.Store {
	return ihistory.NewStore(filepath.Join(t.TempDir(), "cxlens", "history"))
}

// withHistory starts a screen on a store and waits until its entries are there.
func withHistory(t *testing.T, w, h int, src *fakeSource, store *ihistory.Store, least int) *screen {
	t.Helper()
	s := start(t, w, h, src, func(o *Options) { o.Query, o.History = "any", store })
	s.until("the history", func() bool { return s.m.past.list.Len() >= least })
	return s
}

func TestHistoryOfEarlierRuns(t *testing.T) {
	store := newStore(t)
	ran(t, store, "dst port 53", "tcp", "dst port 443 and src bytes > 1M")
	s := withHistory(t, 100, 30, newSource(), store, 4)
	s.keys(":", "up", "up")
	if got := s.m.bar.Text(); got != "tcp" {
		t.Errorf("two up is %q", got)
	}
	s.keys("ctrl+u")
	s.typed("dst p")
	for _, want := range []string{"dst port 443 and src bytes > 1M", "dst port 53"} {
		s.keys("up")
		if got := s.m.bar.Text(); got != want {
			t.Errorf("up is %q, want %q", got, want)
		}
	}
	s.keys("up")
	s.sees("no earlier query begins with dst p")
	s.keys("down", "down")
	if got := s.m.bar.Text(); got != "dst p" {
		t.Errorf("back at the draft is %q", got)
	}
	s.keys("down")
	s.sees("this is the newest query")
}

func TestHistoryIsKept(t *testing.T) {
	store := newStore(t)
	src := newSource()
	s := withHistory(t, 100, 30, src, store, 1)
	s.keys(":", "ctrl+u")
	s.typed("udp")
	s.keys("enter")
	src.answer = func(r *fakeResult) {
		r.set(func() { r.progress = client.Progress{State: client.Running} })
	}
	s.keys(":", "ctrl+u")
	s.typed("icmp")
	s.keys("enter")
	src.answer = func(r *fakeResult) {
		r.set(func() {
			r.progress = client.Progress{State: client.Failed, Err: &query.RequestError{Code: -1, Message: "no", Offset: 0}}
		})
	}
	s.keys(":", "ctrl+u")
	s.typed("tcp")
	s.keys("enter")
	src.answer = func(r *fakeResult) {
		r.set(func() { r.progress = client.Progress{State: client.Running} })
	}
	s.keys(":", "ctrl+u")
	s.typed("ip6")
	s.keys("enter")
	if err := s.m.close(); err != nil { // what runs when the screen is left is kept too
		t.Fatal(err)
	}
	entries, damaged, err := store.Load()
	if err != nil || damaged != 0 {
		t.Fatal(damaged, err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, fmt.Sprint(e.Query, " ", e.Outcome, " ", e.Matched))
		if !e.Time.Equal(clock) || e.Span != "all time" || e.Server != "lab:10201" {
			t.Errorf("kept %+v", e)
		}
	}
	want := "ip6 cancelled 0, tcp failed 0, icmp cancelled 0, udp done 1204331, any done 1204331"
	if strings.Join(got, ", ") != want {
		t.Errorf("kept %s, want %s", strings.Join(got, ", "), want)
	}
}

func TestHistorySearch(t *testing.T) {
	store := newStore(t)
	ran(t, store, "dst port 53 and udp", "tcp", "dst port 443 and src bytes > 1M")
	src := newSource()
	s := withHistory(t, 100, 30, src, store, 4)
	s.keys("ctrl+r")
	s.sees("4 of 4 queries", "MATCHES", "37.0k", "111ms", "1m00s ago")
	s.typed("udp 53")
	s.sees("1 of 4 queries")
	s.keys("enter")
	if got := s.m.bar.Text(); got != "dst port 53 and udp" || s.m.mode != modeEdit || len(src.results) != 1 {
		t.Errorf("Enter put %q, mode %d, %d queries ran", got, s.m.mode, len(src.results))
	}
	s.keys("enter")
	if got := src.last().req.Query; got != "dst port 53 and udp" {
		t.Errorf("the second Enter ran %q", got)
	}
	// From the query line, with the letters scattered; leaving keeps the draft.
	s.keys(":", "ctrl+u")
	s.typed("icm")
	s.keys("ctrl+r")
	s.typed("d443")
	s.sees("1 of 4 queries")
	s.typed("zzz")
	s.sees("no query has these letters", "0 of 4")
	s.keys("enter")
	s.sees("no query has these letters")
	s.keys("esc")
	if got := s.m.bar.Text(); got != "icm" || s.m.mode != modeEdit {
		t.Errorf("leaving left %q, mode %d", got, s.m.mode)
	}
	s.keys("ctrl+r", "down", "down", "pgup", "pgdown", "pgdown", "enter")
	if got := s.m.bar.Text(); got != "tcp" {
		t.Errorf("the last of the list is %q", got)
	}
}

func TestHistoryIsEmptyAtFirst(t *testing.T) {
	s := start(t, 80, 24, nil, nil)
	s.m.toFlows()
	s.keys("ctrl+r")
	s.sees("no query has been run yet")
}

// TestHistoryThatCannotBeKeptIsOneNotice, however often it fails, and the rest works.
func TestHistoryThatCannotBeKeptIsOneNotice(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "cxlens"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	src := newSource()
	s := start(t, 140, 30, src, func(o *Options) { o.History = ihistory.NewStore(filepath.Join(dir, "cxlens", "history")) })
	s.until("the notice", func() bool { return len(s.m.notices) > 0 })
	for _, q := range []string{"tcp", "udp"} {
		s.keys(":", "ctrl+u")
		s.typed(q)
		s.keys("enter")
		s.settle()
	}
	if err := s.m.past.keep.flush(); err != nil {
		t.Log(err)
	}
	s.keys(":", "up")
	if got := s.m.bar.Text(); got != "tcp" {
		t.Errorf("up is %q", got)
	}
	s.send(historyKept{err: os.ErrPermission})
	if len(s.m.notices) != 1 || !strings.Contains(s.m.notices[0], "remembered until the screen is left") {
		t.Errorf("notices: %q", s.m.notices)
	}
}

func TestDamagedHistoryIsOneNotice(t *testing.T) {
	store := newStore(t)
	ran(t, store, "tcp")
	f, err := os.OpenFile(store.Path(), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString("{\n{\n"); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	s := withHistory(t, 140, 30, newSource(), store, 2)
	if len(s.m.notices) != 1 || !strings.Contains(s.m.notices[0], "2 damaged lines") {
		t.Errorf("notices: %q", s.m.notices)
	}
}

func TestHistoryScreens(t *testing.T) {
	for _, size := range [][2]int{{40, 10}, {80, 24}, {120, 40}} {
		name := fmt.Sprintf("history-%dx%d", size[0], size[1])
		t.Run(name, func(t *testing.T) {
			store := newStore(t)
			ran(t, store, "node eth1\u202e and dst port 53 and not dst ip [192.0.2.53 198.51.100.53]", "tcp and src flags = S and dst packets = 0",
				"udp and dst port 443 and src net 10.0.0.0/8 and not dst net [10.0.0.0/8 172.16.0.0/12 192.168.0.0/16] and bytes > 1M and duration > 10m", "tcp")
			s := withHistory(t, size[0], size[1], newSource(), store, 5)
			s.mono()
			s.keys("ctrl+r")
			s.typed("dst")
			golden(t, name, s)
			if strings.Contains(s.m.View().Content, "\u202e") {
				t.Error("a control character of the history reaches the terminal")
			}
		})
	}
}

// TestHistoryWithItsSpan: the span comes back with the query, and goes when the query is not run.
func TestHistoryWithItsSpan(t *testing.T) {
	store := newStore(t)
	ran(t, store, "dst port 53")
	e := ihistory.Entry{Time: clock.Add(-time.Hour), Query: "bogus span", Span: "whenever", Outcome: "done"}
	if err := store.Add(e); err != nil {
		t.Fatal(err)
	}
	src := newSource()
	s := withHistory(t, 100, 30, src, store, 3)
	altEnter := tea.KeyPressMsg{Code: tea.KeyEnter, Mod: tea.ModAlt}
	s.keys("ctrl+r")
	s.typed("53")
	s.sees("alt+enter with its span")
	s.send(altEnter)
	s.sees("the span is last 24h again", "❯ dst port 53", "last 24h · newest first")
	s.keys("esc")
	s.sees("❯ any", "all time · newest first")
	s.keys("ctrl+r")
	s.typed("53")
	s.send(altEnter)
	s.keys("enter")
	if req := src.last().req; req.Query != "dst port 53" || req.From != "2026-11-21T13:58:07Z" {
		t.Errorf("ran %+v", req)
	}
	s.keys(":", "esc")
	s.sees("❯ dst port 53", "last 24h · newest first")
	s.keys("ctrl+r")
	s.typed("bogus")
	s.send(altEnter)
	s.sees("the span of this query cannot be read", "❯ bogus span")
	s.keys("ctrl+r")
	s.typed("zzzz")
	s.send(altEnter)
	s.sees("no query has these letters")
}

func TestHistory(t *testing.T) {
	s := start(t, 100, 30, newSource(), nil)
	for _, q := range []string{"tcp", "udp", "icmp"} {
		s.keys(":", "ctrl+u")
		s.typed(q)
		s.keys("enter")
	}
	s.keys(":", "up", "up")
	if got := s.m.bar.Text(); got != "tcp" {
		t.Errorf("two up is %q", got)
	}
	s.keys("down", "down")
	if got := s.m.bar.Text(); got != "icmp" {
		t.Errorf("back down is %q", got)
	}
	s.keys("down")
	s.sees("this is the newest query")
	s.keys("up", "esc")
	if got := s.m.bar.Text(); got != "icmp" {
		t.Errorf("leaving left %q", got)
	}
}
