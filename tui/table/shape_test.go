package table

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"cxlens/internal/flow"
)

// TestShapeHolds: whatever a person does to the columns, the table stays whole: lines as wide as the pane, the
// column under the cursor on the screen, frozen columns first, and every column shown or counted as hidden.
func TestShapeHolds(t *testing.T) {
	base, tab := newModel(30)
	_ = base
	rapid.Check(t, func(t *rapid.T) {
		m := New(Keys(), plain, base.arrange.now)
		m.SetSize(rapid.IntRange(24, 220).Draw(t, "width"), 12)
		m.Reset(newest)
		drive(m, m.Rows(tab.View(), true))
		ids := []string{Left, Right, ScrollLeft, ScrollRight, ColumnLeft, ColumnRight, Narrower, Wider, Hide, Freeze, Reset, Exact, "show"}
		for _, id := range rapid.SliceOfN(rapid.SampledFrom(ids), 0, 40).Draw(t, "actions") {
			col := m.Column()
			if id == "show" {
				m.ShowColumn(rapid.SampledFrom(columnsUpTo(flow.NumShown)).Draw(t, "column"))
			} else {
				m.Do(id)
			}
			if moved := id == ColumnLeft || id == ColumnRight; moved && m.Column() != col {
				t.Fatalf("the cursor went from %v to %v as its column moved", col, m.Column())
			}
			checkShape(t, m)
		}
	})
}

func checkShape(t *rapid.T, m *Model) {
	for i, l := range m.View() {
		if w := ansi.StringWidth(l); w != m.width {
			t.Fatalf("line %d is %d wide, want %d: %q", i, w, m.width, ansi.Strip(l))
		}
	}
	s := m.Shape()
	if s.Frozen < 0 || s.Frozen >= len(s.Columns) || len(slices.Compact(slices.Sorted(slices.Values(s.Columns)))) != len(s.Columns) {
		t.Fatalf("the shape is %+v", s)
	}
	if !m.lay.shows(m.col) && m.col >= m.frozen {
		t.Fatalf("column %v under the cursor is not on the screen: %+v", m.Column(), m.lay)
	}
	if len(m.lay.cols)+m.lay.hidden != len(s.Columns) {
		t.Fatalf("%d columns are shown and %d hidden of %d", len(m.lay.cols), m.lay.hidden, len(s.Columns))
	}
	for i := range m.lay.held {
		if m.lay.cols[i].index != i {
			t.Fatalf("frozen column %d is not in its place: %+v", i, m.lay.cols)
		}
	}
}

func head(m *Model) string { return ansi.Strip(m.View()[0]) }

func TestScrollColumns(t *testing.T) {
	m, _ := newModel(30)
	m.SetSize(60, 12)
	m.View()
	if _, ok := m.Do(ScrollLeft); ok {
		t.Error("scrolled left of the first column")
	}
	m.Do(ScrollRight)
	if got := head(m); !strings.Contains(got, "‹1 ") || strings.Contains(got, "START") || !strings.Contains(got, " DUR ") {
		t.Errorf("scrolled by one: %q", got)
	}
	if m.Column() != flow.ColDuration {
		t.Errorf("the cursor is on %v, which is scrolled out", m.Column())
	}
	n := 0
	for ; n < 40; n++ {
		m.View()
		if _, ok := m.Do(ScrollRight); !ok {
			break
		}
	}
	if got := head(m); !strings.Contains(got, " NODE") || strings.Contains(got, "›") || n > 12 {
		t.Errorf("after %d more the titles are %q", n, got)
	}
	left, right := m.Outside()
	if right != 0 || left+len(m.lay.cols) != 15 {
		t.Errorf("%d columns to the left and %d to the right of %d", left, right, len(m.lay.cols))
	}
	for m.Column() != flow.ColStart { // the cursor takes the columns along
		m.Do(Left)
		m.View()
	}
	if got := head(m); !strings.Contains(got, "START") || strings.Contains(got, "‹") {
		t.Errorf("back at the first column: %q", got)
	}
}

func TestFreeze(t *testing.T) {
	m, _ := newModel(30)
	m.SetSize(60, 12)
	m.View()
	m.SetColumn(flow.ColDuration)
	m.Do(Freeze)
	for range 6 {
		m.View()
		m.Do(ScrollRight)
	}
	got := head(m)
	if !strings.Contains(got, "START ▼") || !strings.Contains(got, "DUR│") || !strings.Contains(got, "‹6 ") || strings.Contains(got, "PROTO") {
		t.Errorf("frozen and scrolled: %q", got)
	}
	row := ansi.Strip(m.View()[1])
	if !strings.Contains(row, "│") || !strings.Contains(row, "18:00:00") {
		t.Errorf("the first row is %q", row)
	}
	m.SetColumn(flow.ColDuration)
	if _, ok := m.Do(Freeze); !ok || m.Shape().Frozen != 0 {
		t.Errorf("freezing again: %v, %d frozen", ok, m.Shape().Frozen)
	}
	m.SetColumn(flow.ColNode)
	if _, ok := m.Do(Freeze); ok {
		t.Error("all columns are frozen")
	}
}

func TestResizeHideMoveReset(t *testing.T) {
	m, _ := newModel(30)
	m.SetSize(200, 12)
	m.View()
	m.SetColumn(flow.ColSrcIP)
	before := m.WidthOf(flow.ColSrcIP)
	for range 12 {
		m.Do(Narrower)
	}
	if got := m.WidthOf(flow.ColSrcIP); got != max(MinWidth, before-12) {
		t.Errorf("the source is %d wide, was %d", got, before)
	}
	if row := ansi.Strip(m.View()[1]); strings.Contains(row, "10.0.0.0") {
		t.Errorf("the address has more than its width: %q", row)
	}
	m.Do(Wider)
	if got := m.WidthOf(flow.ColSrcIP); got != max(MinWidth, before-12)+1 {
		t.Errorf("wider by one is %d", got)
	}
	m.Do(ColumnLeft)
	m.Do(Right)
	m.Do(Hide)
	want := []flow.Column{flow.ColStart, flow.ColDuration, flow.ColSrcIP, flow.ColSrcPort}
	if got := m.Columns()[:4]; !slices.Equal(got, want) || m.Column() != flow.ColSrcPort {
		t.Errorf("columns %v, the cursor on %v", got, m.Column())
	}
	mine, changes := m.Shape(), m.Shaped()
	if back, ok := m.ResetShape(); back || !ok || !m.Shape().Equal(DefaultShape().clone()) {
		t.Errorf("reset: %v, %v, %+v", back, ok, m.Shape())
	}
	if back, ok := m.ResetShape(); !back || !ok || !m.Shape().Equal(mine) {
		t.Errorf("reset again: %v, %v, %+v, want %+v", back, ok, m.Shape(), mine)
	}
	if m.Shaped() != changes+2 {
		t.Errorf("%d changes are counted, want %d", m.Shaped(), changes+2)
	}
}

// TestTimeInItsWidth: a time in a column of a width that a person set is never cut while a shorter form fits.
func TestTimeInItsWidth(t *testing.T) {
	m, _ := newModel(3)
	m.SetSize(200, 5)
	for _, c := range []struct {
		width int
		want  string
	}{{8, "18:00:00 "}, {13, "18:00:00  "}, {14, "11-22 18:00:00 "}, {19, "2026-11-22 18:00:00 "}, {30, "2026-11-22 18:00:00   "}} {
		m.SetShape(Shape{Columns: Defaults(), Widths: map[flow.Column]int{flow.ColStart: c.width}})
		if row := ansi.Strip(m.View()[1])[len("▌"):]; !strings.HasPrefix(row, c.want) {
			t.Errorf("in %d columns: %q, want %q", c.width, row, c.want)
		}
		if day := m.Day(); (day == "") != (c.width >= 19) {
			t.Errorf("in %d columns the day beside the times is %q", c.width, day)
		}
	}
}

func TestRemoveSort(t *testing.T) {
	m, _ := newModel(20)
	drive(m, m.SortBy([]flow.SortKey{{Column: flow.ColStart, Desc: true}, {Column: flow.ColSrcIP}, {Column: flow.ColDstIP}}))
	m.SetColumn(flow.ColSrcIP)
	cmd, ok := m.Do(RemoveSort)
	drive(m, cmd)
	if !ok || m.SortText() != "start↓, dst_ip↑" {
		t.Errorf("%v, the order is %s", ok, m.SortText())
	}
	if _, ok := m.Do(RemoveSort); ok {
		t.Error("a column was taken out of the sort that is not in it")
	}
	drive(m, m.SortBy([]flow.SortKey{{Column: flow.ColSrcIP}}))
	if _, ok := m.Do(RemoveSort); ok {
		t.Error("the last column of the sort was taken out")
	}
}

func TestClickAddsToTheSort(t *testing.T) {
	m, _ := newModel(20)
	m.View()
	x := func(c flow.Column) int {
		m.View()
		for _, p := range m.lay.cols {
			if p.col == c {
				return 1 + p.x
			}
		}
		panic(fmt.Sprint(c, " is not on the screen"))
	}
	drive(m, m.Click(x(flow.ColSrcBytes), 0, false))
	drive(m, m.Click(x(flow.ColProto), 0, true))
	if got := m.SortText(); got != "src_bytes↓, proto↑" {
		t.Errorf("the order is %s", got)
	}
	if got := head(m); !strings.Contains(got, "▼1") || !strings.Contains(got, "▲2") {
		t.Errorf("titles are %q", got)
	}
	drive(m, m.Click(x(flow.ColProto), 0, true))
	if got := m.SortText(); got != "src_bytes↓, proto↓" {
		t.Errorf("the order is %s", got)
	}
}
