package table

import (
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"cxlens/internal/flow"
)

// titleX is where a column's title begins on the screen, and where its border is.
func titleX(t *testing.T, m *Model, c flow.Column) (title, border int) {
	t.Helper()
	m.View()
	for _, p := range m.lay.cols {
		if p.col == c {
			return 1 + p.x, 1 + p.x + p.w
		}
	}
	t.Fatalf("%v is not on the screen", c)
	return 0, 0
}

func TestDragABorder(t *testing.T) {
	m, _ := newModel(20)
	_, x := titleX(t, m, flow.ColProto)
	was, order := m.WidthOf(flow.ColProto), m.SortText()
	m.Press(x, 0, false)
	m.Drag(x + 3)
	m.Drag(x + 7)
	if n := m.Shaped(); n != 0 {
		t.Errorf("counted as %d changes while it is dragged", n)
	}
	if cmd := m.Release(); cmd != nil || m.SortText() != order {
		t.Error("dragging a border sorts")
	}
	if got := m.WidthOf(flow.ColProto); got != was+7 || m.Shaped() != 1 || m.Dragging() {
		t.Errorf("%d wide after %d, %d changes", got, was, m.Shaped())
	}
	_, x = titleX(t, m, flow.ColProto)
	m.Press(x, 0, false)
	m.Drag(0)
	m.Release()
	if got := m.WidthOf(flow.ColProto); got != MinWidth {
		t.Errorf("dragged to the margin it is %d wide", got)
	}
	_, x = titleX(t, m, flow.ColProto)
	m.Press(x, 0, false)
	m.Drag(x + 9)
	m.EndDrag()
	m.Drag(x + 20)
	if cmd := m.Release(); cmd != nil || m.WidthOf(flow.ColProto) != MinWidth {
		t.Errorf("given up it is %d wide", m.WidthOf(flow.ColProto))
	}
}

func TestDoubleClickFitsTheContent(t *testing.T) {
	m, _ := newModel(20)
	now := evening
	m.arrange.now = func() time.Time { return now }
	click := func() {
		_, x := titleX(t, m, flow.ColSrcBytes)
		m.Click(x, 0, false)
	}
	m.ResizeColumn(flow.ColSrcBytes, 30)
	click()
	now = now.Add(doubleClick + 1)
	click()
	if got := m.WidthOf(flow.ColSrcBytes); got < 30 {
		t.Errorf("two slow clicks made it %d wide", got)
	}
	now = now.Add(doubleClick / 2)
	click()
	fitted := m.Shape().Widths[flow.ColSrcBytes]
	if fitted == 0 || fitted > 10 {
		t.Fatalf("fitted it is %d wide", fitted)
	}
	for place := range 5 {
		if text := ansi.Strip(m.View()[1+place]); strings.Contains(text, "…") {
			t.Errorf("a cell is cut: %s", text)
		}
	}
	click()
	click()
	if _, ok := m.Shape().Widths[flow.ColSrcBytes]; ok {
		t.Error("fitted again it is not left to the program")
	}
}

func TestDragATitle(t *testing.T) {
	m, _ := newModel(20)
	src, _ := titleX(t, m, flow.ColSrcIP)
	start, _ := titleX(t, m, flow.ColStart)
	order := m.SortText()
	m.Press(src+1, 0, false)
	m.Drag(start)
	if text := ansi.Strip(m.View()[0]); !strings.HasPrefix(text, "┃START") {
		t.Errorf("where it would go is not shown: %q", text)
	}
	if cmd := m.Release(); cmd != nil || m.Columns()[0] != flow.ColSrcIP || m.SortText() != order || m.Column() != flow.ColSrcIP {
		t.Errorf("columns %v, sort %s, the cursor on %v", m.Columns(), m.SortText(), m.Column())
	}
	last := m.lay.cols[len(m.lay.cols)-1]
	src, _ = titleX(t, m, flow.ColSrcIP)
	m.Press(src, 0, false)
	m.Drag(500)
	m.Release()
	if got := m.Columns()[last.index]; got != flow.ColSrcIP {
		t.Errorf("dropped behind the last one on the screen: %v", m.Columns())
	}
	src, _ = titleX(t, m, flow.ColSrcIP)
	m.Press(src, 0, false)
	m.Drag(2)
	m.Drag(src) // and back: no click any more
	if cmd := m.Release(); cmd != nil || m.SortText() != order || m.Columns()[last.index] != flow.ColSrcIP {
		t.Errorf("back in its place: %v, sort %s", m.Columns(), m.SortText())
	}
}

// TestMouseKeepsTheScreenWhole: whatever is pressed, dragged and released wherever, every line stays as wide as the
// pane and every column is there once.
func TestMouseKeepsTheScreenWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m, _ := newModel(5)
		m.SetSize(rapid.IntRange(20, 140).Draw(t, "width"), 6)
		at := rapid.IntRange(-3, 150)
		for range rapid.IntRange(1, 12).Draw(t, "n") {
			switch rapid.IntRange(0, 4).Draw(t, "do") {
			case 0, 1:
				m.Press(max(0, at.Draw(t, "x")), 0, rapid.Bool().Draw(t, "add"))
			case 2:
				m.Drag(at.Draw(t, "x"))
			case 3:
				drive(m, m.Release())
			case 4:
				m.Do(Freeze)
			}
			for i, l := range m.View() {
				if w := ansi.StringWidth(l); w != m.width {
					t.Fatalf("line %d is %d wide, want %d: %q", i, w, m.width, ansi.Strip(l))
				}
			}
			seen := make(map[flow.Column]bool)
			for _, c := range m.Columns() {
				seen[c] = true
			}
			if len(seen) != len(Defaults()) || len(m.Columns()) != len(seen) {
				t.Fatalf("columns %v", m.Columns())
			}
		}
	})
}
