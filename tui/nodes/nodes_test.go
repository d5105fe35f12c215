package nodes

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"cxlens/client"
	"cxlens/themes"
	"cxlens/tui/look"
)

var (
	plain = look.New(themes.Loader{}.Auto(false), true)
	now   = time.Date(2026, 11, 22, 14, 0, 0, 0, time.UTC)
)

func status(n int) client.Status {
	s := client.Status{Phase: client.Online, HasNodes: true, RTT: 3 * time.Millisecond}
	states := []string{"online", "late", "offline", "never"}
	for i := range n {
		s.Nodes = append(s.Nodes, client.Node{ID: uint32(i + 1), Name: fmt.Sprintf("node-%d", i+1), State: states[i%4], LastSeen: now})
	}
	return s
}

func text(m *Model, w, h int) string {
	return ansi.Strip(strings.Join(m.View(plain, w, h, true, now), "\n"))
}

func TestEveryNodeCanBeReached(t *testing.T) {
	var m Model
	m.SetStatus(status(40))
	for i := 1; ; i++ {
		got := text(&m, 30, 12)
		if !strings.Contains(got, fmt.Sprintf("node-%d ", i)) {
			t.Fatalf("node-%d is under the cursor and not on the screen:\n%s", i, got)
		}
		if lines := strings.Count(got, "\n") + 1; lines != 12 {
			t.Fatalf("%d lines, want 12", lines)
		}
		if !strings.Contains(got, "lines") {
			t.Fatalf("the pane does not say how much it hides:\n%s", got)
		}
		if !m.Do(Down) {
			if i != 40 {
				t.Fatalf("the walk ended at node-%d", i)
			}
			return
		}
	}
}

func TestCursorStaysWithItsNode(t *testing.T) {
	var m Model
	m.SetStatus(status(5))
	m.Do(Down)
	m.Do(Down)
	s := status(5)
	s.Nodes = s.Nodes[1:]
	m.SetStatus(s)
	if m.cursor != 3 {
		t.Errorf("the cursor is on node %d, want 3", m.cursor)
	}
	s.Nodes = s.Nodes[3:]
	m.SetStatus(s)
	if m.cursor != 5 {
		t.Errorf("the cursor is on node %d, want the one that is left", m.cursor)
	}
}

func TestSummary(t *testing.T) {
	lost := status(3)
	lost.Phase = client.Waiting
	none := status(0)
	old := client.Status{Phase: client.Online}
	for want, s := range map[string]client.Status{
		"nodes ● 2 online, ◐ 2 late, ○ 1 offline, · 1 never": status(6),
		"nodes unknown: not connected":                       lost,
		"nodes: none has connected yet":                      none,
		"nodes: the server reports none":                     old,
	} {
		var m Model
		m.SetStatus(s)
		if got := ansi.Strip(m.Summary(plain)); got != want {
			t.Errorf("summary is %q, want %q", got, want)
		}
	}
}

// TestNoRoundTripYet: a node that has not been pinged has no round trip, rather than one of 0s.
func TestNoRoundTripYet(t *testing.T) {
	n := client.Node{Name: "eth1", Agent: "a", State: "online", LastSeen: now}
	if got := ansi.Strip(brief(plain, &n, 100, now)); strings.Contains(got, "0s") {
		t.Errorf("the line is %q", got)
	}
	if got := ansi.Strip(strings.Join(detail(plain, &n, 60, now), "\n")); !strings.Contains(got, "not measured yet") {
		t.Errorf("the detail is\n%s", got)
	}
	n.RTT = time.Millisecond
	if got := ansi.Strip(brief(plain, &n, 100, now)); !strings.Contains(got, " 1ms") {
		t.Errorf("the line is %q", got)
	}
}
