package table

import (
	tea "charm.land/bubbletea/v2"
)

// Do runs one of the table's actions; ok is false when it can do nothing now.
func (m *Model) Do(id string) (cmd tea.Cmd, ok bool) {
	switch id {
	case Up:
		return nil, m.move(-1)
	case Down:
		return nil, m.move(1)
	case PageUp:
		return nil, m.move(-m.page())
	case PageDown:
		return nil, m.move(m.page())
	case HalfUp:
		return nil, m.move(-max(1, m.page()/2))
	case HalfDown:
		return nil, m.move(max(1, m.page()/2))
	case Top:
		return nil, m.move(-m.shown)
	case Bottom:
		return nil, m.move(m.shown)
	case Left:
		return nil, m.moveColumn(-1)
	case Right:
		return nil, m.moveColumn(1)
	case ScrollLeft:
		return nil, m.scrollColumns(-1)
	case ScrollRight:
		return nil, m.scrollColumns(1)
	case MarkRow:
		return nil, m.ToggleMark()
	case MarkAll:
		return nil, m.markShown(false)
	case MarkInvert:
		return nil, m.markShown(true)
	case MarkClear:
		return nil, m.ClearMarks()
	case MarkOnly:
		return m.ToggleOnlyMarked()
	case FindNext:
		return m.FindNext(false)
	case FindBack:
		return m.FindNext(true)
	case Exact:
		m.ToggleExact()
		return nil, true
	}
	if ok, known := m.doShape(id); known {
		return nil, ok
	}
	return m.doSort(id)
}

// doShape runs the actions that change how the columns stand; known is false for any other.
func (m *Model) doShape(id string) (ok, known bool) {
	c := m.Column()
	switch id {
	case ColumnLeft:
		return m.movePast(c, -1), true
	case ColumnRight:
		return m.movePast(c, 1), true
	case Narrower:
		return m.ResizeColumn(c, -1), true
	case Wider:
		return m.ResizeColumn(c, 1), true
	case Hide:
		return m.HideColumn(c), true
	case Freeze:
		return m.FreezeAt(c), true
	case Reset:
		_, ok := m.ResetShape()
		return ok, true
	}
	return false, false
}

func (m *Model) doSort(id string) (tea.Cmd, bool) {
	if m.view == nil || m.view.Len() == 0 {
		return nil, false
	}
	switch id {
	case Sort, AddSort:
		if !m.orders(m.Column()) {
			return nil, true
		}
	}
	switch id {
	case Sort:
		return m.sortColumn(m.Column()), true
	case AddSort:
		return m.addColumn(m.Column()), true
	case RemoveSort:
		return m.removeColumn(m.Column())
	case Unsort:
		if m.OrderedByServer() {
			return nil, false
		}
		return m.SortBy(m.arrange.arrival), true
	}
	return nil, false
}

// Update takes in the answers of the table's own commands.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case Arranged:
		return m.arranged(msg)
	case Found:
		m.found(msg)
	case Went:
		m.went(msg)
	case Tallied:
		return m.tallied(msg)
	case Recognized:
		return m.recognized(msg)
	case Renewed:
		return m.renewed(msg)
	case Due:
		if msg.job == m.arrange.job {
			return m.begin()
		}
	}
	return nil
}

// page is how many rows are visible.
func (m *Model) page() int { return max(1, m.height-1) }

// move moves the cursor by so many rows and tells whether it moved.
func (m *Model) move(by int) bool {
	to := min(max(m.cursor+by, 0), max(0, m.shown-1))
	if to == m.cursor {
		return false
	}
	m.cursor, m.touched, m.fresh = to, true, false
	m.scroll()
	return true
}

func (m *Model) moveColumn(by int) bool {
	to := min(max(m.col+by, 0), len(m.columns)-1)
	if to == m.col {
		return false
	}
	m.col, m.scrolled, m.fresh = to, false, false
	return true
}

// scroll keeps the cursor on a row and the row on the screen.
func (m *Model) scroll() {
	m.cursor = min(max(m.cursor, 0), max(0, m.shown-1))
	m.top = min(m.top, m.cursor)
	m.top = max(m.top, m.cursor-m.page()+1)
	m.top = max(0, min(m.top, m.shown-m.page()))
}

// Wheel scrolls by so many rows; the cursor stays on the screen.
func (m *Model) Wheel(by int) {
	top := max(0, min(m.top+by, m.shown-m.page()))
	if top == m.top {
		return
	}
	m.top, m.touched, m.fresh = top, true, false
	m.cursor = min(max(m.cursor, top), top+m.page()-1)
	m.scroll()
}

// Step moves the cursor by so many rows and tells whether it moved.
func (m *Model) Step(by int) bool { return m.move(by) }
