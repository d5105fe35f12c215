package tui

import (
	"slices"

	"cxlens/query"
)

// complete lists what may stand at the cursor of the query line; nodes, agents and netgroups are
// those that the server reports.
func (m *model) complete(text string, cursor int) []query.Candidate {
	var v query.Vocabulary
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
