package main

import (
	"path/filepath"
	"strings"
	"testing"

	"cxlens/internal/terminal"
)

// TestDifference: an hour against the hour before: what is new, gone and changed is what the files have, Enter shows
// the flows on their side, and the rows can be written.
func TestDifference(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := save(t, filepath.Join(dir, "stats.eth1.1795161600"), sessions(0, 600, indexed), 0o600)
	s := openScreen(t, terminal.Options{Dir: dir, Cols: 120, Rows: 40}, "open", file)
	s.shows("600 here")
	s.press("d")
	s.shows("difference of this tab to")
	s.press("enter")
	s.shows("all time has no beginning")
	s.press("esc")
	s.hides("difference of this tab to")
	s.press("L", "ctrl+u")
	s.enter("2026-11-20 08:05:00 .. 2026-11-20 08:10:00 limit 100")
	s.shows("100 here")
	s.press("d", "ctrl+u")
	s.enter("5m by dst_ip,src_ip flows")
	// Sessions 0 to 299 against 300 to 599: sources repeat every 250, so all but the wrapped ones are other hosts.
	s.shows("difference to 5m earlier by dst_ip, src_ip", "before any", "2026-11-20 08:00:00 .. 08:05:00", "after", "300 flows")
	s.shows(" new", " gone", "= ")
	s.press("g")
	s.shows("− gone")
	s.press("x", "ctrl+u")
	s.enter(filepath.Join(dir, "gone.csv"))
	s.shows("wrote ", "gone.csv")
	data := read(t, filepath.Join(dir, "gone.csv"))
	rows := strings.Split(strings.TrimSpace(data), "\n")
	if rows[0] != "change,dst_ip,src_ip,flows_before,flows_after,bytes_before,bytes_after,packets_before,packets_after" || len(rows) < 10 {
		t.Errorf("%d rows, the first is %s", len(rows), rows[0])
	}
	for _, row := range rows[1:] {
		if f := strings.Split(row, ","); f[0] != "gone" || f[3] == "0" || f[4] != "0" {
			t.Errorf("not gone: %s", row)
		}
	}
	first := strings.Split(rows[1], ",")
	s.press("enter")
	s.shows("❯ dst ip "+first[1]+" and src ip "+first[2], "2026-11-20 08:00:00 .. 08:05:00", "the flows before")
	s.until(func(sc terminal.Screen) bool {
		return len(flowRows(sc)) == 1 && strings.Contains(flowRows(sc)[0], first[2])
	})
}
