package table

import "cxlens/internal/flow"

// Mark is a flow's identity across results, and the line of the screen on which it stood.
type Mark struct {
	ID    uint64
	Start int64
	Node  uint32
	Line  int
}

// goal is the flow that the cursor goes to when it arrives.
type goal struct {
	mark   Mark
	wanted bool
	looked int // rows below it have been looked at
	row    int // the flow's row, -1 until it was found
}

// Mark returns the identity of the row under the cursor.
func (m *Model) Mark() (k Mark, ok bool) {
	var r flow.Record
	if !m.Current(&r) {
		return k, false
	}
	return Mark{ID: r.ID, Start: r.Start, Node: r.Node, Line: m.cursor - m.top}, true
}

// Seek puts the cursor on a flow of the present result as soon as it is there, unless the person
// moves the cursor before.
func (m *Model) Seek(k Mark) {
	m.goal = goal{mark: k, wanted: true, row: -1}
	m.pursue()
	m.scroll()
}

// pursue looks for the goal among the rows that came since; every row is looked at once.
func (m *Model) pursue() {
	g := &m.goal
	if !g.wanted || m.view == nil {
		return
	}
	if m.touched {
		m.goal = goal{}
		return
	}
	for ; g.row < 0 && g.looked < m.view.Len(); g.looked++ {
		if m.view.Uint64(flow.ColID, g.looked) == g.mark.ID && m.view.Int64(flow.ColStart, g.looked) == g.mark.Start &&
			uint32(m.view.Uint64(flow.ColNode, g.looked)) == g.mark.Node {
			g.row = g.looked
		}
	}
	if g.row < 0 {
		return
	}
	if p := m.place(g.row); p >= 0 {
		m.cursor, m.top, m.touched, m.fresh = p, p-g.mark.Line, true, false
		m.goal = goal{}
	}
}

// SetColumn puts the cursor on a column, if it is one of those that are shown.
func (m *Model) SetColumn(c flow.Column) {
	for i, have := range m.columns {
		if have == c {
			m.col, m.fresh = i, false
		}
	}
}
