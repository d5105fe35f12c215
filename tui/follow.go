package tui

import (
	"errors"
	"time"

	tea "charm.land/bubbletea/v2"

	"cxlens/client"
	"cxlens/internal/flow"
	"cxlens/themes"
	"cxlens/tui/human"
)

// rateOver is the time over which the rate of new flows is taken.
const rateOver = 10 * time.Second

// following is what the screen knows of new flows that arrive while a query is followed.
type following struct {
	paused  bool
	at      uint64     // rows that had arrived when it was paused
	samples []arrivals // the oldest first
}

// arrivals are how many rows had arrived at a time.
type arrivals struct {
	when time.Time
	rows uint64
}

// note takes in how many rows have arrived by now.
func (f *following) note(now time.Time, rows uint64) {
	if n := len(f.samples); n > 0 && now.Sub(f.samples[n-1].when) < rateOver/100 {
		f.samples[n-1].rows = rows
		return
	}
	f.samples = append(f.samples, arrivals{now, rows})
	for len(f.samples) > 2 && now.Sub(f.samples[1].when) >= rateOver {
		f.samples = f.samples[1:]
	}
}

// rate is the new flows a second of late.
func (f *following) rate(now time.Time) float64 {
	if len(f.samples) == 0 {
		return 0
	}
	first, last := f.samples[0], f.samples[len(f.samples)-1]
	took := max(now.Sub(first.when), time.Second)
	return float64(last.rows-first.rows) / took.Seconds()
}

// arrived is how many rows a result has brought in all, those that are cut included.
func arrived(p client.Progress) uint64 { return uint64(p.Rows) + p.Cut }

// takeRows puts what has arrived on the screen, or lets it wait. Of a followed query that has ended nobody knows
// any more which rows came in order.
func (m *model) takeRows(view *flow.View, p client.Progress) tea.Cmd {
	if p.State == client.Following {
		m.fresh.note(m.now(), arrived(p))
	}
	if m.fresh.paused {
		return nil
	}
	return m.table.Rows(view, p.Cut == 0 && p.State != client.Following && !(m.run.follow && ended(p.State)))
}

// goesOn tells whether the query was followed until the connection was lost, and so is taken up again by itself.
func (m *model) goesOn() bool {
	p := m.run.progress
	return m.run.follow && p.State == client.Failed && errors.Is(p.Err, client.ErrLost)
}

// noteFollowed lets the rates fall while nothing arrives.
func (m *model) noteFollowed() {
	for _, t := range m.tabs.open {
		if t.run.res != nil && t.run.progress.State == client.Following {
			t.fresh.note(m.now(), arrived(t.run.progress))
		}
	}
}

// pauseFollow holds the rows on the screen while new ones go on to arrive, or shows those that waited.
func (m *model) pauseFollow() (tea.Cmd, bool) {
	if m.run.res == nil || m.run.progress.State != client.Following && !m.fresh.paused {
		return nil, false
	}
	p := m.run.res.Progress()
	m.fresh.paused = !m.fresh.paused
	if m.fresh.paused {
		m.fresh.at = arrived(p)
		return nil, true
	}
	m.run.progress = p
	return tea.Batch(m.takeRows(m.run.res.View(), p), m.resumeFollowed()), true
}

// waiting is how many rows arrived since the pause.
func (m *model) waiting() uint64 {
	if !m.fresh.paused {
		return 0
	}
	return arrived(m.run.progress) - m.fresh.at
}

// followLine is the right end of the status line while a query is followed.
func (m *model) followLine() string {
	if m.fresh.paused {
		text := "paused, " + human.Exact(m.waiting()) + " wait · " + m.keys.screen.KeyOf(actPause) + " shows them"
		return m.look.Paint(themes.Warning, text)
	}
	return m.look.Paint(themes.OK, "following new flows, "+string(human.AppendFloat(nil, m.fresh.rate(m.now())))+"/s")
}

// resumeFollowed takes the followed queries up again that the loss of the connection ended: they are asked anew,
// so that nothing is missing and nothing there twice, and the cursor goes back to its flow.
func (m *model) resumeFollowed() tea.Cmd {
	if m.status.Phase != client.Online {
		return nil
	}
	var cmds []tea.Cmd
	for _, t := range m.tabs.open {
		if t.run.res == nil || !t.run.follow || t.fresh.paused { // what is held stays until it is let go
			continue
		}
		p := t.run.res.Progress()
		if p.State != client.Failed || !errors.Is(p.Err, client.ErrLost) {
			continue
		}
		cmds = append(cmds, m.within(t, func() tea.Cmd {
			row, onRow := m.table.Mark()
			place, _ := m.table.Cursor()
			pivoted, now := m.run.pivoted, m.span
			m.span = m.run.span
			cmd := m.submit(m.run.text)
			m.span, m.run.pivoted = now, pivoted
			if onRow && place > 0 { // at the top it stays with the newest
				m.table.Seek(row)
			}
			return cmd
		}))
	}
	return tea.Batch(cmds...)
}
