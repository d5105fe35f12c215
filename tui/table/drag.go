package table

import (
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"cxlens/internal/flow"
)

// doubleClick is how long two presses on a border may be apart to be one double click.
const doubleClick = 500 * time.Millisecond

// drag is what the mouse does with the line of titles between a press and the release.
type drag struct {
	on     bool
	border bool // of the column, else its title
	col    flow.Column
	x      int // where it was pressed
	width  int // of the column then
	undo   Shape
	add    bool // a click adds to the order
	left   bool // the mouse left the title, so that it is no click any more
	to     int  // the column that the title is over, an index into the chosen ones

	last  flow.Column // whose border was pressed last, at since
	since time.Time
}

// Press acts on a button that goes down at x, y of the pane. On a row it moves the cursor there; what it does on the
// titles, Drag and Release tell.
func (m *Model) Press(x, y int, add bool) {
	d := &m.drag
	m.EndDrag()
	x-- // the margin
	if y > 0 {
		m.pressRow(x, y)
		return
	}
	if p, ok := m.lay.borderAt(x); ok {
		double := d.last == p.col && !d.since.IsZero() && m.arrange.now().Sub(d.since) <= doubleClick
		if *d = (drag{}); double {
			m.FitColumn(p.col)
			return
		}
		*d = drag{on: true, border: true, col: p.col, x: x, width: p.w, undo: m.Shape(), last: p.col, since: m.arrange.now()}
		return
	}
	if p, ok := m.lay.at(x); ok {
		*d = drag{on: true, col: p.col, x: x, add: add, to: p.index}
		m.col, m.fresh = p.index, false
	}
}

func (m *Model) pressRow(x, y int) {
	p, ok := m.lay.at(x)
	if row := m.top + y - 1; ok && row < m.shown {
		m.cursor, m.col, m.touched, m.fresh = row, p.index, true, false
	}
}

// Dragging tells whether a button went down on the titles and is not up yet.
func (m *Model) Dragging() bool { return m.drag.on }

// Drag follows the mouse: a border makes its column as wide as the mouse is away, a title shows where it would go.
func (m *Model) Drag(x int) {
	d := &m.drag
	if !d.on {
		return
	}
	x--
	if d.border {
		if x == d.x && m.WidthOf(d.col) == d.width {
			return
		}
		s := m.Shape()
		s.Widths[d.col] = min(max(d.width+x-d.x, MinWidth), MaxWidth)
		m.SetShape(s)
		d.since = time.Time{} // no double click any more
		return
	}
	p, ok := m.lay.at(max(0, x))
	if !ok || p.index == d.to && !d.left {
		return
	}
	d.to, d.left, m.fresh = p.index, true, false
}

// Release ends what Press began: a border stays where it is, a title goes where it was dropped or, when the mouse
// has not left it, orders by its column.
func (m *Model) Release() tea.Cmd {
	d := m.drag
	if !d.on {
		return nil
	}
	m.drag.on, m.fresh = false, false
	switch {
	case d.border:
		if s := m.Shape(); !s.Equal(d.undo) {
			m.reshape(s)
		}
	case d.left:
		if by := d.to - slices.Index(m.columns, d.col); by != 0 {
			m.MoveColumn(d.col, by)
		}
	default:
		id := Sort
		if d.add {
			id = AddSort
		}
		cmd, _ := m.Do(id)
		return cmd
	}
	return nil
}

// EndDrag gives up what Press began; a border goes back.
func (m *Model) EndDrag() {
	if d := &m.drag; d.on {
		if d.border {
			m.SetShape(d.undo)
		}
		d.on, m.fresh = false, false
	}
}

// Click is a press and its release in the same place.
func (m *Model) Click(x, y int, add bool) tea.Cmd {
	m.Press(x, y, add)
	return m.Release()
}

// FitColumn makes a column as wide as its title and what has been seen of its cells; one that is so wide gets the
// width that the program gives it.
func (m *Model) FitColumn(c flow.Column) {
	s := m.Shape()
	full := form{exact: m.exact, times: timeFull, service: true, namedPorts: true}
	if m.labels.of != nil {
		full.labels = [2]labelRoom{labelLong, labelLong}
	}
	_, fixed := m.widths[c]
	delete(m.widths, c) // want gives a width that was set before what it measured
	w := min(max(m.want(c, full), MinWidth), MaxWidth)
	if fixed && s.Widths[c] == w {
		delete(s.Widths, c)
	} else {
		s.Widths[c] = w
	}
	m.reshape(s)
}

// borderAt is the column whose right border is at x: in the gap behind it.
func (l *layout) borderAt(x int) (placed, bool) {
	for _, p := range l.cols {
		if end := p.x + p.w; x >= end && x < end+l.gap {
			return p, true
		}
	}
	return placed{}, false
}

// drop tells whether a title that is dragged would come before or behind the column at an index.
func (m *Model) drop(index int) (before, behind bool) {
	d := m.drag
	if !d.on || !d.left || index != d.to {
		return false, false
	}
	from := slices.Index(m.columns, d.col)
	return d.to < from, d.to > from
}
