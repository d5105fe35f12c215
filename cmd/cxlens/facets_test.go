package main

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"cxlens/internal/terminal"
)

// tally counts the flows of a capture by a column, as a script does with the CSV of query.
func tally(t *testing.T, env []string, file, columns, expr string) map[string]int {
	t.Helper()
	out := succeed(t, env, "query", "--quiet", "--open", file, "--output", "csv", "--columns", columns, "--limit", "0", expr)
	counts := make(map[string]int)
	for i, l := range strings.Split(strings.TrimSpace(out), "\n") {
		if i > 0 {
			counts[l]++
		}
	}
	return counts
}

// listed waits for a list of values of all matches and returns each line that begins with a value.
func (s *screen) listed(value string) string {
	s.t.Helper()
	re := regexp.MustCompile(`(?m)^[^\n]*?[│ ] ` + regexp.QuoteMeta(value) + ` +\d[^\n]*$`)
	line := ""
	s.until(func(sc terminal.Screen) bool {
		line = re.FindString(sc.String())
		return sc.Contains("of all ") && line != ""
	})
	return line
}

// TestTopValuesOnTheScreen: the figures are those that a script gets, and a value goes into the query.
func TestTopValuesOnTheScreen(t *testing.T) {
	t.Parallel()
	file, env := sessionFile(t, 0, 300, indexed), home(t)
	s := openScreen(t, terminal.Options{Env: env, Cols: 120}, "open", file)
	s.shows("300 matched", "300 here")
	s.press("l", "l", "t")
	s.shows("top values: proto", "2 values of all 300 matches")
	counts := tally(t, env, file, "proto", "any")
	for proto, n := range counts {
		if l := s.listed(proto); !regexp.MustCompile(fmt.Sprintf(` %d .* %.1f%%`, n, float64(n)/3)).MatchString(l) {
			t.Errorf("%s has %d flows, the screen says %q", proto, n, l)
		}
	}
	s.press("down", "enter")
	s.shows("❯ udp", "included udp")
	s.rowDown()
	s.shows(fmt.Sprintf("%d matched", counts["udp"]))
	s.press("[")
	s.shows("300 matched · 300 here")
}

// rowDown waits for rows and goes to the next one, so that the counts stand in the status line again.
func (s *screen) rowDown() {
	s.t.Helper()
	s.until(func(sc terminal.Screen) bool { return len(flowRows(sc)) > 3 && sc.Contains("included ") })
	s.press("j")
}

func TestGroupsOnTheScreen(t *testing.T) {
	t.Parallel()
	file, env := sessionFile(t, 0, 300, indexed), home(t)
	s := openScreen(t, terminal.Options{Env: env}, "open", file)
	s.shows("300 matched", "300 here")
	s.press("A")
	s.shows("group by columns")
	s.enter("proto, dst_port")
	s.shows("groups proto, dst_port", "of all 300 matches", "FIRST")
	counts := tally(t, env, file, "proto,dst_port", "any")
	s.shows(fmt.Sprintf("%d groups of all 300", len(counts)))
	for group, n := range counts {
		proto, port, _ := strings.Cut(group, ",")
		s.until(func(sc terminal.Screen) bool {
			return regexp.MustCompile(proto + ` +` + port + ` +` + fmt.Sprint(n) + ` `).MatchString(sc.String())
		})
	}
	s.press("enter")
	s.shows("included ")
	s.rowDown()
	most := 0
	for _, n := range counts {
		most = max(most, n)
	}
	s.shows(fmt.Sprintf("%d matched", most), "START")
	s.press("[")
	s.shows("groups proto, dst_port", "of all 300 matches")
	s.press("esc")
	s.shows("START")
	s.hides("groups proto")
}
