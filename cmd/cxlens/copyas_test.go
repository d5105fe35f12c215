package main

import (
	"testing"

	"cxlens/internal/terminal"
)

// TestCopyAsOnTheSample copies a query as BPF and as nfdump's filter through the terminal's clipboard, by
// its key and by its name in the palette.
func TestCopyAsOnTheSample(t *testing.T) {
	t.Parallel()
	s := openScreen(t, terminal.Options{Cols: 120, Rows: 40}, "demo")
	s.shows("5,192 matched ·")
	s.press(":", "ctrl+u")
	s.enter("tcp and src ip 10.20.0.77 and dst port https and state SF")
	s.shows("matched ·", "203.0.113.67")

	s.press("C")
	s.shows("copy the query as", "left out: state SF", "a packet does not tell how its flow ends")
	s.press("enter")
	s.shows("copied as BPF")
	s.clipsText("tcp and ((src host 10.20.0.77 and dst port 443) or (dst host 10.20.0.77 and src port 443))")

	s.press("ctrl+k")
	if err := s.Type("nfdump"); err != nil {
		t.Fatal(err)
	}
	s.shows("copy the query as BPF")
	s.press("enter")
	s.shows("left out: state SF")
	s.press("down", "down")
	s.shows("proto tcp and src ip 10.20.0.77 and dst port 443")
	s.press("enter")
	s.shows("copied as nfdump")
	s.clipsText("proto tcp and src ip 10.20.0.77 and dst port 443")
	s.press("q")
	s.ends(exitFine)
}
