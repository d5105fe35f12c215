package terminal

import "testing"

func TestKeyBytes(t *testing.T) {
	for _, c := range []struct {
		key       string
		appCursor bool
		want      string
	}{
		{"enter", false, "\r"},
		{"esc", false, "\x1b"},
		{"tab", false, "\t"},
		{"space", false, " "},
		{"backspace", false, "\x7f"},
		{"up", false, "\x1b[A"},
		{"up", true, "\x1bOA"},
		{"ctrl+up", true, "\x1b[1;5A"},
		{"shift+end", false, "\x1b[1;2F"},
		{"f1", false, "\x1bOP"},
		{"f5", false, "\x1b[15~"},
		{"f12", false, "\x1b[24~"},
		{"alt+f1", false, "\x1b[1;3P"},
		{"pgdown", false, "\x1b[6~"},
		{"ctrl+delete", false, "\x1b[3;5~"},
		{"shift+tab", false, "\x1b[Z"},
		{"ctrl+a", false, "\x01"},
		{"ctrl+z", false, "\x1a"},
		{"ctrl+space", false, "\x00"},
		{"ctrl+?", false, "\x7f"},
		{"ctrl+]", false, "\x1d"},
		{"alt+x", false, "\x1bx"},
		{"alt+ctrl+x", false, "\x1b\x18"},
		{"alt+enter", false, "\x1b\r"},
		{"shift+a", false, "A"},
		{"alt++", false, "\x1b+"},
	} {
		if got, ok := keyBytes(c.key, c.appCursor); !ok || got != c.want {
			t.Errorf("key %q is %q (%v), want %q", c.key, got, ok, c.want)
		}
	}
	for _, text := range []string{"a", "hello", "Enter", "ctrl+1", "ctrl+é", "ctrl+shift+a", "shift+enter", "alt+word", "", "+"} {
		if got, ok := keyBytes(text, false); ok {
			t.Errorf("%q is taken for a key: %q", text, got)
		}
	}
}
