// Package keymap holds what a key does: every pane lists its bindings once, and
// the dispatch, the help, the palette and the documentation are made from that list.
//
// It imports nothing of cxlens. The surprising thing: a binding also says why its
// key may do nothing at the moment, so that no key is ever silent.
package keymap

import (
	"fmt"
	"slices"
	"strings"
)

// Binding is one thing a person can do and the keys that do it.
type Binding struct {
	// ID names the action in the config, as pane.action.
	ID string
	// Keys are in Bubble Tea's spelling: "s", "G", "ctrl+k", "pgup".
	Keys []string
	// Help is what the action does, in a few words.
	Help string
	// Why is what the status line says when the action cannot be done now; "" when it always can.
	Why string
}

// Map is a pane's bindings.
type Map struct {
	// Pane heads the bindings in help.
	Pane     string
	Bindings []Binding
}

// Lookup returns the binding of a key.
func (m Map) Lookup(key string) (Binding, bool) {
	for _, b := range m.Bindings {
		if slices.Contains(b.Keys, key) {
			return b, true
		}
	}
	return Binding{}, false
}

// Find returns the binding of an action.
func (m Map) Find(id string) (Binding, bool) {
	for _, b := range m.Bindings {
		if b.ID == id {
			return b, true
		}
	}
	return Binding{}, false
}

// KeyOf returns the first key of an action as help shows it, "" when it has none.
func (m Map) KeyOf(id string) string {
	if b, ok := m.Find(id); ok && len(b.Keys) > 0 {
		return Show(b.Keys[0])
	}
	return ""
}

// Show returns the binding's keys as help shows them.
func (b Binding) Show() string {
	keys := make([]string, len(b.Keys))
	for i, k := range b.Keys {
		keys[i] = Show(k)
	}
	return strings.Join(keys, " ")
}

var shown = map[string]string{
	"up": "↑", "down": "↓", "left": "←", "right": "→", "enter": "Enter", "esc": "Esc", "tab": "Tab", "shift+tab": "Shift-Tab",
	"pgup": "PgUp", "pgdown": "PgDn", "home": "Home", "end": "End", "space": "Space",
}

// Show returns a key as help shows it: ↑, ^k, Enter.
func Show(key string) string {
	if s, ok := shown[key]; ok {
		return s
	}
	if k, ok := strings.CutPrefix(key, "ctrl+"); ok {
		return "^" + k
	}
	return key
}

// Override returns the maps with the keys of actions replaced, as a config has them.
// An action that does not exist, or a key that would do two things in one pane, is an error.
func Override(maps []Map, keys map[string][]string) ([]Map, error) {
	out := make([]Map, len(maps))
	used := make(map[string]bool)
	for i, m := range maps {
		out[i] = Map{Pane: m.Pane, Bindings: slices.Clone(m.Bindings)}
		for j := range out[i].Bindings {
			b := &out[i].Bindings[j]
			if k, ok := keys[b.ID]; ok {
				b.Keys, used[b.ID] = slices.Clone(k), true
			}
		}
		if err := out[i].check(); err != nil {
			return nil, err
		}
	}
	for _, id := range sortedIDs(keys) {
		if !used[id] {
			return nil, fmt.Errorf("keys: no action %q: the palette and the help list them", id)
		}
	}
	return out, nil
}

// check reports a key that two actions of the pane claim.
func (m Map) check() error {
	owner, help := make(map[string]string), make(map[string]string)
	for _, b := range m.Bindings {
		for _, k := range b.Keys {
			if other, ok := owner[k]; ok {
				return fmt.Errorf("keys: %s is bound to both %s (%s) and %s (%s): give one of them other keys in [keys] of config.toml, as %q = [\"f9\"]",
					Show(k), other, help[other], b.ID, b.Help, b.ID)
			}
			owner[k], help[b.ID] = b.ID, b.Help
		}
	}
	return nil
}

func sortedIDs(m map[string][]string) []string {
	ids := make([]string, 0, len(m))
	for id := range m {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// Disjoint reports a key that two of maps claim which are obeyed at the same time.
func Disjoint(maps ...Map) error {
	var all Map
	for _, m := range maps {
		all.Bindings = append(all.Bindings, m.Bindings...)
	}
	return all.check()
}
