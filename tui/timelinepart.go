package tui

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"cxlens/internal/flow"
	"cxlens/tui/timeline"
)

// refinedTimes is what was asked of the refined rows for a tab's timeline.
type refinedTimes struct {
	want  wantedPart
	stop  context.CancelFunc // of the count that runs, nil for none
	seq   uint64             // answers of earlier ones are dropped
	ended time.Time
	took  time.Duration
	timed bool // another count is due at its time
}

// wantedPart is what a part is counted of: another one has to be counted when it changes.
type wantedPart struct {
	data  *timeline.Data
	stamp uint64
	rows  int
}

// refinedCounted tells what was counted.
type refinedCounted struct {
	tab  *tab
	seq  uint64
	data *timeline.Data
	part *timeline.Part
	took time.Duration
	err  error
}

// refinedDue tells that the refined rows may be counted again.
type refinedDue struct{ tab *tab }

// wantRefined counts the refined rows of the tab on the screen in the timeline's buckets, when either are others. While
// rows come it rests between two counts for as long as refreshFactor says.
func (m *model) wantRefined() tea.Cmd {
	t := &m.part
	m.timeline.SetRefined(flow.Clean(m.refined))
	m.timeline.SetZone(m.zone.shown)
	d := m.timeline.Shown()
	p, ok := m.table.Passing()
	if !m.timeline.On || m.refined == "" || d == nil || len(d.Total) == 0 || !ok {
		if m.refined == "" || d == nil {
			t.drop()
		}
		return nil
	}
	want := wantedPart{data: d, stamp: p.Stamp, rows: p.N}
	if want == t.want {
		return nil
	}
	if want.data == t.want.data && want.stamp == t.want.stamp { // only more rows
		wait := t.ended.Add(max(refreshTimeline/4, refreshFactor*t.took)).Sub(m.now())
		switch {
		case t.stop != nil || t.timed:
			return nil
		case wait > 0:
			t.timed = true
			due := refinedDue{m.tab}
			return tea.Tick(wait, func(time.Time) tea.Msg { return due })
		}
	}
	t.drop()
	ctx, stop := context.WithCancel(m.ctx)
	t.want, t.stop, t.seq = want, stop, t.seq+1
	msg, now := refinedCounted{tab: m.tab, seq: t.seq, data: d}, m.now
	return func() tea.Msg {
		began := now()
		msg.part, msg.err = d.Count(ctx, timeline.Rows{View: p.View, Rows: p.Rows, N: p.N})
		msg.took = now().Sub(began)
		return msg
	}
}

// drop ends a count; what it was for is asked again when it is wanted.
func (t *refinedTimes) drop() {
	if t.stop != nil {
		t.stop()
		t.stop = nil
	}
	t.want = wantedPart{}
}

// refinedCounted draws the refined part, unless another one is wanted by now.
func (m *model) refinedCounted(msg refinedCounted) {
	t := &msg.tab.part
	if msg.seq != t.seq || t.stop == nil || msg.err != nil {
		return
	}
	t.stop()
	t.stop, t.ended, t.took = nil, m.now(), msg.took
	msg.tab.timeline.ShowPart(msg.data, msg.part)
}
