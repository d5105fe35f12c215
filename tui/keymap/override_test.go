package keymap

import (
	"strings"
	"testing"
)

func TestOverride(t *testing.T) {
	maps, err := Override(sample(), Given{Keys: map[string][]string{"a.up": {"ctrl+x"}}})
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

// placed are keys that stand in a file.
func placed(keys map[string][]string) Given {
	lines := map[string]string{"a.up": "c.toml:3", "a.down": "c.toml:4", "a.dwon": "c.toml:5", "b.up": "c.toml:6", "zzzz.none": "c.toml:7"}
	return Given{Keys: keys, Place: func(id string) string { return lines[id] }}
}

func TestOverrideRefuses(t *testing.T) {
	const why = "give one of them other keys, as "
	for _, c := range []struct {
		keys map[string][]string
		want string
	}{
		{map[string][]string{"a.dwon": {"x"}}, `c.toml:5: no action "a.dwon"; did you mean a.down?`},
		{map[string][]string{"b.up": {"x"}}, `c.toml:6: no action "b.up"; did you mean a.up?`},
		{map[string][]string{"up": {"x"}}, `[keys] of the configuration: no action "up"; did you mean a.up?`},
		{map[string][]string{"zzzz.none": {"x"}}, `c.toml:7: no action "zzzz.none": docs/keys.md lists`},
		{map[string][]string{"a.up": {"ctlr+x"}}, `c.toml:3: a.up: there is no key "ctlr+x"; did you mean "ctrl+x"?`},
		{map[string][]string{"a.up": {"down"}}, `c.toml:3: ↓ is bound to both a.up (up) and a.down (down): ` + why + `"a.down" = ["f9"]`},
		{map[string][]string{"a.down": {"k"}}, `c.toml:4: k is bound to both a.down (down) and a.up (up): ` + why + `"a.up" = ["f9"]`},
		{map[string][]string{"a.down": {"x"}, "a.up": {"x"}}, `c.toml:4: x is bound to both a.down (down) and a.up (up, c.toml:3): ` + why},
	} {
		if _, err := Override(sample(), placed(c.keys)); err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("Override(%v) = %v, want %q", c.keys, err, c.want)
		}
	}
}

func TestDisjoint(t *testing.T) {
	m := sample()[0]
	if err := Disjoint(Given{}, m, Map{Bindings: []Binding{{ID: "b.x", Keys: []string{"k"}}}}); err == nil {
		t.Error("k in two maps is accepted")
	}
	if err := Disjoint(Given{}, m, Map{Bindings: []Binding{{ID: "b.x", Keys: []string{"z"}}}}); err != nil {
		t.Error(err)
	}
}
