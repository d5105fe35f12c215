package tui

import (
	"fmt"
	"image/color"
	"regexp"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"cxlens/client"
	"cxlens/query"
	"cxlens/tui/span"
)

// onField is the mark of the field that has the keyboard; a further row of a field has no label.
var onField = regexp.MustCompile(`[│ ]▌(time|direction|address|port|protocol|bytes|packets|duration|bits/s|state|src flags|dst flags|flags|node|agent|netgroup|version|icmp id|service|id|file|order|limit|and also|  +[‹])`)

// timers are the timers that the form waits by; the test lets them ring.
type timers struct{ all []chan time.Time }

func (f *timers) after(d time.Duration) <-chan time.Time {
	if d < 150*time.Millisecond || d > 250*time.Millisecond {
		panic(fmt.Sprintf("the form waits %v", d))
	}
	ch := make(chan time.Time, 1)
	f.all = append(f.all, ch)
	return ch
}

// ring lets the newest timer ring.
func (f *timers) ring() { f.all[len(f.all)-1] <- clock }

// countAnswer answers a query of kind count.
func countAnswer(r *fakeResult, flows string, matched uint64) {
	r.set(func() {
		r.columns = []string{"flows", "bytes", "packets", "first", "last"}
		r.values = [][]string{{flows, "3210000", "4096", "2026-11-21T14:00:01Z", "2026-11-22T13:57:01.5Z"}}
		r.progress = client.Progress{State: client.Done, Matched: matched, Server: 12 * time.Millisecond}
	})
}

// formSource answers flows at once and leaves counts to the test.
func formSource() *fakeSource {
	src := newSource()
	answer := src.answer
	src.answer = func(r *fakeResult) {
		if r.req.Kind != query.KindCount {
			answer(r)
		}
	}
	return src
}

// openedForm is the screen with the form on a query.
func openedForm(t *testing.T, w, h int, text string) (*screen, *timers) {
	t.Helper()
	ring := &timers{}
	s := start(t, w, h, formSource(), func(o *Options) { o.Query, o.After = text, ring.after })
	s.keys("f")
	if s.m.mode != modeForm {
		t.Fatalf("f did not open the form:\n%s", s.text())
	}
	return s, ring
}

// counts are the counts that were asked for.
func (s *screen) counts() (all []*fakeResult) {
	s.src.mu.Lock()
	defer s.src.mu.Unlock()
	for _, r := range s.src.results {
		if r.req.Kind == query.KindCount {
			all = append(all, r)
		}
	}
	return all
}

// counted lets the form count and answers it.
func (s *screen) counted(ring *timers, flows string, matched uint64) {
	s.t.Helper()
	n := len(s.counts())
	ring.ring()
	s.until("the count", func() bool { return len(s.counts()) > n })
	countAnswer(s.counts()[n], flows, matched)
	s.until("the estimate", func() bool { return strings.Contains(s.text(), "counted in") })
}

// TestFormNewcomer: the newcomer's question of design.md's screen, by arrows and by Tab alone.
func TestFormNewcomer(t *testing.T) {
	const text = "src net in [10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 fc00::/7]" +
		" and dst net != in [10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 fc00::/7] and port https and bytes >= 1M"
	for name, keys := range map[string][]string{
		"arrows": {"f", "right", "right", "right", "down", "right", "down", "down", "h", "t", "t", "p", "s", "down", "down", "down", "1", "M", "enter"},
		"tab": {
			"f", "2", "4", "h", "tab", "right", "tab", "tab", "tab", "tab", "h", "t", "t", "p", "s", "tab", "tab", "tab", "tab", "tab", "tab", "1", "M", "enter",
		},
	} {
		t.Run(name, func(t *testing.T) {
			if len(keys) >= 25 {
				t.Errorf("%d keys", len(keys))
			}
			s := start(t, 80, 24, formSource(), nil)
			s.keys(keys...)
			if s.m.mode != modeFlows {
				t.Fatalf("the form is still open:\n%s", s.text())
			}
			req := s.src.last().req
			if req.Query != text || s.m.bar.Text() != text {
				t.Errorf("asked for %s\nthe line has %s", req.Query, s.m.bar.Text())
			}
			if req.Kind != query.KindFlows || req.From != clock.Add(-24*time.Hour).Format(time.RFC3339Nano) || req.To != "" || req.Limit != DefaultLimit {
				t.Errorf("asked for %+v", req)
			}
			s.sees("last 24h")
		})
	}
}

// TestFormOpensOnTheQuery: text and form are two views of one tree.
func TestFormOpensOnTheQuery(t *testing.T) {
	const text = "dst_port 443 and src bytes > 1M and src flags S/SA and state [S0 REJ] and (udp or ip6) and ip != 10.0.0.0/8"
	s, _ := openedForm(t, 120, 40, text)
	for _, field := range []string{"port      ‹dst›     443", "bytes     ‹src›     >1M", "src flags ‹masked›   f+S r p-A u e c", "state     ‹is›      ‹S0 REJ", "address   ‹neither› 10.0.0.0/8", "and also  udp or ip6"} {
		s.sees(field)
	}
	s.keys("enter")
	if got := s.m.bar.Text(); got != text {
		t.Errorf("without a change the text became %s", got)
	}
	s.keys("f", "down", "down", "ctrl+u")
	s.typed("192.0.2.1")
	s.keys("enter")
	want := "ip != 192.0.2.1 and dst port 443 and src bytes > 1M and src flags S/SA and state in [S0 REJ] and (udp or ip6)"
	if got := s.src.last().req.Query; got != want {
		t.Errorf("ran %s, want %s", got, want)
	}
}

// TestFormNewText: a query of the form takes the earlier refinement away and goes into the history.
func TestFormNewText(t *testing.T) {
	s := start(t, 100, 30, formSource(), nil)
	s.keys("/")
	s.typed("udp")
	s.keys("enter")
	s.settle()
	s.keys("f", "down", "down", "down", "2", "2", "enter")
	s.settle()
	if s.m.refined != "" || s.src.last().req.Query != "port 22" {
		t.Errorf("refined by %q, ran %q", s.m.refined, s.src.last().req.Query)
	}
	s.keys(":", "ctrl+u")
	s.typed("udp")
	s.keys("enter", ":", "ctrl+u", "up", "up")
	if got := s.m.bar.Text(); got != "port 22" {
		t.Errorf("the query before is %q", got)
	}
}

func TestFormLeavesEverythingAsItWas(t *testing.T) {
	s, _ := openedForm(t, 100, 30, "tcp")
	n := len(s.src.results)
	s.keys("right", "down", "right", "down", "1", "esc")
	if s.m.mode != modeFlows || s.m.bar.Text() != "tcp" || s.m.span != (span.Span{}) || len(s.src.results) != n {
		t.Errorf("mode %d, text %q, span %s", s.m.mode, s.m.bar.Text(), s.m.span)
	}
}

func TestFormErrorStandsBelowItsField(t *testing.T) {
	s, ring := openedForm(t, 80, 24, "tcp")
	s.keys("down", "down", "down")
	s.typed("htps")
	lines := strings.Split(s.text(), "\n")
	at := -1
	for i, l := range lines {
		if strings.Contains(l, "htps") && strings.Contains(l, "port") {
			at = i
			break
		}
	}
	if at < 0 || !strings.Contains(lines[at+1], "✗ expected a port number") {
		t.Errorf("no error below the field:\n%s", s.text())
	}
	s.sees("✗ 1 field with an error, marked above: not counted", "query     tcp")
	runs := len(s.src.results)
	s.keys("down", "down", "enter")
	if s.m.mode != modeForm || len(s.src.results) != runs {
		t.Fatal("a form with an error was run")
	}
	s.sees("the marked field has an error")
	s.keys("ctrl+u") // the field with the error has the keyboard
	s.typed("https")
	s.sees("query     tcp and port https")
	s.counted(ring, "7", 7)
	s.sees("7 flows · 2026-11-21 14:00 to 2026-11-22 13:57 · counted in 12ms")
}

// TestFormSpanOrderLimit are the fields beside the tree.
func TestFormSpanOrderLimit(t *testing.T) {
	s, _ := openedForm(t, 120, 40, "tcp")
	s.typed("2026-11-22T08:00:00+02:00 .. 2026-11-22 09:30")
	s.sees("from 2026-11-22 06:00:00 to 2026-11-22 09:30:00 UTC")
	s.keys("up", "up") // and also, limit
	s.keys("left", "up")
	s.typed("-bytes, start")
	s.keys("enter")
	req := s.src.last().req
	if req.From != "2026-11-22T06:00:00Z" || req.To != "2026-11-22T09:30:00Z" || fmt.Sprint(req.Order) != "[-bytes start]" || req.Limit != 10_000 {
		t.Errorf("asked for %+v", req)
	}
	s.keys("f", "ctrl+u")
	s.typed("7 parsecs")
	s.keys("up", "up")
	s.typed("0k")
	s.keys("up", "ctrl+u")
	s.typed("byte")
	s.sees("✗ 3 fields with an error", "limit: \"0k\" is not a number of rows", "no column \"byte\", did you mean")
}

// TestFormPicksNames: nodes are those that the server knows, as a query writes them.
func TestFormPicksNames(t *testing.T) {
	s, _ := openedForm(t, 120, 40, "")
	s.keys("pgdown", "down", "down", "down", "down", "right", "right")
	s.sees("query     node dmz")
	s.keys("down", "left")
	s.sees("query     node dmz and agent sensor-b")
	s.keys("down", "right", "down", "up", "x")
	s.sees("query     node dmz and agent sensor-b and netgroup x")
}

func TestFormFlags(t *testing.T) {
	s, _ := openedForm(t, 120, 40, "")
	s.keys("pgdown", "down")
	s.typed("sa")
	s.sees("query     src flags SA")
	s.keys("left", "left", "left", "space") // from ACK over PSH and RST to SYN
	s.sees("query     src flags A")
	s.send(tea.KeyPressMsg{Code: tea.KeyTab, Mod: tea.ModShift})
	s.keys("m", "tab")
	s.typed("rr")
	s.sees("query     src flags A/RA", "-R")
}

// TestFormEstimate: a count follows a rest, changes cancel it, and late answers are dropped.
func TestFormEstimate(t *testing.T) {
	s, ring := openedForm(t, 120, 40, "tcp")
	s.keys("down", "down", "down", "8")
	s.keys("0")
	if n := len(s.counts()); n != 0 {
		t.Fatalf("%d counts before the form rested", n)
	}
	ring.ring()
	s.until("the count", func() bool { return len(s.counts()) == 1 })
	first := s.counts()[0]
	if first.req.Query != "tcp and port 80" || first.req.From != "" || first.req.Limit != 0 {
		t.Errorf("counted %+v", first.req)
	}
	s.sees("counting…")
	s.keys("0")
	if !first.cancelled {
		t.Error("a change did not cancel the count")
	}
	s.counted(ring, "5", 5)
	s.sees("5 flows")
	timers := len(ring.all)
	s.keys("up", "down", "left")
	if len(ring.all) != timers {
		t.Error("moving about counts anew")
	}
	s.keys("0")
	ring.ring()
	s.until("the third count", func() bool { return len(s.counts()) == 3 })
	s.keys("esc")
	if last := s.counts()[2]; !last.cancelled {
		t.Error("leaving did not cancel the count")
	}
}

// TestFormStaleAnswer: an answer that came just before the form changed is not shown.
func TestFormStaleAnswer(t *testing.T) {
	s, ring := openedForm(t, 120, 40, "tcp")
	ring.ring()
	s.until("the count", func() bool { return len(s.counts()) == 1 })
	countAnswer(s.counts()[0], "999", 999)
	var late tea.Msg
	select {
	case late = <-s.msgs:
	case <-time.After(2 * time.Minute):
		t.Fatal("no answer")
	}
	s.keys("down", "right")
	s.send(late)
	s.seesNot("999 flows")
	s.counted(ring, "5", 5)
	s.sees("5 flows")
}

func TestFormEstimateFails(t *testing.T) {
	s, ring := openedForm(t, 120, 40, "tcp")
	ring.ring()
	s.until("the count", func() bool { return len(s.counts()) == 1 })
	count := s.counts()[0]
	count.set(func() {
		count.progress = client.Progress{State: client.Failed, Err: &query.RequestError{Code: -1, Message: "no list named $dmz\x1b[2J", Offset: 3}}
	})
	s.until("the error", func() bool { return strings.Contains(s.text(), "✗ no list named $dmz") })
	if strings.Contains(s.m.View().Content, "\x1b[2J") {
		t.Error("the server's control characters reach the terminal")
	}
}

// TestFormNames: the direction uses $internal where it is configured; the server gets what it stands for.
func TestFormNames(t *testing.T) {
	ring := &timers{}
	s := start(t, 120, 40, formSource(), func(o *Options) {
		o.After, o.Names = ring.after, map[string]string{"internal": "[10.9.0.0/16]", "dmz": "192.0.2.0/24"}
	})
	s.keys("f", "down", "right")
	s.sees("query     src ip $internal and dst ip != $internal", "internal are the networks $internal")
	s.counted(ring, "3", 3)
	if got := s.counts()[0].req.Query; got != "src net 10.9.0.0/16 and dst net != 10.9.0.0/16" {
		t.Errorf("counted %s", got)
	}
	s.keys("down")
	s.typed("$dzm")
	s.sees(`✗ $dzm is not defined; did you mean "$dmz"?`)
	if n := len(s.counts()); n != 1 {
		t.Errorf("%d counts", n)
	}
}

// TestFormWithoutAValue: what cannot be run keeps the form open and says why.
func TestFormWithoutAValue(t *testing.T) {
	s, _ := openedForm(t, 120, 40, "")
	runs := len(s.src.results)
	s.keys("down", "down", "down")
	s.typed("?web")
	s.keys("enter")
	if s.m.mode != modeForm || len(s.src.results) != runs {
		t.Fatal("a parameter without a value was run")
	}
	s.sees("the parameter ?web has no value")
}

func TestFormWithoutConnection(t *testing.T) {
	s, ring := openedForm(t, 120, 40, "tcp")
	s.src.set(client.Status{Phase: client.Waiting, RetryAt: clock.Add(time.Second)})
	s.until("the loss", func() bool { return s.m.status.Phase == client.Waiting })
	ring.ring()
	s.until("the word for it", func() bool { return strings.Contains(s.text(), "not counted: there is no connection") })
}

// TestFormRefusesBadText: a line that cannot be read is not opened as an empty form.
func TestFormRefusesBadText(t *testing.T) {
	s := start(t, 100, 30, formSource(), func(o *Options) { o.Query = "dts port 5" })
	s.keys("esc", "f")
	if s.m.mode == modeForm {
		t.Error("the form opened on a query that cannot be read")
	}
	s.sees(`did you mean "dst"`)
}

func TestTypingInFormNeverActs(t *testing.T) {
	s, _ := openedForm(t, 100, 30, "")
	for range 45 {
		s.typed("qsSrxcn?!=FMyuGg/:")
		s.send(tea.PasteMsg{Content: "q\nq\n"})
		if s.m.mode != modeForm || s.quit {
			t.Fatalf("typing left the form:\n%s", s.text())
		}
		s.keys("tab")
	}
	s.keys("ctrl+r")
	s.sees("query     any")
}

// TestFormFitsEverywhere: every field can be reached and is seen at all sizes.
func TestFormFitsEverywhere(t *testing.T) {
	for _, size := range [][2]int{{40, 10}, {60, 12}, {80, 24}, {120, 40}, {200, 60}} {
		s, _ := openedForm(t, size[0], size[1], "port [80 443] and ip 2001:db8::/32 and src bytes > 5 and node x and (udp or tcp)")
		for range 50 {
			checkSize(t, s)
			if !onField.MatchString(s.text()) {
				t.Fatalf("the field with the keyboard is out of sight at %v:\n%s", size, s.text())
			}
			s.keys("tab")
		}
	}
}

func TestFormScreens(t *testing.T) {
	for name, c := range map[string]struct {
		w, h int
		text string
		do   func(s *screen, ring *timers)
	}{
		"form-80x24":  {80, 24, "", nil},
		"form-40x10":  {40, 10, "port 443", nil},
		"form-120x40": {120, 40, "dst port https and src bytes > 1M and src flags S/SA and (udp or ip6)", func(s *screen, ring *timers) { s.counted(ring, "1204331", 1204331) }},
		"form-error-80x24": {80, 24, "port 443", func(s *screen, _ *timers) {
			s.keys("down", "down")
			s.typed("10.0.0")
		}},
		"form-filled-80x24": {80, 24, "", func(s *screen, ring *timers) {
			s.keys("right", "right", "right", "down", "right", "down", "down")
			s.typed("https")
			s.keys("down", "down", "down")
			s.typed("1M")
			s.counted(ring, "0", 0)
		}},
	} {
		themes := []string{"mono"}
		if name == "form-120x40" {
			themes = []string{"dark", "light", "mono"}
		}
		for _, theme := range themes {
			file := name
			if len(themes) > 1 {
				file += "-" + theme
			}
			t.Run(file, func(t *testing.T) {
				s, ring := openedForm(t, c.w, c.h, c.text)
				switch theme {
				case "light":
					s.send(tea.BackgroundColorMsg{Color: color.White})
				case "mono":
					s.mono()
				}
				if c.do != nil {
					c.do(s, ring)
				}
				golden(t, file, s)
			})
		}
	}
}
