package tui

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"cxlens/internal/flow"
)

func TestDetailWalksTheRows(t *testing.T) {
	s := start(t, 120, 60, newSource(), nil)
	s.keys("enter")
	s.sees("flow 1 of 300", "closed: SYN and FIN from both sides, no RST", "eth1.pcap at 0", "SYN, PSH, ACK", "FSPA")
	s.keys("left")
	s.sees("this is the first flow here")
	s.keys("right")
	s.sees("flow 2 of 300", "answered: UDP in both directions")
	s.keys("esc")
	if place, _ := s.m.table.Cursor(); place != 1 {
		t.Errorf("the cursor is at %d", place)
	}
}

func TestColumns(t *testing.T) {
	s := start(t, 200, 40, newSource(), nil)
	s.keys("c", "space")
	s.sees("14 of 33 shown")
	s.keys("esc")
	if cols := s.m.table.Columns(); cols[0] == flow.ColStart {
		t.Errorf("START is still shown: %v", cols)
	}
	s.keys("c", "ctrl+r", "esc")
	if cols := s.m.table.Columns(); cols[0] != flow.ColStart {
		t.Errorf("the defaults are not back: %v", cols)
	}
}

func TestNodesPane(t *testing.T) {
	src := newSource()
	s := start(t, 120, 40, src, nil)
	s.keys("n")
	s.sees("clock off by", "1,234,567", "12:58:07")
	s.keys("down")
	s.sees("netgroup     dmz")
	s.keys("up", "up")
	s.sees("this is the first node")
	s.keys("esc", "q")
	s.until("the end", func() bool { return s.quit })

	none := newSource()
	none.status.HasNodes, none.status.Nodes = false, nil
	s = start(t, 120, 40, none, nil)
	s.sees("nodes: the server reports none")
	s.keys("n")
	s.sees("● server", "reports no nodes")
	s.keys("esc")
	s.send(tea.WindowSizeMsg{Width: 80, Height: 24})
	s.sees("nodes: the server reports none")
}

func TestNotices(t *testing.T) {
	notices := make(chan string, 2)
	s := start(t, 100, 30, newSource(), func(o *Options) { o.Notices = notices })
	notices <- "a.pcap: record 7 is damaged\x1b[31m"
	notices <- "b.pcap: cut short"
	s.until("two notices", func() bool { return len(s.m.notices) == 2 })
	s.sees("b.pcap: cut short  (2 notices, ! reads them)")
	s.keys("!")
	s.sees("2 notices, the newest first", "a.pcap: record 7 is damaged")
	s.keys("esc")
	s.seesNot("cut short")
}

func TestMouse(t *testing.T) {
	s := start(t, 120, 40, newSource(), nil)
	s.m.View()
	s.send(tea.MouseClickMsg{X: 10, Y: 9, Button: tea.MouseLeft})
	if place, _ := s.m.table.Cursor(); place != 5 {
		t.Errorf("a click on the sixth row moved to %d", place)
	}
	s.send(tea.MouseWheelMsg{X: 10, Y: 9, Button: tea.MouseWheelDown})
	s.send(tea.MouseClickMsg{X: 10, Y: 1, Button: tea.MouseLeft})
	if s.m.mode != modeEdit {
		t.Error("a click on the query does not edit it")
	}
	s.keys("esc")
	if s.m.View().MouseMode != tea.MouseModeCellMotion {
		t.Error("the mouse is not asked for")
	}
	s.keys("M")
	if s.m.View().MouseMode != tea.MouseModeNone {
		t.Error("the mouse is not given back")
	}
}

func TestOptionsAreChecked(t *testing.T) {
	for name, change := range map[string]func(*Options){
		"theme":   func(o *Options) { o.Theme = "nobody" },
		"span":    func(o *Options) { o.Last = "soon" },
		"keys":    func(o *Options) { o.Keys = map[string][]string{"table.fly": {"f"}} },
		"clash":   func(o *Options) { o.Keys = map[string][]string{"table.sort": {"q"}} },
		"connect": func(o *Options) { o.Connect = nil },
	} {
		opts := testOptions()
		change(&opts)
		if err := Run(t.Context(), opts); err == nil || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: Run = %v", name, err)
		}
	}
	opts := testOptions()
	opts.Theme = "nobody"
	if _, ok := New(opts).(*model); !ok {
		t.Error("New is no model")
	}
}
