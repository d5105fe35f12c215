package table

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"cxlens/internal/flow"
	"cxlens/themes"
	"cxlens/tui/look"
)

var (
	plain   = look.New(themes.Loader{}.Auto(false), true)
	newest  = []flow.SortKey{{Column: flow.ColStart, Desc: true}}
	bySrc   = []flow.SortKey{{Column: flow.ColSrcBytes, Desc: true}}
	evening = time.Date(2026, 11, 22, 18, 0, 0, 0, time.UTC)
)

// record is the i-th flow: its start falls with i, its bytes are scattered.
func record(i int) flow.Record {
	rng := rand.New(rand.NewPCG(uint64(i), 3))
	start := evening.UnixMicro() - int64(i)*1_000_000
	return flow.Record{
		ID: uint64(start), Start: start, End: start + 2_000_000, Proto: flow.TCP, IPVersion: 4,
		Src: flow.AddrFrom4(0x0a000000 + uint32(i)), Dst: flow.AddrFrom4(0xc0000201), SrcPort: 40000, DstPort: 443,
		SrcPackets: 5, SrcBytes: rng.Uint64N(1e9), DstPackets: 3, DstBytes: 500, SrcFlags: flow.SYN, Offset: -1, EndOffset: -1,
	}
}

// fill appends the flows from..to.
func fill(t *flow.Table, from, to int) *flow.View {
	for i := from; i < to; i++ {
		r := record(i)
		t.Append(&r)
	}
	return t.View()
}

// drive runs a command and what follows from it, as the event loop does.
func drive(m *Model, cmd tea.Cmd) {
	for cmd != nil {
		cmd = m.Update(cmd())
	}
}

func newModel(n int) (*Model, *flow.Table) {
	m := New(Keys(), plain, func() time.Time { return evening })
	m.SetSize(120, 21)
	m.Reset(newest)
	t := flow.NewTable()
	drive(m, m.Rows(fill(t, 0, n), true))
	return m, t
}

func current(t *testing.T, m *Model) flow.Record {
	t.Helper()
	var r flow.Record
	if !m.Current(&r) {
		t.Fatal("no row under the cursor")
	}
	return r
}

func TestCursorStaysWithItsRowWhenTheOrderChanges(t *testing.T) {
	m, _ := newModel(500)
	for range 17 {
		m.Do(Down)
	}
	before := current(t, m)
	drive(m, m.SortBy(bySrc))
	if after := current(t, m); after.ID != before.ID {
		t.Errorf("the cursor went from %d to %d", before.ID, after.ID)
	}
	place, _ := m.Cursor()
	if place == 17 {
		t.Error("the order did not change")
	}
	if place < m.top || place >= m.top+m.page() {
		t.Errorf("the cursor's row %d is not among the visible %d to %d", place, m.top, m.top+m.page())
	}
	v, rows, n := m.Present()
	for i := 1; i < n; i++ {
		var a, b flow.Record
		v.Record(int(rows[i-1]), &a)
		v.Record(int(rows[i]), &b)
		if a.SrcBytes < b.SrcBytes {
			t.Fatalf("rows %d and %d are out of order: %d, %d", i-1, i, a.SrcBytes, b.SrcBytes)
		}
	}
}

func TestCursorStaysWithItsRowWhenRowsArrive(t *testing.T) {
	m, tab := newModel(300)
	drive(m, m.SortBy(bySrc))
	for range 40 {
		m.Do(Down)
	}
	before := current(t, m)
	line := m.cursor - m.top
	m.arrange.rested = time.Time{} // the rest is tested on its own
	drive(m, m.Rows(fill(tab, 300, 900), true))
	if n, arrived := m.Len(); n != 900 || arrived != 900 {
		t.Fatalf("%d of %d rows are shown", n, arrived)
	}
	if after := current(t, m); after.ID != before.ID {
		t.Errorf("the cursor went from %d to %d", before.ID, after.ID)
	}
	if got := m.cursor - m.top; got != line {
		t.Errorf("the cursor's row moved on the screen from line %d to %d", line, got)
	}
}

func TestUntouchedCursorStaysAtTheTop(t *testing.T) {
	m, tab := newModel(10)
	m.arrange.rested = time.Time{}
	drive(m, m.SortBy(bySrc))
	m.arrange.rested = time.Time{}
	drive(m, m.Rows(fill(tab, 10, 400), true))
	if place, _ := m.Cursor(); place != 0 {
		t.Errorf("the cursor is at %d", place)
	}
}

func TestRowsInTheOrderOfArrivalNeedNoSort(t *testing.T) {
	m, tab := newModel(100)
	if cmd := m.Rows(fill(tab, 100, 200), true); cmd != nil {
		t.Error("rows that came in order are sorted again")
	}
	if n, _ := m.Len(); n != 200 {
		t.Errorf("%d rows are shown", n)
	}
	if cmd := m.Rows(fill(tab, 200, 210), false); cmd == nil {
		t.Error("rows of a followed query are not brought into order")
	}
}

func TestSortsRestWhileRowsArrive(t *testing.T) {
	now := evening
	m := New(Keys(), plain, func() time.Time { return now })
	m.SetSize(120, 21)
	m.Reset(newest)
	tab := flow.NewTable()
	drive(m, m.Rows(fill(tab, 0, 50), true))
	drive(m, m.SortBy(bySrc))
	m.Rows(fill(tab, 50, 60), true)
	if m.Sorting() {
		t.Fatal("the next sort did not rest")
	}
	if n := m.Pending(); n != 10 {
		t.Errorf("%d rows are not in order yet, want 10", n)
	}
	now = now.Add(restEvery + time.Millisecond)
	job := m.arrange.job
	drive(m, m.Update(Due{job: job}))
	if n, _ := m.Len(); n != 60 {
		t.Errorf("%d rows are shown after the rest", n)
	}
	if cmd := m.Update(Due{job: job}); cmd != nil {
		t.Error("a stale wake-up sorts")
	}
}

func TestStaleOrderIsDropped(t *testing.T) {
	m, _ := newModel(100)
	slow := m.SortBy(bySrc)
	drive(m, m.SortBy([]flow.SortKey{{Column: flow.ColSrcIP}}))
	want := current(t, m)
	if cmd := m.Update(slow()); cmd != nil {
		t.Error("the answer of a replaced sort starts something")
	}
	if got := current(t, m); got.ID != want.ID {
		t.Error("the answer of a replaced sort is shown")
	}
}

func TestReplacedSortIsCancelled(t *testing.T) {
	m, _ := newModel(2000)
	slow := m.SortBy(bySrc)
	m.SortBy([]flow.SortKey{{Column: flow.ColSrcIP}})
	msg, ok := slow().(Arranged)
	if !ok || !errors.Is(msg.err, context.Canceled) {
		t.Errorf("the replaced sort ended with %+v", msg.err)
	}
}

func TestCancelKeepsTheOrder(t *testing.T) {
	m, _ := newModel(100)
	before := current(t, m)
	cmd := m.SortBy(bySrc)
	if !m.Cancel() || m.Sorting() {
		t.Fatal("the sort was not cancelled")
	}
	drive(m, cmd)
	if after := current(t, m); after.ID != before.ID {
		t.Error("a cancelled sort changed the order")
	}
	if m.Cancel() {
		t.Error("there was nothing to cancel")
	}
}

// every selects every n-th row.
type every int

func (e every) Select(_ context.Context, v *flow.View, rows []uint32) ([]uint32, error) {
	var out []uint32
	for row := range v.Len() {
		if rows == nil && row%int(e) == 0 {
			out = append(out, uint32(row))
		}
	}
	for _, r := range rows {
		if r%uint32(e) == 0 {
			out = append(out, r)
		}
	}
	return out, nil
}

// broken fails.
type broken struct{}

func (broken) Select(context.Context, *flow.View, []uint32) ([]uint32, error) {
	return nil, errors.New("no such column")
}

func TestFilter(t *testing.T) {
	m, tab := newModel(1000)
	for range 21 {
		m.Do(Down)
	}
	drive(m, m.SetFilter(every(10)))
	if n, arrived := m.Len(); n != 100 || arrived != 1000 {
		t.Fatalf("%d of %d rows, want 100 of 1000", n, arrived)
	}
	m.arrange.rested = time.Time{}
	drive(m, m.Rows(fill(tab, 1000, 1500), true))
	if n, _ := m.Len(); n != 150 {
		t.Errorf("%d rows pass after more came, want 150", n)
	}
	drive(m, m.Tally())
	var want uint64
	for i := 0; i < 1500; i += 10 {
		r := record(i)
		want += r.Bytes()
	}
	if sum, ok := m.Bytes(); !ok || sum != want {
		t.Errorf("the rows sum to %d, %v; want %d", sum, ok, want)
	}
	drive(m, m.SetFilter(nil))
	if n, _ := m.Len(); n != 1500 {
		t.Errorf("%d rows without a refinement", n)
	}
}

func TestFilterThatPassesNothing(t *testing.T) {
	m, _ := newModel(50)
	m.Do(Bottom)
	drive(m, m.SetFilter(every(1<<30)))
	drive(m, m.SortBy(bySrc))
	if n, _ := m.Len(); n > 1 {
		t.Errorf("%d rows pass", n)
	}
	m.View()
	for _, b := range Keys().Bindings {
		m.Do(b.ID)
	}
	m.View()
}

func TestFailureIsKept(t *testing.T) {
	m, _ := newModel(50)
	drive(m, m.SetFilter(broken{}))
	if err := m.Failure(); err == nil || err.Error() != "no such column" {
		t.Errorf("failure is %v", err)
	}
	drive(m, m.SetFilter(nil))
	if err := m.Failure(); err != nil {
		t.Errorf("failure %v outlives its refinement", err)
	}
}

func TestSortKeys(t *testing.T) {
	m, _ := newModel(20)
	steps := []struct {
		do   func()
		want string
	}{
		{func() { cmd, _ := m.Do(Sort); drive(m, cmd) }, "start↑"},
		{func() { cmd, _ := m.Do(Sort); drive(m, cmd) }, "start↓"},
		{func() { m.Do(Right); cmd, _ := m.Do(AddSort); drive(m, cmd) }, "start↓, duration↓"},
		{func() { cmd, _ := m.Do(AddSort); drive(m, cmd) }, "start↓, duration↑"},
		{func() { m.Do(Right); cmd, _ := m.Do(Sort); drive(m, cmd) }, "proto↑"},
		{func() { cmd, _ := m.Do(Unsort); drive(m, cmd) }, "start↓"},
	}
	for i, s := range steps {
		s.do()
		if got := m.SortText(); got != s.want {
			t.Errorf("step %d: the order is %s, want %s", i, got, s.want)
		}
	}
	if _, ok := m.Do(Unsort); ok {
		t.Error("back to the order of arrival, though it is that already")
	}
}

func TestMovesSayWhetherTheyMoved(t *testing.T) {
	m, _ := newModel(3)
	if _, ok := m.Do(Up); ok {
		t.Error("up from the first row")
	}
	if _, ok := m.Do(Bottom); !ok {
		t.Error("bottom did not move")
	}
	if _, ok := m.Do(Down); ok {
		t.Error("down from the last row")
	}
	if _, ok := m.Do(Left); ok {
		t.Error("left from the first column")
	}
}

func TestWheelAndClick(t *testing.T) {
	m, _ := newModel(200)
	m.View()
	m.Wheel(3)
	if m.top != 3 || m.cursor != 3 {
		t.Errorf("after the wheel the top is %d and the cursor %d", m.top, m.cursor)
	}
	m.Wheel(-100)
	if m.top != 0 {
		t.Errorf("the wheel went above the first row: %d", m.top)
	}
	m.Click(5, 7, false)
	if place, _ := m.Cursor(); place != 6 {
		t.Errorf("a click on the seventh row moved to %d", place)
	}
	var src placed
	for _, p := range m.lay.cols {
		if p.col == flow.ColSrcBytes {
			src = p
		}
	}
	drive(m, m.Click(1+src.x, 0, false))
	if got := m.SortText(); got != "src_bytes↓" {
		t.Errorf("a click on ↑BYTES sorts by %s", got)
	}
}

func TestViewShowsTheVisibleRowsOnly(t *testing.T) {
	m, _ := newModel(5000)
	m.Do(Bottom)
	lines := m.View()
	if len(lines) != 21 {
		t.Fatalf("%d lines, want 21", len(lines))
	}
	for i, l := range lines {
		if w := ansi.StringWidth(l); w != 120 {
			t.Errorf("line %d is %d wide", i, w)
		}
	}
	r := record(4999)
	if last := ansi.Strip(lines[20]); !strings.Contains(last, r.Src.Text(4)) || !strings.HasPrefix(last, "▌") {
		t.Errorf("the last line is %q", last)
	}
}

func TestViewIsKeptWhileNothingChanges(t *testing.T) {
	m, _ := newModel(100)
	a, b := m.View(), m.View()
	if &a[0] != &b[0] {
		t.Error("the rows are rendered again though nothing changed")
	}
	m.Do(Down)
	if c := m.View(); slices.Equal(a, c) {
		t.Error("the cursor moved and the view stayed")
	}
}

func TestColumnsCanBeChosen(t *testing.T) {
	m, _ := newModel(10)
	m.SetColumns([]flow.Column{flow.ColID, flow.ColService, flow.ColBPP, flow.ColPPS, flow.ColIPVersion, flow.ColAgent})
	if head := ansi.Strip(m.View()[0]); !strings.Contains(head, "SERVICE") || strings.Contains(head, "START") {
		t.Errorf("titles are %q", head)
	}
	m.SetColumns(nil)
	if len(m.Columns()) != 6 {
		t.Error("no columns at all were taken")
	}
	for c := range flow.NumShown {
		m.SetColumns([]flow.Column{c})
		for _, exact := range []bool{true, false} {
			if m.Exact() != exact {
				m.ToggleExact()
			}
			if len(m.View()) != 21 {
				t.Errorf("column %v has no view", c)
			}
		}
		if Title(c) == "" || About(c) == "" || Name(c) == "" {
			t.Errorf("column %v has no title or no explanation", c)
		}
	}
}

func TestCellAndRowText(t *testing.T) {
	m, _ := newModel(10)
	m.SetColumns([]flow.Column{flow.ColSrcIP, flow.ColSrcBytes})
	r := record(0)
	if got, ok := m.CellText(); !ok || got != "10.0.0.0" {
		t.Errorf("cell is %q, %v", got, ok)
	}
	if got, ok := m.RowText(); !ok || got != fmt.Sprintf("10.0.0.0\t%d", r.SrcBytes) {
		t.Errorf("row is %q, %v", got, ok)
	}
	m.Reset(newest)
	if _, ok := m.CellText(); ok {
		t.Error("an empty table has a cell")
	}
}
