package keymap

import (
	"testing"

	"pgregory.net/rapid"
)

func TestValid(t *testing.T) {
	for _, key := range []string{
		"x", "X", "?", "+", "-", "^", "±", "ё", "enter", "f1", "f63", "pgdown", "ctrl+x", "ctrl+alt+shift+up", "alt+enter", "ctrl++", "ctrl+_", "super+k",
	} {
		if err := Valid(key); err != nil {
			t.Error(err)
		}
	}
	for key, meant := range map[string]string{
		"ctlr+x": "ctrl+x", "Ctrl+X": "ctrl+x", "ctrl-x": "ctrl+x", "C-x": "ctrl+x", "^X": "ctrl+x", "M-x": "alt+x", "shift+ctrl+x": "ctrl+shift+x",
		"shift+g": "G", "Escape": "esc", "Return": "enter", "PageDown": "pgdown", "pgdwn": "pgdown", "Up": "up", " ": "space", "F9": "f9", "spcae": "space",
	} {
		want := "there is no key \"" + key + "\"; did you mean \"" + meant + "\"?"
		if err := Valid(key); err == nil || err.Error() != want {
			t.Errorf("Valid(%q) = %v, want %s", key, err, want)
		}
	}
	for _, key := range []string{"", "nonsense", "ctrl+", "foo+bar", "\n", "\x1b", "ctrl+nonsense"} {
		if _, ok := canonical(key); ok || Valid(key) == nil {
			t.Errorf("%q is accepted", key)
		}
	}
}

// TestWhatIsMeantIsAKey: whatever is written, what is offered in its place can be written.
func TestWhatIsMeantIsAKey(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		key := rapid.OneOf(rapid.String(), rapid.StringMatching(`([a-zA-Z]{1,6}[+-]){0,3}[a-zA-Z0-9+^ -]{1,6}`)).Draw(t, "key")
		if meant, ok := canonical(key); ok && Valid(meant) != nil {
			t.Fatalf("%q is offered for %q: %v", meant, key, Valid(meant))
		}
	})
}
