package form

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"cxlens/tui/keymap"
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
		m.land(step(1))
	case up:
		m.land(step(-1))
	case next:
		if m.cell+1 < len(m.on.cells) {
			m.focus(m.on, m.cell+1)
		} else {
			m.focus(step(1), 0)
		}
	case back:
		if m.cell > 0 {
			m.focus(m.on, m.cell-1)
		} else {
			r := step(-1)
			m.focus(r, len(r.cells)-1)
		}
	case column:
		m.land(m.rows[(m.column()+1)%len(m.rows)][0])
	case columnBack:
		m.land(m.rows[(m.column()+len(m.rows)-1)%len(m.rows)][0])
	}
}

// land gives the keyboard to the part of a row that is filled in most often.
func (m *Model) land(r *row) { m.focus(r, max(0, r.takes())) }

// focus gives the keyboard to a part of a row. What is typed takes the place of a text that is there once, as the span.
func (m *Model) focus(r *row, cell int) {
	if m.on != nil {
		if t, ok := m.on.cells[m.cell].(*text); ok {
			t.field.Deselect()
		}
	}
	m.on, m.cell = r, cell
	if t, ok := r.cells[cell].(*text); ok && r.part >= partSpan && !t.picked && !t.fixed() {
		t.field.Select()
	}
}

// column is the place of the column that has the keyboard.
func (m *Model) column() int {
	return slices.IndexFunc(m.rows[:], func(col []*row) bool { return slices.Contains(col, m.on) })
}

// sideways goes to another choice or flag; in a text it moves the cursor, and at its ends to the
// part of the field beside it.
func (m *Model) sideways(b keymap.Binding, msg tea.KeyPressMsg) (tea.Cmd, bool) {
	by := 1
	if b.ID == left {
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
	t.field.Update(msg)
	to := m.cell + by
	switch {
	case t.field.Idle() == "":
	case to >= 0 && to < len(m.on.cells):
		m.focus(m.on, to)
	default:
		m.Say(b.Why)
	}
	return nil, true
}
