package tui

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"cxlens/client"
	ihistory "cxlens/internal/history"
	"cxlens/query"
)

// complete lists what may stand at the cursor of the query line: nodes, agents and netgroups are
// those that the server reports, values those of the rows here, and what was used before comes first.
func (m *model) complete(text string, cursor int) []query.Candidate {
	v := query.Vocabulary{Used: &m.past.use, Seen: m.seen.values}
	for _, n := range m.status.Nodes {
		v.Nodes = add(v.Nodes, n.Name)
		v.Agents = add(v.Agents, n.Agent)
		v.Netgroups = add(v.Netgroups, n.Netgroup)
	}
	for name := range m.opts.Names {
		v.Names = append(v.Names, name)
	}
	slices.Sort(v.Names)
	return query.Complete(text, cursor, v)
}

// add appends a name that is not there yet.
func add(names []string, name string) []string {
	if name == "" || slices.Contains(names, name) {
		return names
	}
	return append(names, name)
}

// seen are the values of a tab's rows.
type seen struct {
	values  *query.Seen // nil until they are collected
	run     uint64      // the run whose rows they are
	rows    int         // how many rows there were
	running bool
}

// seenCollected brings the values of the rows of a run.
type seenCollected struct {
	tab    *tab
	run    uint64
	rows   int
	values *query.Seen
}

// collectSeen collects the values of the rows here: when they are all here, and while the query is edited also of those
// that are, again when there are twice as many. It returns nil when there is nothing to do.
func (m *model) collectSeen() tea.Cmd {
	t, s := m.tab, &m.seen
	view, _, _ := m.table.Present()
	whole := ended(m.run.progress.State) || m.run.progress.State == client.Following
	if m.mode != modeEdit && !whole || s.running || view == nil || view.Len() == 0 || m.run.res == nil {
		return nil
	}
	n, run := view.Len(), m.run.seq
	grown := n >= 2*s.rows || n > s.rows && ended(m.run.progress.State)
	if run == s.run && (!grown || s.rows >= query.SeenRows) {
		return nil
	}
	s.running = true
	ctx := m.ctx
	return func() tea.Msg {
		values, err := query.CollectSeen(ctx, view)
		if err != nil { // the screen is left
			return nil
		}
		return seenCollected{t, run, n, values}
	}
}

// seenCollected takes the values in. Those of a result that the tab has no more are better than none until
// the next ones are there.
func (m *model) seenCollected(msg seenCollected) {
	if slices.Contains(m.tabs.open, msg.tab) {
		msg.tab.seen = seen{values: msg.values, run: msg.run, rows: msg.rows}
	}
}

// maxUseText bounds how much text of the history is read to count what was used, in bytes, the newest queries first.
const maxUseText = 1 << 20

// usedIn counts the words of queries, which are the newest first.
func usedIn(entries []ihistory.Entry) *query.Use {
	var u query.Use
	read := 0
	for _, e := range entries {
		if read += len(e.Query); read > maxUseText {
			break
		}
		u.Add(e.Query)
	}
	return &u
}
