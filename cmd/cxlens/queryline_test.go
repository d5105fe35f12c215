package main

import (
	"slices"
	"strings"
	"testing"

	"cxlens/internal/terminal"
)

// barRows are the rows of the query line and what stands below it, up to the titles of the table.
func barRows(sc terminal.Screen) []string {
	var rows []string
	for _, l := range sc.Lines()[1:] {
		if strings.HasPrefix(strings.TrimSpace(l), "START") {
			break
		}
		rows = append(rows, strings.TrimRight(l, " "))
	}
	return rows
}

// types sends text as it is typed.
func (s *screen) types(text string) {
	s.t.Helper()
	if err := s.Type(text); err != nil {
		s.t.Fatal(err)
	}
}

// bar waits until the query line and what stands below it have these rows, without what stands at their right.
func (s *screen) bar(want ...string) {
	s.t.Helper()
	var got []string
	err := s.WaitFor(s.t.Context(), func(sc terminal.Screen) bool {
		got = barRows(sc)
		return len(got) >= len(want) && !slices.ContainsFunc(want, func(w string) bool {
			i := slices.Index(want, w)
			return got[i] != w && !strings.HasPrefix(got[i], w+"  ")
		})
	})
	if err != nil {
		s.t.Fatalf("the query line is %q, want %q: %v", got, want, err)
	}
}

// TestUndo: with the keys of a terminal that knows no other ones.
func TestUndo(t *testing.T) {
	t.Parallel()
	s := openSessions(t, terminal.Options{}, 30)
	s.press(":", "ctrl+u")
	s.types("tcp and dst port 443")
	s.press("alt+b", "alt+b", "ctrl+w")
	s.bar(" ❯ tcp and port 443")
	s.press("ctrl+_")
	s.bar(" ❯ tcp and dst port 443")
	s.press("alt+z", "alt+z")
	s.bar(" ❯ tcp and dst")
	s.press("alt+y")
	s.bar(" ❯ tcp and dst port")
	s.press("esc")
	s.bar(" ❯ any")
	s.press(":", "ctrl+_")
	s.bar(" ❯ tcp and dst port")
	s.types(" https")
	s.press("enter")
	s.shows("30 matched")
}

// TestSeveralLines writes a query over lines, with an error in one of them, at 80 by 24.
func TestSeveralLines(t *testing.T) {
	t.Parallel()
	s := openSessions(t, terminal.Options{Cols: 80, Rows: 24}, 300)
	s.press(":", "ctrl+u")
	s.types("udp")
	s.press("alt+enter")
	s.types("and (dst prot 53")
	s.press("ctrl+j")
	s.types("or dst port 443)")
	s.bar(" ❯ udp", " · and (dst prot 53", " · or dst port 443)")
	s.press("enter")
	s.bar(" ❯ udp", " · and (dst prot 53", strings.Repeat(" ", 12)+"^^^^", "   line 2, column 10: expected ip, net, port, bytes, packets or flags after the")
	s.press("up", "home")
	for range 3 {
		s.press("alt+f")
	}
	s.press("ctrl+w")
	s.types("port")
	s.press("enter")
	s.shows("120 matched")
	s.bar(" ❯ udp", " · and (dst port 53", " · or dst port 443)")
	s.press("ctrl+r")
	s.shows("udp and (dst port 53 or dst port 443)", "2 of 2 queries")
}

// TestPaste: what a terminal pastes is text, whatever lines it has, and runs nothing.
func TestPaste(t *testing.T) {
	t.Parallel()
	s := openSessions(t, terminal.Options{}, 300)
	s.until(func(sc terminal.Screen) bool { return sc.Mode(2004) })
	s.press(":", "ctrl+u")
	if err := s.Paste("udp\nand src bytes < 110\nq\n"); err != nil {
		t.Fatal(err)
	}
	s.bar(" ❯ udp", " · and src bytes < 110", " · q")
	s.press("backspace", "backspace", "enter")
	s.shows("4 matched")
	s.press(":")
	if err := s.Paste(strings.Repeat(" or ip 10.0.0.1", 5000)); err != nil {
		t.Fatal(err)
	}
	s.shows("nothing was added: there is room for 65,536 characters")
	s.bar(" ❯ udp", " · and src bytes < 110")
	if err := s.Paste("\n" + strings.Repeat("or ip 10.0.0.1 ", 200)); err != nil {
		t.Fatal(err)
	}
	s.shows("more above")
	s.press("esc")
	s.bar(" ❯ udp", " · and src bytes < 110")
}

// TestCompletionRanking: first what was used, in this run and in the one before, then what the rows have most, and
// behind an error and in the middle of a line as well.
func TestCompletionRanking(t *testing.T) {
	t.Parallel()
	env := home(t)
	s := openSessions(t, terminal.Options{Env: env}, 300)
	s.press(":")
	eventually(t, "443 is the first port", func() bool { // the values of the rows are collected beside
		s.press("ctrl+u")
		s.types("dst port ")
		s.press("tab")
		s.until(func(sc terminal.Screen) bool {
			return len(barRows(sc)) > 1 && strings.Contains(barRows(sc)[1], " more")
		})
		return s.Screen().Contains("❯ dst port 443")
	})
	s.shows("❯ dst port 443", "seen 180 times in the rows here", " more")
	s.press("ctrl+u")
	s.types("dst port 53")
	s.press("enter")
	s.shows("120 matched")
	s.press(":", "ctrl+u")
	s.types("src prot 7 and (dst port ")
	s.press("tab")
	s.shows("❯ src prot 7 and (dst port 53", "used in 1 query · seen 120 times in the rows here")
	s.press("ctrl+u")
	s.types("dst  and tcp")
	s.press("home", "alt+f", "right", "tab")
	s.shows("❯ dst port and tcp")
	s.press("esc")
	s.hides("and tcp")
	s.press("q")
	s.ends(exitFine)

	next := openSessions(t, terminal.Options{Env: env}, 300)
	next.press(":", "ctrl+u")
	next.types("dst port ")
	next.press("tab")
	next.shows("❯ dst port 53", "used in 1 query · seen 120 times in the rows here")
}

// TestParsed shows how a query is read, with a name of the configuration, and copies it.
func TestParsed(t *testing.T) {
	t.Parallel()
	env := home(t)
	save(t, under(t, env, "XDG_CONFIG_HOME", "cxlens", "config.toml"), "[networks]\nweb = [\"192.0.2.9\", \"198.51.100.0/24\"]\n", 0o600)
	s := openSessions(t, terminal.Options{Env: env}, 30)
	s.press(":", "ctrl+u")
	s.types("dst ip $web and src bytes > 1K or udp")
	s.press("alt+p")
	s.shows("((dst ip = $web) and (src bytes > 1000)) or (udp)", "$web = 192.0.2.9 198.51.100.0/24",
		"((dst ip in [192.0.2.9 198.51.100.0/24]) and (src bytes > 1000)) or (udp)")
	s.press("Y")
	s.hides("query as it is read")
	s.clipsText("((dst ip in [192.0.2.9 198.51.100.0/24]) and (src bytes > 1000)) or (udp)")
	s.bar(" ❯ dst ip $web and src bytes > 1K or udp")
	s.press("esc")
	s.bar(" ❯ any")
	s.press("ctrl+k")
	s.shows("screen: edit the query")
	s.enter("how the query is read")
	s.shows("query as it is read")
}
