package tui

import (
	"errors"

	tea "charm.land/bubbletea/v2"

	"cxlens/client"
	"cxlens/tui/facets"
)

// askedNote says of a list whose answer of the server is not here whether it can come. A question that is asked
// without a connection waits for one.
func (m *model) askedNote() string {
	if m.status.Phase == client.Online {
		return "the server is asked for all matches…"
	}
	return "the server is not connected: the counts are of the rows here"
}

// errLostHere is what a list says whose question was lost with the connection.
var errLostHere = errors.New("the connection was lost: the counts are of the rows here")

// asked tells whether an answer of the server is awaited.
func (l *listing) asked() bool { return l.top != nil || l.sum != nil }

// listings are the lists on the screen.
func (m *model) listings() (all []*listing) {
	for _, l := range []*listing{m.facets, m.groups} {
		if l != nil {
			all = append(all, l)
		}
	}
	return all
}

// retellListings says of the lists that wait for the server how the connection stands now, and asks again for those
// whose question was lost with it.
func (m *model) retellListings() tea.Cmd {
	var cmds []tea.Cmd
	for _, l := range m.listings() {
		switch {
		case l.whole:
		case l.lost && l.list.Scope() != facets.OfHere && m.status.Phase == client.Online:
			cmds = append(cmds, m.askListing(l))
		case l.asked() && !l.adding: // what is being summed up says the same with its next step
			l.list.Say(m.askedNote())
		}
	}
	return tea.Batch(cmds...)
}
