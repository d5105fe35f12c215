package table

import (
	"context"
	"errors"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"cxlens/internal/flow"
)

// restEvery is how long the order rests at least between two background sorts while rows arrive,
// and restFactor how many times its own duration, so that sorting never eats the machine.
const (
	restEvery  = 300 * time.Millisecond
	restFactor = 3
)

// arranger decides when the index vector must be made anew and runs that in a command.
type arranger struct {
	now func() time.Time

	keys    []flow.SortKey
	arrival []flow.SortKey // the order in which rows come
	ordered int            // so many rows came in that order
	filter  Filter

	selected   []uint32 // of the rows below selectedTo those that pass the filter, as they arrived
	selectedTo int

	job     uint64 // the newest job; answers of older ones are dropped
	cancel  context.CancelFunc
	due     bool // a delayed job is waiting for its time
	behind  bool // rows arrived since the running job began
	done    int  // rows that the present order covers
	rested  time.Time
	lasted  time.Duration
	failure error
}

// Filter selects the rows that pass a refinement, as query.Filter does: those of rows (nil: all of v), in their order.
type Filter interface {
	Select(ctx context.Context, v *flow.View, rows []uint32) ([]uint32, error)
}

// Arranged tells that a new order is ready. It is stale when a later job began.
type Arranged struct {
	owner
	job      uint64
	order    []uint32
	selected []uint32
	covers   int
	filtered bool
	took     time.Duration
	err      error
}

// Due tells that a delayed arrangement may begin.
type Due struct {
	owner
	job uint64
}

func (a *arranger) reset(arrival []flow.SortKey) {
	a.stop()
	a.arrival, a.keys = slices.Clone(arrival), slices.Clone(arrival)
	a.ordered, a.selected, a.selectedTo, a.done, a.failure = 0, nil, 0, 0, nil
	a.rested, a.lasted = time.Time{}, 0
}

// stop ends the running job and forgets a delayed one.
func (a *arranger) stop() {
	a.job++
	a.due, a.behind = false, false
	if a.cancel != nil {
		a.cancel()
		a.cancel = nil
	}
}

// asArrived tells whether the rows stand as they arrived, so that there is nothing to compute.
func (a *arranger) asArrived(n int) bool { return a.filter == nil && !a.mustSort(n) }

func (a *arranger) mustSort(n int) bool {
	return len(a.keys) > 0 && (n > a.ordered || !slices.Equal(a.keys, a.arrival))
}

// SetFilter sets the refinement, nil for none.
func (m *Model) SetFilter(f Filter) tea.Cmd {
	m.refined = f
	return m.refilter()
}

// refilter shows the rows that pass the refinement and, where only marked ones are wanted, are marked.
func (m *Model) refilter() tea.Cmd {
	f := m.refined
	if m.only != nil {
		f = onlyMarked{set: *m.only, also: f}
	}
	a := &m.arrange
	a.stop()
	a.filter, a.selected, a.selectedTo, a.failure = f, nil, 0, nil
	a.rested = time.Time{}
	m.tally.reset()
	return m.rearrange()
}

// rearrange brings what is shown up to date with the rows, the filter and the order: at once
// when nothing has to be computed, else by a command, now or after the rest.
func (m *Model) rearrange() tea.Cmd {
	a := &m.arrange
	if m.view == nil {
		return nil
	}
	n := m.view.Len()
	if a.asArrived(n) {
		a.stop()
		m.show(nil, n)
		a.done = n
		return nil
	}
	if a.cancel != nil || a.due {
		a.behind = true
		return nil
	}
	if wait := a.rest(); wait > 0 {
		a.due = true
		job := a.job
		return tea.Tick(wait, func(time.Time) tea.Msg { return Due{owner{m}, job} })
	}
	return m.begin()
}

// rest is how long the next job has to wait. The first one of an order does not.
func (a *arranger) rest() time.Duration {
	if a.rested.IsZero() {
		return 0
	}
	return a.rested.Add(max(restEvery, restFactor*a.lasted)).Sub(a.now())
}

// begin returns the command that computes the order of all rows of the present snapshot.
func (m *Model) begin() tea.Cmd {
	a := &m.arrange
	a.stop()
	ctx, cancel := context.WithCancel(context.Background())
	a.cancel = cancel
	job, now := a.job, a.now
	in := arrangement{
		view: m.view, filter: a.filter, selected: slices.Clip(a.selected), from: a.selectedTo,
	}
	if a.mustSort(m.view.Len()) {
		in.keys = slices.Clone(a.keys)
	}
	return func() tea.Msg {
		began := now()
		order, selected, err := in.run(ctx)
		return Arranged{
			owner: owner{m}, job: job, order: order, selected: selected, covers: in.view.Len(), filtered: in.filter != nil,
			took: now().Sub(began), err: err,
		}
	}
}

// arrangement is the work of one job.
type arrangement struct {
	view     *flow.View
	filter   Filter
	selected []uint32
	from     int
	keys     []flow.SortKey
}

func (in arrangement) run(ctx context.Context) (order, selected []uint32, err error) {
	if in.filter != nil {
		fresh, err := in.filter.Select(ctx, in.view, in.fresh())
		if err != nil {
			return nil, nil, err
		}
		if selected = fresh; in.from > 0 {
			selected = append(in.selected, fresh...)
		}
		if selected == nil {
			selected = []uint32{}
		}
		order = selected
	}
	if len(in.keys) > 0 {
		order, err = in.view.Sort(ctx, order, in.keys)
	}
	return order, selected, err
}

// fresh are the rows that the filter has not seen yet, nil for all.
func (in arrangement) fresh() []uint32 {
	if in.from == 0 {
		return nil
	}
	rows := make([]uint32, in.view.Len()-in.from)
	for i := range rows {
		rows[i] = uint32(in.from + i)
	}
	return rows
}

// arranged takes in the answer of a job.
func (m *Model) arranged(msg Arranged) tea.Cmd {
	a := &m.arrange
	if msg.job != a.job {
		return nil
	}
	behind := a.behind
	a.cancel()
	a.cancel, a.behind = nil, false
	a.rested, a.lasted = a.now(), msg.took
	if msg.err != nil {
		if !errors.Is(msg.err, context.Canceled) {
			a.failure = msg.err
		}
		return nil
	}
	if msg.filtered {
		a.selected, a.selectedTo = msg.selected, msg.covers
	}
	a.done = msg.covers
	m.show(msg.order, len(msg.order))
	if behind {
		return m.rearrange()
	}
	return nil
}

// show puts another order on the screen; the cursor stays with its row, and the row at its line.
func (m *Model) show(order []uint32, n int) {
	row, line := -1, m.cursor-m.top
	if m.touched && m.cursor < m.shown {
		row = m.row(m.cursor)
	}
	m.order, m.shown, m.fresh = order, n, false
	m.version++
	if row >= 0 {
		if p := m.place(row); p >= 0 {
			m.cursor, m.top = p, p-line
		}
	}
	m.pursue()
	m.scroll()
}

// Sorting tells whether an order or a refinement is being computed.
func (m *Model) Sorting() bool { return m.arrange.cancel != nil }

// Pending is how many rows arrived that the order on the screen does not have yet.
func (m *Model) Pending() int {
	if m.view == nil {
		return 0
	}
	return m.view.Len() - m.arrange.done
}

// Failure is why the last order or refinement could not be computed, nil when it could.
func (m *Model) Failure() error { return m.arrange.failure }

// Cancel stops the computing of an order, of which the one on the screen stays, and a search. It tells
// whether there was one of them.
func (m *Model) Cancel() bool {
	running := m.arrange.cancel != nil
	m.arrange.stop()
	return m.stopFinding() || running
}
