package timeline

import (
	"cxlens/internal/flow"
	"cxlens/tui/keymap"
)

// The actions while the timeline has the keyboard.
const (
	Left        = "timeline.left"
	Right       = "timeline.right"
	FarLeft     = "timeline.far-left"
	FarRight    = "timeline.far-right"
	First       = "timeline.first"
	Last        = "timeline.last"
	SelectLeft  = "timeline.select-left"
	SelectRight = "timeline.select-right"
	Select      = "timeline.select"
	Peak        = "timeline.peak"
	Zoom        = "timeline.zoom"
	Widen       = "timeline.widen"
	Back        = "timeline.back"
	Ahead       = "timeline.forward"
	Metric      = "timeline.metric"
	StackBy     = "timeline.stack"
	Lanes       = "timeline.lanes"
	Styles      = "timeline.style"
	Higher      = "timeline.higher"
	Lower       = "timeline.lower"
	Leave       = "timeline.leave"
)

const (
	noData  = "there is nothing on the timeline yet"
	atFirst = "this is the beginning"
	atLast  = "this is the end"
)

// Keys are the bindings of the timeline.
func Keys() keymap.Map {
	return keymap.Map{Pane: "timeline", Bindings: []keymap.Binding{
		{ID: Left, Keys: []string{"left", "h"}, Help: "earlier", Why: atFirst},
		{ID: Right, Keys: []string{"right", "l"}, Help: "later", Why: atLast},
		{ID: FarLeft, Keys: []string{"pgup", "ctrl+left"}, Help: "a tenth earlier", Why: atFirst},
		{ID: FarRight, Keys: []string{"pgdown", "ctrl+right"}, Help: "a tenth later", Why: atLast},
		{ID: First, Keys: []string{"home", "g"}, Help: "to the beginning", Why: atFirst},
		{ID: Last, Keys: []string{"end", "G"}, Help: "to the end", Why: atLast},
		{ID: SelectLeft, Keys: []string{"shift+left", "H"}, Help: "select, earlier", Why: atFirst},
		{ID: SelectRight, Keys: []string{"shift+right", "L"}, Help: "select, later", Why: atLast},
		{ID: Select, Keys: []string{"space"}, Help: "begin to select here, or no longer", Why: noData},
		{ID: Peak, Keys: []string{"*"}, Help: "to the peak", Why: noData},
		{ID: Zoom, Keys: []string{"enter"}, Help: "zoom: the query on the selected span", Why: noData},
		{ID: Widen, Keys: []string{"-"}, Help: "zoom out: the query on three times the span", Why: noData},
		{ID: Back, Keys: []string{"[", "backspace"}, Help: "zoom back: the query before", Why: "this is the first query"},
		{ID: Ahead, Keys: []string{"]"}, Help: "zoom forward: the query after", Why: "this is the last query"},
		{ID: Metric, Keys: []string{"m"}, Help: "flows, bytes or packets"},
		{ID: StackBy, Keys: []string{"b"}, Help: "stack by protocol, by the column under the cursor, or not"},
		{ID: Lanes, Keys: []string{"a"}, Help: "series above each other, or each in its own line", Why: "lines of their own need a stack and a height; b stacks, + makes it higher"},
		{ID: Styles, Keys: []string{"v"}, Help: "blocks, braille or ASCII"},
		{ID: Higher, Keys: []string{"+"}, Help: "a line higher", Why: "the timeline is as high as it gets"},
		{ID: Lower, Keys: []string{"_"}, Help: "a line lower", Why: "the timeline has one line; T hides it"},
		{ID: Leave, Keys: []string{"esc", "z", "tab"}, Help: "back to the flows"},
	}}
}

// OfBars tells whether an action changes how the bars are drawn, and nothing where there are none.
func OfBars(id string) bool { return id == Lanes || id == Styles || id == Higher || id == Lower }

// Do runs what changes the timeline only; ok is false when there is nothing to do it with. screen is
// how many rows the screen has, and col the column under the cursor.
func (m *Model) Do(id string, screen int, col flow.Column) (ok bool) {
	switch id {
	case Metric:
		m.Change(func(s *Settings) { s.Metric = s.Metric.Next() })
	case StackBy:
		m.Change(func(s *Settings) { s.By = nextStack(s.By, col) })
	case Lanes:
		if m.bars(screen) == 1 || m.By == NoStack || m.data == nil || len(m.data.Total) == 0 {
			return false
		}
		m.Change(func(s *Settings) { s.Lanes = !s.Lanes })
	case Styles:
		m.Change(func(s *Settings) { s.Style = (s.Style + 1) % numStyles })
	case Higher, Lower:
		by := 1
		if id == Lower {
			by = -1
		}
		was, h := m.Height, m.bars(screen)
		m.Change(func(s *Settings) { s.Height = max(h+by, 1) })
		if m.bars(screen) == h {
			m.Change(func(s *Settings) { s.Height = was })
			return false
		}
	default:
		return m.move(id)
	}
	return true
}

// Told says what an action has come to that may not be seen at once, "" for one that is seen. screen is how many rows
// the screen has.
func (m *Model) Told(id string, screen int) string {
	switch id {
	case Metric:
		return "the timeline counts " + m.Settings.Metric.String()
	case StackBy:
		switch {
		case m.By == NoStack:
			return "the timeline is not stacked"
		case m.bars(screen) == 1:
			return "the timeline is stacked by " + m.By.String() + "; " + m.keys.KeyOf(Higher) + " makes it high enough to show it"
		}
		return "the timeline is stacked by " + m.By.String()
	case Styles:
		return "the timeline is drawn in " + m.Style.String()
	case Select:
		if m.anchor < 0 {
			return "nothing is selected any more"
		}
		return "the selection begins here; " + m.keys.KeyOf(Zoom) + " zooms to it, " + m.keys.KeyOf(Select) + " drops it"
	}
	return ""
}

// nextStack walks from the protocol to the column under the cursor to none.
func nextStack(by, col flow.Column) flow.Column {
	switch {
	case by == flow.ColProto && col != flow.ColProto:
		return col
	case by == NoStack:
		return flow.ColProto
	}
	return NoStack
}
