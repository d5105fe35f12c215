package accounts

import (
	"fmt"
	"slices"
	"strings"
)

// entry is an account with its secret's hash.
type entry struct {
	Account
	hash hash
}

// roll is the accounts of one kind, in the order of their making.
type roll struct {
	lastID  uint32 // the highest id ever given out
	entries []entry
}

func (r *roll) find(name string) (int, bool) {
	i := slices.IndexFunc(r.entries, func(e entry) bool { return e.Name == name })
	return i, i >= 0
}

func (r *roll) add(e entry) (Account, error) {
	if _, found := r.find(e.Name); found {
		return Account{}, fmt.Errorf("%s %s %w", e.Kind, e.Name, ErrExists)
	}
	r.lastID++
	e.ID = r.lastID
	r.entries = append(r.entries, e)
	return e.Account, nil
}

func (r *roll) remove(kind Kind, name string) error {
	i, found := r.find(name)
	if !found {
		return unknown(kind, name)
	}
	r.entries = slices.Delete(r.entries, i, i+1)
	return nil
}

func (r *roll) setHash(kind Kind, name string, h hash) error {
	i, found := r.find(name)
	if !found {
		return unknown(kind, name)
	}
	r.entries[i].hash = h
	return nil
}

// list returns the accounts ordered by name.
func (r *roll) list() []Account {
	list := make([]Account, len(r.entries))
	for i, e := range r.entries {
		list[i] = e.Account
	}
	slices.SortFunc(list, func(a, b Account) int { return strings.Compare(a.Name, b.Name) })
	return list
}

func unknown(kind Kind, name string) error {
	return fmt.Errorf("%s %q %w; `cxlens admin %s list` shows those that do", kind, clip(name), ErrUnknown, kind)
}
