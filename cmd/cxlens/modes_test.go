package main

import (
	"testing"

	"cxlens/internal/terminal"
)

// TestLowBandwidth: the mode by flag and by configuration says how it is ended, and is ended by its key.
func TestLowBandwidth(t *testing.T) {
	t.Parallel()
	s := openSessions(t, terminal.Options{}, 20, "--low-bandwidth")
	s.shows("low bandwidth, K ends it")
	s.press("K")
	s.shows("low bandwidth is off")
	env := home(t)
	save(t, under(t, env, "XDG_CONFIG_HOME", "cxlens", "config.toml"), "low_bandwidth = true\n", 0o600)
	s = openSessions(t, terminal.Options{Env: env}, 20) // with the flag that says otherwise
	s.shows("20 here")
	if s.Screen().Contains("low bandwidth") {
		t.Errorf("the flag does not go before the configuration:\n%s", s.Screen().Frame())
	}
	s = openScreen(t, terminal.Options{Cmd: binary, Env: env}, "open", sessionFile(t, 0, 20, indexed))
	s.shows("low bandwidth, K ends it", "20 here")
	s.press("j")
	s.shows("row 2")
	s.press("q")
	s.ends(exitFine)
	s.restored()
}
