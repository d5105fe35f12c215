// Package keymap holds what a key does: every pane lists its bindings once, and
// the dispatch, the help, the palette and the documentation are made from that list.
//
// It imports nearest and nothing else of cxlens. The surprising thing: a binding also says why its
// key may do nothing at the moment, so that no key is ever silent.
package keymap

import (
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

// Pressed is Lookup for a part that is open over others: of a key without an action it says where it has none, as
// "here" or "in the detail", and the key of the action that leaves the part.
func (m Map) Pressed(key, where, leave string, say func(string)) (Binding, bool) {
	b, ok := m.Lookup(key)
	if !ok {
		say(Show(key) + " has no action " + where + "; " + m.KeyOf(leave) + " leaves it")
	}
	return b, ok
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
