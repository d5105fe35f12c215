package table

import (
	"slices"

	"cxlens/internal/flow"
)

// movePast moves a column past the next one that is on the screen, so that the person sees where it went: chosen columns
// that found no room between them are passed in the same step. It returns false when there is none on that side.
func (m *Model) movePast(c flow.Column, by int) bool {
	away := m.lay.left
	if by > 0 {
		away = m.lay.right
	}
	at := slices.Index(m.columns, c)
	if len(m.lay.cols) == 0 || away > 0 { // those that are scrolled out come in
		return m.MoveColumn(c, by)
	}
	to := at
	for _, p := range m.lay.cols {
		if by > 0 && p.index > at {
			to = p.index
			break
		}
		if by < 0 && p.index < at {
			to = p.index
		}
	}
	return to != at && m.MoveColumn(c, to-at)
}
