package tui

import (
	"fmt"
	"sync"

	tea "charm.land/bubbletea/v2"

	"cxlens/client"
	ihistory "cxlens/internal/history"
	"cxlens/query"
	"cxlens/tui/history"
	"cxlens/tui/span"
)

const noHistory = "no query has been run yet"

// past is the history of queries: those of earlier runs of the program, and of this one.
type past struct {
	list ihistory.List
	use  query.Use // what stands in those queries
	keep *keeper   // nil: nothing is kept beyond this run
	said bool      // that the history cannot be kept is said once
}

// keeper writes entries into the store, in their order.
type keeper struct {
	store *ihistory.Store

	writing sync.Mutex // held while entries are written
	mu      sync.Mutex
	waiting []ihistory.Entry
}

func (k *keeper) put(e ihistory.Entry) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.waiting = append(k.waiting, e)
}

// flush writes what waits. An entry that cannot be written is given up.
func (k *keeper) flush() error {
	k.writing.Lock()
	defer k.writing.Unlock()
	k.mu.Lock()
	entries := k.waiting
	k.waiting = nil
	k.mu.Unlock()
	for _, e := range entries {
		if err := k.store.Add(e); err != nil {
			return err
		}
	}
	return nil
}

// historyLoaded brings what earlier runs of the program have kept.
type historyLoaded struct {
	entries []ihistory.Entry
	use     *query.Use
	damaged int
	err     error
}

// historyKept tells what came of writing the history.
type historyKept struct{ err error }

// loadHistory reads what was kept.
func (m *model) loadHistory() tea.Cmd {
	if m.opts.History == nil {
		return nil
	}
	store := m.opts.History
	m.past.keep = &keeper{store: store}
	return func() tea.Msg {
		entries, damaged, err := store.Load()
		return historyLoaded{entries, usedIn(entries), damaged, err}
	}
}

func (m *model) historyLoaded(msg historyLoaded) {
	m.past.list.Add(msg.entries...)
	m.past.use.Join(msg.use)
	if msg.damaged > 0 {
		m.notice(fmt.Sprintf("%s: %d damaged lines were skipped", m.opts.History.Path(), msg.damaged))
	}
	m.historyFailed(msg.err)
}

// historyFailed says once that the history is not kept: the screen works without.
func (m *model) historyFailed(err error) {
	if err == nil || m.past.said {
		return
	}
	m.past.said = true
	m.notice("queries are remembered until the screen is left only: " + err.Error())
}

// entry is what the history has of the present run.
func (m *model) entry() ihistory.Entry {
	p := m.run.progress
	e := ihistory.Entry{
		Time: m.run.began, Query: m.run.text, Span: m.run.span.String(), Server: m.status.Server, Outcome: p.State.String(),
		Matched: p.Matched, Took: max(0, p.Elapsed),
	}
	if m.busy() {
		e.Outcome = "running"
	}
	return e
}

// began puts the run that begins into the list, so that it can be walked back to at once.
func (m *model) began() {
	m.past.list.Add(m.entry())
	m.past.use.Add(m.run.text)
}

// finished keeps what came of the run. It is called when the run has an answer, and when another one
// takes its place; only the first counts.
func (m *model) finished() tea.Cmd {
	if m.run.res == nil || m.run.kept {
		return nil
	}
	m.run.kept = true
	e := m.entry()
	if e.Outcome == "running" {
		e.Outcome = client.Cancelled.String()
	}
	m.past.list.Add(e)
	keep := m.past.keep
	if keep == nil {
		return nil
	}
	keep.put(e)
	return func() tea.Msg { return historyKept{keep.flush()} }
}

// closeHistory writes what is not written yet.
func (m *model) closeHistory() {
	for _, t := range m.tabs.open {
		m.within(t, m.finished)
	}
	if m.past.keep != nil {
		_ = m.past.keep.flush() // there is no screen any more that could say it
	}
}

// pastQueries lists the texts of the history, the newest first.
func (m *model) pastQueries() []string {
	entries := m.past.list.Entries()
	texts := make([]string, len(entries))
	for i, e := range entries {
		texts[i] = e.Query
	}
	return texts
}

// searchHistory opens the search from the query line.
func (m *model) searchHistory() tea.Cmd {
	if !m.openHistory() {
		m.warn(noHistory)
	}
	return nil
}

// openHistory opens the search over the history; leaving it goes back to where it was opened.
func (m *model) openHistory() bool {
	if m.past.list.Len() == 0 {
		return false
	}
	back := m.mode
	m.history = history.New(m.keys.history, m.past.list.Entries(), m.now)
	m.history.Leave = func() { m.mode = back }
	m.history.Say = m.warn
	m.history.Choose = m.takePast
	m.mode = modeHistory
	return true
}

// takePast puts a query of the history into the line, with its span if that is wanted.
func (m *model) takePast(e ihistory.Entry, withSpan bool) tea.Cmd {
	m.edit()
	if !m.bar.Put(e.Query) {
		m.warn("this query does not fit into the line")
		return nil
	}
	if !withSpan {
		return nil
	}
	sp, err := span.ParseShown(e.Span, m.now())
	if err != nil {
		m.warn("the span of this query cannot be read: " + err.Error())
		return nil
	}
	if m.spanBefore == nil {
		before := m.span
		m.spanBefore = &before
	}
	m.span = sp
	m.tell("the span is " + sp.String() + " again; Enter runs the query, Esc leaves both as they were")
	return nil
}

// lineLeft gives a query that is not run its span back.
func (m *model) lineLeft() {
	if m.spanBefore != nil {
		m.span, m.spanBefore = *m.spanBefore, nil
	}
}
