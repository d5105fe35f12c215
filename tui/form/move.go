package form

import (
	"slices"

	tea "charm.land/bubbletea/v2"
)

// walk lists the rows in the order of the keyboard.
func (m *Model) walk() []*row { return slices.Collect(m.all()) }

// move goes to another cell, row or column; behind the last comes the first.
func (m *Model) move(id string) {
	rows := m.walk()
	at := slices.Index(rows, m.on)
	step := func(by int) *row { return rows[(at+by+len(rows))%len(rows)] }
	switch id {
	case down:
		m.focus(step(1))
	case up:
		m.focus(step(-1))
	case next:
		if m.cell++; m.cell == len(m.on.cells) {
			m.on, m.cell = step(1), 0
		}
	case back:
		if m.cell--; m.cell < 0 {
			m.on = step(-1)
			m.cell = len(m.on.cells) - 1
		}
	case column:
		m.focus(m.rows[(m.column()+1)%len(m.rows)][0])
	case columnBack:
		m.focus(m.rows[(m.column()+len(m.rows)-1)%len(m.rows)][0])
	}
}

// column is the place of the column that has the keyboard.
func (m *Model) column() int {
	return slices.IndexFunc(m.rows[:], func(col []*row) bool { return slices.Contains(col, m.on) })
}

// sideways goes to another choice or flag; in a text it moves the cursor, and at its ends to the
// part of the field beside it.
func (m *Model) sideways(id string, msg tea.KeyPressMsg) (tea.Cmd, bool) {
	by := 1
	if id == left {
		by = -1
	}
	c := m.on.cells[m.cell]
	if c.step(by) {
		return m.changed(), true
	}
	t, ok := c.(*text)
	if !ok {
		return nil, true
	}
	before := t.field.Cursor()
	t.field.Update(msg)
	if to := m.cell + by; t.field.Cursor() == before && to >= 0 && to < len(m.on.cells) {
		m.cell = to
	}
	return nil, true
}
