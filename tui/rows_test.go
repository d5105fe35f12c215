package tui

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"cxlens/internal/flow"
	"cxlens/tui/export"
	"cxlens/tui/table"
)

// find searches for text and waits for the end of the search.
func (s *screen) find(text string) {
	s.t.Helper()
	s.keys("ctrl+f", "ctrl+u")
	s.typed(text)
	s.keys("enter")
	s.found()
}

func (s *screen) found() {
	s.t.Helper()
	s.until("the end of the search", func() bool { _, runs := s.m.table.Finding(); return !runs })
}

func TestFindOnTheScreen(t *testing.T) {
	s := start(t, 120, 40, newSource(), nil)
	s.find("2001:db8::a00c")
	s.sees("row 13", "search 2001:db8::a00c")
	s.keys(".")
	s.found()
	s.sees("the search wrapped around the end of the rows")
	s.find("no such text")
	s.sees("no match of no such text in the columns shown")
	s.keys("esc")
	s.seesNot("search no such")
	s.keys(",")
	s.sees("nothing is searched for")
}

func TestGotoOnTheScreen(t *testing.T) {
	s := start(t, 120, 40, newSource(), nil)
	for text, want := range map[string]string{"120": "row 120", "100%": "row 300", "13:56:33": "row 4"} {
		s.keys("ctrl+g")
		s.sees("(UTC)")
		s.typed(text)
		s.keys("enter")
		s.found()
		s.sees(want)
	}
	s.keys("ctrl+g")
	s.typed("301")
	s.keys("enter")
	s.sees("the rows here are 1 to 300")
	s.keys("esc")
}

func TestMarksOnTheScreen(t *testing.T) {
	s := start(t, 120, 40, newSource(), nil)
	s.keys("space", "down", "space")
	s.sees("2 marked")
	s.keys("x")
	s.sees("export 2 marked rows")
	s.keys("esc", "v")
	s.settle()
	s.sees("only marked rows, 2 marked")
	if n, _ := s.m.table.Len(); n != 2 {
		t.Errorf("%d rows are shown", n)
	}
	s.keys("esc")
	s.settle()
	if n, _ := s.m.table.Len(); n != 300 {
		t.Errorf("%d rows are shown again", n)
	}
	s.keys("q")
	s.sees("2 rows marked. Quit all the same?")
	s.keys("n", "J", "q")
	s.until("the end", func() bool { return s.quit })
}

func TestCopyColumnAndMarkedRows(t *testing.T) {
	s := start(t, 120, 40, newSource(), nil)
	s.m.table.SetColumns([]flow.Column{flow.ColProto, flow.ColDstPort})
	cmd, _ := s.m.actRows(actCopyColumn)
	ready := cmd().(clipReady)
	if lines := strings.Split(ready.text, "\n"); len(lines) != 300 || lines[0] != "tcp" || ready.say != "copied 300 proto values" {
		t.Errorf("%d lines, said %q", len(lines), ready.say)
	}
	s.keys("space", "space")
	cmd, _ = s.m.copyRows()
	if ready = cmd().(clipReady); ready.text != "tcp\t123\nudp\t53" || ready.say != "copied 2 rows" {
		t.Errorf("copied %q, said %q", ready.text, ready.say)
	}
	view, _, _ := s.m.table.Present()
	text, took := table.Text(view, nil, 300, []flow.Column{flow.ColSrcIP}, 100)
	if len(text) > 100 || took < 5 || strings.Count(text, "\n") != took-1 {
		t.Errorf("%d values in %d bytes", took, len(text))
	}
	big := s.m.copyCells(view, make([]uint32, 100_000), 100_000, flow.OutputColumns(), "row")().(clipReady)
	if len(big.text) > export.MostCopied || !strings.HasPrefix(big.say, "copied the first ") || !strings.Contains(big.say, "of 100,000 rows") {
		t.Errorf("%d bytes, said %q", len(big.text), big.say)
	}
}

// TestOwnClipboard: the clipboard of this machine gets the text as well; that it does not is said.
func TestOwnClipboard(t *testing.T) {
	var got string
	fail := false
	s := start(t, 120, 40, newSource(), func(o *Options) {
		o.Clipboard = func(_ context.Context, text string) error {
			if got = text; fail {
				return errors.New("xclip: no display")
			}
			return nil
		}
	})
	run := func(cmd tea.Cmd) {
		for _, c := range cmd().(tea.BatchMsg) {
			if msg, ok := c().(clipFailed); ok {
				s.send(msg)
			}
		}
	}
	run(s.m.toClipboard("10.0.0.7"))
	if got != "10.0.0.7" {
		t.Errorf("this machine's clipboard has %q", got)
	}
	s.seesNot("the clipboard of this machine does not")
	fail = true
	run(s.m.toClipboard("x"))
	s.sees("the terminal has the text; the clipboard of this machine does not: xclip: no display")
}

func TestZonesOnTheScreen(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	s := start(t, 200, 40, newSource(), func(o *Options) { o.Zone = paris })
	s.sees("Europe/Paris +01 14:58:07", "2026-11-22 14:56:35")
	s.keys("Z")
	s.sees("UTC 13:58:07", "2026-11-22 13:56:35", "times in UTC; copies and exports stay in UTC")
	s.keys("Z", "ctrl+g")
	s.sees("(Europe/Paris)")
	s.typed("14:56:33")
	s.keys("enter")
	s.found()
	s.sees("row 4")
	s.keys("enter")
	s.sees("2026-11-22 13:56:33", "Europe/Paris 2026-11-22 14:56:33")
	s.keys("esc", "ctrl+k")
	s.typed("zone by its name")
	s.keys("enter", "ctrl+u")
	s.typed("Mars/Olympus")
	s.keys("enter")
	s.sees(`there is no time zone "Mars/Olympus"`)
	s.keys("ctrl+u")
	s.typed("Asia/Tokyo")
	s.keys("enter")
	s.sees("Asia/Tokyo +09 22:58:07", "2026-11-22 22:56:35")
	s.keys("ctrl+t", "esc")
	if got := s.m.table.Zone().String(); got != "Asia/Tokyo" {
		t.Errorf("a new tab has its times in %s", got)
	}
}

func TestQueryMarked(t *testing.T) {
	s := start(t, 120, 40, newSource(), nil)
	s.keys("&")
	s.sees("no row is marked")
	s.keys("space", "space", "&")
	view, _, _ := s.m.table.Present()
	want := "id in [" + string(view.AppendCell(nil, flow.ColID, 0)) + " " + string(view.AppendCell(nil, flow.ColID, 1)) + "]"
	if got := s.src.last().req.Query; got != want {
		t.Errorf("asked for %q, want %q", got, want)
	}
	s.sees("only the 2 marked flows")
}

func TestQueryOfTooManyMarked(t *testing.T) {
	src := newSource()
	src.answer = func(r *fakeResult) { r.finish(1200, 1200) }
	s := start(t, 120, 40, src, nil)
	s.keys("a", "&")
	s.sees("1,200 rows are marked; a query names 1000 flows at most")
}
