package tui

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"cxlens/client"
	"cxlens/internal/flow"
	"cxlens/query"
)

func (s *screen) sees(texts ...string) {
	s.t.Helper()
	screen := s.text()
	for _, text := range texts {
		if !strings.Contains(screen, text) {
			s.t.Errorf("the screen does not show %q:\n%s", text, screen)
		}
	}
}

func (s *screen) seesNot(text string) {
	s.t.Helper()
	if strings.Contains(s.text(), text) {
		s.t.Errorf("the screen shows %q:\n%s", text, s.text())
	}
}

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

func TestExport(t *testing.T) {
	dir := t.TempDir()
	s := start(t, 120, 40, newSource(), func(o *Options) { o.ExportDir = dir })
	s.keys("right", "right", "right", "s")
	s.settle()
	path := filepath.Join(dir, "cxlens-20261122-135807.csv")
	s.keys("x", "enter")
	s.until("the export", func() bool { return s.m.mode == modeFlows })
	s.sees("wrote 300 rows")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	if len(lines) != 301 || !strings.HasPrefix(lines[0], "start,duration,proto,src_ip") {
		t.Fatalf("%d lines, the first is %q", len(lines), lines[0])
	}
	first := strings.Split(lines[1], ",")
	var r flow.Record
	s.m.table.Current(&r)
	s.keys("g")
	s.m.table.Current(&r)
	if first[3] != r.Src.Text(r.IPVersion) {
		t.Errorf("the file begins with %s, the screen with %s", first[3], r.Src.Text(r.IPVersion))
	}
}

func TestExportAsksBeforeReplacing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "mine.jsonl")
	if err := os.WriteFile(path, []byte("precious\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	s := start(t, 120, 40, newSource(), nil)
	s.keys("x", "ctrl+u")
	s.typed(path)
	s.keys("tab", "enter")
	s.until("the question", func() bool { return strings.Contains(s.text(), "mine.jsonl exists. Replace it?") })
	s.keys("n")
	if text, _ := os.ReadFile(path); string(text) != "precious\n" {
		t.Fatal("the file was replaced without a yes")
	}
	s.keys("enter")
	s.until("the question", func() bool { return strings.Contains(s.text(), "Replace it?") })
	s.keys("y")
	s.until("the export", func() bool { return s.m.mode == modeFlows })
	text, err := os.ReadFile(path)
	if err != nil || strings.Count(string(text), "\n") != 300 || !strings.Contains(string(text), `"pcap_offset"`) {
		t.Errorf("the file is %.200q, %v", text, err)
	}
}

func TestExportErrors(t *testing.T) {
	s := start(t, 120, 40, newSource(), nil)
	for path, want := range map[string]string{
		"":                                     "path is missing",
		"flows.xls":                            ".csv",
		filepath.Join(t.TempDir(), "no/x.csv"): "make the folder first",
	} {
		s.keys("x", "ctrl+u")
		s.typed(path)
		s.keys("enter")
		s.until("an error", func() bool { return strings.Contains(strings.Join(strings.Fields(s.text()), " "), want) })
		if s.m.mode != modeExport {
			t.Errorf("%q closed the box", path)
		}
		s.keys("esc")
	}
}

func TestHelpAndPalette(t *testing.T) {
	s := start(t, 120, 60, newSource(), nil)
	s.keys("?")
	s.sees("add this column to the sort", "all actions by name", "export the rows here")
	s.keys("?", "ctrl+k")
	s.typed("exact")
	s.keys("enter")
	if !s.m.table.Exact() || s.m.mode != modeFlows {
		t.Error("the palette did not run the action")
	}
	s.keys("ctrl+k")
	s.typed("zzzz")
	s.sees("no action has these letters")
	s.keys("enter", "esc")
}

// Every action that help lists can be chosen, and answers with a change or a reason.
func TestEveryActionAnswers(t *testing.T) {
	for _, km := range AllKeys()[:3] {
		for _, b := range km.Bindings {
			t.Run(b.ID, func(t *testing.T) {
				src := newSource()
				src.answer = func(r *fakeResult) { r.set(func() { r.progress.State = client.Done }) }
				s := start(t, 120, 40, src, nil)
				before, queries := s.m.View().Content, len(src.results)
				cmd := s.m.runByID(b.ID)
				if s.m.View().Content == before && cmd == nil && len(src.results) == queries && b.ID != "nodes.leave" {
					t.Errorf("%s (%s) does nothing and does not say why", b.ID, b.Show())
				}
			})
		}
	}
}

func TestUnknownKeySaysSo(t *testing.T) {
	s := start(t, 120, 40, newSource(), nil)
	s.keys("%")
	s.sees("% has no action here; ? lists the keys")
}

// slow is an answer that is still coming.
func slow(r *fakeResult) {
	r.set(func() {
		r.table = newTable(20)
		r.progress = client.Progress{State: client.Streaming, Matched: 1000, Rows: 20, Expect: 1000}
	})
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

func TestConnectionLostAndBack(t *testing.T) {
	src := newSource()
	now := clock
	s := start(t, 120, 40, src, func(o *Options) { o.Now = func() time.Time { return now } })
	lost := onlineStatus()
	lost.Phase, lost.Err, lost.RetryAt = client.Waiting, errors.New("read: connection reset\x07"), clock.Add(4*time.Second)
	src.set(lost)
	s.until("the loss", func() bool { return s.m.status.Phase == client.Waiting })
	s.sees("✗ lost, again in 4 s", "connection lost, trying again in 4 s: read: connection reset", "not connected")
	now = clock.Add(3500 * time.Millisecond)
	s.sees("trying again in 1 s")
	now = clock.Add(12 * time.Second)
	s.sees("trying again now")
	src.set(onlineStatus())
	s.until("the return", func() bool { return s.m.status.Phase == client.Online })
	s.sees("connected again after 12 s", "● online 3ms")
	s.seesNot("connection lost")
	now = now.Add(newsFor)
	s.send(ticked{})
	s.seesNot("connected again")
	if strings.Contains(s.m.View().Content, "\x07") {
		t.Error("a bell reaches the terminal")
	}
}

// backend makes a Backend of a fake, for the login form.
type backend struct{ *fakeSource }

func (b backend) Submit(query.Request) *client.Result { panic("the test does not ask") }

func loginScreen(t *testing.T, connect func(context.Context, Login) (Backend, error)) *screen {
	t.Helper()
	return start(t, 80, 24, nil, func(o *Options) {
		o.Connect, o.Login, o.Query = connect, Login{Server: "lab:10201", Name: "analyst"}, "this does not parse ("
	})
}

func TestLoginRefusedThenTaken(t *testing.T) {
	var got []Login
	src := newSource()
	s := loginScreen(t, func(_ context.Context, l Login) (Backend, error) {
		got = append(got, l)
		if l.Secret != "right" {
			return nil, fmt.Errorf("log in to lab: %w", client.ErrAuth)
		}
		return backend{src}, nil
	})
	s.keys("enter")
	s.sees("secret is missing")
	s.typed("wrong")
	s.seesNot("wrong")
	s.keys("enter")
	s.sees("connecting to lab:10201")
	s.until("the refusal", func() bool { return !s.m.login.Connecting() })
	lines := strings.Split(s.text(), "\n")
	for i, l := range lines {
		if strings.Contains(l, "│ secret") && !strings.Contains(lines[i+1], "✗ log in to lab: the server refused") {
			t.Errorf("the refusal is not under the secret:\n%s", s.text())
		}
	}
	s.typed("right")
	s.keys("enter")
	s.until("the main screen", func() bool { return s.m.src != nil })
	if len(got) != 2 || got[1] != (Login{Server: "lab:10201", Name: "analyst", Secret: "right"}) {
		t.Errorf("connected with %v", got)
	}
	s.sees("analyst@lab")
	if s.m.mode != modeEdit {
		t.Error("a first query that does not parse is not up for editing")
	}
}

func TestLoginErrorAndCancel(t *testing.T) {
	stopped := make(chan struct{})
	fail := errors.New("connect to lab:10201: connection refused")
	s := loginScreen(t, func(ctx context.Context, l Login) (Backend, error) {
		if l.Secret == "hang" {
			<-ctx.Done()
			close(stopped)
			return nil, ctx.Err()
		}
		return nil, fail
	})
	s.typed("x")
	s.keys("enter")
	s.until("the failure", func() bool { return !s.m.login.Connecting() })
	s.sees("✗ connect to lab:10201: connection refused")
	s.keys("tab", "tab")
	s.typed("hang")
	s.keys("enter", "esc")
	<-stopped
	s.seesNot("connecting to")
	if s.quit {
		t.Fatal("stopping to connect quit")
	}
	s.keys("esc")
	s.until("the end", func() bool { return s.quit })
}

func TestLateConnectionIsClosed(t *testing.T) {
	src := newSource()
	release := make(chan struct{})
	s := loginScreen(t, func(context.Context, Login) (Backend, error) { <-release; return backend{src}, nil })
	s.typed("x")
	s.keys("enter", "esc")
	close(release)
	s.until("the close", func() bool { src.mu.Lock(); defer src.mu.Unlock(); return src.closed })
	if s.m.src != nil {
		t.Error("a connection that was given up is used")
	}
}

func TestRefusedLaterAsksForTheSecret(t *testing.T) {
	src := newSource()
	s := start(t, 80, 24, src, nil)
	refused := onlineStatus()
	refused.Phase, refused.Err = client.Refused, client.ErrAuth
	src.set(refused)
	s.until("the form", func() bool { return s.m.mode == modeLogin })
	s.sees("lab:10201", "analyst", "refused the name or the secret")
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

func TestFollowBringsNewFlowsIntoOrder(t *testing.T) {
	src := newSource()
	src.answer = func(r *fakeResult) {
		r.finish(100, 100)
		r.set(func() { r.progress.State = client.Following })
	}
	s := start(t, 120, 40, src, func(o *Options) { o.Follow = true })
	if !src.last().req.Follow {
		t.Error("follow was not asked for")
	}
	s.sees("following new flows", "follow")
	r := src.last()
	fresh := flow.Record{ID: 9, Start: clock.UnixMicro(), End: clock.UnixMicro(), Proto: flow.TCP, IPVersion: 4, Src: flow.AddrFrom4(0x01020304)}
	r.set(func() { r.table.Append(&fresh); r.progress.Rows++ })
	s.until("the new flow", func() bool { n, _ := s.m.table.Len(); return n == 101 })
	s.settle()
	var top flow.Record
	if s.m.table.Current(&top); top.ID != 9 {
		t.Errorf("the newest flow is not first: %+v", top)
	}
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

func TestChangedKeysWorkAndAreShown(t *testing.T) {
	s := start(t, 120, 60, newSource(), func(o *Options) { o.Keys = map[string][]string{"screen.export": {"W"}} })
	s.keys("x")
	s.sees("x has no action here")
	s.keys("W")
	if s.m.mode != modeExport {
		t.Error("the new key does not export")
	}
}

func TestCompletion(t *testing.T) {
	s := start(t, 100, 30, newSource(), nil)
	s.keys(":")
	s.typed("dst po")
	s.keys("tab")
	if got := strings.TrimSpace(s.m.bar.Text()); got != "dst port" {
		t.Errorf("dst po completes to %q", got)
	}
	s.keys("ctrl+u")
	s.typed("node dm")
	s.keys("tab")
	if got := strings.TrimSpace(s.m.bar.Text()); got != "node dmz" {
		t.Errorf("node dm completes to %q", got)
	}
	s.keys("ctrl+u", "tab")
	first := s.m.bar.Text()
	s.sees(first, "more")
	s.keys("tab")
	if s.m.bar.Text() == first {
		t.Error("a second Tab stays at the first word")
	}
	s.keys("ctrl+u")
	s.typed("bytes 53")
	s.keys("tab")
	s.sees("nothing completes this word")
}
