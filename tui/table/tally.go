package table

import (
	tea "charm.land/bubbletea/v2"

	"cxlens/internal/flow"
)

// tallyStep is how many rows are decoded at a time.
const tallyStep = 8192

// tally sums the frame bytes of the rows that pass the refinement. Rows are only ever added while a
// refinement stands, so each is summed once.
type tally struct {
	job     uint64 // a new one for every result and refinement
	running bool
	upto    int // rows of the selection that are summed
	bytes   uint64
}

// Tallied tells the sum of further rows.
type Tallied struct {
	owner
	job   uint64
	upto  int
	bytes uint64
}

// Bytes is the sum of the frame bytes of the rows here; ok is false while not all are summed.
func (m *Model) Bytes() (sum uint64, ok bool) { return m.tally.bytes, m.tally.upto >= m.shown }

func (t *tally) reset() { *t = tally{job: t.job + 1} }

// Tally returns the command that sums what is not summed yet, nil when nothing is missing or it runs.
func (m *Model) Tally() tea.Cmd {
	t := &m.tally
	if t.running || m.view == nil {
		return nil
	}
	n, selected := m.view.Len(), []uint32(nil)
	if m.arrange.filter != nil {
		selected, n = m.arrange.selected, len(m.arrange.selected)
	}
	if t.upto >= n {
		return nil
	}
	t.running = true
	v, job, from := m.view, t.job, t.upto
	return func() tea.Msg {
		return Tallied{owner: owner{m}, job: job, upto: n, bytes: sum(v, selected, from, n)}
	}
}

func (m *Model) tallied(msg Tallied) tea.Cmd {
	t := &m.tally
	if msg.job != t.job {
		return nil
	}
	t.running = false
	t.upto, t.bytes = msg.upto, t.bytes+msg.bytes
	return m.Tally()
}

// sum adds up the bytes of the rows from..to of a selection, nil for all rows.
func sum(v *flow.View, selected []uint32, from, to int) (bytes uint64) {
	buf := make([]uint64, tallyStep)
	if selected == nil {
		for ; from < to; from += tallyStep {
			part := buf[:min(tallyStep, to-from)]
			v.Uint64s(flow.ColBytes, from, part)
			for _, b := range part {
				bytes += b
			}
		}
		return bytes
	}
	for _, row := range selected[from:to] {
		v.Uint64s(flow.ColBytes, int(row), buf[:1])
		bytes += buf[0]
	}
	return bytes
}
