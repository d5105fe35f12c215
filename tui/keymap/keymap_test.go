package keymap

import (
	"strings"
	"testing"
)

func sample() []Map {
	return []Map{{Pane: "a", Bindings: []Binding{
		{ID: "a.up", Keys: []string{"up", "k"}, Help: "up"},
		{ID: "a.down", Keys: []string{"down"}, Help: "down"},
	}}}
}

func TestOverride(t *testing.T) {
	maps, err := Override(sample(), map[string][]string{"a.up": {"ctrl+x"}})
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := maps[0].Lookup("k"); ok {
		t.Error("the old key still works")
	}
	if b, ok := maps[0].Lookup("ctrl+x"); !ok || b.ID != "a.up" || b.Show() != "^x" {
		t.Errorf("ctrl+x finds %+v, %v", b, ok)
	}
	if _, ok := sample()[0].Lookup("k"); !ok {
		t.Error("the maps that were given were changed")
	}
}

func TestOverrideRefuses(t *testing.T) {
	for _, c := range []struct {
		keys map[string][]string
		want string
	}{
		{map[string][]string{"a.left": {"x"}}, `no action "a.left"`},
		{map[string][]string{"a.up": {"down"}}, `↓ is bound to both a.up (up) and a.down (down): give one of them other keys in [keys] of config.toml, as "a.down" = ["f9"]`},
	} {
		if _, err := Override(sample(), c.keys); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("Override(%v) = %v, want %q", c.keys, err, c.want)
		}
	}
}

func TestDisjoint(t *testing.T) {
	m := sample()[0]
	if err := Disjoint(m, Map{Bindings: []Binding{{ID: "b.x", Keys: []string{"k"}}}}); err == nil {
		t.Error("k in two maps is accepted")
	}
	if err := Disjoint(m, Map{Bindings: []Binding{{ID: "b.x", Keys: []string{"z"}}}}); err != nil {
		t.Error(err)
	}
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
