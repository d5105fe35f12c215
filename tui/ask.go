package tui

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"cxlens/client"
	"cxlens/query"
)

// ask is a question to the server beside the query whose rows are shown: a timeline, top values, groups.
type ask struct {
	tab     *tab
	res     result
	stop    context.CancelFunc
	dropped bool // nobody wants the answer any more
	take    func(answer) tea.Cmd
}

// answer is what came of it; err is nil when all rows are here.
type answer struct {
	columns  []string
	rows     [][]string
	progress client.Progress
	err      error
}

// answered tells that a question has its answer.
type answered struct{ ask *ask }

// askServer sends a question about the tab on the screen. take gets the whole answer, with that tab on the
// screen's place; it is not called for a question that was dropped.
func (m *model) askServer(req query.Request, take func(answer) tea.Cmd) (*ask, tea.Cmd) {
	ctx, stop := context.WithCancel(m.ctx)
	a := &ask{tab: m.tab, res: m.src.Submit(req), stop: stop, take: take}
	res := a.res
	return a, func() tea.Msg {
		for !ended(res.Progress().State) {
			select {
			case <-res.Changed():
			case <-ctx.Done():
				return nil
			}
		}
		return answered{a}
	}
}

// drop cancels a question, here and on the server; nil is none.
func (a *ask) drop() {
	if a == nil || a.dropped {
		return
	}
	a.dropped = true
	a.stop()
	a.res.Cancel()
}

// answered hands an answer to the one that asked.
func (m *model) answered(msg answered) tea.Cmd {
	a := msg.ask
	if a.dropped {
		return nil
	}
	a.dropped = true
	a.stop()
	got := answer{progress: a.res.Progress()}
	got.columns, got.rows = a.res.Values()
	switch got.progress.State {
	case client.Failed:
		got.err = got.progress.Err
	case client.Cancelled:
		got.err = context.Canceled
	}
	return m.within(a.tab, func() tea.Cmd { return a.take(got) })
}
