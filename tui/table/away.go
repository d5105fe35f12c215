package table

import (
	"context"
	"math/bits"
	"slices"

	tea "charm.land/bubbletea/v2"

	"cxlens/internal/flow"
)

// MaxAway is how many marked flows are remembered at most that are not among the rows; a rerun of a query has
// to find them again among millions.
const MaxAway = 100_000

// identity tells a flow from all others in any result: the id that its sensor counted, its start, and its node,
// because two sensors may count alike.
type identity struct {
	id    uint64
	start int64
	node  uint32
}

func identityOf(v *flow.View, row int) identity {
	return identity{v.Uint64(flow.ColID, row), v.Int64(flow.ColStart, row), uint32(v.Uint64(flow.ColNode, row))}
}

// away are the marked flows that are not among the rows: those of an earlier run of a query, until they come
// again, and the oldest that were cut.
type away struct {
	wanted *wanted // nil for none; it never changes, so that a command may read it
	times  []int   // how often the flow of a number is marked and not here: two rows may be one flow
	n      int     // the sum of times

	job       uint64 // answers of earlier ones are dropped
	cancel    context.CancelFunc
	looked    int  // rows below it have been looked at
	forgotten bool // marks were given up since that was asked
}

// wanted are the flows that are looked for among the rows.
type wanted struct {
	numbers map[identity]int
	sieve   []uint64 // a bit for the hash of each flow's id: nearly every row is passed over by it
	shift   int
}

// Recognized tells which rows are flows that were marked before they came again.
type Recognized struct {
	owner
	job  uint64
	upto int
	rows []recognized
	err  error
}

type recognized struct{ row, number int }

// NumAway is how many marked flows are not among the rows; ok is false while rows have not been looked at.
func (m *Model) NumAway() (n int, ok bool) {
	return m.away.n, m.away.n == 0 || m.view != nil && m.away.looked >= m.view.Len()
}

// TakeForgotten tells, once, that marks were given up because there were too many to remember.
func (m *Model) TakeForgotten() bool {
	was := m.away.forgotten
	m.away.forgotten = false
	return was
}

// MarkedIDs are the ids of all marked flows: of those that are here as Marked has them, then of the others.
func (m *Model) MarkedIDs() []uint64 {
	var here, away []uint64
	for _, row := range m.Marked() {
		here = append(here, m.view.Uint64(flow.ColID, int(row)))
	}
	if m.away.n > 0 {
		for k, number := range m.away.wanted.numbers {
			if m.away.times[number] > 0 {
				away = append(away, k.id)
			}
		}
	}
	slices.Sort(away)
	return append(here, away...)
}

// reset has all rows looked at again: they are others.
func (a *away) reset() {
	if a.cancel != nil {
		a.cancel()
		a.cancel = nil
	}
	a.job++
	a.looked = 0
}

// leave remembers marked flows that are no longer among the rows. Too many are all given up: to keep some of
// them would look as if the others had not been marked.
func (a *away) leave(gone []identity) {
	if len(gone) == 0 {
		return
	}
	if a.n+len(gone) > MaxAway {
		a.forget()
		return
	}
	w := &wanted{numbers: make(map[identity]int, a.n+len(gone))}
	var times []int
	add := func(k identity, n int) {
		number, ok := w.numbers[k]
		if !ok {
			number = len(times)
			w.numbers[k], times = number, append(times, 0)
		}
		times[number] += n
	}
	if a.wanted != nil {
		for k, number := range a.wanted.numbers {
			if a.times[number] > 0 {
				add(k, a.times[number])
			}
		}
	}
	for _, k := range gone {
		add(k, 1)
	}
	w.fill()
	a.wanted, a.times, a.n = w, times, a.n+len(gone)
}

// forget gives the marks of the flows up that are not here.
func (a *away) forget() {
	a.reset()
	a.wanted, a.times, a.n = nil, nil, 0
	a.forgotten = true
}

// fill makes the sieve, of 64 bits a flow or more.
func (w *wanted) fill() {
	size := max(12, bits.Len(uint(64*len(w.numbers))))
	w.sieve, w.shift = make([]uint64, 1<<(size-6)), 64-size
	for k := range w.numbers {
		h := w.hash(k.id)
		w.sieve[h>>6] |= 1 << (h & 63)
	}
}

func (w *wanted) hash(id uint64) uint64 { return id * 0x9e3779b97f4a7c15 >> w.shift }

// find returns which of the rows from..to are wanted.
func (w *wanted) find(ctx context.Context, v *flow.View, from, to int) ([]recognized, error) {
	var found []recognized
	ids := make([]uint64, tallyStep)
	for ; from < to; from += tallyStep {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		part := ids[:min(tallyStep, to-from)]
		v.Uint64s(flow.ColID, from, part)
		for i, id := range part {
			if h := w.hash(id); w.sieve[h>>6]&(1<<(h&63)) == 0 {
				continue
			}
			if number, ok := w.numbers[identityOf(v, from+i)]; ok {
				found = append(found, recognized{from + i, number})
			}
		}
	}
	return found, nil
}

// Recognize returns the command that looks for the marked flows that are not here among the rows that came,
// nil when there are none of either or it runs.
func (m *Model) Recognize() tea.Cmd {
	a := &m.away
	if a.n == 0 || a.cancel != nil || m.view == nil || a.looked >= m.view.Len() {
		return nil
	}
	ctx, cancel := context.WithCancel(context.Background())
	a.cancel = cancel
	v, w, job, from := m.view, a.wanted, a.job, a.looked
	return func() tea.Msg {
		rows, err := w.find(ctx, v, from, v.Len())
		return Recognized{owner: owner{m}, job: job, upto: v.Len(), rows: rows, err: err}
	}
}

// recognized marks the rows that were found.
func (m *Model) recognized(msg Recognized) tea.Cmd {
	a := &m.away
	if msg.job != a.job || msg.err != nil {
		return nil
	}
	a.cancel()
	a.cancel, a.looked = nil, msg.upto
	for _, r := range msg.rows {
		if a.times[r.number] > 0 {
			a.times[r.number]--
			a.n--
			m.marks.put(r.row, true)
			m.fresh = false
		}
	}
	if a.n == 0 {
		a.wanted, a.times = nil, nil
	}
	return m.Recognize()
}

// leaveMarked remembers the marked flows when all rows go.
func (m *Model) leaveMarked() {
	m.away.reset()
	switch {
	case m.marks.n == 0:
	case m.away.n+m.marks.n > MaxAway:
		m.away.forget()
	default:
		gone := make([]identity, 0, m.marks.n)
		m.marks.each(func(row int) { gone = append(gone, identityOf(m.view, row)) })
		m.away.leave(gone)
	}
	m.marks = rowSet{}
}
