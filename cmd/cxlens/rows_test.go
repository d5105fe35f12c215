package main

import (
	"path/filepath"
	"strings"
	"testing"

	"cxlens/internal/terminal"
)

// onRow waits until the cursor's row has all texts.
func (s *screen) onRow(texts ...string) {
	s.t.Helper()
	s.until(func(sc terminal.Screen) bool {
		for _, l := range sc.Lines() {
			if !strings.HasPrefix(l, "▌") && !strings.HasPrefix(l, "◉") {
				continue
			}
			for _, text := range texts {
				if !strings.Contains(l, text) {
					return false
				}
			}
			return true
		}
		return false
	})
}

// TestFindInCells: a search goes to the next match, wraps, is underlined where the eye is, and says when there is none.
func TestFindInCells(t *testing.T) {
	t.Parallel()
	s := openSessions(t, terminal.Options{}, 300)
	s.press("ctrl+f")
	s.shows("search in the cells of the columns shown")
	s.enter("10.0.1.4")
	s.onRow("10.0.1.49")
	s.shows("search 10.0.1.4")
	sc := s.Screen()
	x, y := s.placeIn(sc, "10.0.1.48")
	if sc.Cell(x, y).Style.Underline == 0 {
		t.Errorf("the match in the next row is not underlined:\n%s", sc.Frame())
	}
	s.press(".")
	s.onRow("10.0.1.48")
	s.press(",", ",")
	s.shows("the search wrapped around the end of the rows")
	s.press("ctrl+f", "ctrl+u")
	s.enter("nowhere")
	s.shows("no match of nowhere in the columns shown")
	s.press("esc")
	s.hides("search nowhere")
}

// TestGotoPlace: a row's number, a share and a time lead to their row.
func TestGotoPlace(t *testing.T) {
	t.Parallel()
	s := openSessions(t, terminal.Options{Cols: 120, Rows: 30}, 300)
	for _, c := range [][3]string{{"150", "row 150", "08:02:30"}, {"100%", "row 300", "08:00:00"}, {"08:04:00", "row 60", "08:04:00"}, {"2026-11-20 08:01", "row 240", "08:01:00"}} {
		s.press("ctrl+g")
		s.shows("go to a row, a share or a time (UTC)")
		s.enter(c[0])
		s.shows(c[1])
		s.onRow(c[2])
	}
	s.press("ctrl+g")
	s.enter("301")
	s.shows("the rows here are 1 to 300")
	s.press("ctrl+u")
	s.enter("09:00")
	s.shows("every flow here began before that")
}

// TestMarkedRows: marked rows are counted, shown alone, copied and exported, and q asks for them.
func TestMarkedRows(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := openSessions(t, terminal.Options{Dir: dir}, 300)
	s.press("space", "j", "space")
	s.shows("2 marked", "row 4")
	s.until(func(sc terminal.Screen) bool { return strings.HasPrefix(line(sc, "08:04:57"), "•") })
	s.press("s") // turned around, the marks stay with their rows
	s.shows("sort start↑", "2 marked")
	s.press("v")
	s.shows("only marked rows, 2 marked")
	s.until(func(sc terminal.Screen) bool { return len(flowRows(sc)) == 2 })
	s.press("Y")
	s.shows("copied 2 rows")
	s.clips(func(text string) bool {
		return strings.Count(text, "\n") == 1 && strings.HasPrefix(text, "2026-11-20T08:04:57.000000Z\t")
	})
	s.press("esc")
	s.until(func(sc terminal.Screen) bool { return len(flowRows(sc)) > 2 })
	s.press("x", "ctrl+u")
	s.shows("export 2 marked rows")
	s.enter("marked.csv")
	s.shows("wrote 2 rows to ")
	text := read(t, filepath.Join(dir, "marked.csv"))
	if strings.Count(text, "\n") != 3 || !strings.Contains(text, "08:04:59") || !strings.Contains(text, "08:04:57") {
		t.Errorf("the file has\n%s", text)
	}
	s.press("q")
	s.shows("2 rows marked. Quit all the same?")
	s.press("y")
	s.ends(exitFine)
}

// TestZoneOfTheScreen: times are shown in the zone of the configuration and turned to UTC by a key; what is
// copied is in UTC, one line a row for a column.
func TestZoneOfTheScreen(t *testing.T) {
	t.Parallel()
	env := home(t)
	save(t, under(t, env, "XDG_CONFIG_HOME", "cxlens", "config.toml"), "time_zone = \"Asia/Tokyo\"\n", 0o600)
	s := openSessions(t, terminal.Options{Env: env, Cols: 200}, 30)
	s.shows("Asia/Tokyo +09 ", "2026-11-20 17:00:29")
	s.press("y")
	s.shows("copied 2026-11-20T08:00:29.000000Z")
	s.press("ctrl+y")
	s.shows("copied 30 start values")
	s.clips(func(text string) bool {
		return strings.HasPrefix(text, "2026-11-20T08:00:29.000000Z\n2026-11-20T08:00:28")
	})
	s.press("alt+y")
	s.shows("copied the query any")
	s.press("Z")
	s.shows("UTC ", "2026-11-20 08:00:29", "copies and exports stay in UTC")
}

// TestMarksComeAgain: marked flows are marked again when a query brings them again; those that it does not bring are
// counted, queried by their ids all the same, and forgotten with the others.
func TestMarksComeAgain(t *testing.T) {
	t.Parallel()
	s := openSessions(t, terminal.Options{Cols: 80, Rows: 24}, 300)
	s.press("space", "space", "space")
	s.shows("3 marked")
	s.press("s", "r")
	s.shows("START ▲", "3 marked")
	s.ask("port 53") // that of every second flow
	s.shows("3 marked, 2 not here")
	s.ask("port 1")
	s.shows("3 marked, none here")
	s.press("&")
	s.shows("only the 3 marked flows")
	s.until(func(sc terminal.Screen) bool {
		return strings.HasPrefix(line(sc, "08:04:59"), "◉") != strings.HasPrefix(line(sc, "08:04:59"), "•")
	})
	s.ask("port 53")
	s.shows("3 marked, 2 not here")
	s.press("J")
	s.hides("marked")
	s.press("r", "j")
	s.hides("marked")
}

// TestZoneAndNumbersAreKept: the zone and the exact numbers that were chosen are there at the next start; the
// zone of the configuration goes before the one that was chosen.
func TestZoneAndNumbersAreKept(t *testing.T) {
	t.Parallel()
	env := home(t)
	o := terminal.Options{Env: env, Cols: 200}
	s := openSessions(t, o, 30)
	s.shows("2026-11-20 08:00:29")
	s.press("alt+z", "ctrl+u")
	s.enter("Asia/Tokyo")
	s.shows("2026-11-20 17:00:29")
	s.press("=")
	s.shows("2026-11-20 17:00:29.000000")
	s.press("q")
	s.ends(exitFine)
	if text := read(t, under(t, env, "XDG_STATE_HOME", "cxlens", "screen.toml")); !strings.Contains(text, `time_zone = "Asia/Tokyo"`) || !strings.Contains(text, "exact = true") {
		t.Errorf("kept is\n%s", text)
	}
	s = openSessions(t, o, 30)
	s.shows("Asia/Tokyo +09 ", "2026-11-20 17:00:29.000000")
	s.press("q")
	s.ends(exitFine)
	save(t, under(t, env, "XDG_CONFIG_HOME", "cxlens", "config.toml"), "time_zone = \"UTC\"\n", 0o600)
	s = openSessions(t, o, 30)
	s.shows("2026-11-20 08:00:29.000000")
}
