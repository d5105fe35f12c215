// Package difference shows what is new, gone and changed between two answers of a server.
//
// It may import query, query/difference, internal/flow and the leaf packages of tui. The surprising thing: what is the
// same on both sides is not among the rows until it is asked for, but always counted.
package difference

import (
	"slices"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"cxlens/query"
	"cxlens/query/difference"
	"cxlens/tui/keymap"
)

// Side describes one of the two questions.
type Side struct {
	Query, Span string
	// Keys that arrived, of how many, and the flows that match; of a question that runs, so far.
	Keys, Groups, Flows uint64
	State               string
}

// filter says which rows are shown: all that differ, or those of one kind.
type filter struct {
	kind difference.Kind
	all  bool
}

// Model is the difference. Create it with New.
type Model struct {
	keys    keymap.Map
	setting difference.Setting
	sides   [2]Side // before, after
	notes   []string
	began   time.Time
	result  *difference.Result
	err     string

	filter filter
	rows   []int // of result, those that are shown
	cursor int
	top    int
	page   int

	// Do runs an action of the root; false when it can do nothing.
	Do func(action string) (tea.Cmd, bool)
	// Metric asks the server again by another metric.
	Metric func(metric string) tea.Cmd
	// Copy puts text on the clipboard.
	Copy func(text string) tea.Cmd
	// Say puts a line into the status line.
	Say func(text string)
	// Now is the clock.
	Now func() time.Time
}

// New returns a difference whose answers are still to come; notes are said under its sides.
func New(keys keymap.Map, s difference.Setting, before, after Side, began time.Time, notes ...string) *Model {
	return &Model{keys: keys, setting: s, sides: [2]Side{before, after}, began: began, notes: notes, filter: filter{all: true}, page: 10}
}

// Setting is what was asked for.
func (m *Model) Setting() difference.Setting { return m.setting }

// Progress takes in how far the answers are.
func (m *Model) Progress(before, after Side) { m.sides = [2]Side{before, after} }

// Fail shows why there is no difference.
func (m *Model) Fail(text string) { m.err = text }

// Show shows the difference.
func (m *Model) Show(res *difference.Result) {
	m.result = res
	m.choose(m.filter)
}

// Running tells whether the answers are still to come.
func (m *Model) Running() bool { return m.result == nil && m.err == "" }

// Current is the row under the cursor.
func (m *Model) Current() (difference.Row, bool) {
	if m.cursor >= len(m.rows) {
		return difference.Row{}, false
	}
	return m.result.Rows[m.rows[m.cursor]], true
}

// choose shows the rows of a filter.
func (m *Model) choose(f filter) {
	m.filter, m.cursor, m.top = f, 0, 0
	m.rows = m.rows[:0]
	for i := range m.result.Rows {
		if kind := m.result.Rows[i].Kind; kind == f.kind && !f.all || f.all && kind != difference.Same {
			m.rows = append(m.rows, i)
		}
	}
}

// Update acts on a key.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
	key, ok := msg.(tea.KeyPressMsg)
	if !ok {
		return nil
	}
	b, ok := m.keys.Pressed(key.String(), "in the difference", Leave, m.Say)
	if !ok {
		return nil
	}
	cmd, ok := m.do(b.ID)
	if !ok {
		m.Say(b.Why)
	}
	return cmd
}

var filters = map[string]filter{
	"difference.all": {all: true}, "difference.new": {kind: difference.New}, "difference.gone": {kind: difference.Gone},
	"difference.changed": {kind: difference.Changed}, "difference.same": {kind: difference.Same},
}

func (m *Model) do(id string) (tea.Cmd, bool) {
	if f, ok := filters[id]; ok {
		if m.result == nil {
			return nil, false
		}
		if f == m.filter {
			m.Say("these rows are shown already")
			return nil, true
		}
		m.choose(f)
		return nil, true
	}
	switch id {
	case "difference.up":
		return nil, m.move(-1)
	case "difference.down":
		return nil, m.move(1)
	case "difference.page-up":
		return nil, m.move(-m.page)
	case "difference.page-down":
		return nil, m.move(m.page)
	case "difference.top":
		return nil, m.move(-len(m.rows))
	case "difference.bottom":
		return nil, m.move(len(m.rows))
	case "difference.metric":
		metrics := []string{query.MetricBytes, query.MetricFlows, query.MetricPackets}
		at := slices.Index(metrics, m.setting.Metric)
		return m.Metric(metrics[(at+1)%len(metrics)]), true
	}
	if _, ok := m.Current(); !ok && slices.Contains([]string{Enter, Aside, Export, "difference.copy"}, id) {
		return nil, false
	}
	if id == "difference.copy" {
		return m.Copy(strings.Join(m.values(m.rows[m.cursor]), "\t")), true
	}
	return m.Do(id)
}

func (m *Model) move(by int) bool {
	to := min(max(m.cursor+by, 0), len(m.rows)-1)
	if to == m.cursor || to < 0 {
		return false
	}
	m.cursor = to
	return true
}

// Values are the rows that are shown, as a file has them: exact, what became of a key first.
func (m *Model) Values() (columns []string, rows [][]string) {
	columns = []string{"change"}
	for _, c := range m.setting.By {
		columns = append(columns, c.String())
	}
	for _, name := range []string{query.MetricFlows, query.MetricBytes, query.MetricPackets} {
		columns = append(columns, name+"_before", name+"_after")
	}
	for _, i := range m.rows {
		rows = append(rows, m.values(i))
	}
	return columns, rows
}

func (m *Model) values(i int) []string {
	r := &m.result.Rows[i]
	out := append([]string{word(r)}, r.Key...)
	for _, metric := range []string{query.MetricFlows, query.MetricBytes, query.MetricPackets} {
		out = append(out, strconv.FormatUint(r.Before.Of(metric), 10), strconv.FormatUint(r.After.Of(metric), 10))
	}
	return out
}

// word is what became of a row, with a mark when that is not sure.
func word(r *difference.Row) string {
	if r.Unsure {
		return r.Kind.String() + "?"
	}
	return r.Kind.String()
}
