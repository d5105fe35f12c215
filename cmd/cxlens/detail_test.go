package main

import (
	"testing"

	"cxlens/internal/terminal"
)

// TestDetailRelated: the detail says everything of a flow, copies it, and shows related flows here or in a new tab.
func TestDetailRelated(t *testing.T) {
	t.Parallel()
	env := append(home(t), "TZ=Asia/Tokyo")
	file := sessionFile(t, 0, 300, indexed)
	s := openScreen(t, terminal.Options{Env: env, Cols: 80, Rows: 24}, "open", file)
	s.shows("300 here")
	s.press("G", "enter") // the first of all sessions is the last row
	s.shows("flow 300 of 300", "2026-11-20 08:00:00.000000 UTC", "+0900 JST")
	for range 40 { // beyond the last field
		s.press("j")
	}
	s.shows("related flows", "src ip 10.0.0.1", "tcp and dst ip 192.0.2.9 and dst port 443")
	s.press("Y")
	s.shows("copied the whole flow")
	s.clips(func(clip string) bool {
		return containsAll(clip, []string{"start          2026-11-20 08:00:00.000000 UTC", "FIN, SYN, PSH, ACK seen", "pcap.1795161600 at 24"})
	})
	s.press("d")
	s.shows("❯ tcp and dst ip 192.0.2.9 and dst port 443", "this destination and port; ")
	s.until(func(sc terminal.Screen) bool { return len(flowRows(sc)) > 5 && !sc.Contains("192.0.2.53") })
	s.press("enter", "o")
	s.shows("related flows open in a new tab")
	s.press("s")
	s.shows("❯ src ip 10.0.0.1", "this source in a new tab; ")
	s.press("ctrl+w")
	s.shows("❯ tcp and dst ip 192.0.2.9 and dst port 443", "closed ")
}
