package tui

import (
	"net/netip"
	"slices"

	tea "charm.land/bubbletea/v2"

	"cxlens/internal/lookup"
	"cxlens/themes"
	"cxlens/tui/keymap"
	"cxlens/tui/table"
)

// The actions of the names beside addresses.
const (
	actNames = "names.next"
	actDNS   = "names.dns"
)

const dnsHelp = "DNS look-ups on or off, for this run"

// nameKeys are the bindings of the names beside addresses.
func nameKeys() keymap.Map {
	return keymap.Map{Pane: "names", Bindings: []keymap.Binding{
		{ID: actNames, Keys: []string{"N"}, Help: "names beside addresses: off, networks, all"},
		{ID: actDNS, Help: dnsHelp, Why: "the configuration does not allow DNS look-ups; dns = true under [names] does"},
	}}
}

// maxLabels is how many labels are kept; the visible addresses are a few hundred at most.
const maxLabels = 4096

// labels are what stands beside addresses in the tables of all tabs.
type labels struct {
	show lookup.Show
	kept map[netip.Addr][]table.Piece
}

// label is what stands beside an address, the most important first.
func (m *model) label(a netip.Addr) []table.Piece {
	if pieces, ok := m.labels.kept[a]; ok {
		return pieces
	}
	if m.labels.kept == nil || len(m.labels.kept) >= maxLabels {
		m.labels.kept = make(map[netip.Addr][]table.Piece)
	}
	pieces := m.about().pieces(a, m.labels.show)
	m.labels.kept[a] = pieces
	return pieces
}

// pieces are what is known of an address and shown.
func (k about) pieces(a netip.Addr, show lookup.Show) []table.Piece {
	var pieces []table.Piece
	s := &k.settings
	if names := s.Networks.Of(a); len(names) > 0 {
		token := themes.NetOther
		if s.IsOwn(names) {
			token = themes.NetOwn
		}
		pieces = append(pieces, table.Piece{Text: names[0], Token: token})
	}
	if show != lookup.ShowAll {
		return pieces
	}
	if p := k.files.Of(a); p.Country != "" {
		pieces = append(pieces, table.Piece{Text: p.Country, Token: themes.HostName})
	}
	if h, _ := k.hosts.Of(a); len(h.Names) > 0 {
		pieces = append(pieces, table.Piece{Text: h.Names[0], Token: themes.HostName})
	}
	return pieces
}

// relabel gives the tables the labels that are shown now.
func (m *model) relabel() {
	for _, t := range slices.Concat(m.tabs.open, m.tabs.closed) {
		m.labelTable(t.table)
	}
	m.forgetLabels()
}

// forgetLabels has everything that shows what is known of addresses drawn anew: more is known.
func (m *model) forgetLabels() {
	m.labels.kept = nil
	for _, t := range m.tabs.open {
		t.table.Relabel()
	}
}

func (m *model) labelTable(t *table.Model) {
	if m.labels.show == lookup.ShowOff {
		t.SetLabels(nil)
	} else {
		t.SetLabels(m.label)
	}
}

// actLabels runs an action of the names.
func (m *model) actLabels(id string) (tea.Cmd, bool) {
	if id == actDNS {
		return nil, m.toggleDNS()
	}
	m.labels.show = m.labels.show.Next()
	if !m.asksDNS() {
		m.stopLookups()
	}
	m.relabel()
	m.tell("names beside addresses: " + m.namesState())
	return nil, true
}

// namesState says what stands beside addresses.
func (m *model) namesState() string {
	m.table.View() // it knows what found room then
	text := m.labels.show.String()
	if m.asksDNS() {
		text += ", DNS look-ups on"
	}
	if _, ok := m.table.Cursor(); ok && m.labels.show != lookup.ShowOff && !m.table.Labelled() {
		text += "; none known here or no room, " + m.keys.screen.KeyOf(actColumns) + " hides columns"
	}
	return text
}

// withState is a map of bindings with what is shown now in its help.
func (m *model) withState(km keymap.Map) keymap.Map {
	km.Bindings = append([]keymap.Binding(nil), km.Bindings...)
	for i, b := range km.Bindings {
		switch {
		case b.ID == actNames:
			km.Bindings[i].Help += " (now " + m.labels.show.String() + ")"
		case b.ID == actDNS && m.asksDNS():
			km.Bindings[i].Help += " (now on)"
		case b.ID == actDNS:
			km.Bindings[i].Help += " (now off)"
		}
	}
	return km
}
