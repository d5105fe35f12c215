package main

import (
	"testing"

	"cxlens/internal/terminal"
)

// TestErasingALineOfTheQuery: ^u and ^k leave the lines above and below, and a key at an end says so.
func TestErasingALineOfTheQuery(t *testing.T) {
	t.Parallel()
	s := openSessions(t, terminal.Options{}, 30)
	s.press(":", "ctrl+u")
	s.types("tcp")
	s.press("ctrl+j")
	s.types("and port 443")
	s.press("up", "ctrl+u")
	s.bar(" ❯", " · and port 443")
	s.press("left")
	s.shows("at the beginning")
	s.types("udp")
	s.press("down", "home", "ctrl+k")
	s.bar(" ❯ udp", " ·")
	s.press("ctrl+k")
	s.shows("nothing to erase behind the cursor")
	s.press("esc")
	s.hides("nothing to erase behind the cursor")
	s.press("q")
	s.ends(exitFine)
}
