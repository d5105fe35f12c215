package main

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"cxlens/internal/terminal"
)

// counted is how many flows of a capture match, as a script asks for it.
func counted(t *testing.T, env []string, file string, flags ...string) int {
	t.Helper()
	args := append(append([]string{"query", "--quiet", "--open", file, "--output", "csv", "--columns", "id", "--limit", "0"}, flags...), "any")
	return strings.Count(succeed(t, env, args...), "\n") - 1
}

// selectedFlows is what the timeline says of its selection.
var selectedFlows = regexp.MustCompile(`(\d\d:\d\d:\d\d) \.\. (\d\d:\d\d:\d\d) ([\d,]+) flows?`)

// selection waits until a span is selected and returns its ends and its flows.
func (s *screen) selection() (from, to string, flows int) {
	s.t.Helper()
	s.until(func(sc terminal.Screen) bool {
		m := selectedFlows.FindStringSubmatch(sc.String())
		if m == nil {
			return false
		}
		from, to = m[1], m[2]
		n, err := strconv.Atoi(strings.ReplaceAll(m[3], ",", ""))
		flows = n
		return err == nil
	})
	return from, to, flows
}

func TestTimelineZoomByKeys(t *testing.T) {
	t.Parallel()
	file := sessionFile(t, 0, 300, indexed)
	env := home(t)
	s := openScreen(t, terminal.Options{Env: env}, "open", file)
	s.shows("300 matched", "300 here")
	s.press("T")
	s.shows("08:00:00", "udp 40%", "peak ")
	s.press("z", "home", "right", "right", "space", "right", "right", "right")
	s.shows("08:00:06 .. 08:00:18 ") // the screen has taken in all keys
	from, to, flows := s.selection()
	if n := counted(t, env, file, "--from", "2026-11-20T"+from+"Z", "--to", "2026-11-20T"+to+"Z"); n != flows || n == 0 {
		t.Errorf("the timeline has %d flows from %s to %s, query has %d", flows, from, to, n)
	}
	s.press("enter")
	s.shows("zoomed to ", "2026-11-20 "+from+" .. "+to)
	s.press("esc")
	s.shows(fmt.Sprintf("%d matched", flows))
	s.press("[")
	s.shows("300 matched · 300 here")
	s.press("]")
	s.shows(fmt.Sprintf("%d matched", flows))
}

func TestTimelineZoomByMouse(t *testing.T) {
	t.Parallel()
	s := openSessions(t, terminal.Options{}, 300)
	s.press("T")
	s.shows("udp 40%", "peak ")
	_, y := s.place(" UTC ╵08:00:00")
	s.drag(20, y-1, 40, y-1)
	s.shows("zoomed to ")
	s.press("esc")
	s.until(func(sc terminal.Screen) bool {
		rest := matchedFlows.FindStringSubmatch(sc.String())
		return rest != nil && rest[1] != "300"
	})
	s.press("backspace")
	s.shows("300 matched · 300 here")
}

var matchedFlows = regexp.MustCompile(`(\d+) matched`)

// TestTimelineInASCII: a locale without UTF-8 gets bars of ASCII.
func TestTimelineInASCII(t *testing.T) {
	t.Parallel()
	s := openSessions(t, terminal.Options{Env: append(home(t), "LC_ALL=C")}, 300)
	s.press("T")
	s.shows("# tcp 60%", "= udp 40%")
}

// TestTimelineOfRefinedRows: at 80 by 24 the refined part has a line of its own, with the flows that a script counts, and
// the axis its first and last time in the zone of the screen.
func TestTimelineOfRefinedRows(t *testing.T) {
	t.Parallel()
	file, env := sessionFile(t, 0, 300, indexed), home(t)
	s := openScreen(t, terminal.Options{Env: env, Cols: 80, Rows: 24}, "open", file)
	s.shows("300 matched", "300 here")
	s.press("T")
	s.shows("UTC ╵08:00:00", "╵08:02", "08:05:00╵", "udp 40%", "peak ")
	s.press("/")
	s.enter("udp")
	udp := strings.Count(succeed(t, env, "query", "--quiet", "--open", file, "--output", "csv", "--columns", "id", "--limit", "0", "udp"), "\n") - 1
	s.shows("  match ", "refined ", fmt.Sprintf("match 300 · refined %d of the rows here", udp))
	s.press("z", "home", "space", "right", "right", "enter")
	s.shows("zoomed to ")
	s.press("[")
	s.shows("UTC ╵08:00:00", "08:05:00╵")
	s.press("esc")
	s.shows("peak ", "of the rows here")
	s.press("esc")
	s.shows("300 matched · 300 here", "udp 40%")
	s.hides("of the rows here")
}
