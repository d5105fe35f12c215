// Package timeline draws the matches of a query over time, stacked by a column, and lets a person
// choose a span of them.
//
// It may import internal/flow, query, themes and the leaf packages of tui. The surprising thing: it asks
// nobody for its data. The root of the screen asks the server, first for the ends of the matches and then
// for buckets that Cut made of them, so that a bucket begins and ends at times that a person would write.
package timeline

import (
	"fmt"
	"slices"
	"time"

	"cxlens/internal/flow"
	"cxlens/tui/keymap"
	"cxlens/tui/sums"
)

// Style is what the bars are drawn with.
type Style uint8

// The styles.
const (
	Blocks  Style = iota
	Braille       // twice the columns, and never stacked: dots have no pattern that tells series apart
	ASCII
	numStyles
)

var styleNames = [numStyles]string{"blocks", "braille", "ascii"}

// String returns the style's name as profiles and the configuration spell it.
func (s Style) String() string { return styleNames[s] }

// ParseStyle reads what String writes.
func ParseStyle(name string) (Style, bool) {
	i := slices.Index(styleNames[:], name)
	return Style(max(i, 0)), i >= 0
}

// MaxHeight is how many lines the bars take at most.
const MaxHeight = 8

// Settings are what a person chose for a timeline; the zero value is a hidden one.
type Settings struct {
	On     bool
	Metric sums.Metric
	// By is the column that the bars are stacked by, NoStack for none.
	By    flow.Column
	Style Style
	// Lanes gives every series a line of its own in place of stacking them.
	Lanes bool
	// Height is how many lines the bars take, 0 for what the screen has room for.
	Height int
}

// NoStack is the column that stands for no stacking.
const NoStack = flow.NumColumns

// noStack is how no stacking is spelled.
const noStack = "none"

// StackName is the column that the bars are stacked by as files have it.
func (s Settings) StackName() string {
	if s.By >= flow.NumColumns {
		return noStack
	}
	return s.By.String()
}

// ParseStack reads what StackName writes.
func ParseStack(name string) (flow.Column, error) {
	if name == noStack {
		return NoStack, nil
	}
	c, ok := flow.ParseColumn(name)
	if !ok {
		return NoStack, fmt.Errorf("there is no column %.40q to stack by", flow.Clean(name))
	}
	return c, nil
}

// Defaults are the settings of a new tab: hidden, flows by protocol.
func Defaults() Settings { return Settings{By: flow.ColProto} }

// Stack is what a request for the buckets stacks by, nil for nothing.
func (s Settings) Stack() []string {
	if s.By >= flow.NumColumns {
		return nil
	}
	return []string{s.By.String()}
}

// Model is the timeline of a tab. Create it with New.
type Model struct {
	Settings
	keys keymap.Map

	data    *Data // nil while nothing is known
	part    *Part // of data, nil while it is not counted
	zone    *time.Location
	refined string // by which the rows here are refined, "" for not at all
	note    string // why there is nothing to draw, or what is on its way
	failed  bool   // note is an error
	cursor  int    // the chosen bucket
	anchor  int    // where the selection begins, -1 for none
	drag    bool   // the selection is being drawn with the mouse

	place   place // of the bars in the view that was drawn last
	version uint64
	cache   cache
}

// New returns a timeline without data.
func New(keys keymap.Map, s Settings) *Model { return &Model{Settings: s, keys: keys, anchor: -1} }

// SetKeys replaces the keys that are named in notes.
func (m *Model) SetKeys(keys keymap.Map) { m.keys = keys }

// Show takes in another answer. The selection stays where it was in time, as far as that is still there.
func (m *Model) Show(d *Data) {
	old := m.data
	m.data, m.part, m.note, m.failed = d, nil, "", false
	m.version++
	if old == nil || d == nil || len(d.Total) == 0 || len(old.Total) == 0 {
		m.cursor, m.anchor = 0, -1
		if d != nil {
			m.cursor = max(0, len(d.Total)-1)
		}
		return
	}
	m.cursor = d.near(old.start(min(m.cursor, len(old.Total)-1)))
	if m.anchor >= 0 {
		m.anchor = d.near(old.start(min(m.anchor, len(old.Total)-1)))
	}
}

// Clear drops the data of another query and says what is on its way.
func (m *Model) Clear(note string) { m.Show(nil); m.note = note }

// Fail says in place why there is no answer; what was drawn before goes.
func (m *Model) Fail(err error) {
	m.Show(nil)
	m.note, m.failed = flow.Clean(err.Error()), true
}

// Shown is the data that is drawn, nil for none.
func (m *Model) Shown() *Data { return m.data }

// Change changes the settings.
func (m *Model) Change(change func(*Settings)) {
	change(&m.Settings)
	m.version++
}

// Span is the selected span, or that of the bucket under the cursor: from <= start < to.
func (m *Model) Span() (from, to time.Time, ok bool) {
	if m.data == nil || len(m.data.Total) == 0 {
		return from, to, false
	}
	a, b := m.selected()
	return time.UnixMicro(m.data.start(a)).UTC(), time.UnixMicro(m.data.start(b + 1)).UTC(), true
}

// selected are the first and the last bucket of the selection.
func (m *Model) selected() (first, last int) {
	if m.anchor < 0 {
		return m.cursor, m.cursor
	}
	return min(m.anchor, m.cursor), max(m.anchor, m.cursor)
}
