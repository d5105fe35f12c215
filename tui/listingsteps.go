package tui

import (
	"errors"
	"time"

	tea "charm.land/bubbletea/v2"

	"cxlens/internal/flow"
	"cxlens/query/steps"
	"cxlens/tui/facets"
)

const microsPerSecond = 1_000_000

// errSingleHere is what a list says whose server, an older one, sent single values where steps were asked for. They are
// not folded into steps here: rates are rounded in them, and of many values the list is cut.
var errSingleHere = errors.New("this server counts single values only: the steps are of the rows here")

// stepShift is how many seconds the days of the zone on the screen begin before those of UTC, at the first row here.
func (m *model) stepShift() int64 {
	at := m.now()
	if v, _, _ := m.table.Present(); v != nil && v.Len() > 0 {
		at = time.UnixMicro(v.Int64(flow.ColStart, 0))
	}
	_, offset := at.In(m.zone.shown).Zone()
	return int64(offset)
}

// stepped tells whether the server's answer has steps where they were asked for.
func (l *listing) stepped() bool {
	if !l.list.InSteps() {
		return true
	}
	for i, c := range l.list.By() {
		if steps.Has(c) && (i >= len(l.groups.columns) || l.groups.columns[i] != steps.Name(c)) {
			return false
		}
	}
	return true
}

// turnSteps lists single values in the place of steps, or steps again; ok is false where no column has any.
func (m *model) turnSteps(l *listing) (cmd tea.Cmd, ok bool) {
	if !l.list.HasSteps() {
		return nil, false
	}
	l.list.SetSingles(!l.list.Singles())
	l.list.Show(facets.Answer{})
	return m.recount(l), true
}

// recount counts from the beginning what the list asks for now.
func (m *model) recount(l *listing) tea.Cmd {
	l.drop()
	l.top, l.sum = nil, nil
	return m.countListing(l)
}

// formListing is a list that is drawn in the zone and the numbers of the screen.
func (m *model) formListing(l *listing) *facets.Model {
	l.list.SetForm(m.zone.shown, m.table.Exact())
	return l.list
}
