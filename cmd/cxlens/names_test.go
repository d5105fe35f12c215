package main

import (
	"testing"

	"cxlens/internal/terminal"
)

// TestNetworkNames: the named networks of the configuration stand beside their addresses, and
// follow the file.
func TestNetworkNames(t *testing.T) {
	t.Parallel()
	env := home(t)
	path := under(t, env, "XDG_CONFIG_HOME", "cxlens", "config.toml")
	save(t, path, "[networks]\noffice = [\"10.0.0.0/16\"]\n", 0o600)
	s := openSessions(t, terminal.Options{Cols: 200, Rows: 40, Env: env}, 30)
	s.shows("10.0.0.7 office")
	save(t, path, "[networks]\nlab = [\"10.0.0.0/16\"]\n", 0o600)
	s.shows("10.0.0.7 lab")
	s.press("N", "N") // all, off, networks
	s.shows("names beside addresses: networks", "10.0.0.7 lab")
	s.press("N", "N")
	s.shows("names beside addresses: off")
	s.hides("10.0.0.7 lab")
	s.press("ctrl+k")
	s.enter("names beside")
	s.shows("names beside addresses: networks", "10.0.0.7 lab")
}
