package table

import (
	"testing"

	"cxlens/internal/flow"
)

// TestSeekFindsTheFlowWhenItArrives, in the order on the screen and on the same line of it.
func TestSeekFindsTheFlowWhenItArrives(t *testing.T) {
	m, _ := newModel(100)
	for range 40 {
		m.Do(Down)
	}
	want, ok := m.Mark()
	if !ok {
		t.Fatal("no row")
	}
	m.Reset(bySrc)
	table := flow.NewTable()
	drive(m, m.Rows(fill(table, 0, 20), false))
	m.Seek(want)
	if got, _ := m.Mark(); got.ID == want.ID {
		t.Fatal("the flow is there too early")
	}
	drive(m, m.Rows(fill(table, 20, 100), false))
	if got, _ := m.Mark(); got.ID != want.ID {
		t.Errorf("on the flow %d, want %d", got.ID, want.ID)
	}
	if line := m.cursor - m.top; line != want.Line && m.top > 0 && m.top+m.page() < m.shown {
		t.Errorf("on line %d, want %d", line, want.Line)
	}
}

// TestSeekGivesWayToThePerson: a cursor that was moved stays.
func TestSeekGivesWayToThePerson(t *testing.T) {
	m, _ := newModel(100)
	for range 40 {
		m.Do(Down)
	}
	want, _ := m.Mark()
	m.Reset(newest)
	table := flow.NewTable()
	drive(m, m.Rows(fill(table, 0, 20), true))
	m.Seek(want)
	m.Do(Down)
	drive(m, m.Rows(fill(table, 20, 100), true))
	if place, _ := m.Cursor(); place != 1 {
		t.Errorf("the cursor is on row %d", place)
	}
}
