// Package table is the list of flows: it shows the rows of a result in the order and
// through the refinement that the person chose, and only ever builds the rows that are
// visible.
//
// It may import themes, internal/flow and the leaf packages of tui. The surprising
// thing: rows are never moved or copied. What is shown is an index vector over a snapshot
// (flow.View); sorting and refining make a new vector in a command, and the cursor is found
// again by its row's number, which is the row's identity as long as the result lives.
package table

import (
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"cxlens/internal/flow"
	"cxlens/tui/keymap"
	"cxlens/tui/look"
)

// Model is the table. Create it with New.
type Model struct {
	keys          keymap.Map
	look          *look.Look
	width, height int

	view    *flow.View
	order   []uint32 // nil: the rows as they arrived
	shown   int      // rows that can be walked through
	cursor  int      // place in order
	top     int      // place of the first visible row
	touched bool     // the person moved the cursor, so it stays with its row
	goal    goal

	columns  []flow.Column
	widths   map[flow.Column]int // of the columns to which a person gave one
	frozen   int                 // so many of the first columns do not scroll
	offset   int                 // so many of the others are scrolled out to the left
	scrolled bool                // the person scrolled: the cursor comes along and not the columns
	drag     drag
	shaped   uint64
	undo     Shape // the columns before they were put as at first, empty for none
	col      int   // the column under the cursor, an index into columns
	exact    bool

	zone    *time.Location // of the times on the screen, nil for UTC
	marks   rowSet
	away    away
	only    *rowSet // the rows that were marked when only these were asked for, nil for all
	refined Filter  // the refinement, nil for none
	find    finder

	arrange arranger
	renewal renewal
	version uint64 // of what is on the screen
	tally   tally
	years   years
	labels  labels
	around  *flow.Around
	lay     layout
	widest  [flow.NumShown][2]int // widths seen so far, without and with the service name
	cache   []string
	fresh   bool // cache is what View would build
}

// New returns an empty table. now is the clock that spaces background sorts.
func New(keys keymap.Map, l *look.Look, now func() time.Time) *Model {
	return &Model{keys: keys, look: l, columns: Defaults(), arrange: arranger{now: now}}
}

// SetLook changes the theme.
func (m *Model) SetLook(l *look.Look) { m.look, m.fresh = l, false }

// SetSize sets the size of the pane, the line of titles included.
func (m *Model) SetSize(width, height int) {
	if m.width == width && m.height == height {
		return
	}
	m.width, m.height, m.fresh = width, height, false
	m.scroll()
}

// Reset empties the table for a new result. arrival is the order in which its rows come;
// the table shows them in that order until another is chosen. Marked flows that come again are marked again, see Recognize.
func (m *Model) Reset(arrival []flow.SortKey) {
	m.arrange.reset(arrival)
	m.renewal = renewal{}
	m.years = years{}
	m.version++
	m.tally.reset()
	m.stopFinding()
	m.find.outcome = NoSearch
	m.leaveMarked()
	m.only, m.arrange.filter = nil, m.refined
	m.view, m.order, m.shown, m.cursor, m.top, m.touched = nil, nil, 0, 0, 0, false
	m.widest, m.fresh, m.goal = [flow.NumShown][2]int{}, false, goal{}
	m.labels = labels{of: m.labels.of}
}

// Rows takes in a later snapshot of the same result, also one that has lost its oldest rows. ordered tells that all its rows came in
// the order that was given to Reset, which holds until a followed query's new flows come in.
func (m *Model) Rows(v *flow.View, ordered bool) tea.Cmd {
	v = v.With(m.around)
	if m.view != nil && v.Generation() != m.view.Generation() {
		return m.renew(v, ordered)
	}
	m.view = v
	if ordered {
		m.arrange.ordered = v.Len()
	}
	return m.rearrange()
}

// Like takes over how another table shows its rows: its columns, its numbers, its order.
func (m *Model) Like(o *Model) {
	m.SetShape(o.Shape())
	m.col, m.exact = o.col, o.exact
	m.Reset(o.Keys())
}

// View of the rows in their present order; rows is nil when that is the order of arrival, and n
// is how many there are.
func (m *Model) Present() (v *flow.View, rows []uint32, n int) { return m.view, m.order, m.shown }

// Columns returns the chosen columns in their order.
func (m *Model) Columns() []flow.Column { return slices.Clone(m.columns) }

// SetColumns chooses the columns; there is always at least one. Their widths stay, and so does how
// many of the first are frozen.
func (m *Model) SetColumns(cols []flow.Column) {
	s := m.Shape()
	s.Columns = cols
	m.SetShape(s)
}

// Column is the column under the cursor.
func (m *Model) Column() flow.Column { return m.columns[m.col] }

// Hidden is how many of the chosen columns found no room.
func (m *Model) Hidden() int { return m.lay.hidden }

// Exact tells whether numbers are shown exactly.
func (m *Model) Exact() bool { return m.exact }

// SetExact says whether numbers are shown exactly.
func (m *Model) SetExact(exact bool) { m.exact, m.fresh = exact, false }

// ToggleExact switches between exact and rounded numbers.
func (m *Model) ToggleExact() {
	m.exact, m.fresh = !m.exact, false
	m.widest = [flow.NumShown][2]int{}
}

// Len is how many rows are shown here, of all that arrived.
func (m *Model) Len() (shown, arrived int) {
	if m.view == nil {
		return 0, 0
	}
	return m.shown, m.view.Len()
}

// Cursor is the place of the cursor, from 0, and whether there is a row.
func (m *Model) Cursor() (place int, ok bool) { return m.cursor, m.cursor < m.shown }

// Current fills r with the row under the cursor.
func (m *Model) Current(r *flow.Record) bool {
	if m.cursor >= m.shown {
		return false
	}
	m.view.Record(m.row(m.cursor), r)
	return true
}

// CellText returns the exact text of the cell under the cursor as outputs have it.
func (m *Model) CellText() (string, bool) {
	if m.cursor >= m.shown {
		return "", false
	}
	return string(m.view.AppendCell(nil, m.columns[m.col], m.row(m.cursor))), true
}

// RowText returns the chosen columns of the row under the cursor, separated by tabs.
func (m *Model) RowText() (string, bool) {
	if m.cursor >= m.shown {
		return "", false
	}
	cells := make([]string, len(m.columns))
	for i, c := range m.columns {
		cells[i] = string(m.view.AppendCell(nil, c, m.row(m.cursor)))
	}
	return strings.Join(cells, "\t"), true
}

// Day is the date of the row under the cursor while the times on the screen do not show it, else "".
func (m *Model) Day() string {
	var r flow.Record
	if m.showsYear() || !m.Current(&r) {
		return ""
	}
	return time.UnixMicro(r.Start).In(m.Zone()).Format("2006-01-02")
}

// showsYear tells whether the times of the start on the screen have all of their date.
func (m *Model) showsYear() bool {
	for _, p := range m.lay.cols {
		if p.col == flow.ColStart {
			return m.formOf(p).times == timeFull
		}
	}
	return m.lay.form.times == timeFull
}

// Filter is the refinement that is set, nil for none.
func (m *Model) Filter() Filter { return m.refined }

// row is the number of the row at a place.
func (m *Model) row(place int) int {
	if m.order == nil {
		return place
	}
	return int(m.order[place])
}

// place finds a row, -1 when it is not shown.
func (m *Model) place(row int) int {
	if m.order == nil {
		if row < m.shown {
			return row
		}
		return -1
	}
	return slices.Index(m.order, uint32(row))
}
