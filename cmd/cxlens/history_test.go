package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cxlens/internal/terminal"
)

// demoScreen is `cxlens demo` in a terminal of 140 by 40.
type demoScreen struct{ *screen }

// openDemo runs the program with its folders below dir.
func openDemo(t *testing.T, dir, state string) demoScreen {
	t.Helper()
	s := demoScreen{openScreen(t, terminal.Options{Dir: dir, Env: []string{
		"HOME=" + dir, "XDG_CONFIG_HOME=" + filepath.Join(dir, "config"), "XDG_STATE_HOME=" + state,
		"CXLENS_SERVER=", "CXLENS_CLIENT=", "CXLENS_SECRET=",
	}}, "demo")}
	s.shows("● online", "following new flows", "▌")
	return s
}

// finds runs a query that is typed and waits for its rows.
func (s demoScreen) finds(text, matched string) {
	s.t.Helper()
	s.ask(text)
	s.holds(text)
	s.until(func(sc terminal.Screen) bool {
		return sc.Contains(" "+matched+" matched") && sc.Contains("following new flows") && sc.Contains("▌")
	})
}

// lineLoses waits until text stands nowhere on the query line.
func (s demoScreen) lineLoses(text string) {
	s.t.Helper()
	s.until(func(sc terminal.Screen) bool { return !strings.Contains(sc.Lines()[1], text) })
}

// holds waits until the query line holds exactly text.
func (s demoScreen) holds(text string) {
	s.t.Helper()
	err := s.WaitFor(s.t.Context(), func(sc terminal.Screen) bool { return queryLine(sc) == text })
	if err != nil {
		s.t.Fatalf("the query line does not hold %q: %v", text, err)
	}
}

// queryLine is the text of the query line.
func queryLine(sc terminal.Screen) string {
	_, rest, _ := strings.Cut(sc.Lines()[1], "❯ ")
	text, _, _ := strings.Cut(rest, "  ")
	return strings.TrimSpace(text)
}

// quits leaves the program, which asks no question when the query has its rows.
func (s demoScreen) quits() {
	s.t.Helper()
	s.shows("following new flows")
	s.press("q")
	s.ends(exitFine)
}

// TestHistoryOfOneRunIsOfferedInTheNext, by the arrow and by the search, and two screens share it.
func TestHistoryOfOneRunIsOfferedInTheNext(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	state := filepath.Join(dir, "state")
	first, other := openDemo(t, dir, state), openDemo(t, dir, state)
	first.finds("tcp and dst port 443", "1,243")
	other.finds("udp and port 53", "1,498")
	first.finds("icmp", "353")
	first.quits()
	other.quits()
	info, err := os.Stat(filepath.Join(state, "cxlens", "history"))
	if err != nil || info.Mode() != 0o600 {
		t.Fatalf("the history is %v, %v", info, err)
	}
	next := openDemo(t, dir, state)
	next.press(":", "up", "up")
	next.holds("udp and port 53")
	next.press("ctrl+u")
	if err := next.Type("tcp"); err != nil {
		t.Fatal(err)
	}
	next.press("up")
	next.holds("tcp and dst port 443")
	next.press("esc")
	next.holds("any")
	next.press("ctrl+r") // the line was left: over the flows
	next.shows("4 of 4 queries", "MATCHES")
	if err := next.Type("443"); err != nil {
		t.Fatal(err)
	}
	next.shows("1 of 4 queries")
	next.press("enter")
	next.holds("tcp and dst port 443")
	next.press("enter")
	next.shows("1,243 matched")
	next.quits()
}

// TestHistoryWithoutAPlace: with a state folder that cannot be written the screen works and says so once.
func TestHistoryWithoutAPlace(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	state := filepath.Join(dir, "state")
	if err := os.WriteFile(state, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	s := openDemo(t, dir, state)
	s.shows(" ! ") // there is a second notice: the open tabs are not kept either
	s.press("!")
	s.shows("remembered until the screen is left")
	s.press("esc")
	s.hides("remembered until")
	s.finds("udp and port 53", "1,498")
	s.press(":", "up")
	s.holds("any")
	s.press("esc")
	s.holds("udp and port 53")
	s.quits()
}

// TestPivots walks from a cell to its value, to the pair, to the minutes around, and all the way back.
func TestPivots(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := openDemo(t, dir, filepath.Join(dir, "state"))
	s.finds("tcp and dst port 443", "1,243")
	s.press("right", "right", "right", "+")
	s.shows("included src ip ", "▌")
	included := queryLine(s.Screen())
	if !strings.HasPrefix(included, "tcp and dst port 443 and src ip ") {
		t.Fatalf("the query is %q", included)
	}
	s.press("P")
	s.shows("this pair; backspace goes back", "▌")
	if pair := queryLine(s.Screen()); !strings.HasPrefix(pair, "ip ") || !strings.Contains(pair, " and ip ") {
		t.Fatalf("the query is %q", pair)
	}
	s.press("~")
	s.shows("± minutes around this row")
	s.press("ctrl+u", "1", "enter")
	s.shows("± 1m around the row", "2026-11-20 ")
	s.press("esc")
	s.lineLoses("2026-11-20 ")
	s.press("esc")
	s.holds(included)
	s.press("backspace")
	s.holds("tcp and dst port 443")
	s.shows("1,243 matched")
	s.press("]")
	s.holds(included)
	s.quits()
}
