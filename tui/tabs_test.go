package tui

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"cxlens/client"
)

// tabScreen is the main screen with three tabs: any, port 53, tcp; the last is shown.
func tabScreen(t *testing.T, w, h int) *screen {
	s := start(t, w, h, newSource(), nil)
	for _, text := range []string{"port 53", "tcp"} {
		s.keys("ctrl+t")
		s.typed(text)
		s.keys("enter")
		s.settle()
	}
	return s
}

func (s *screen) want(parts ...string) {
	s.t.Helper()
	for _, p := range parts {
		if !strings.Contains(s.text(), p) {
			s.t.Fatalf("no %q on the screen:\n%s", p, s.text())
		}
	}
}

func TestTabsKeepTheirState(t *testing.T) {
	s := tabScreen(t, 120, 40)
	s.want("1 any", "2 port 53", "3 tcp")
	s.keys("j", "j", "s") // the third tab has another order and another row
	s.settle()
	third := s.m.table
	was, _ := third.Cursor()
	s.keys("1")
	s.want("row 1 ")
	if s.m.table == third || s.m.bar.Text() != "" {
		t.Fatal("tab 1 shows the third")
	}
	s.keys("3")
	if p, _ := s.m.table.Cursor(); s.m.table != third || p != was || s.m.bar.Text() != "tcp" {
		t.Fatalf("the third tab lost its state: row %d, %q", p, s.m.bar.Text())
	}
	s.keys("}")
	if s.m.tab != s.m.tabs.open[0] {
		t.Error("the next tab of the last is not the first")
	}
	s.keys("{")
	if s.m.tab != s.m.tabs.open[2] {
		t.Error("the tab before the first is not the last")
	}
	s.keys("7")
	s.want("there is no tab 7")
}

// TestBackgroundTab: a query in a tab that is not shown goes on, and its rows are its own.
func TestBackgroundTab(t *testing.T) {
	src := newSource()
	src.answer = func(r *fakeResult) { r.set(func() { r.progress.State = client.Running }) }
	s := start(t, 120, 40, src, nil)
	slow := src.last()
	src.answer = func(r *fakeResult) { r.finish(5, 5) }
	s.keys("ctrl+t")
	s.typed("port 53")
	s.keys("enter")
	s.settle()
	s.want("1 any ▸", "5 matched")
	slow.finish(300, 300)
	s.until("the first tab to end", func() bool { return !s.m.anyBusy() })
	s.want("5 matched")
	s.keys("1")
	s.settle()
	s.want("300 matched")

	src.answer = func(r *fakeResult) {
		r.set(func() { r.progress = client.Progress{State: client.Failed, Err: errTest("the disk is full")} })
	}
	s.keys("ctrl+t")
	s.keys("enter")
	s.keys("1")
	s.want("2 any ✗")
	s.keys("O")
	s.want("failed: the disk is full")
}

type errTest string

func (e errTest) Error() string { return string(e) }

func TestCloseAndReopen(t *testing.T) {
	s := tabScreen(t, 80, 24)
	closed := s.src.last()
	s.keys("ctrl+w")
	s.want("closed tcp", "2 port 53")
	if len(s.m.tabs.open) != 2 || s.m.bar.Text() != "port 53" {
		t.Fatalf("%d tabs, %q", len(s.m.tabs.open), s.m.bar.Text())
	}
	s.keys("1", "U")
	s.settle()
	if s.m.bar.Text() != "tcp" || s.src.last() == closed || s.src.last().req.Query != "tcp" {
		t.Fatal("the closed tab did not run its query again")
	}
	s.keys("ctrl+w", "ctrl+w", "ctrl+w")
	s.want("this is the only tab")
	s.keys("U", "U", "U")
	s.want("no tab was closed")
}

func TestClosingCancels(t *testing.T) {
	src := newSource()
	s := start(t, 80, 24, src, nil)
	src.answer = func(r *fakeResult) { r.set(func() { r.progress.State = client.Running }) }
	s.keys("ctrl+t", "enter", "ctrl+w")
	r := src.last()
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.cancelled {
		t.Error("the query of the closed tab goes on")
	}
}

func TestTabList(t *testing.T) {
	s := tabScreen(t, 80, 24)
	s.keys("O", "r")
	s.typed("all of tcp")
	s.keys("enter")
	s.want("3 all of tcp", "all of tcp   ")
	s.keys("x")
	s.want("2 tabs, 1 closed")
	s.keys("down", "down", "enter")
	s.settle()
	if s.m.name != "all of tcp" || s.m.mode != modeFlows {
		t.Fatalf("the closed tab is not open: %q", s.m.name)
	}
}

func TestManyTabs(t *testing.T) {
	s := start(t, 80, 24, newSource(), nil)
	for range maxTabs - 1 {
		s.keys("ctrl+t", "esc")
	}
	s.keys("ctrl+t")
	s.want("50 tabs are open; close one first", "50 any")
	if len(s.m.tabs.open) != maxTabs {
		t.Fatalf("%d tabs", len(s.m.tabs.open))
	}
	line := strings.Split(s.text(), "\n")[2]
	if !strings.Contains(line, "‹") {
		t.Errorf("tabs out of sight are not counted: %q", line)
	}
	s.keys("1")
	line = strings.Split(s.text(), "\n")[2]
	if !strings.Contains(line, "1 any") || !strings.Contains(line, "›") {
		t.Errorf("the first tab is not in sight: %q", line)
	}
}

func TestClickOnTab(t *testing.T) {
	s := tabScreen(t, 80, 24)
	lines := strings.Split(s.text(), "\n")
	x := strings.Index(lines[2], "port 53")
	s.send(tea.MouseClickMsg{X: x, Y: 2, Button: tea.MouseLeft})
	if s.m.bar.Text() != "port 53" {
		t.Errorf("a click shows %q", s.m.bar.Text())
	}
}

func TestPivotInNewTab(t *testing.T) {
	s := start(t, 120, 40, newSource(), nil)
	s.keys("o")
	s.want("the next pivot opens in a new tab")
	s.keys("P")
	s.settle()
	if len(s.m.tabs.open) != 2 || s.m.tabs.open[0].bar.Text() != "" || !strings.Contains(s.m.bar.Text(), "ip 10.0.0.156 and ip 192.0.2.7") {
		t.Fatalf("%d tabs, %q", len(s.m.tabs.open), s.m.bar.Text())
	}
	s.keys("P") // only the next one
	if len(s.m.tabs.open) != 2 {
		t.Error("a second pivot opened a tab")
	}
}
