package main

import (
	"slices"
	"strings"
	"testing"

	"cxlens/internal/terminal"
)

// openSessions opens the screen on n flows and waits until they are there.
func openSessions(t *testing.T, o terminal.Options, n int, args ...string) *screen {
	t.Helper()
	s := openScreen(t, o, append([]string{"open", sessionFile(t, 0, n, indexed)}, args...)...)
	s.shows(exactly(n)+" matched", exactly(n)+" here")
	return s
}

// first waits until the first row of the table begins with text.
func (s *screen) first(text string) {
	s.t.Helper()
	s.until(func(sc terminal.Screen) bool {
		rows := flowRows(sc)
		return len(rows) > 0 && strings.HasPrefix(rows[0], text)
	})
}

func TestQueryLine(t *testing.T) {
	t.Parallel()
	s := openSessions(t, terminal.Options{}, 300)
	s.ask("udp")
	s.shows("120 matched · 120 here")
	s.until(func(sc terminal.Screen) bool {
		rows := flowRows(sc)
		other := func(row string) bool { return !strings.Contains(row, " udp ") }
		return len(rows) >= 30 && !slices.ContainsFunc(rows, other)
	})

	s.ask("dst prot 443")
	s.shows("did you mean \"port\"?", "120 here")
	lines := s.Screen().Lines()
	at := slices.IndexFunc(lines, func(l string) bool { return strings.Contains(l, "❯ dst prot 443") })
	marked, place := lines[at+1], strings.Index(lines[at], "prot")-len("❯")+len(">")
	if strings.Index(marked, "^^^^") != place || !strings.Contains(marked, "expected ip, net, port") {
		t.Errorf("the mark is not under prot, or what was expected is missing:\n%s\n%s", lines[at], marked)
	}
	s.press("ctrl+u")
	s.enter("ip 10.0.1.49")
	s.shows("1 matched · 1 here")
	s.hides("did you mean")

	s.ask("ip 203.0.113.99")
	s.shows("no flow at any time matches ip 203.0.113.99", "the server has 300 flows, which start from 2026-")
}

func TestQueryHistory(t *testing.T) {
	t.Parallel()
	s := openSessions(t, terminal.Options{}, 30)
	s.ask("udp")
	s.shows("12 here")
	s.ask("tcp")
	s.shows("18 here")
	s.press(":", "up")
	s.shows("❯ udp")
	s.press("up")
	s.shows("❯ any")
	s.press("esc")
	s.shows("❯ tcp")
}

func TestSort(t *testing.T) {
	t.Parallel()
	s := openSessions(t, terminal.Options{Cols: 200, Rows: 40}, 300)
	s.first("2026-11-20 08:04:59")
	s.press("s")
	s.first("2026-11-20 08:00:00")
	s.shows("sort start↑", "START ▲")
	for range 9 {
		s.press("l")
	}
	s.press("s")
	s.shows("sort src_bytes↓", "↑BYTES ▼")
	s.first("2026-11-20 08:04:59")
	s.press("s")
	s.shows("sort src_bytes↑")
	s.first("2026-11-20 08:00:00")
	s.press("h", "h", "s")
	s.shows("sort src_packets↓")
	s.press("l", "l", "S")
	s.shows("sort src_packets↓, src_bytes↓")
	s.first("2026-11-20 08:04:53") // number 293 is the last one of 7 packets
}

func TestColumns(t *testing.T) {
	t.Parallel()
	s := openSessions(t, terminal.Options{Cols: 250, Rows: 40}, 20)
	s.shows("DESTINATION")
	s.press("c")
	s.shows("columns · 15 of 33 shown", "[x] PROTO")
	s.press("down", "down", "space")
	s.shows("columns · 14 of 33 shown", "[ ] PROTO")
	s.press("esc")
	s.hides("columns · ")
	if header := line(s.Screen(), "START"); strings.Contains(header, "PROTO") || !strings.Contains(header, "SOURCE") {
		t.Errorf("after PROTO was hidden: %s", header)
	}
	s.press("c")
	s.shows("columns · 14 of 33")
	s.press("ctrl+r", "esc")
	s.until(func(sc terminal.Screen) bool { return strings.Contains(line(sc, "START"), "PROTO") })
}

func TestDetail(t *testing.T) {
	t.Parallel()
	s := openSessions(t, terminal.Options{Cols: 120, Rows: 60}, 20)
	s.press("enter")
	s.shows("flow 1 of 20", "1795161619000000019", "2001:db8::14:1", "2001:db8:9::2", "registered for https", "SYN, PSH, ACK", "pcap.1795161619")
	s.press("right")
	s.shows("flow 2 of 20", "1795161618000000018")
	s.press("esc")
	s.hides("flow 2 of 20")
}

func TestRefine(t *testing.T) {
	t.Parallel()
	s := openSessions(t, terminal.Options{}, 300)
	s.press("/")
	s.shows("refine the rows here")
	s.enter("src bytes < 110")
	s.shows("10 of 300 here refined by src bytes < 110")
	s.until(func(sc terminal.Screen) bool { return len(flowRows(sc)) == 10 })
	s.press("/", "ctrl+u")
	s.enter("src bites < 110")
	s.shows("did you mean \"bytes\"?")
	s.press("esc")
	s.hides("refine the rows here")
	s.shows("10 of 300 here")
	s.press("esc")
	s.hides("refined by")
	s.until(func(sc terminal.Screen) bool { return len(flowRows(sc)) >= 30 })
}

func TestNodePane(t *testing.T) {
	t.Parallel()
	s := openSessions(t, terminal.Options{}, 300)
	s.until(func(sc terminal.Screen) bool { return strings.Contains(line(sc, "● files"), "online") })
	s.press("n")
	s.shows("last seen", "netgroup     local", "flows        300", "oldest       11-20 08:00:00", "newest       11-20 08:04:59")
	s.press("enter")
	s.hides("last seen")
	s.press("enter")
	s.shows("last seen")
	s.pressBareEscape()
	s.hides("last seen")
}

// TestHelp: every action that the screen has stands in the help with its key.
func TestHelp(t *testing.T) {
	t.Parallel()
	s := openSessions(t, terminal.Options{Cols: 120, Rows: 110}, 5)
	s.press("?")
	s.shows("keys · cxlens", "sort by this column", "refine the rows here", "all actions by name", "cancel what runs", "show or hide", "flow before")
	s.pressBareEscape()
	s.hides("keys · cxlens")
}

func TestPalette(t *testing.T) {
	t.Parallel()
	s := openSessions(t, terminal.Options{}, 5)
	s.press("ctrl+k")
	s.shows("actions", "screen: edit the query")
	s.enter("choose the columns")
	s.shows("columns · 15 of 33 shown")
	s.press("esc")
	s.hides("columns · ")
	s.press("ctrl+k")
	s.shows("screen: edit the query")
	s.enter("next theme")
	s.shows("theme ")
}

func TestSpan(t *testing.T) {
	t.Parallel()
	s := openSessions(t, terminal.Options{}, 300)
	s.press("L")
	s.shows("span of time and limit of rows", "all limit 100k")
	s.press("ctrl+u")
	s.enter("2026-11-20 08:00:10 .. 2026-11-20 08:00:30 limit 7")
	s.shows("20 matched · 7 here")
	s.first("2026-11-20 08:00:29") // the newest of the span: the server ordered before it cut
	s.press("L", "ctrl+u")
	s.enter("yesterdax")
	s.shows("span of time and limit of rows", "❯ yesterdax", "yesterdax\"")
	s.press("esc")
	s.hides("span of time and limit of rows")
	s.press("L", "ctrl+u")
	s.enter("all limit none")
	s.shows("300 matched · 300 here")
}
