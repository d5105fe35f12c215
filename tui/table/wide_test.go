package table

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"cxlens/internal/flow"
)

// TestWideNames: names of nodes in any script leave every line as wide as the pane, whatever its width, the
// widths of the columns and what is searched for; cutting leaves whole characters.
func TestWideNames(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOfN(rapid.SampledFrom([]string{"東京", "e\u0301", "👩‍👩‍👧", "ب", "sensor-", "é", "🇫🇷", "한", "x"}), 1, 12).Draw(t, "name")
		name := strings.Join(parts, "")
		tab := flow.NewTable()
		tab.SetNode(flow.NodeInfo{ID: 1, Name: name, Agent: name, Netgroup: "東" + name})
		for i := range 5 {
			r := record(i)
			r.Node = 1
			tab.Append(&r)
		}
		m := New(Keys(), plain, func() time.Time { return evening })
		m.SetSize(rapid.IntRange(12, 160).Draw(t, "width"), 8)
		m.Reset(newest)
		drive(m, m.Rows(tab.View(), true))
		m.SetShape(Shape{
			Columns: []flow.Column{flow.ColNode, flow.ColSrcIP, flow.ColAgent, flow.ColNetgroup, flow.ColBytes},
			Widths:  map[flow.Column]int{flow.ColNetgroup: rapid.IntRange(MinWidth, 40).Draw(t, "netgroup")},
			Frozen:  rapid.IntRange(0, 4).Draw(t, "frozen"),
		})
		m.Do(MarkRow)
		drive(m, m.Find(parts[0], false))
		for i, l := range m.View() {
			if w := ansi.StringWidth(l); w != m.width {
				t.Fatalf("line %d of %q is %d wide, want %d: %q", i, name, w, m.width, ansi.Strip(l))
			}
			if !utf8.ValidString(l) {
				t.Fatalf("line %d has half a character: %q", i, l)
			}
		}
	})
}
