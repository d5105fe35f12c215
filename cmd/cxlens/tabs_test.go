package main

import (
	"strings"
	"testing"

	"cxlens/internal/terminal"
)

// TestTabs: several queries side by side, each with its rows and its place.
func TestTabs(t *testing.T) {
	t.Parallel()
	s := openSessions(t, terminal.Options{Cols: 80, Rows: 24}, 300)
	s.press("ctrl+t")
	s.enter("udp")
	s.shows("1 any", "2 udp", "120 matched · 120 here")
	s.press("R")
	s.enter("names")
	s.shows("2 names")
	s.press("1")
	s.shows("300 matched · 300 here")
	s.press("}")
	s.shows("120 matched")
	s.press("ctrl+w")
	s.shows("closed names", "10.0.1.49")
	s.hides("1 any")
	s.press("U")
	s.shows("2 names", "120 matched · 120 here")
	s.press("O")
	s.shows("2 tabs · Enter shows")
	s.press("up", "enter")
	s.shows("300 matched · 300 here")
	s.press("q")
	s.ends(exitFine)
}

// TestTabsOfTheLastTime: the next start offers the tabs, and opens them with their queries.
func TestTabsOfTheLastTime(t *testing.T) {
	t.Parallel()
	env, file := home(t), sessionFile(t, 0, 300, indexed)
	for i, how := range []string{"q", "ctrl+c"} {
		s := openScreen(t, terminal.Options{Env: env}, "open", file)
		s.shows("300 here")
		if i == 0 {
			s.press("ctrl+t")
			s.enter("udp")
			s.shows("120 here")
			s.press("ctrl+t")
			s.enter("port 443")
			s.shows("3 port 443 ●") // quitting would ask while it runs
			s.press("2")
			s.shows("120 matched")
		} else {
			s.shows("3 tabs were open the last time")
			s.press("ctrl+o")
			s.shows("2 any", "3 udp", "4 port 443", "120 matched · 120 here")
		}
		s.press(how)
		if how == "ctrl+c" {
			s.press(how)
			s.press(how)
		}
		s.ends(exitFine)
	}
}

// TestTabsKeepTheirProfile: a tab of the last time runs its profile again, with its groups and their limit.
func TestTabsKeepTheirProfile(t *testing.T) {
	t.Parallel()
	env, file := home(t), sessionFile(t, 0, 300, indexed)
	save(t, profileFile(t, env, "few"), "query = 'udp'\ngroup = ['src_ip']\nlimit = 3\n", 0o600)
	for i := range 2 {
		s := openScreen(t, terminal.Options{Env: env}, "open", file)
		s.shows("300 here")
		if i == 0 {
			s.press("ctrl+t")
			s.enter("tcp")
			s.shows("2 tcp")
			s.press("ctrl+k")
			s.enter("run few")
		} else {
			s.press("ctrl+o")
		}
		s.shows("few · all time", "src_ip · the 3 with most flows of ", "values of all 120 matches", "120 matched · 120 here", "following new flows") // quitting would ask while it runs
		s.hides("few, changed")
		s.press("q")
		s.ends(exitFine)
	}
}

// TestPivots: queries from the row under the cursor, and the way back.
func TestEveryPivot(t *testing.T) {
	t.Parallel()
	s := openSessions(t, terminal.Options{}, 300)
	s.press("l", "l", "i") // PROTO
	s.shows("only tcp", "goes back")
	only := queryOnScreen(s)
	s.press("backspace")
	s.shows("300 matched · 300 here")
	s.press("-")
	s.shows("excluded tcp")
	excluded := queryOnScreen(s)
	if only != "tcp" || !strings.Contains(excluded, "!=") && !strings.Contains(excluded, "not ") {
		t.Errorf("only is %q, exclude is %q", only, excluded)
	}
	s.press("backspace")
	s.shows("300 here")
	s.press("P")
	s.shows("this pair")
	s.press("[")
	s.shows("300 here")
	s.press("o", "B")
	s.shows("both directions in a new tab", "1 any", "2 tcp and (src ip")
	s.press("1")
	s.shows("300 matched · 300 here")
	s.press("~", "ctrl+u")
	s.enter("1")
	s.shows("± 1m around the row")
	s.press("backspace")
	s.shows("300 matched · 300 here")
	s.press("D")
	s.shows("same source to the same port")
}

// queryOnScreen is the text in the query line.
func queryOnScreen(s *screen) string {
	_, text, _ := strings.Cut(line(s.Screen(), "❯"), "❯")
	text, _, _ = strings.Cut(strings.TrimSpace(text), "   ")
	return text
}
