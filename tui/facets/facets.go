// Package facets lists the values of a column, or of several together, with the flows, bytes and packets of
// each: as top values in a box, or as groups in the place of the rows.
//
// It may import internal/flow, themes and the leaf packages of tui. The surprising thing: it shows two answers
// one after the other. The rows that are here are summed up at once, and what the server says of all matches
// takes their place when it comes; the list always says which of the two it is.
package facets

import (
	"slices"
	"strconv"
	"strings"

	"github.com/sahilm/fuzzy"

	"cxlens/internal/flow"
	"cxlens/query/steps"
	"cxlens/tui/field"
	"cxlens/tui/keymap"
	"cxlens/tui/sums"
)

// Group is one value, or one of each column, and what it has.
type Group struct {
	Values      []string // as outputs write them, cleaned
	Sums        sums.Sums
	First, Last string // start of the first and last flow, "" when it is not known
}

// Answer is what is listed.
type Answer struct {
	Groups []Group
	Of     uint64    // how many groups there are in all
	All    sums.Sums // of all flows, those of groups that are not listed included
	Exact  bool      // All is known; else shares are not shown
	Whole  bool      // from the server, of all matches; else of the rows here
}

// Model is the list. Create it with New.
type Model struct {
	keys   keymap.Map
	by     []flow.Column
	answer Answer
	metric sums.Metric // of which the highest are listed
	order  Order
	col    int    // the column that was chosen to sort by
	cols   int    // how many columns have room
	lay    layout // where they stand
	scope  Scope
	filter string // the refinement, as the scope names it
	note   string // what is on its way, or went wrong
	failed bool

	singles bool // of columns that have steps, too
	form    form
	wide    []int // of the columns of values, where they are in steps

	field     field.Model
	narrowing bool
	shown     []int // places in answer.Groups
	cursor    int
	top       int
	page      int
}

// New returns an empty list of the values of columns, those with the highest metric first.
func New(keys keymap.Map, by []flow.Column, metric sums.Metric) *Model {
	m := &Model{keys: keys, by: slices.Clone(by), metric: metric, page: 1, cols: len(by) + numCols}
	m.order, m.col = m.byMetric(), len(by)+int(metric)
	return m
}

// By are the columns.
func (m *Model) By() []flow.Column { return slices.Clone(m.by) }

// Metric is what the list is ordered by.
func (m *Model) Metric() sums.Metric { return m.metric }

// Show takes in an answer. The cursor stays on its group where that is still listed.
func (m *Model) Show(a Answer) {
	before, on := m.Current()
	m.answer, m.failed = a, false
	m.measure()
	m.sort()
	if !on {
		return
	}
	for i, at := range m.shown {
		if slices.Equal(m.answer.Groups[at].Values, before.Values) {
			m.cursor = i
		}
	}
}

// Say tells what is on its way, "" for nothing.
func (m *Model) Say(note string) { m.note, m.failed = note, false }

// Fail tells why there is no answer of the server.
func (m *Model) Fail(err error) { m.note, m.failed = flow.Clean(err.Error()), true }

// Shown is what is listed.
func (m *Model) Shown() Answer { return m.answer }

// Complete tells whether all groups are listed, so that another order needs no other answer.
func (m *Model) Complete() bool { return uint64(len(m.answer.Groups)) >= m.answer.Of }

// find lists the groups that have the letters that were typed: first those with the words, then by letters.
func (m *Model) find() {
	m.shown = m.shown[:0]
	words := strings.Fields(strings.ToLower(m.field.Value()))
	for i, g := range m.answer.Groups {
		text := ""
		if len(words) > 0 {
			text = strings.ToLower(strings.Join(m.cells(g), " "))
		}
		if !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(text, w) }) {
			m.shown = append(m.shown, i)
		}
	}
	if len(words) > 0 {
		exact := len(m.shown)
		for _, match := range fuzzy.FindFrom(strings.Join(words, ""), groupTexts{m}) {
			if _, have := slices.BinarySearch(m.shown[:exact], match.Index); !have {
				m.shown = append(m.shown, match.Index)
			}
		}
	}
	m.cursor = max(0, min(m.cursor, len(m.shown)-1))
}

type groupTexts struct{ of *Model }

func (g groupTexts) String(i int) string { return strings.Join(g.of.cells(g.of.answer.Groups[i]), " ") }
func (g groupTexts) Len() int            { return len(g.of.answer.Groups) }

// Current is the group under the cursor.
func (m *Model) Current() (Group, bool) {
	if m.cursor >= len(m.shown) {
		return Group{}, false
	}
	return m.answer.Groups[m.shown[m.cursor]], true
}

// Rows are the listed groups as a file has them, with the names of their columns: those of the list, in its order.
// A step is its range, see steps.Step.Text, and its column is named so. A share is that of the metric, in percent.
func (m *Model) Rows() (columns []string, rows [][]string) {
	for i, c := range m.by {
		name := c.String()
		if m.inSteps(i) {
			name = steps.Name(c)
		}
		columns = append(columns, name)
	}
	columns = append(columns, "flows", "bytes", "packets")
	all := m.answer.All[m.metric]
	shares := m.answer.Exact && all > 0
	if shares {
		columns = append(columns, "share")
	}
	times := slices.ContainsFunc(m.answer.Groups, func(g Group) bool { return g.First != "" })
	if times {
		columns = append(columns, "first", "last")
	}
	for _, i := range m.shown {
		g := m.answer.Groups[i]
		row := slices.Clone(g.Values)
		for _, n := range g.Sums {
			row = append(row, string(appendDecimal(n)))
		}
		if shares {
			row = append(row, strconv.FormatFloat(float64(g.Sums[m.metric])/float64(all)*100, 'f', 3, 64))
		}
		if times {
			row = append(row, g.First, g.Last)
		}
		rows = append(rows, row)
	}
	return columns, rows
}
