package table

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"cxlens/internal/flow"
)

// TestMarksComeAgain: whatever runs again with whatever flows, and whatever is cut, a flow is marked when it was
// marked before, and those that are not here are counted.
func TestMarksComeAgain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m, tab := newModel(12)
		here := make(map[uint64]bool)
		for i := range 12 {
			r := record(i)
			here[r.ID] = true
		}
		marked := make(map[uint64]bool)
		for _, do := range rapid.SliceOfN(rapid.SampledFrom([]string{"mark", "down", "run", "cut", "invert", "clear", "sort"}), 0, 15).Draw(t, "do") {
			m.arrange.rested = evening.Add(-restEvery * 100) // rows are ordered at once, not after a rest
			switch do {
			case "mark":
				var r flow.Record
				if m.Current(&r) {
					marked[r.ID] = !marked[r.ID]
					m.Do(MarkRow)
				}
			case "down":
				m.Do(HalfDown)
			case "run":
				clear(here)
				m.Reset(newest)
				tab = flow.NewTable()
				for _, i := range rapid.SliceOfNDistinct(rapid.IntRange(0, 20), 0, 16, rapid.ID).Draw(t, "flows") {
					r := record(i)
					tab.Append(&r)
					here[r.ID] = true
				}
				drive(m, m.Rows(tab.View(), false))
			case "cut":
				if n := tab.Len(); n > 0 {
					left := rapid.IntRange(0, n).Draw(t, "left")
					tab = newestOf(tab.View(), left)
					drive(m, m.Rows(tab.View(), false))
					clear(here)
					for row := range left {
						here[tab.View().Uint64(flow.ColID, row)] = true
					}
				}
			case "invert":
				for id := range here {
					marked[id] = !marked[id]
				}
				m.Do(MarkInvert)
			case "clear":
				clear(marked)
				m.Do(MarkClear)
			case "sort":
				drive(m, m.SortBy(bySrc))
			}
			m.arrange.rested = evening.Add(-restEvery * 100)
			drive(m, m.rearrange())
			drive(m, m.Recognize())
			var want []uint64
			away := 0
			for id, in := range marked {
				switch {
				case in && here[id]:
					want = append(want, id)
				case in:
					away++
				}
			}
			var got []uint64
			for _, row := range m.Marked() {
				got = append(got, m.view.Uint64(flow.ColID, int(row)))
			}
			slices.Sort(got)
			slices.Sort(want)
			n, known := m.NumAway()
			if !slices.Equal(got, want) || n != away || !known {
				t.Fatalf("after %s %v are marked and %d not here, want %v and %d", do, got, n, want, away)
			}
			if ids := m.MarkedIDs(); len(ids) != len(want)+away {
				t.Fatalf("%d ids of %d marked flows", len(ids), len(want)+away)
			}
		}
	})
}

// TestFlowsOfTwoNodesAreTwo: the id alone does not make two flows one, and of a flow that is there twice one row
// comes for each that was marked.
func TestFlowsOfTwoNodesAreTwo(t *testing.T) {
	m, _ := newModel(0)
	rows := func(nodes ...uint32) *flow.View {
		tab := flow.NewTable()
		for _, node := range nodes {
			r := record(1)
			r.Node = node
			tab.Append(&r)
		}
		return tab.View()
	}
	m.Reset(newest)
	drive(m, m.Rows(rows(1, 1, 2), true))
	m.Do(MarkRow)
	m.Reset(newest)
	drive(m, m.Rows(rows(2, 3, 1, 1), true))
	drive(m, m.Recognize())
	if got := m.Marked(); !slices.Equal(got, []uint32{2}) {
		t.Errorf("marked are the rows %v", got)
	}
	m.Do(MarkAll)
	m.Reset(newest)
	drive(m, m.Rows(rows(1, 1, 1), true))
	drive(m, m.Recognize())
	if away, _ := m.NumAway(); m.NumMarked() != 2 || away != 2 {
		t.Errorf("%d are marked, %d not here", m.NumMarked(), away)
	}
}

// TestStaleRecognition: rows of a result that is gone mark nothing in the next one.
func TestStaleRecognition(t *testing.T) {
	m, _ := newModel(20)
	m.Do(MarkRow)
	again := func() *flow.View { return fill(flow.NewTable(), 0, 20) }
	m.Reset(newest)
	drive(m, m.Rows(again(), true))
	cmd := m.Recognize()
	if m.Recognize() != nil {
		t.Error("it is looked for twice at the same time")
	}
	m.Reset(newest)
	drive(m, m.Rows(fill(flow.NewTable(), 5, 20), true))
	drive(m, cmd)
	if away, known := m.NumAway(); m.NumMarked() != 0 || away != 1 || known {
		t.Errorf("%d are marked, %d not here, known: %v", m.NumMarked(), away, known)
	}
	m.Do(MarkClear)
	if m.Recognize() != nil {
		t.Error("there is something to look for without marks")
	}
}

func TestTooManyMarksAreGivenUp(t *testing.T) {
	m, _ := newModel(MaxAway + 1)
	m.Do(MarkAll)
	m.Reset(newest)
	if away, _ := m.NumAway(); away != 0 || !m.TakeForgotten() || m.TakeForgotten() {
		t.Errorf("%d marks are remembered", away)
	}
	m, _ = newModel(MaxAway)
	m.Do(MarkAll)
	m.Reset(newest)
	if away, _ := m.NumAway(); away != MaxAway || m.TakeForgotten() {
		t.Errorf("%d marks are remembered", away)
	}
	drive(m, m.Rows(fill(flow.NewTable(), 0, MaxAway), true))
	drive(m, m.Recognize())
	if away, known := m.NumAway(); m.NumMarked() != MaxAway || away != 0 || !known {
		t.Errorf("%d are marked again, %d not", m.NumMarked(), away)
	}
}

// BenchmarkRecognize looks for marked flows that are not there among a million rows.
func BenchmarkRecognize(b *testing.B) {
	for _, marked := range []int{1, 1000, MaxAway} {
		b.Run(map[int]string{1: "1", 1000: "1K", MaxAway: "100K"}[marked], func(b *testing.B) {
			m, _ := newModel(1_000_000)
			var gone []identity
			for i := range marked {
				gone = append(gone, identity{id: uint64(i) * 7919, start: 1})
			}
			m.away.leave(gone)
			for b.Loop() {
				m.away.reset()
				m.Update(m.Recognize()())
			}
		})
	}
}
