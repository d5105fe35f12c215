package table

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	tea "charm.land/bubbletea/v2"

	"cxlens/internal/flow"
	"cxlens/tui/human"
)

// ErrNoRows is a place to go to in a table without rows.
var ErrNoRows = errors.New("there are no rows here")

// Went tells which row a time led to.
type Went struct {
	owner
	job uint64
	row int // -1: every row began before
}

// Goto goes to a row: by its number from 1, by a share of all such as 50%, or by a time, of which it
// goes to the nearest flow at or after it. A time without a date is on the day of the row under the
// cursor, in the zone of the screen. The command ends later, see TakeOutcome.
func (m *Model) Goto(text string) (tea.Cmd, error) {
	if m.shown == 0 {
		return nil, ErrNoRows
	}
	text = strings.TrimSpace(text)
	if n, ok := strings.CutSuffix(text, "%"); ok {
		share, err := strconv.ParseFloat(strings.TrimSpace(n), 64)
		if err != nil || !(share >= 0 && share <= 100) {
			return nil, fmt.Errorf("%q is not from 0%% to 100%%", text)
		}
		m.goPlace(int(share / 100 * float64(m.shown-1)))
		return nil, nil
	}
	digits := strings.ReplaceAll(text, ",", "")
	if n, err := strconv.ParseUint(digits, 10, 63); err == nil {
		if n < 1 || n > uint64(m.shown) {
			return nil, fmt.Errorf("the rows here are 1 to %s", human.Exact(uint64(m.shown)))
		}
		m.goPlace(int(n) - 1)
		return nil, nil
	}
	at, err := m.parseTime(text)
	if err != nil {
		return nil, err
	}
	return m.goTime(at), nil
}

// timeForms are the times that Goto reads, with what they leave out.
var timeForms = []struct {
	layout     string
	day, month bool // the day or the year is that of the row under the cursor
}{
	{"15:04", true, false},
	{"15:04:05", true, false},
	{"01-02 15:04", false, true},
	{"01-02 15:04:05", false, true},
	{"2006-01-02", false, false},
	{"2006-01-02 15:04", false, false},
	{"2006-01-02 15:04:05", false, false},
	{"2006-01-02T15:04:05", false, false},
	{time.RFC3339, false, false},
}

// parseTime reads a time; fractions of a second may follow it.
func (m *Model) parseTime(text string) (time.Time, error) {
	var r flow.Record
	m.Current(&r)
	here := time.UnixMicro(r.Start).In(m.Zone())
	for _, f := range timeForms {
		t, err := time.ParseInLocation(f.layout, text, m.Zone())
		switch {
		case err != nil:
			continue
		case f.day:
			t = time.Date(here.Year(), here.Month(), here.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), m.Zone())
		case f.month:
			t = time.Date(here.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), m.Zone())
		}
		return t, nil
	}
	return time.Time{}, fmt.Errorf("%q is no row such as 12345, no share such as 50%%, and no time such as 13:56 or 2026-11-22 13:56:33", text)
}

// goPlace puts the cursor on a place, in the middle of the screen when it was not on it.
func (m *Model) goPlace(place int) {
	place = min(max(place, 0), max(0, m.shown-1))
	if place < m.top || place >= m.top+m.page() {
		m.top = place - m.page()/2
	}
	m.cursor, m.touched, m.fresh = place, true, false
	m.scroll()
}

// goTime returns the command that looks for the first flow at or after a time. Rows may stand in any
// order, and so all are looked at.
func (m *Model) goTime(at time.Time) tea.Cmd {
	m.stopFinding()
	ctx, cancel := context.WithCancel(context.Background())
	m.find.cancel = cancel
	m.find.looked, m.find.of = new(atomic.Int64), m.shown
	job, v, order, n, us := m.find.job, m.view, m.order, m.shown, at.UnixMicro()
	return func() tea.Msg {
		return Went{owner: owner{m}, job: job, row: nearest(ctx, v, order, n, us)}
	}
}

// nearest is the row with the least start at or after us, the first of these in the order; -1 for none.
func nearest(ctx context.Context, v *flow.View, order []uint32, n int, us int64) int {
	best, row := int64(0), -1
	for place := range n {
		if place%findStep == 0 && ctx.Err() != nil {
			return -1
		}
		at := place
		if order != nil {
			at = int(order[place])
		}
		if start := v.Int64(flow.ColStart, at); start >= us && (row < 0 || start < best) {
			best, row = start, at
		}
	}
	return row
}

// went takes in the row of a time.
func (m *Model) went(msg Went) {
	if msg.job != m.find.job {
		return
	}
	m.find.cancel()
	m.find.cancel = nil
	place := -1
	if msg.row >= 0 {
		place = m.place(msg.row)
	}
	if place < 0 {
		m.find.outcome = WentNowhere
		return
	}
	m.goPlace(place)
	m.find.outcome = WentThere
}
