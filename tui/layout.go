package tui

import (
	"cxlens/client"
)

// The smallest screen on which the program can be used.
const (
	minWidth  = 40
	minHeight = 10
)

// paneFrom is the width from which the nodes have lines of their own below the table, and a pane
// beside it while they have the keyboard.
const paneFrom = 100

// geometry is where the parts of the screen stand. The lines above body are the header and the
// query line; later parts (tabs, timeline) take lines there and make body begin lower.
type geometry struct {
	head     int // lines of the query line and what it says
	tabs     int // the line of tabs, 0 for none
	timeline int // lines of the timeline, 0 for none
	gap      int // blank lines above the table
	body     int // first line of the table
	rows     int // lines of the table, its titles included
	table    int // width of the table
	pane     int // width of the node pane, 0 for none
	strip    int // lines of the nodes below the table at most, 0 for a summary in one line
	foot     int // lines below the table
}

func (m *model) tooSmall() bool { return m.width < minWidth || m.height < minHeight }

// geometry lays the parts out in the present size.
func (m *model) geometry() geometry {
	g := geometry{head: len(m.barLines())}
	if len(m.tabs.open) > 1 || m.offerText() != "" {
		g.tabs = 1
	}
	g.timeline = m.timelineLines()
	if m.height >= 30 {
		g.gap = 1
	}
	g.body = 1 + g.head + g.tabs + g.timeline + g.gap
	g.table = m.width
	switch {
	case m.width < paneFrom:
	case m.mode == modeNodes:
		g.pane = min(44, max(30, m.width/5))
		g.table = m.width - g.pane - 3
	default:
		g.strip = max(1, min(3, m.height/15))
	}
	g.foot = len(m.footLines(g))
	g.rows = max(1, m.height-g.body-g.foot)
	return g
}

// resize tells the table its size.
func (m *model) resize() {
	if m.tooSmall() {
		return
	}
	g := m.geometry()
	m.table.SetSize(g.table, g.rows)
}

// online tells whether the server can be asked now.
func (m *model) online() bool { return m.status.Phase == client.Online }
