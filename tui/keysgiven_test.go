package tui

import (
	"strings"
	"testing"

	"cxlens/tui/keymap"
)

// TestEveryKeyCanBePressed: a key of a binding is spelled as the terminal's keys are.
func TestEveryKeyCanBePressed(t *testing.T) {
	for _, m := range AllKeys() {
		for _, b := range m.Bindings {
			for _, key := range b.Keys {
				if err := keymap.Valid(key); err != nil {
					t.Errorf("%s: %v", b.ID, err)
				}
			}
		}
	}
}

// TestGivenKeys: what is wrong with the keys of the configuration is said with its place.
func TestGivenKeys(t *testing.T) {
	for _, c := range []struct {
		action, key, want string
	}{
		{"screen.agian", "R", `config.toml:7: no action "screen.agian"; did you mean screen.again?`},
		{"screen.again", "ctlr+r", `config.toml:7: screen.again: there is no key "ctlr+r"; did you mean "ctrl+r"?`},
		{"screen.again", "s", "config.toml:7: s is bound to both screen.again (run again, in the present order) and table.sort ("},
	} {
		opts := testOptions()
		opts.Keys = map[string][]string{c.action: {c.key}}
		opts.KeyPlace = func(string) string { return "config.toml:7" }
		if _, err := newModel(opts); err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s = %s: %v, want %s", c.action, c.key, err, c.want)
		}
	}
}
