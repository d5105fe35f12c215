package nodes

import (
	"time"

	"cxlens/client"
	"cxlens/themes"
	"cxlens/tui/human"
	"cxlens/tui/look"
)

// node returns the lines of one node: two, and its detail when that is open.
func (m *Model) node(l *look.Look, i, w int, focused bool, now time.Time) []string {
	n := &m.status.Nodes[i]
	under := focused && n.ID == m.cursor
	mark, t := sign(n.State)
	state := look.Left(n.State, 8)
	right := heard(n, now)
	nameWidth := max(4, w-2-9-10)
	name := look.Left(n.Name, nameWidth)
	nameToken := themes.Text
	if under {
		nameToken = themes.Selected
	}
	first := l.Paint(t, mark+" ") + l.Paint(nameToken, name) + " " + l.Paint(t, state) + l.Paint(themes.Muted, look.Right(right, max(0, w-2-nameWidth-9)))
	second := look.Between("  "+l.Paint(themes.Muted, look.Cut(where(n), w-16)), l.Paint(themes.Muted, perSecond(n)), w)
	if !under || !m.detail {
		return []string{first, second}
	}
	return append([]string{first, second}, detail(l, n, w, now)...)
}

// heard is the round trip to a node that is online, "" before the first one, and else when it was last seen.
func heard(n *client.Node, now time.Time) string {
	switch {
	case n.State != "online":
		return human.Ago(now, n.LastSeen)
	case n.RTT <= 0:
		return ""
	}
	return human.Duration(n.RTT)
}

// roundTrip is a node's round trip in words.
func roundTrip(n *client.Node) string {
	if n.RTT <= 0 {
		return "not measured yet"
	}
	return human.Duration(n.RTT)
}

// where is a node's agent and, where it has one, its netgroup.
func where(n *client.Node) string {
	if n.Netgroup == "" {
		return n.Agent
	}
	return n.Agent + "/" + n.Netgroup
}

func perSecond(n *client.Node) string {
	return string(human.AppendFloat(nil, n.FlowsPerS)) + " flows/s"
}

// detail is everything that the server told of a node.
func detail(l *look.Look, n *client.Node, w int, now time.Time) []string {
	pairs := [][2]string{
		{"agent", n.Agent},
		{"netgroup", n.Netgroup},
		{"type", n.Type},
		{"address", n.IP},
		{"since", when(n.Since)},
		{"last seen", human.Ago(now, n.LastSeen)},
		{"round trip", roundTrip(n)},
		{"clock off by", human.Duration(n.Skew)},
		{"flows", human.Exact(n.Flows)},
		{"oldest", when(n.Oldest)},
		{"newest", when(n.Newest)},
		{"backlog", human.Exact(n.Backlog)},
	}
	lines := make([]string, 0, len(pairs))
	for _, p := range pairs {
		if p[1] == "" {
			p[1] = "unknown"
		}
		lines = append(lines, "  "+l.Paint(themes.Muted, look.Left(p[0], 13))+l.Paint(themes.Text, look.Cut(p[1], w-15)))
	}
	return lines
}

func when(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("01-02 15:04:05")
}
