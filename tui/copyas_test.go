package tui

import (
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
)

func TestCopyAsScreens(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {120, 40}} {
		name := fmt.Sprintf("copyas-%dx%d", size[0], size[1])
		t.Run(name, func(t *testing.T) {
			s := start(t, size[0], size[1], newSource(), func(o *Options) {
				o.Query = "tcp and src ip 10.0.0.7 and dst port [443 8443] and bytes > 1M and state SF"
			})
			s.mono()
			s.keys("C")
			golden(t, name, s)
		})
	}
}

// clipboard is what the command of a key copies.
func (s *screen) clipboard(name string) string {
	s.t.Helper()
	_, cmd := s.m.Update(key(s.t, name))
	for _, msg := range messages(cmd) {
		if fmt.Sprintf("%T", msg) == "tea.setClipboardMsg" {
			return fmt.Sprint(msg)
		}
	}
	s.t.Fatalf("%s copied nothing", name)
	return ""
}

// messages runs a command and the commands in it, as far as they end at once.
func messages(cmd tea.Cmd) []tea.Msg {
	if cmd == nil {
		return nil
	}
	msg := cmd()
	batch, ok := msg.(tea.BatchMsg)
	if !ok {
		return []tea.Msg{msg}
	}
	var out []tea.Msg
	for _, c := range batch {
		out = append(out, messages(c)...)
	}
	return out
}

func TestCopyAs(t *testing.T) {
	s := start(t, 100, 30, newSource(), func(o *Options) {
		o.Query, o.Names = "src ip $web and dst port 443", map[string]string{"web": "[10.0.0.7 10.0.0.9]"}
	})
	s.keys("C")
	s.sees("copy the query as", "for tcpdump", "every part of the query is in the text")
	s.keys("up")
	s.sees("this is the first language")
	s.keys("down", "down")
	if got, want := s.clipboard("enter"), "src ip in [ 10.0.0.7 10.0.0.9 ] and dst port 443"; got != want {
		t.Errorf("copied %q, want %q", got, want)
	}
	s.sees("copied as nfdump")
	if s.m.mode != modeFlows {
		t.Error("the table does not have the keyboard back")
	}
}

func TestCopyAsHasTheSpanAndTheRefinement(t *testing.T) {
	s := start(t, 100, 30, newSource(), func(o *Options) { o.Query, o.Last = "tcp", "1h" })
	s.keys("/")
	s.typed("port 53")
	s.keys("enter")
	s.settle()
	s.keys("C", "down", "down", "down")
	got := s.clipboard("y")
	for _, part := range []string{"proto = 6", "dst_port = 53", fmt.Sprint(clock.UnixMicro() - 3_600_000_000)} {
		if !strings.Contains(got, part) {
			t.Errorf("%q does not have %q", got, part)
		}
	}
}

func TestCopyAsOfABrokenQuery(t *testing.T) {
	s := start(t, 100, 30, newSource(), nil)
	s.m.bar.SetText("src ip $nowhere")
	s.keys("C")
	if s.m.mode != modeEdit {
		t.Errorf("mode is %d", s.m.mode)
	}
	s.sees("$nowhere is not defined")
}

func TestCopyAsScrolls(t *testing.T) {
	s := start(t, 60, 12, newSource(), func(o *Options) {
		o.Query = "ip 10.0.0.1-10.0.200.77 and (state SF or bytes > 5) and duration > 1s and pps > 3"
	})
	s.keys("C")
	first := s.text()
	s.sees("lines here")
	for range 40 {
		s.keys("pgdown")
	}
	s.sees("this is the end", "pps > 3")
	for range 40 {
		s.keys("pgup")
	}
	s.sees("this is the beginning")
	s.keys("down", "up")
	if s.text() != first {
		t.Error("walking away and back shows something else")
	}
}
