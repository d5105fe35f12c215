package main

import (
	"testing"

	"cxlens/internal/terminal"
)

// TestKeysOfTheConfiguration: a key that is given to an action works; one that cannot be is refused with
// its line, before anything is drawn.
func TestKeysOfTheConfiguration(t *testing.T) {
	t.Parallel()
	env := home(t)
	config := under(t, env, "XDG_CONFIG_HOME", "cxlens", "config.toml")
	save(t, config, "# mine\n[keys]\n\"screen.columns\" = [\"f9\"]\n", 0o600)
	s := openSessions(t, terminal.Options{Env: env}, 20)
	s.press("f9")
	s.shows("columns · ")
	for text, want := range map[string]string{
		"\"screen.colums\" = [\"f9\"]":      "config.toml:3: no action \"screen.colums\"; did you mean screen.columns?",
		"\"screen.columns\" = [\"f99\"]":    "config.toml:3: screen.columns: there is no key \"f99\"; did you mean \"f9\"?",
		"\"screen.columns\" = [\"s\"]":      "config.toml:3: s is bound to both screen.columns (choose the columns) and table.sort (",
		"\"screen.columns\" = \"f9\"":       "an action stands in quotes, its keys in a list",
		"screen.columns = [\"f9\"]":         "an action stands in quotes, its keys in a list",
		"\"screen.columns\" = [\"f9\"]\n[[": "config.toml: toml: line 5",
	} {
		save(t, config, "# mine\n[keys]\n"+text+"\n", 0o600)
		s := openScreen(t, terminal.Options{Env: env, Cols: 400, Rows: 10}, "demo")
		s.shows(want)
		s.ends(exitFailed)
		s.restored()
	}
}
