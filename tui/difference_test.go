package tui

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"cxlens/client"
	"cxlens/internal/flow"
	"cxlens/query"
)

// answerTop lets a source answer questions of kind top; groups are those there are in all.
func answerTop(src *fakeSource, of func(req query.Request) (rows [][]string, groups uint64)) {
	flows := src.answer
	src.answer = func(r *fakeResult) {
		if r.req.Kind != query.KindTop {
			flows(r)
			return
		}
		rows, groups := of(r.req)
		r.set(func() {
			r.columns = append(append([]string{}, r.req.By...), "flows", "bytes", "packets")
			r.values = rows
			r.progress = client.Progress{State: client.Done, Matched: uint64(10 * len(rows)), Rows: len(rows), Groups: groups}
		})
	}
}

// twoDays are the answers of today and yesterday.
func twoDays(req query.Request) ([][]string, uint64) {
	if req.From == "2026-11-20T13:58:07Z" {
		return [][]string{
			{"10.0.0.7", "192.0.2.9", "443", "900", "12000000", "9000"},
			{"10.0.0.9", "2001:db8:9:0:feed::3", "22", "3", "4500", "30"},
			{"10.0.0.1", "192.0.2.53", "53", "40", "8000", "80"},
		}, 3
	}
	return [][]string{
		{"10.0.0.7", "192.0.2.9", "443", "1000", "48000000", "20000"},
		{"10.0.0.66", "203.0.113.5", "4444", "7", "880000", "700"},
		{"10.0.0.1", "192.0.2.53", "53", "40", "8000", "80"},
	}, 3
}

// difference opens the difference and waits until it is there.
func (s *screen) difference(setting string) {
	s.t.Helper()
	s.keys("d", "ctrl+u")
	s.typed(setting)
	s.keys("enter")
	s.until("the difference", func() bool { return s.m.mode == modeDifference && !s.m.diffBox.Running() })
}

func differenceScreen(t *testing.T, w, h int) *screen {
	t.Helper()
	src := newSource()
	answerTop(src, twoDays)
	return start(t, w, h, src, func(o *Options) { o.Query, o.Last, o.ExportDir = "tcp or udp", "24h", t.TempDir() })
}

func TestDifferenceScreens(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {120, 40}, {200, 60}} {
		name := fmt.Sprintf("difference-%dx%d", size[0], size[1])
		t.Run(name, func(t *testing.T) {
			s := differenceScreen(t, size[0], size[1])
			s.mono()
			s.difference("1d")
			golden(t, name, s)
		})
	}
}

func TestDifferenceAsksForBothSpans(t *testing.T) {
	s := differenceScreen(t, 100, 30)
	s.difference("1d")
	n := len(s.src.results)
	before, after := s.src.results[n-2].req, s.src.results[n-1].req
	if before.From != "2026-11-20T13:58:07Z" || before.To != "2026-11-21T13:58:07Z" {
		t.Errorf("before asks %+v", before)
	}
	if after.From != "2026-11-21T13:58:07Z" || after.Metric != "bytes" || strings.Join(after.By, ",") != "src_ip,dst_ip,dst_port" || after.Limit != 0 {
		t.Errorf("after asks %+v", after)
	}
	text := s.text()
	for _, want := range []string{"+ 1 new", "− 1 gone", "~ 1 changed", "= 1 same (not shown)", "~ changed 10.0.0.7", "×4.00", "+ new     10.0.0.66", "− gone    10.0.0.9"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	s.keys("g")
	if text := s.text(); strings.Contains(text, "10.0.0.66") || !strings.Contains(text, "[− 1 gone]") {
		t.Errorf("only what is gone:\n%s", text)
	}
	s.keys("up")
	if text := s.text(); !strings.Contains(text, "this is the first row") {
		t.Errorf("a key that does nothing is silent:\n%s", text)
	}
	s.keys("m")
	s.until("the other metric", func() bool { return !s.m.diffBox.Running() })
	if got := s.src.last().req.Metric; got != "flows" {
		t.Errorf("asked by %s", got)
	}
}

// TestDifferencePivots: Enter shows the flows on the side where they are.
func TestDifferencePivots(t *testing.T) {
	s := differenceScreen(t, 100, 30)
	s.difference("1d")
	s.keys("g", "enter")
	req := s.src.last().req
	if want := "(tcp or udp) and src ip 10.0.0.9 and dst ip 2001:db8:9:0:feed::3 and dst port 22"; req.Query != want || req.Kind != query.KindFlows {
		t.Errorf("asked for %q, want %q", req.Query, want)
	}
	if req.From != "2026-11-20T13:58:07Z" || req.To != "2026-11-21T13:58:07Z" {
		t.Errorf("of %s to %s", req.From, req.To)
	}
	s.settle()
	s.keys("backspace")
	s.difference("1d")
	s.keys("n", "o")
	if req := s.src.last().req; len(s.m.tabs.open) != 2 || !strings.HasSuffix(req.Query, "dst port 4444") || req.From != "2026-11-21T13:58:07Z" {
		t.Errorf("%d tabs, asked %+v", len(s.m.tabs.open), req)
	}
}

func TestDifferenceOfTabs(t *testing.T) {
	s := differenceScreen(t, 100, 30)
	s.keys("d", "ctrl+u")
	s.typed("tab 2")
	s.keys("enter")
	if text := s.text(); !strings.Contains(text, "there is no tab 2") {
		t.Errorf("a tab that is not there is taken:\n%s", text)
	}
	s.keys("ctrl+u")
	s.typed("tab 1")
	s.keys("enter")
	if text := s.text(); !strings.Contains(text, "tab 1 is this one") {
		t.Errorf("the tab is compared with itself:\n%s", text)
	}
	s.keys("esc", "ctrl+t")
	s.typed("udp")
	s.keys("enter")
	s.settle()
	s.difference("tab 1 by service flows")
	n := len(s.src.results)
	if before, after := s.src.results[n-2].req, s.src.results[n-1].req; before.Query != "tcp or udp" || after.Query != "udp" || before.From != after.From {
		t.Errorf("asked %+v and %+v", before, after)
	}
}

func TestDifferenceSaysWhatWasNotAnswered(t *testing.T) {
	src := newSource()
	answerTop(src, func(req query.Request) ([][]string, uint64) {
		rows, _ := twoDays(req)
		if req.From == "2026-11-20T13:58:07Z" {
			return rows, 70_000
		}
		return rows, 3
	})
	s := start(t, 120, 30, src, func(o *Options) { o.Last = "24h" })
	s.difference("1d")
	text := s.text()
	for _, want := range []string{"+ new?", "3 of 70,000 keys", "8,000 bytes at most", "− gone "} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
}

func TestDifferenceFailsAndIsCancelled(t *testing.T) {
	s := differenceScreen(t, 100, 30)
	s.m.run.span = s.m.span
	s.keys("L", "ctrl+u")
	s.typed("all")
	s.keys("enter")
	s.settle()
	s.keys("d", "enter")
	if text := s.text(); !strings.Contains(text, "all time has no beginning") {
		t.Errorf("all time is compared:\n%s", text)
	}
	s.keys("esc", "L", "ctrl+u")
	s.typed("24h")
	s.keys("enter")
	s.settle()
	flows := s.src.answer
	s.src.answer = func(r *fakeResult) {
		if r.req.Kind == query.KindTop {
			r.set(func() { r.progress = client.Progress{State: client.Streaming} })
			return
		}
		flows(r)
	}
	s.keys("d", "enter", "n")
	if text := s.text(); s.m.mode != modeDifference || !strings.Contains(text, "the two answers are still coming") || !strings.Contains(text, "Esc cancels") {
		t.Fatalf("while it runs:\n%s", text)
	}
	s.keys("esc")
	n := len(s.src.results)
	if !s.src.results[n-1].cancelled || !s.src.results[n-2].cancelled || s.m.mode != modeFlows {
		t.Error("the questions go on")
	}
	s.src.answer = func(r *fakeResult) {
		r.set(func() {
			r.progress = client.Progress{State: client.Failed, Err: fmt.Errorf("the store \x1b[31mfailed")}
		})
	}
	s.difference("1d by src_ip")
	if text := s.text(); !strings.Contains(text, "✗ ") || !strings.Contains(text, "failed") || strings.Contains(text, "\x1b") {
		t.Errorf("a failure:\n%s", text)
	}
}

func TestDifferenceToFile(t *testing.T) {
	s := differenceScreen(t, 100, 30)
	s.difference("1d")
	s.keys("n", "x", "enter")
	path := s.m.opts.ExportDir + "/cxlens-difference-20261122-135807.csv"
	s.until("the file", func() bool { return strings.Contains(s.text(), "wrote 1 rows to ") })
	data, err := os.ReadFile(path)
	want := "change,src_ip,dst_ip,dst_port,flows_before,flows_after,bytes_before,bytes_after,packets_before,packets_after\n" +
		"new,10.0.0.66,203.0.113.5,4444,0,7,0,880000,0,700\n"
	if err != nil || string(data) != want {
		t.Errorf("%v\n%s", err, data)
	}
	s.keys("x", "enter")
	s.until("the refusal", func() bool { return strings.Contains(s.text(), "choose another name") })
	s.keys("y")
	if text := s.text(); !strings.Contains(text, "copied new") {
		t.Errorf("copy:\n%s", text)
	}
}

// TestDifferenceOfManyKeys: scrolling stays within the rows, and every line within the screen.
func TestDifferenceOfManyKeys(t *testing.T) {
	src := newSource()
	answerTop(src, func(req query.Request) ([][]string, uint64) {
		var rows [][]string
		for i := range 500 {
			n := strconv.Itoa(1000 - i)
			rows = append(rows, []string{flow.AddrFromNumbers(0x20010db800000000, uint64(i)<<40|7).Text(6), n, n, n})
		}
		if req.From == "2026-11-21T13:58:07Z" {
			return rows[250:], 250
		}
		return rows[:300], 300
	})
	s := start(t, 80, 24, src, func(o *Options) { o.Last, o.Now = "24h", func() time.Time { return clock } })
	s.difference("1d by src_ip flows")
	for _, k := range []string{"G", "pgup", "up", "home", "pgdown", "down", "end", "c", "=", "G"} {
		s.keys(k)
		checkSize(t, s)
		if _, ok := s.m.diffBox.Current(); !ok && k != "c" {
			t.Errorf("no row under the cursor after %s", k)
		}
	}
	if text := s.text(); !strings.Contains(text, "[= 50 same]") {
		t.Errorf("what is the same:\n%s", text)
	}
}
