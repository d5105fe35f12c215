package main

import (
	"testing"

	"cxlens/internal/terminal"
)

// TestTabsKeepTheirTimeline: how the timeline was drawn in a tab is how it is drawn after the next start.
func TestTabsKeepTheirTimeline(t *testing.T) {
	t.Parallel()
	env, file := home(t), sessionFile(t, 0, 300, indexed)
	for i := range 2 {
		s := openScreen(t, terminal.Options{Env: env}, "open", file)
		s.shows("300 here")
		if i == 0 {
			s.press("ctrl+t")
			s.enter("tcp")
			s.shows("2 tcp", "180 matched")
			s.press("T", "z", "m", "b", "b", "v", "v", "esc") // bytes, not stacked, drawn in ASCII
		} else {
			s.press("ctrl+o")
		}
		s.until(func(sc terminal.Screen) bool {
			return sc.Contains("180 matched") && sc.Contains("...#") && sc.Contains("UTC |08:00:00") && sc.Contains("bytes peak ") && !sc.Contains("%  ")
		})
		s.shows("following new flows") // quitting would ask while it runs
		s.press("q")
		s.ends(exitFine)
	}
}
