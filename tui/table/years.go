package table

import (
	"slices"
	"time"

	"cxlens/internal/flow"
)

// yearsRows is how many rows at most are looked at for their year with one redraw: 1 to 3 ms.
const yearsRows = 1 << 20

// years tells whether the rows here start in more than one year, so that times without it would say too little.
// Rows are only ever added, and so each is looked at once.
type years struct {
	generation uint64
	upto       int   // rows that were looked at
	from, to   int64 // the year of the first row, in microseconds, to exclusive
	several    bool  // stays until the table is emptied
}

// look takes in further rows of a view, whose times are shown in a zone.
func (y *years) look(v *flow.View, zone *time.Location) {
	n := v.Len()
	if y.several || n == 0 {
		return
	}
	if y.generation != v.Generation() || y.upto == 0 {
		year := time.UnixMicro(v.Int64(flow.ColStart, 0)).In(zone).Year()
		first := func(year int) int64 { return time.Date(year, 1, 1, 0, 0, 0, 0, zone).UnixMicro() }
		*y = years{generation: v.Generation(), from: first(year), to: first(year + 1)}
	}
	if other := v.Int64(flow.ColStart, n-1); other < y.from || other >= y.to {
		y.several = true // most results come in the order of time, so that this needs no other row
		return
	}
	buf := make([]uint64, min(n-y.upto, tallyStep))
	for end := min(n, y.upto+yearsRows); y.upto < end && !y.several; {
		part := buf[:min(len(buf), end-y.upto)]
		v.Uint64s(flow.ColStart, y.upto, part)
		y.several = slices.ContainsFunc(part, func(start uint64) bool { return int64(start) < y.from || int64(start) >= y.to })
		y.upto += len(part)
	}
}

// lookAtYears takes in the rows that came, and tells whether there is nothing left to look at.
func (m *Model) lookAtYears() (done bool) {
	if m.view == nil {
		return true
	}
	m.years.look(m.view, m.Zone())
	return m.years.several || m.years.upto >= m.view.Len()
}
