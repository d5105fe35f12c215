// Package nodes is the pane of the nodes that bring flows to the server: what state each
// is in, when it was last heard, and how much it brings.
//
// It may import client, themes and the leaf packages of tui. The surprising thing: what it
// shows is as old as the last ping; a lost connection is said in its first line, because
// then nothing here is true any more.
package nodes

import (
	"fmt"
	"strings"
	"time"

	"cxlens/client"
	"cxlens/themes"
	"cxlens/tui/human"
	"cxlens/tui/look"
)

// Model is the pane. Its zero value knows no nodes.
type Model struct {
	status client.Status
	cursor uint32 // id of the node under the cursor; 0 before there is one
	detail bool
	top    int
}

// SetStatus takes in what the last ping told. The cursor stays with its node.
func (m *Model) SetStatus(s client.Status) {
	m.status = s
	if m.at() < 0 && len(s.Nodes) > 0 {
		m.cursor = s.Nodes[0].ID
	}
}

// at is the place of the node under the cursor, -1 when there is none.
func (m *Model) at() int {
	for i, n := range m.status.Nodes {
		if n.ID == m.cursor {
			return i
		}
	}
	return -1
}

// Do runs one of the pane's actions; ok is false when it can do nothing now.
func (m *Model) Do(id string) (ok bool) {
	switch id {
	case Up:
		return m.move(-1)
	case Down:
		return m.move(1)
	case Detail:
		if len(m.status.Nodes) == 0 {
			return false
		}
		m.detail = !m.detail
		return true
	}
	return false
}

// Open shows the detail of the node under the cursor.
func (m *Model) Open() { m.detail = true }

func (m *Model) move(by int) bool {
	to := m.at() + by
	if m.at() < 0 || to < 0 || to >= len(m.status.Nodes) {
		return false
	}
	m.cursor = m.status.Nodes[to].ID
	return true
}

// sign stands before a node's state, which is a word as well.
func sign(state string) (string, themes.Token) {
	switch state {
	case "online":
		return "●", themes.NodeOnline
	case "late":
		return "◐", themes.NodeLate
	case "offline":
		return "○", themes.NodeOffline
	}
	return "·", themes.NodeNever
}

// Summary is the pane in one line: "nodes 2 online, 1 late, 1 offline".
func (m *Model) Summary(l *look.Look) string {
	s := m.status
	switch {
	case s.Phase != client.Online:
		return l.Paint(themes.Muted, "nodes unknown: not connected")
	case !s.HasNodes:
		return l.Paint(themes.Muted, "nodes: the server reports none")
	case len(s.Nodes) == 0:
		return l.Paint(themes.Muted, "nodes: none has connected yet")
	}
	count := make(map[string]int)
	for _, n := range s.Nodes {
		count[n.State]++
	}
	var parts []string
	for _, state := range []string{"online", "late", "offline", "never"} {
		if count[state] > 0 {
			mark, t := sign(state)
			parts = append(parts, l.Paint(t, fmt.Sprintf("%s %d %s", mark, count[state], state)))
		}
	}
	return l.Paint(themes.Muted, "nodes ") + strings.Join(parts, ", ")
}

// View returns the pane in w columns and h rows.
func (m *Model) View(l *look.Look, w, h int, focused bool, now time.Time) []string {
	title := l.Paint(themes.Title, "NODES")
	if focused {
		title = l.Paint(themes.Accent, "NODES")
	}
	lines := []string{title, m.server(l, w)}
	if m.status.HasNodes && len(m.status.Nodes) == 0 {
		lines = append(lines, l.Paint(themes.Muted, look.Cut("no node has connected yet", w)))
	}
	first := 0
	for i := range m.status.Nodes {
		if m.status.Nodes[i].ID == m.cursor {
			first = len(lines)
		}
		lines = append(lines, m.node(l, i, w, focused, now)...)
	}
	return m.window(l, lines, first, w, h)
}

// server is the server's own line, which is there even when the server reports no nodes.
func (m *Model) server(l *look.Look, w int) string {
	switch s := m.status; {
	case s.Phase != client.Online:
		return l.Paint(themes.ConnWaiting, look.Left("✗ not connected", w))
	case !s.HasNodes:
		return look.Between(l.Paint(themes.ConnOnline, "● server"), l.Paint(themes.Muted, "reports no nodes"), w)
	default:
		return look.Between(l.Paint(themes.ConnOnline, "● server"), l.Paint(themes.Muted, human.Duration(s.RTT)), w)
	}
}

// window cuts the lines to h rows around the node under the cursor and says how much is outside.
func (m *Model) window(l *look.Look, lines []string, first, w, h int) []string {
	if len(lines) <= h || h < 3 {
		return look.Lines(lines, w, h)
	}
	room := h - 2 // without the title and the last line
	body := lines[1:]
	m.top = min(m.top, max(0, first-1))
	if first-1 >= m.top+room {
		m.top = first - room + 1
	}
	m.top = min(m.top, len(body)-room)
	out := append([]string{lines[0]}, body[m.top:m.top+room]...)
	outside := len(body) - room
	return look.Lines(append(out, l.Paint(themes.Muted, fmt.Sprintf("+%d lines, n and ↓ show them", outside))), w, h)
}
