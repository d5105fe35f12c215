package timeline

// move moves the cursor and the selection.
func (m *Model) move(id string) bool {
	if m.data == nil || len(m.data.Total) == 0 {
		return false
	}
	n := len(m.data.Total)
	switch id {
	case Left:
		return m.step(-1)
	case Right:
		return m.step(1)
	case FarLeft:
		return m.step(-max(1, n/10))
	case FarRight:
		return m.step(max(1, n/10))
	case First:
		return m.step(-n)
	case Last:
		return m.step(n)
	case SelectLeft:
		return m.extend(-1)
	case SelectRight:
		return m.extend(1)
	case Select:
		if m.anchor < 0 {
			m.anchor = m.cursor
		} else {
			m.anchor = -1
		}
	case Peak:
		m.cursor, _ = m.data.peak(m.Settings.Metric)
	default:
		return false
	}
	m.version++
	return true
}

func (m *Model) step(by int) bool {
	to := min(max(m.cursor+by, 0), len(m.data.Total)-1)
	moved := to != m.cursor
	m.cursor = to
	m.version++
	return moved
}

func (m *Model) extend(by int) bool {
	if m.anchor < 0 {
		m.anchor = m.cursor
	}
	return m.step(by)
}

// Enter puts the cursor on a time when the keyboard comes to the timeline, where that is on it.
func (m *Model) Enter(micros int64, ok bool) {
	m.anchor = -1
	if i, on := 0, false; ok && m.data != nil {
		if i, on = m.data.bucket(micros); on {
			m.cursor = i
		}
	}
	m.version++
}

// Unselect drops the selection; it tells whether there was one.
func (m *Model) Unselect() bool {
	was := m.anchor >= 0
	m.anchor, m.drag = -1, false
	m.version++
	return was
}

// Press begins a selection with the mouse at a column of the pane; it tells whether that is on the bars.
func (m *Model) Press(x int) bool {
	i, ok := m.at(x)
	if !ok {
		return false
	}
	m.cursor, m.anchor, m.drag = i, -1, true
	m.version++
	return true
}

// Drag goes on with it; columns beside the bars are the nearest bucket.
func (m *Model) Drag(x int) {
	if !m.drag {
		return
	}
	x = min(max(x, m.place.x), m.place.x+m.place.columns-1)
	i, ok := m.at(x)
	if !ok {
		return
	}
	if m.anchor < 0 && i != m.cursor {
		m.anchor = m.cursor
	}
	m.cursor = i
	m.version++
}

// Release ends it; ok tells that a span of several buckets is selected.
func (m *Model) Release() (ok bool) {
	was := m.drag
	m.drag = false
	return was && m.anchor >= 0
}

// at is the bucket at a column of the pane.
func (m *Model) at(x int) (int, bool) {
	if m.data == nil || x < m.place.x || x >= m.place.x+m.place.columns {
		return 0, false
	}
	i := (x - m.place.x) * m.place.sub
	return min(i, len(m.data.Total)-1), len(m.data.Total) > 0
}
