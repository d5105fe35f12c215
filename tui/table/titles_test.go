package table

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"cxlens/internal/flow"
)

// TestTitlesTellColumnsApart: whatever is chosen, scrolled and frozen, no two titles on the screen are alike but for the
// ports beside their own addresses.
func TestTitlesTellColumnsApart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.Permutation(columnsUpTo(flow.NumColumns)).Draw(t, "columns")
		chosen := all[:rapid.IntRange(1, len(all)).Draw(t, "n")]
		m, _ := newModel(20)
		m.SetShape(Shape{Columns: chosen, Frozen: rapid.IntRange(0, len(chosen)-1).Draw(t, "frozen")})
		m.SetSize(rapid.IntRange(20, 250).Draw(t, "width"), 24)
		for range rapid.IntRange(0, 6).Draw(t, "scrolled") {
			m.scrollColumns(1)
		}
		m.View()
		seen := make(map[string]flow.Column)
		for i, p := range m.lay.cols {
			title := m.lay.form.title(p.col)
			if addr, _ := addressOf(p.col); title == plainPort && (i == 0 || m.lay.cols[i-1].col != addr) {
				t.Fatalf("a plain port at place %d of %q", i, head(m))
			} else if before, twice := seen[title]; twice && title != plainPort {
				t.Fatalf("%v and %v are both %s", before, p.col, title)
			}
			seen[title] = p.col
		}
	})
}

func TestTitlesOfPorts(t *testing.T) {
	for _, c := range []struct {
		columns []flow.Column
		want    string
	}{
		{[]flow.Column{flow.ColSrcIP, flow.ColSrcPort, flow.ColDstIP, flow.ColDstPort}, "SOURCE PORT DESTINATION PORT"},
		{[]flow.Column{flow.ColProto, flow.ColSrcPort, flow.ColDstPort}, "PROTO SPORT DPORT"},
		{[]flow.Column{flow.ColSrcIP, flow.ColSrcPort, flow.ColDstPort, flow.ColDstIP}, "SOURCE SPORT DPORT DESTINATION"},
		{[]flow.Column{flow.ColSrcIP, flow.ColDstIP, flow.ColDstPort}, "SOURCE DESTINATION PORT"},
		{[]flow.Column{flow.ColDstPort}, "DPORT"},
	} {
		m, _ := newModel(20)
		m.SetColumns(c.columns)
		m.SetSize(80, 24)
		if got := strings.Join(strings.Fields(head(m)), " "); got != c.want {
			t.Errorf("%v: %q, want %q", c.columns, got, c.want)
		}
	}
}
