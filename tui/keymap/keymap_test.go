package keymap

import "testing"

func sample() []Map {
	return []Map{{Pane: "a", Bindings: []Binding{
		{ID: "a.up", Keys: []string{"up", "k"}, Help: "up"},
		{ID: "a.down", Keys: []string{"down"}, Help: "down"},
	}}}
}

func TestShow(t *testing.T) {
	for key, want := range map[string]string{"ctrl+k": "^k", "up": "↑", "enter": "Enter", "G": "G", "pgdown": "PgDn"} {
		if got := Show(key); got != want {
			t.Errorf("Show(%q) = %q, want %q", key, got, want)
		}
	}
	if got := sample()[0].KeyOf("a.up"); got != "↑" {
		t.Errorf("KeyOf = %q", got)
	}
	if got := sample()[0].KeyOf("a.none"); got != "" {
		t.Errorf("KeyOf of no action = %q", got)
	}
}
