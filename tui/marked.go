package tui

import (
	"fmt"
	"strconv"

	tea "charm.land/bubbletea/v2"

	"cxlens/query"
	"cxlens/tui/human"
	"cxlens/tui/table"
)

// numMarked is how many flows are marked, those that are not here included.
func (m *model) numMarked() int {
	away, _ := m.table.NumAway()
	return m.table.NumMarked() + away
}

// markedText says how many flows are marked and how many of them are not among the rows, "" for none.
func (m *model) markedText() string {
	n := m.numMarked()
	if n == 0 {
		return ""
	}
	text := human.Exact(uint64(n)) + " marked"
	switch away, known := m.table.NumAway(); {
	case away == 0 || !known:
	case away == n:
		text += ", none here"
	default:
		text += ", " + human.Exact(uint64(away)) + " not here"
	}
	return text
}

// hearMarks says that marks were given up.
func (m *model) hearMarks() {
	if m.table.TakeForgotten() {
		m.notice("marks were taken away: at most " + human.Exact(table.MaxAway) + " flows that are not here stay marked, and there were more")
	}
}

// maxPicked is how many flows a query names at most.
const maxPicked = 1000

// queryMarked runs a query for the marked flows by their ids, those that are not here included.
func (m *model) queryMarked() (cmd tea.Cmd, ok bool) {
	n := m.numMarked()
	switch {
	case n == 0 || m.src == nil:
		return nil, false
	case n > maxPicked:
		m.warn(fmt.Sprintf("%s are marked; a query names %d flows at most", human.Plural(n, "row"), maxPicked))
		return nil, true
	}
	var ids []byte
	for _, id := range m.table.MarkedIDs() {
		ids = strconv.AppendUint(append(ids, ' '), id, 10)
	}
	q, err := query.Parse("id in [" + string(ids) + "]")
	if err != nil { // an id is a number, and numbers can be read
		m.fail(err)
		return nil, true
	}
	return m.pivotTo(q, "only the "+human.Plural(n, "marked flow")), true
}

// forgetMarks takes the marks of all tabs away: another server counts its nodes in its own way.
func (m *model) forgetMarks() {
	for _, t := range m.tabs.open {
		t.table.ClearMarks()
	}
}
