package main

import (
	"strings"
	"testing"

	"cxlens/internal/terminal"
)

// formScreen is `cxlens demo` in a terminal; it counts the keys that it is sent.
type formScreen struct {
	*screen
	keys int
}

func openFormScreen(t *testing.T, cols, rows int) *formScreen {
	t.Helper()
	return &formScreen{screen: openScreen(t, terminal.Options{Cols: cols, Rows: rows}, "demo")}
}

// press sends keys, one after the other.
func (s *formScreen) press(keys ...string) {
	s.t.Helper()
	s.keys += len(keys)
	s.screen.press(keys...)
}

// leaves ends the program by q, which asks no question when the query has its rows.
func (s *formScreen) leaves() {
	s.t.Helper()
	s.shows("following new flows")
	s.press("q")
	s.ends(exitFine)
}

// insideBlocks are the internal networks as the query writes them without a configuration.
const insideBlocks = "[10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 fc00::/7]"

// TestFormNewcomer builds "all TLS flows over 1 MB from the internal network to outside in the last
// day" from what the screen shows, with fewer than 25 keys: the header names `?` and the help names f;
// then every key answers to a label that is on the screen.
func TestFormNewcomer(t *testing.T) {
	t.Parallel()
	s := openFormScreen(t, 240, 40)
	s.shows("matched ·")
	s.keys = 0
	s.press("f")
	s.shows("time, UTC", "direction", "port", "bytes")
	s.press("right", "right", "right") // all, 15m, 1h, 24h
	s.shows("‹24h")
	s.press("down", "right") // the direction
	s.shows("‹internal → outside›")
	s.press("down", "down", "h", "t", "t", "p", "s")    // address, port
	s.press("down", "down", "down", "1", "M")           // another port, protocol, bytes at least
	s.shows("port https and bytes >= 1M", "counted in") // the live query and its estimate
	s.press("enter")
	t.Logf("%d keys", s.keys)
	if s.keys >= 25 {
		t.Errorf("%d keys, want fewer than 25", s.keys)
	}
	s.shows("❯ ")
	s.hides("query form")
	line := s.Screen().Line(1)
	for _, part := range []string{"port https and bytes >= 1M", "last 24h"} {
		if !strings.Contains(line, part) {
			t.Errorf("the query line has no %q: %s", part, line)
		}
	}
	named := strings.Contains(line, "src ip $internal and dst ip != $internal and ")
	literal := strings.Contains(line, "src net in "+insideBlocks+" and dst net != in "+insideBlocks+" and ")
	if !named && !literal {
		t.Errorf("the direction is not in the query line: %s", line)
	}
	s.leaves()
}

// TestFormOnTheSample: the estimate of a form is what the query then finds, and text opens in the form.
func TestFormOnTheSample(t *testing.T) {
	t.Parallel()
	s := openFormScreen(t, 120, 40)
	s.shows("5,192 matched ·")
	s.press("f", "down", "down", "down", "h", "t", "t", "p", "s", "down", "down", "down", "1", "0", "K")
	s.shows("query     port https and bytes >= 10K")
	var flows string
	err := s.WaitFor(t.Context(), func(sc terminal.Screen) bool {
		for _, l := range sc.Lines() {
			_, rest, ok := strings.Cut(l, "matches   ")
			if n, _, found := strings.Cut(rest, " flows ·"); ok && found && n != "5,192" {
				flows = n
				return strings.Contains(rest, "2026-11-20 ")
			}
		}
		return false
	})
	if err != nil {
		t.Fatal(err)
	}
	s.press("enter")
	s.shows(flows+" matched ·", "❯ port https and bytes >= 10K")
	s.press("f")
	s.shows("port      ‹either›  https", "bytes     ‹both›    10K")
	s.press("esc")
	s.hides("query form")
	s.leaves()
}
