package table

import "cxlens/internal/flow"

// Passing are the rows that pass the refinement.
type Passing struct {
	View *flow.View
	Rows []uint32 // in the order of their arrival, nil for the first N of View
	N    int
	// Stamp is another one when the rows are others; more of the same have the same stamp and another N.
	Stamp uint64
}

// Passing returns the rows that pass the refinement, all where there is none. ok is false before they are known. They
// do not depend on the order on the screen, and must not be changed.
func (m *Model) Passing() (p Passing, ok bool) {
	if m.view == nil {
		return p, false
	}
	p = Passing{View: m.view, N: m.view.Len(), Stamp: m.tally.job}
	if a := &m.arrange; a.filter != nil {
		p.Rows, p.N = a.selected, len(a.selected)
		return p, a.selected != nil
	}
	return p, true
}
