package nodes

import (
	"fmt"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"
)

// TestStripSaysAll: whatever the room, every node is shown or counted among those that are not.
func TestStripSaysAll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, w, rows := rapid.IntRange(0, 60).Draw(t, "nodes"), rapid.IntRange(20, 260).Draw(t, "width"), rapid.IntRange(1, 4).Draw(t, "rows")
		var m Model
		m.SetStatus(status(n))
		lines := m.Strip(plain, w, rows, now)
		if len(lines) > rows {
			t.Fatalf("%d lines, want %d at most", len(lines), rows)
		}
		for _, l := range lines {
			if got := ansi.StringWidth(l); got != w {
				t.Fatalf("a line is %d wide, want %d: %q", got, w, l)
			}
		}
		text, shown := ansi.Strip(strings.Join(lines, "\n")), 0
		for i := range n {
			if strings.Contains(text, fmt.Sprintf(" node-%d ", i+1)) {
				shown++
			}
		}
		if shown > 0 && shown < n && !strings.Contains(text, fmt.Sprintf("+%d of nodes", n-shown)) {
			t.Fatalf("%d of %d nodes are shown and the rest is not counted:\n%s", shown, n, text)
		}
		if n > 0 && shown == 0 && !strings.Contains(text, "nodes ") {
			t.Fatalf("neither nodes nor their sum:\n%s", text)
		}
	})
}

func TestStripOfOneNode(t *testing.T) {
	var m Model
	s := status(1)
	s.Nodes[0].Agent, s.Nodes[0].Netgroup, s.Nodes[0].FlowsPerS = "sensor-a", "dmz", 310
	m.SetStatus(s)
	got := strings.TrimRight(ansi.Strip(strings.Join(m.Strip(plain, 120, 2, now), "\n")), " ")
	if want := "nodes ● node-1       online              sensor-a/dmz            310 flows/s"; got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}
