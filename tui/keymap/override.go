package keymap

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"cxlens/internal/nearest"
)

// Given are the keys that a configuration gives to actions.
type Given struct {
	// Keys are the keys of an action by its ID.
	Keys map[string][]string
	// Place says where the configuration has an action, as file:line; "" or nil when that is not known.
	Place func(id string) string
}

// at is the beginning of an error about an action: where it stands, or at least in which table.
func (g Given) at(id string) string {
	if g.Place != nil {
		if place := g.Place(id); place != "" {
			return place + ": "
		}
	}
	return "[keys] of the configuration: "
}

// Override returns the maps with the keys of actions replaced. An action that does not exist, a key that
// no terminal sends, or a key that would do two things in one pane, is an error.
func Override(all []Map, given Given) ([]Map, error) {
	ids := make(map[string]bool)
	for _, m := range all {
		for _, b := range m.Bindings {
			ids[b.ID] = true
		}
	}
	for _, id := range slices.Sorted(maps.Keys(given.Keys)) {
		if !ids[id] {
			return nil, fmt.Errorf("%sno action %q%s", given.at(id), id, nearAction(id, ids))
		}
		for _, key := range given.Keys[id] {
			if err := Valid(key); err != nil {
				return nil, fmt.Errorf("%s%s: %w", given.at(id), id, err)
			}
		}
	}
	out := make([]Map, len(all))
	for i, m := range all {
		out[i] = Map{Pane: m.Pane, Bindings: slices.Clone(m.Bindings)}
		for j := range out[i].Bindings {
			b := &out[i].Bindings[j]
			if k, ok := given.Keys[b.ID]; ok {
				b.Keys = slices.Clone(k)
			}
		}
		if err := out[i].check(given); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// nearAction is what the person may have meant by an action that does not exist.
func nearAction(id string, ids map[string]bool) string {
	known := slices.Sorted(maps.Keys(ids))
	near := nearest.Words(id, known)
	if len(near) == 0 { // the right name in the wrong pane, or in none
		name := "." + id[strings.LastIndexByte(id, '.')+1:]
		near = slices.DeleteFunc(known, func(other string) bool { return !strings.HasSuffix(other, name) })
		near = near[:min(len(near), 3)]
	}
	if len(near) == 0 {
		return ": docs/keys.md lists the actions, the help their keys"
	}
	return "; did you mean " + strings.Join(near, " or ") + "?"
}

// Disjoint reports a key that two of maps claim which are obeyed at the same time.
func Disjoint(given Given, all ...Map) error {
	var one Map
	for _, m := range all {
		one.Bindings = append(one.Bindings, m.Bindings...)
	}
	return one.check(given)
}

// check reports a key that two actions claim, at the one that the configuration gave it to.
func (m Map) check(given Given) error {
	owner := make(map[string]Binding)
	for _, b := range m.Bindings {
		for _, k := range b.Keys {
			other, ok := owner[k]
			if !ok {
				owner[k] = b
				continue
			}
			mine, old := b, other
			_, both := given.Keys[old.ID]
			if _, ok := given.Keys[mine.ID]; !ok {
				mine, old, both = other, b, false
			}
			also := ""
			if both && given.Place != nil {
				also = ", " + given.Place(old.ID)
			}
			return fmt.Errorf("%s%s is bound to both %s (%s) and %s (%s%s): give one of them other keys, as %q = [\"f9\"]",
				given.at(mine.ID), Show(k), mine.ID, mine.Help, old.ID, old.Help, also, old.ID)
		}
	}
	return nil
}
