package tui

import (
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
)

// rowsOf are the first rows of the screen below the header.
func (s *screen) rowsOf(n int) []string {
	lines := strings.Split(s.text(), "\n")[1 : 1+n]
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return lines
}

func TestQueryOfSeveralLines(t *testing.T) {
	src := newSource()
	s := start(t, 80, 24, src, nil)
	s.keys(":")
	s.typed("dst port 443")
	s.send(tea.KeyPressMsg{Code: tea.KeyEnter, Mod: tea.ModAlt})
	s.typed("and (tcp")
	s.keys("ctrl+j")
	s.typed("or udp)")
	got := s.rowsOf(3)
	if !strings.HasPrefix(got[0], " ❯ dst port 443 ") || got[1] != " · and (tcp" || got[2] != " · or udp)" {
		t.Errorf("the query line is\n%s", strings.Join(got, "\n"))
	}
	checkSize(t, s)
	if c := s.m.View().Cursor; c == nil || c.X != 10 || c.Y != 3 {
		t.Errorf("the cursor is at %+v", c)
	}
	s.keys("up", "up")
	if c := s.m.View().Cursor; c.X != 10 || c.Y != 1 {
		t.Errorf("two rows up the cursor is at %+v", c)
	}
	s.keys("up") // now into the history
	s.sees("no earlier query begins with dst por")
	s.keys("enter")
	if got := src.last().req.Query; got != "dst port 443\nand (tcp\nor udp)" {
		t.Errorf("ran %q", got)
	}
	s.keys("ctrl+r")
	s.sees("dst port 443 and (tcp or udp)")
}

func TestErrorInALine(t *testing.T) {
	s := start(t, 80, 24, newSource(), nil)
	s.keys(":")
	s.send(tea.PasteMsg{Content: "dst port 443\r\nand prot 53\r\nand tcp\r\n"})
	s.keys("enter")
	got := s.rowsOf(6)
	if got[1] != " · and prot 53" || got[2] != "       ^^^^" || !strings.HasPrefix(got[3], "   line 2, column 5: expected a term") {
		t.Errorf("the query line is\n%s", strings.Join(got, "\n"))
	}
	if !strings.HasPrefix(strings.Join(got, "\n"), " ❯ dst port 443") || !strings.Contains(s.text(), " · and tcp") {
		t.Errorf("rows are missing:\n%s", s.text())
	}
	s.sees(`did you mean "proto" or "port"?`)
	if c := s.m.View().Cursor; c.X != 10 || c.Y < 5 {
		t.Errorf("the cursor is at %+v, not behind tcp", c)
	}
	checkSize(t, s)
}

func TestLongQueryIsShownInRows(t *testing.T) {
	s := start(t, 80, 24, newSource(), nil)
	s.keys(":")
	s.send(tea.PasteMsg{Content: strings.TrimSpace(strings.Repeat("src net 10.0.0.0/8 or ", 60)) + " tcp"})
	s.sees("more above")
	checkSize(t, s)
	for range 40 {
		s.keys("up")
	}
	s.sees("more below", " ❯ src net")
	s.keys("esc", ":")
	s.send(tea.PasteMsg{Content: strings.Repeat(" or tcp", 9500)})
	s.sees("nothing was added: there is room for 65,536 characters")
	checkSize(t, s)
}

func TestUndoInTheQueryLine(t *testing.T) {
	s := start(t, 100, 30, newSource(), nil)
	s.keys(":", "ctrl+_")
	s.sees("there is no change to take back")
	s.typed("dst po")
	s.keys("tab")
	for _, want := range []string{"dst po", "dst ", ""} {
		if s.keys("ctrl+_"); s.m.bar.Text() != want {
			t.Errorf("undo leaves %q, want %q", s.m.bar.Text(), want)
		}
	}
	s.send(tea.KeyPressMsg{Code: 'y', Mod: tea.ModAlt})
	if s.m.bar.Text() != "dst " {
		t.Errorf("redo leaves %q", s.m.bar.Text())
	}
	// What Esc dropped can be had back.
	s.typed("port 53")
	s.keys("esc", ":")
	if s.m.bar.Text() != "" {
		t.Errorf("after Esc the line holds %q", s.m.bar.Text())
	}
	if s.keys("ctrl+_"); s.m.bar.Text() != "dst port 53" {
		t.Errorf("undo after Esc leaves %q", s.m.bar.Text())
	}
	s.keys("pgup")
	s.sees("PgUp has no action in the query line")
}

func TestQueryLineScreens(t *testing.T) {
	for _, size := range [][2]int{{40, 10}, {80, 24}} {
		s := start(t, size[0], size[1], newSource(), nil)
		s.mono()
		s.keys(":")
		s.send(tea.PasteMsg{Content: "src net [10.0.0.0/8 172.16.0.0/12 192.168.0.0/16]\nand not dst net [10.0.0.0/8 172.16.0.0/12]\nand dst prot 443\nand tcp"})
		s.keys("enter")
		golden(t, fmt.Sprintf("lines-%dx%d", size[0], size[1]), s)
	}
}

func TestQueryWithErrorIsMarkedAndNotRun(t *testing.T) {
	src := newSource()
	s := start(t, 100, 30, src, nil)
	s.keys(":")
	s.typed("dts port 53")
	s.keys("enter")
	if len(src.results) != 1 {
		t.Fatalf("%d queries ran", len(src.results))
	}
	lines := strings.Split(s.text(), "\n")
	at := strings.Index(lines[1], "dts")
	if at < 0 || !strings.HasPrefix(strings.TrimLeft(lines[2], " "), "^^^") || strings.Index(lines[2], "^^^") != at-len("❯")+1 {
		t.Errorf("the mark is not under the word:\n%s\n%s", lines[1], lines[2])
	}
	s.sees(`did you mean "dst"`)
	s.typed("x")
	s.seesNot("did you mean")
	s.keys("ctrl+u")
	s.typed("udp")
	s.keys("enter")
	if got := src.last().req.Query; got != "udp" {
		t.Errorf("ran %q", got)
	}
	if s.m.mode != modeFlows {
		t.Error("the table does not have the keyboard back")
	}
}

func TestTypingNeverActs(t *testing.T) {
	src := newSource()
	s := start(t, 100, 30, src, nil)
	for _, open := range []string{":", "/", "L", "x"} {
		s.keys(open)
		mode := s.m.mode
		s.typed("qsSrxcn?!=FMyuGg/:")
		if s.m.mode != mode || s.quit || len(src.results) != 1 {
			t.Errorf("typing after %s left the mode", open)
		}
		s.send(tea.PasteMsg{Content: "q\nq\n"})
		if s.m.mode != mode || s.quit {
			t.Errorf("pasting after %s left the mode", open)
		}
		s.keys("esc")
	}
	s.send(tea.PasteMsg{Content: "q"})
	if s.quit {
		t.Error("a paste on the main screen quit")
	}
}
