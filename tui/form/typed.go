package form

import (
	"slices"

	tea "charm.land/bubbletea/v2"
)

// typed takes a key or a paste in. What is typed while a choice has the keyboard is meant for the text beside it, where
// there is one, and the keyboard goes there; flags get what is no first letter of a choice.
func (m *Model) typed(msg tea.Msg) {
	key, isKey := msg.(tea.KeyPressMsg)
	at := m.on.takes()
	beside := at >= 0 && m.on.chooses(m.cell) && (!isKey || key.Text != "")
	if beside {
		if _, ok := m.on.cells[at].(*text); ok {
			m.focus(m.on, at)
			beside = false
		}
	}
	why := m.on.cells[m.cell].typed(msg)
	if why != "" && beside && m.on.cells[at].typed(msg) == "" {
		m.focus(m.on, at)
		why = ""
	}
	if why != "" {
		m.Say(why)
	}
}

// takes is the first part of the row that is no choice, -1 for none.
func (r *row) takes() int {
	return slices.IndexFunc(r.cells, func(c cell) bool { _, is := c.(*choice); return !is })
}

// chooses tells whether a part of the row is a choice.
func (r *row) chooses(at int) bool {
	_, is := r.cells[at].(*choice)
	return is
}

// untouched tells that no field has a condition.
func (m *Model) untouched() bool {
	for r := range m.all() {
		if r.part >= partSpan {
			if len(r.errs) > 0 {
				return false
			}
			continue
		}
		if slices.ContainsFunc(r.cells, touched) {
			return false
		}
	}
	return true
}

// touched tells that a part of a condition is not as in an empty form.
func touched(c cell) bool {
	switch c := c.(type) {
	case *choice:
		return c.at != 0
	case *flags:
		return c.set|c.mask != 0
	case *text:
		return c.value() != ""
	}
	return false
}
