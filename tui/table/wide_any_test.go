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

// odd are pieces of names as nobody gives them, but a peer can send: half of a cluster, marks that combine with what
// stands before them, controls, and text that runs from right to left.
var odd = []string{
	"東京", "e", "\u0301", "👩", "\u200d", "👧", "🇫", "🇷", "한", "\u1112", "\u1161", "\u11ab", "ש", "\u202e", "\u2067", "\u200f", "\x1b[31m", "\n", "\t",
	"\x00", "\u009b", "\xff", "\ufe0f", "❤", "sensor-", " ", "ａ", "\u0e33", "\u00ad", "\u200b", "́", "नि", "\u094d",
}

// TestAnyNamesKeepTheWidth: whatever nodes, files and hosts are called and whatever part of that is searched for, every line is
// as wide as the pane, and nothing in it controls the terminal.
func TestAnyNamesKeepTheWidth(t *testing.T) {
	piece := rapid.OneOf(rapid.SampledFrom(odd), rapid.StringN(1, 2, -1))
	names := rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(piece, 0, 8).Draw(t, "pieces"), "")
	})
	rapid.Check(t, func(t *rapid.T) {
		node, file, host := names.Draw(t, "node"), names.Draw(t, "file"), flow.Clean(names.Draw(t, "host"))
		tab := flow.NewTable()
		tab.SetNode(flow.NodeInfo{ID: 1, Name: node, Agent: file, Netgroup: host})
		for i := range 3 {
			r := record(i)
			r.Node, r.File, r.EndFile = 1, file, node
			tab.Append(&r)
		}
		m := New(Keys(), plain, func() time.Time { return evening })
		m.SetSize(rapid.IntRange(12, 160).Draw(t, "width"), 6)
		m.SetAround(&flow.Around{Name: func(flow.Addr, uint8) string { return host }})
		m.Reset(newest)
		drive(m, m.Rows(tab.View(), true))
		all := []flow.Column{flow.ColNode, flow.ColPcapFile, flow.ColSrcName, flow.ColNetgroup, flow.ColPcapEndFile, flow.ColSrcIP, flow.ColDstName}
		width := rapid.IntRange(MinWidth, 40)
		m.SetShape(Shape{
			Columns: rapid.Permutation(all).Draw(t, "columns"),
			Widths:  map[flow.Column]int{flow.ColPcapFile: width.Draw(t, "file width"), flow.ColSrcName: width.Draw(t, "name width")},
			Frozen:  rapid.IntRange(0, 3).Draw(t, "frozen"),
		})
		runes := []rune(flow.Clean(node + file + host))
		if len(runes) > 0 {
			from := rapid.IntRange(0, len(runes)-1).Draw(t, "from")
			drive(m, m.Find(string(runes[from:min(len(runes), from+2)]), false))
		}
		for i, l := range m.View() {
			if w := ansi.StringWidth(l); w != m.width {
				t.Fatalf("line %d of %q, %q, %q is %d wide, want %d: %q", i, node, file, host, w, m.width, l)
			}
			if text := ansi.Strip(l); !utf8.ValidString(l) || flow.Clean(text) != text && !strings.Contains(text, flow.Mark) {
				t.Fatalf("line %d is %q", i, l)
			}
		}
	})
}
