package table

import (
	"maps"
	"slices"

	"cxlens/internal/flow"
)

// The widths to which a column can be brought.
const (
	MinWidth = 3
	MaxWidth = 200
)

// Shape is how the columns stand. Columns without a width in Widths are as wide as what they show.
type Shape struct {
	Columns []flow.Column // those that are shown, in their order; at least one
	Widths  map[flow.Column]int
	Frozen  int // so many of the first stay while the others scroll; fewer than Columns
}

// Equal tells whether two shapes look the same.
func (s Shape) Equal(o Shape) bool {
	return slices.Equal(s.Columns, o.Columns) && maps.Equal(s.Widths, o.Widths) && s.Frozen == o.Frozen
}

// DefaultShape is how the columns stand until a person changes that.
func DefaultShape() Shape { return Shape{Columns: Defaults()} }

// clone copies s and brings it into its bounds.
func (s Shape) clone() Shape {
	out := Shape{Columns: slices.Clone(s.Columns), Widths: make(map[flow.Column]int, len(s.Widths))}
	for c, w := range s.Widths {
		out.Widths[c] = min(max(w, MinWidth), MaxWidth)
	}
	out.Frozen = min(max(s.Frozen, 0), len(s.Columns)-1)
	return out
}

// Shape returns how the columns stand.
func (m *Model) Shape() Shape {
	return Shape{Columns: m.columns, Widths: m.widths, Frozen: m.frozen}.clone()
}

// SetShape puts the columns as s has them; without a column in it nothing changes.
func (m *Model) SetShape(s Shape) {
	if len(s.Columns) == 0 {
		return
	}
	at := m.Column()
	s = s.clone()
	m.columns, m.widths, m.frozen = s.Columns, s.Widths, s.Frozen
	m.col = max(0, slices.Index(m.columns, at))
	m.offset, m.fresh = min(m.offset, len(m.columns)-1-m.frozen), false
}

// Shaped counts how often a person changed the shape, by any of the methods below.
func (m *Model) Shaped() uint64 { return m.shaped }

// reshape puts the columns as a person wants them.
func (m *Model) reshape(s Shape) {
	m.undo = Shape{}
	m.SetShape(s)
	m.shaped++
}

// ShowColumn shows a hidden column, as the last.
func (m *Model) ShowColumn(c flow.Column) bool {
	s := m.Shape()
	if slices.Contains(s.Columns, c) {
		return false
	}
	s.Columns = append(s.Columns, c)
	m.reshape(s)
	return true
}

// HideColumn hides a column; the last one that is shown stays. The cursor goes to the next one.
func (m *Model) HideColumn(c flow.Column) bool {
	s := m.Shape()
	i := slices.Index(s.Columns, c)
	if i < 0 || len(s.Columns) == 1 {
		return false
	}
	at := m.col
	s.Columns = slices.Delete(s.Columns, i, i+1)
	if i < s.Frozen {
		s.Frozen--
	}
	m.reshape(s)
	m.col = min(max(0, at-one(i < at)), len(m.columns)-1)
	return true
}

// one is 1 for true.
func one(b bool) int {
	if b {
		return 1
	}
	return 0
}

// MoveColumn moves a shown column by so many places; the cursor stays with its column.
func (m *Model) MoveColumn(c flow.Column, by int) bool {
	s := m.Shape()
	i := slices.Index(s.Columns, c)
	to := i + by
	if i < 0 || to < 0 || to >= len(s.Columns) {
		return false
	}
	s.Columns = slices.Insert(slices.Delete(s.Columns, i, i+1), to, c)
	m.reshape(s)
	return true
}

// ResizeColumn makes a shown column wider by so many places, from the width that it has now.
func (m *Model) ResizeColumn(c flow.Column, by int) bool {
	s := m.Shape()
	if !slices.Contains(s.Columns, c) {
		return false
	}
	now := m.WidthOf(c)
	to := min(max(now+by, MinWidth), MaxWidth)
	if to == now {
		return false
	}
	s.Widths[c] = to
	m.reshape(s)
	return true
}

// WidthOf is how wide a column is on the screen, or would like to be when it has no room there.
func (m *Model) WidthOf(c flow.Column) int {
	if w, ok := m.widths[c]; ok {
		return w
	}
	for _, p := range m.lay.cols {
		if p.col == c {
			return p.w
		}
	}
	return m.want(c, m.lay.form)
}

// FreezeAt keeps the columns up to this one in their place while the others scroll; when they are
// kept already, none is any more.
func (m *Model) FreezeAt(c flow.Column) bool {
	s := m.Shape()
	n := slices.Index(s.Columns, c) + 1
	switch n {
	case 0, len(s.Columns):
		return false
	case s.Frozen:
		n = 0
	}
	s.Frozen = n
	m.reshape(s)
	return true
}

// ResetShape puts the columns as at first and, when they are, back as they were before that. It
// tells which of the two it did; ok is false when there was nothing to do.
func (m *Model) ResetShape() (back, ok bool) {
	now, undo := m.Shape(), m.undo
	if now.Equal(DefaultShape().clone()) {
		if undo.Columns == nil {
			return false, false
		}
		m.reshape(undo)
		return true, true
	}
	m.reshape(DefaultShape())
	m.undo = now
	return false, true
}
