package table

import (
	tea "charm.land/bubbletea/v2"

	"cxlens/internal/flow"
)

// renewal is the change to a table that has lost its oldest rows: what is on the screen stays until the order
// of the rows that are left is known in their new numbers.
type renewal struct {
	running bool
	latest  *flow.View // the newest snapshot, which comes on the screen afterwards
	ordered bool
}

// Renewed brings the order on the screen in the row numbers of another table.
type Renewed struct {
	owner
	version uint64 // of the order that was translated
	view    *flow.View
	order   []uint32 // nil: as they arrived
	shown   int
	ordered int // so many rows came in the order of the query
}

// renew begins the change to the rows of v.
func (m *Model) renew(v *flow.View, ordered bool) tea.Cmd {
	m.renewal.latest, m.renewal.ordered = v, ordered
	if m.renewal.running {
		return nil
	}
	m.renewal.running = true
	old, order, shown, inOrder, version := m.view, m.order, m.shown, m.arrange.ordered, m.version
	return func() tea.Msg {
		msg := Renewed{owner: owner{m}, version: version, view: v}
		if order == nil {
			msg.shown = survivors(old, v, shown)
		} else {
			msg.order = translate(old, v, order)
			msg.shown = len(msg.order)
		}
		msg.ordered = survivors(old, v, min(inOrder, old.Len()))
		return msg
	}
}

// survivors is how many of the first n rows of a view are in another one: rows keep their sequence.
func survivors(old, now *flow.View, n int) int {
	kept := 0
	for row := range n {
		if now.RowOf(old.Serial(row)) >= 0 {
			kept++
		}
	}
	return kept
}

// translate gives rows the numbers that they have in another view, without those that it does not have.
func translate(old, now *flow.View, rows []uint32) []uint32 {
	out := make([]uint32, 0, len(rows))
	for _, row := range rows {
		if r := now.RowOf(old.Serial(int(row))); r >= 0 {
			out = append(out, uint32(r))
		}
	}
	return out
}

// renewed puts the rows of the other table on the screen. The cursor stays with its flow; when that is gone, at its place.
func (m *Model) renewed(msg Renewed) tea.Cmd {
	if !m.renewal.running {
		return nil // the result is another one by now
	}
	latest, ordered := m.renewal.latest, m.renewal.ordered
	m.renewal = renewal{}
	if msg.version != m.version || latest.Generation() != msg.view.Generation() {
		return m.renew(latest, ordered)
	}
	row, line := -1, m.cursor-m.top
	if m.touched && m.cursor < m.shown {
		row = msg.view.RowOf(m.view.Serial(m.row(m.cursor)))
	}
	m.stopFinding()
	m.moveMarks(msg.view)
	a := &m.arrange
	a.stop()
	a.ordered, a.selected, a.selectedTo, a.done = msg.ordered, nil, 0, msg.shown
	m.tally.reset()
	m.goal.looked, m.goal.row = 0, -1
	m.view, m.order, m.shown, m.fresh = msg.view, msg.order, msg.shown, false
	if row >= 0 {
		if p := m.place(row); p >= 0 {
			m.cursor, m.top = p, p-line
		}
	}
	m.scroll()
	return m.Rows(latest, ordered)
}

// moveMarks gives the marked rows their numbers in another view, and remembers the flows that are not in it.
func (m *Model) moveMarks(now *flow.View) {
	old := m.view
	moved := func(s *rowSet) (out rowSet, gone []identity) {
		s.each(func(row int) {
			if r := now.RowOf(old.Serial(row)); r >= 0 {
				out.put(r, true)
			} else if len(gone) <= MaxAway { // more are given up anyway
				gone = append(gone, identityOf(old, row))
			}
		})
		return out, gone
	}
	marks, gone := moved(&m.marks)
	m.marks = marks
	m.away.reset()
	m.away.leave(gone)
	if m.only != nil {
		only, _ := moved(m.only)
		m.only = &only
		m.arrange.filter = onlyMarked{set: only, also: m.refined}
	}
}
