package facets

import (
	tea "charm.land/bubbletea/v2"

	"cxlens/tui/keymap"
	"cxlens/tui/sums"
)

// The actions of the list that the screen carries out.
const (
	Include = "facets.include"
	Only    = "facets.only"
	Exclude = "facets.exclude"
	Aside   = "facets.new-tab"
	Metric  = "facets.metric"
	Copy    = "facets.copy"
	CopyAll = "facets.copy-all"
	Export  = "facets.export"
	Sort    = "facets.sort"
	Scopes  = "facets.scope"
	Steps   = "facets.steps"
	More    = "facets.more"
	Leave   = "facets.leave"
)

// The actions of the list itself.
const (
	up     = "facets.up"
	down   = "facets.down"
	pageUp = "facets.page-up"
	pageDn = "facets.page-down"
	first  = "facets.first"
	last   = "facets.last"
	narrow = "facets.narrow"
	left   = "facets.left"
	right  = "facets.right"
)

const noValue = "there is no value under the cursor"

// Keys are the bindings of the list, as a box and as groups in the place of the rows.
func Keys() keymap.Map {
	return keymap.Map{Pane: "top values and groups", Bindings: []keymap.Binding{
		{ID: up, Keys: []string{"up", "k"}, Help: "value up", Why: "this is the first"},
		{ID: down, Keys: []string{"down", "j"}, Help: "value down", Why: "this is the last"},
		{ID: pageUp, Keys: []string{"pgup"}, Help: "page up", Why: "this is the first"},
		{ID: pageDn, Keys: []string{"pgdown"}, Help: "page down", Why: "this is the last"},
		{ID: first, Keys: []string{"home", "g"}, Help: "first value", Why: "this is the first"},
		{ID: last, Keys: []string{"end", "G"}, Help: "last value", Why: "this is the last"},
		{ID: Include, Keys: []string{"enter", "+"}, Help: "go in: the query and this value", Why: noValue},
		{ID: Only, Keys: []string{"i"}, Help: "only this value", Why: noValue},
		{ID: Exclude, Keys: []string{"-"}, Help: "exclude: the query without this value", Why: noValue},
		{ID: Aside, Keys: []string{"o"}, Help: "the next of these opens in a new tab", Why: noValue},
		{ID: Metric, Keys: []string{"m"}, Help: "those with most flows, bytes or packets"},
		{ID: left, Keys: []string{"left", "h"}, Help: "column to sort by, left", Why: "this is the first column"},
		{ID: right, Keys: []string{"right", "l"}, Help: "column to sort by, right", Why: "this is the last column"},
		{ID: Sort, Keys: []string{"s"}, Help: "sort by this column, again: the other way"},
		{ID: Scopes, Keys: []string{"w"}, Help: "what is counted: the match, the refined part of it, the rows here"},
		{ID: Steps, Keys: []string{"v"}, Help: "steps of times and sizes, or their single values", Why: "no column here has steps: times, durations, counts and rates have"},
		{ID: More, Keys: []string{"."}, Help: "list 1,000 more", Why: "all of them are listed"},
		{ID: narrow, Keys: []string{"/"}, Help: "narrow the list by letters"},
		{ID: Copy, Keys: []string{"y"}, Help: "copy this value", Why: noValue},
		{ID: CopyAll, Keys: []string{"Y"}, Help: "copy the list as CSV", Why: noValue},
		{ID: Export, Keys: []string{"x"}, Help: "export the list", Why: noValue},
		{ID: Leave, Keys: []string{"esc"}, Help: "back to the rows"},
	}}
}

// Narrowing tells whether keys are typed into the field that narrows the list.
func (m *Model) Narrowing() bool { return m.narrowing }

// Type edits the text that narrows the list; Enter keeps it, Esc drops it. It returns why a key did nothing, "" when it
// did something.
func (m *Model) Type(msg tea.Msg) (why string) {
	if key, ok := msg.(tea.KeyPressMsg); ok {
		switch key.String() {
		case "enter":
			m.narrowing = false
			return ""
		case "esc", "ctrl+c":
			m.Widen()
			return ""
		case "up", "down":
			b, _ := m.keys.Find("facets." + key.String())
			if !m.Do(b.ID) {
				return b.Why
			}
			return ""
		}
	}
	if m.field.Update(msg) {
		m.cursor, m.top = 0, 0
		m.find()
	}
	return m.field.Why()
}

// Widen lists all values again; it tells whether the list was narrowed.
func (m *Model) Widen() bool {
	was := m.narrowing || m.field.Value() != ""
	m.narrowing = false
	m.field.Set("")
	m.find()
	return was
}

// Do runs an action of the list itself; ok is false when it can do nothing now.
func (m *Model) Do(id string) (ok bool) {
	n := len(m.shown)
	switch id {
	case up:
		return m.move(-1)
	case down:
		return m.move(1)
	case pageUp:
		return m.move(-m.page)
	case pageDn:
		return m.move(m.page)
	case first:
		return m.move(-n)
	case last:
		return m.move(n)
	case left, right:
		to := m.col - 1
		if id == right {
			to = m.col + 1
		}
		if to < 0 || to >= m.cols {
			return false
		}
		m.col = to
	case narrow:
		m.narrowing = true
	}
	return true
}

func (m *Model) move(by int) bool {
	to := max(0, min(m.cursor+by, len(m.shown)-1))
	moved := to != m.cursor
	m.cursor = to
	return moved
}

// NextMetric is the metric after the present one.
func (m *Model) NextMetric() sums.Metric { return m.metric.Next() }
