package table

import (
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"cxlens/internal/flow"
)

// TestRowSetIsASet holds the bits against a map.
func TestRowSetIsASet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var s rowSet
		want := make(map[int]bool)
		for range rapid.IntRange(0, 60).Draw(t, "n") {
			row, in := rapid.IntRange(0, 700).Draw(t, "row"), rapid.Bool().Draw(t, "in")
			s.put(row, in)
			if want[row] = in; !in {
				delete(want, row)
			}
		}
		var got []int
		s.each(func(row int) { got = append(got, row) })
		if s.n != len(want) || len(got) != len(want) || !slices.IsSorted(got) {
			t.Fatalf("%d rows, %v; want %v", s.n, got, want)
		}
		for row := range 800 {
			if s.has(row) != want[row] {
				t.Fatalf("row %d is in the set: %v", row, s.has(row))
			}
		}
	})
}

// TestMarksStayWithTheirRows: whatever the order, the refinement and the rows that come, a mark stays with its flow.
func TestMarksStayWithTheirRows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m, tab := newModel(60)
		m.SetSize(120, 16)
		want := make(map[uint64]bool) // by source
		rows := 60
		source := func() uint64 {
			var r flow.Record
			m.Current(&r)
			return uint64(r.ID)
		}
		for _, do := range rapid.SliceOfN(rapid.SampledFrom([]string{"mark", "down", "page", "sort", "freeze", "more", "refine", "all"}), 0, 40).Draw(t, "do") {
			m.arrange.rested = m.arrange.rested.Add(-restEvery * 100)
			switch do {
			case "mark":
				id := source()
				m.Do(MarkRow)
				if want[id] = !want[id]; !want[id] {
					delete(want, id)
				}
			case "down":
				m.Do(Down)
			case "page":
				m.Do(PageDown)
			case "sort":
				m.Do(Right)
				cmd, _ := m.Do(Sort)
				drive(m, cmd)
			case "freeze":
				m.Do(Freeze)
			case "more":
				rows += 20
				drive(m, m.Rows(fill(tab, rows-20, rows), true))
				for m.arrange.due {
					drive(m, m.begin())
				}
			case "refine":
				drive(m, m.SetFilter(every(3)))
			case "all":
				drive(m, m.SetFilter(nil))
			}
			if m.NumMarked() != len(want) {
				t.Fatalf("after %s %d rows are marked, want %d", do, m.NumMarked(), len(want))
			}
			for _, row := range m.Marked() {
				var r flow.Record
				m.view.Record(int(row), &r)
				if !want[r.ID] {
					t.Fatalf("after %s flow %d is marked and should not be", do, r.ID)
				}
			}
			m.View()
		}
	})
}

func TestMarks(t *testing.T) {
	m, _ := newModel(10)
	m.SetSize(120, 12)
	m.Do(MarkRow)
	m.Do(MarkRow)
	lines := m.View()
	for i, want := range map[int]string{1: "•", 2: "•", 3: "▌", 4: " "} {
		if got := ansi.Strip(lines[i]); !strings.HasPrefix(got, want) {
			t.Errorf("row %d begins %q, want %q", i, got[:4], want)
		}
	}
	m.Do(Up)
	if got := ansi.Strip(m.View()[2]); !strings.HasPrefix(got, "◉") {
		t.Errorf("a marked row under the cursor begins %q", got[:4])
	}
	m.Do(MarkInvert)
	if got := m.Marked(); !slices.Equal(got, []uint32{2, 3, 4, 5, 6, 7, 8, 9}) {
		t.Errorf("turned around: %v", got)
	}
	cmd, ok := m.Do(MarkOnly)
	drive(m, cmd)
	if n, arrived := m.Len(); !ok || n != 8 || arrived != 10 || !m.OnlyMarked() {
		t.Errorf("%d of %d rows are shown", n, arrived)
	}
	cmd, _ = m.Do(MarkOnly)
	drive(m, cmd)
	if n, _ := m.Len(); n != 10 {
		t.Errorf("%d rows are shown again", n)
	}
	m.Do(MarkAll)
	drive(m, m.SetFilter(every(5)))
	drive(m, m.SortBy([]flow.SortKey{{Column: flow.ColStart}}))
	if got := m.Marked(); !slices.Equal(got, []uint32{5, 0, 1, 2, 3, 4, 6, 7, 8, 9}) {
		t.Errorf("shown in their order, then hidden: %v", got)
	}
	if _, ok := m.Do(MarkClear); !ok || m.Marked() != nil {
		t.Error("the marks stay")
	}
	for _, id := range []string{MarkClear, MarkOnly} {
		if _, ok := m.Do(id); ok {
			t.Errorf("%s without a mark", id)
		}
	}
	m.Do(MarkAll)
	m.Reset(newest)
	if away, known := m.NumAway(); m.NumMarked() != 0 || away != 2 || known {
		t.Errorf("without rows %d are marked, %d not here, known: %v", m.NumMarked(), away, known)
	}
}
