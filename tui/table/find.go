package table

import (
	"context"
	"strings"
	"sync/atomic"
	"unicode"

	tea "charm.land/bubbletea/v2"

	"cxlens/internal/flow"
)

// findStep is how many rows are looked at between two looks at whether the search was cancelled.
const findStep = 4096

// finder is what is searched for in the cells, and the search that runs.
type finder struct {
	text    needle
	job     uint64 // answers of earlier searches are dropped
	cancel  context.CancelFunc
	looked  *atomic.Int64
	of      int
	outcome Outcome
	leap    leap // of the search that runs
}

// leap is where a search goes: from the row under the cursor, or the one beyond it, to the match so many
// further on. A key that is pressed again before the search has ended makes it go one further.
type leap struct {
	back, here bool
	times      int
}

// needle is a text that is searched for; without capitals it is found in any case.
type needle struct {
	text string
	fold bool
}

func newNeedle(text string) needle {
	fold := strings.IndexFunc(text, unicode.IsUpper) < 0
	return needle{text: text, fold: fold}
}

// index returns where in s the text stands first and how long it is there, -1 when it does not.
func (n needle) index(s string) (at, length int) {
	if !n.fold {
		return strings.Index(s, n.text), len(n.text)
	}
	low := strings.ToLower(s)
	if len(low) != len(s) { // a letter whose other case is longer: bytes no longer agree
		return strings.Index(s, n.text), len(n.text)
	}
	return strings.Index(low, n.text), len(n.text)
}

func (n needle) in(s string) bool {
	at, _ := n.index(s)
	return at >= 0
}

// Outcome is what came of a search, or of a sort that is none.
type Outcome uint8

// The outcomes of a search.
const (
	NoSearch Outcome = iota // none has ended since it was asked for
	FoundRow
	FoundWrapped // beyond the last row, or before the first
	FoundNone
	FoundHidden // in a row that is not shown any more
	WentThere   // to the flow of a time
	WentNowhere // every flow here began before it

	NoNames      // of a sort: nothing is known of any address
	NoDirections // of a sort: nobody said which addresses are inside
)

// Found tells how a search ended.
type Found struct {
	owner
	job     uint64
	row     int // -1 for none
	col     flow.Column
	wrapped bool
	err     error
}

// Find begins to search for text in the cells of the shown columns, as they stand on the screen: from
// the row under the cursor on or, back, before it, and around the end. The cursor goes to the row when
// the search ends, see TakeOutcome. Empty text ends a search and takes its highlights away.
func (m *Model) Find(text string, back bool) tea.Cmd {
	m.find.text, m.fresh = newNeedle(text), false
	if text == "" {
		m.stopFinding()
		return nil
	}
	return m.search(leap{back: back, here: true, times: 1})
}

// FindNext searches on for the same text, from the row after the one under the cursor or before it.
func (m *Model) FindNext(back bool) (cmd tea.Cmd, ok bool) {
	if m.find.text.text == "" || m.shown == 0 {
		return nil, false
	}
	l := leap{back: back, times: 1}
	if running := m.find.leap; m.find.cancel != nil && running.times > 0 && running.back == back {
		l = running
		l.times++
	}
	return m.search(l), true
}

// Searched is the text that is searched for and highlighted, "" for none.
func (m *Model) Searched() string { return m.find.text.text }

// Finding tells whether a search runs, and how far it is, from 0 to 1.
func (m *Model) Finding() (share float64, ok bool) {
	if m.find.cancel == nil {
		return 0, false
	}
	return float64(m.find.looked.Load()) / float64(max(1, m.find.of)), true
}

// TakeOutcome returns how the last search ended, once.
func (m *Model) TakeOutcome() Outcome {
	o := m.find.outcome
	m.find.outcome = NoSearch
	return o
}

// stopFinding ends the search that runs and tells whether there was one.
func (m *Model) stopFinding() bool {
	running := m.find.cancel != nil
	m.find.job++
	if running {
		m.find.cancel()
		m.find.cancel, m.find.leap = nil, leap{}
	}
	return running
}

// search returns the command that looks for the text.
func (m *Model) search(l leap) tea.Cmd {
	m.stopFinding()
	if m.shown == 0 {
		m.find.outcome = FoundNone
		return nil
	}
	ctx, cancel := context.WithCancel(context.Background())
	m.find.cancel, m.find.looked, m.find.of, m.find.leap = cancel, new(atomic.Int64), m.shown, l
	s := &sweep{
		needle: m.find.text, view: m.view, order: m.order, n: m.shown, looked: m.find.looked, from: m.cursor, by: 1, times: l.times,
	}
	if l.back {
		s.by = -1
	}
	if !l.here {
		s.from += s.by
	}
	for i, c := range m.columns {
		s.cells = append(s.cells, &sought{col: c, form: m.formAt(i)})
	}
	job := m.find.job
	return func() tea.Msg {
		row, col, wrapped, err := s.run(ctx)
		return Found{owner: owner{m}, job: job, row: row, col: col, wrapped: wrapped, err: err}
	}
}

// formAt is how the cells of a chosen column are written, be it on the screen or not.
func (m *Model) formAt(i int) form {
	for _, p := range m.lay.cols {
		if p.index == i {
			return m.formOf(p)
		}
	}
	return m.lay.form
}

// found takes in the end of a search.
func (m *Model) found(msg Found) {
	f := &m.find
	if msg.job != f.job {
		return
	}
	f.cancel()
	f.cancel = nil
	switch {
	case msg.err != nil:
		return
	case msg.row < 0:
		f.outcome = FoundNone
		return
	}
	place := m.place(msg.row)
	switch {
	case place < 0:
		f.outcome = FoundHidden
		return
	case msg.wrapped:
		f.outcome = FoundWrapped
	default:
		f.outcome = FoundRow
	}
	m.cursor, m.touched, m.fresh = place, true, false
	m.SetColumn(msg.col)
	m.scroll()
}
