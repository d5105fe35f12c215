package table

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"cxlens/internal/flow"
)

// newestOf is a table of the last n rows of another.
func newestOf(v *flow.View, n int) *flow.Table {
	rows := make([]uint32, 0, n)
	for row := v.Len() - n; row < v.Len(); row++ {
		rows = append(rows, uint32(row))
	}
	return v.Keep(rows)
}

func TestCursorStaysWithItsFlowWhenOldRowsAreCut(t *testing.T) {
	m, tab := newModel(500)
	drive(m, m.SortBy(bySrc))
	for { // a flow that is kept
		m.Do(Down)
		if r := current(t, m); int(m.view.RowOf(m.view.Serial(m.row(m.cursor)))) >= 450 && r.ID != 0 {
			break
		}
	}
	before, line := current(t, m), m.cursor-m.top
	kept := newestOf(tab.View(), 100)
	cmd := m.Rows(fill(kept, 500, 520), false)
	if shown, arrived := m.Len(); shown != 500 || arrived != 500 {
		t.Fatalf("%d of %d rows before the change", shown, arrived)
	}
	m.arrange.rested = evening.Add(-restEvery * 10)
	drive(m, cmd)
	m.arrange.rested = evening.Add(-restEvery * 10)
	drive(m, m.rearrange())
	if shown, arrived := m.Len(); shown != 120 || arrived != 120 {
		t.Errorf("%d of %d rows", shown, arrived)
	}
	if after := current(t, m); after.ID != before.ID {
		t.Errorf("the cursor went from %d to %d", before.ID, after.ID)
	}
	if got := m.cursor - m.top; got != line && m.top != 0 && m.top != m.shown-m.page() {
		t.Errorf("the cursor's row moved from line %d to %d", line, got)
	}
	_, rows, n := m.Present()
	for i := 1; i < n; i++ {
		if m.view.Uint64(flow.ColSrcBytes, int(rows[i-1])) < m.view.Uint64(flow.ColSrcBytes, int(rows[i])) {
			t.Fatalf("rows %d and %d are out of order", i-1, i)
		}
	}
	drive(m, m.Tally())
	if _, ok := m.Bytes(); !ok {
		t.Error("the rows are not summed again")
	}
}

func TestCutOfTheCursorsRow(t *testing.T) {
	m, tab := newModel(500)
	m.Do(Down)
	m.Do(Down)
	drive(m, m.Rows(newestOf(tab.View(), 20).View(), true))
	if place, ok := m.Cursor(); !ok || place != 2 {
		t.Errorf("the cursor is at %d, %v", place, ok)
	}
	m.Do(Bottom)
	drive(m, m.Rows(newestOf(m.view, 1).View(), true))
	if place, ok := m.Cursor(); !ok || place != 0 {
		t.Errorf("the cursor is at %d, %v", place, ok)
	}
	m.View()
}

func TestMarksStayWithTheirFlowsWhenOldRowsAreCut(t *testing.T) {
	m, tab := newModel(50)
	for range 10 {
		m.ToggleMark()
	}
	m.Do(Bottom)
	m.ToggleMark()
	last := current(t, m)
	drive(m, m.Rows(newestOf(tab.View(), 45).View(), false))
	rows := m.Marked()
	if len(rows) != 6 || m.view.Uint64(flow.ColID, int(rows[len(rows)-1])) != last.ID {
		t.Errorf("marked are %v", rows)
	}
	for i, row := range rows[:5] {
		if want := record(5 + i); m.view.Uint64(flow.ColID, int(row)) != want.ID {
			t.Errorf("row %d is marked in place of another", row)
		}
	}
}

// TestRenewalsAgainstSlices: whatever is sorted, refined, added and cut in whatever order, in the end the
// table shows the rows that are left and pass, in order, with the cursor on its flow if that is left.
func TestRenewalsAgainstSlices(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m, tab := newModel(0)
		now := evening
		m.arrange.now = func() time.Time { return now }
		n, cut := 0, 0
		for range rapid.IntRange(1, 12).Draw(t, "steps") {
			now = now.Add(time.Minute)
			switch rapid.IntRange(0, 4).Draw(t, "step") {
			case 0:
				more := rapid.IntRange(1, 40).Draw(t, "more")
				drive(m, m.Rows(fill(tab, n, n+more), false))
				n += more
			case 1:
				left := rapid.IntRange(0, n-cut).Draw(t, "left")
				cut = n - left
				tab = newestOf(tab.View(), left)
				drive(m, m.Rows(tab.View(), false))
			case 2:
				drive(m, m.SortBy(bySrc))
			case 3:
				drive(m, m.SortBy(newest))
			case 4:
				m.Do(Down)
			}
		}
		now = now.Add(time.Minute)
		drive(m, m.Rows(tab.View(), false))
		now = now.Add(time.Minute)
		drive(m, m.rearrange())
		v, rows, shown := m.Present()
		var got, want []uint64
		for place := range shown {
			row := place
			if rows != nil {
				row = int(rows[place])
			}
			got = append(got, v.Uint64(flow.ColID, row))
		}
		for i := cut; i < n; i++ {
			r := record(i)
			want = append(want, r.ID)
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Fatalf("%d rows on the screen, want %d", len(got), len(want))
		}
		m.View()
	})
}
