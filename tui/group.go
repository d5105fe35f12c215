package tui

import (
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"cxlens/internal/flow"
	"cxlens/query"
	"cxlens/tui/facets"
	"cxlens/tui/prompt"
	"cxlens/tui/sums"
)

// maxGrouping is by how many columns the screen groups at most: more have no room.
const maxGrouping = 6

// Grouping is the columns that the tab groups by, nil for rows.
func (v *views) Grouping() []flow.Column { return slices.Clone(v.grouping) }

// SetGrouping shows groups by columns in the place of the rows, nil for the rows. Which groups a limit leaves out is
// another question for other columns, and so it goes.
func (v *views) SetGrouping(by []flow.Column) {
	v.groups.drop()
	v.groups, v.grouping, v.mostGroups = nil, slices.Clone(by), 0
}

// groupLook is how groups are listed: it stays for the groups of the next query.
type groupLook struct {
	metric sums.Metric // the groups with most of it
	order  string      // as facets.Model.Order writes it; "" is that of the timeline's metric
	scope  facets.Scope

	singles bool // of columns that have steps, too
}

// ungroup shows the rows again; it tells whether there were groups.
func (v *views) ungroup() bool {
	was := len(v.grouping) > 0
	v.SetGrouping(nil)
	return was
}

// onGroups tells whether groups have the keyboard.
func (m *model) onGroups() bool { return m.mode == modeFlows && m.groups != nil }

// wantGroups asks for the groups of the present query.
func (m *model) wantGroups() tea.Cmd {
	if len(m.grouping) == 0 || m.run.res == nil || m.src == nil {
		return nil
	}
	if m.groups != nil {
		m.groupLook = groupLook{m.groups.list.Metric(), m.groups.list.Order(), m.groups.list.Scope(), m.groups.list.Singles()}
		if req, err := m.scoped(m.groupLook.scope); err != nil || m.groups.run == m.run.seq && m.groups.text == req.Query {
			return m.refreshListing(m.groups)
		}
	}
	look := m.groupLook
	if look.order == "" {
		look.metric = m.timeline.Metric
	}
	l, cmd, err := m.newListing(m.grouping, look, listedAtMost(m.mostGroups))
	if err != nil {
		m.fail(err)
		m.ungroup()
		return nil
	}
	m.groups.drop()
	m.groups = l
	return cmd
}

// groupHere groups by the column under the cursor, or asks for the columns when there are groups already.
func (m *model) groupHere() (tea.Cmd, bool) {
	if m.src == nil || m.run.res == nil {
		return nil, false
	}
	if len(m.grouping) > 0 {
		return nil, m.chooseGrouping()
	}
	if m.screenOnly("grouped by") {
		return nil, true
	}
	m.SetGrouping([]flow.Column{m.table.Column()})
	m.groupLook = groupLook{}
	m.toFlows()
	m.tell("grouped by " + m.table.Column().String() + "; " + m.keys.views.KeyOf(actGroupBy) + " adds columns, " + m.keys.facets.KeyOf(facets.Leave) + " shows the rows")
	return nil, true
}

// chooseGrouping asks for the columns to group by.
func (m *model) chooseGrouping() bool {
	if m.src == nil || m.run.res == nil {
		return false
	}
	names := make([]string, len(m.grouping))
	for i, c := range m.grouping {
		names[i] = c.String()
	}
	if len(names) > 0 {
		names = append(names, "")
	}
	m.prompt = prompt.New(m.keys.prompt, "group by columns", strings.Join(names, ", "),
		"names of columns such as proto, dst_port, src_ip, service, state, node;", "empty shows the rows")
	m.prompt.Extend()
	m.prompt.Leave = m.toFlows
	m.prompt.Accept = func(text string) (tea.Cmd, error) {
		by, err := grouping(text)
		if err != nil {
			return nil, err
		}
		m.SetGrouping(by)
		m.toFlows()
		return nil, nil
	}
	m.mode = modePrompt
	return true
}

// grouping reads the names of columns, with blanks or commas between them.
func grouping(text string) ([]flow.Column, error) {
	by, err := query.ParseColumns(strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == ',' }))
	if err != nil {
		return nil, err
	}
	for i, c := range by {
		if slices.Contains(by[:i], c) {
			return nil, fmt.Errorf("%s is there twice", c)
		}
	}
	if len(by) > maxGrouping {
		return nil, fmt.Errorf("these are %d columns; at most %d have room", len(by), maxGrouping)
	}
	return by, nil
}

// actGroups runs an action of the groups in the place of the rows.
func (m *model) actGroups(id string) (tea.Cmd, bool) {
	if m.groups == nil {
		m.warn("there are no groups here; " + m.keys.views.KeyOf(actGroup) + " groups by the column under the cursor")
		return nil, true
	}
	if id == facets.Leave && !m.groups.list.Widen() {
		m.ungroup()
		return nil, true
	}
	return m.actListing(m.groups, id)
}

// groupPane is the groups in the place of the rows, and where their cursor stands.
func (m *model) groupPane(w, h int) (pane []string, x, y int) {
	return m.formListing(m.groups).Pane(m.look, w, h)
}

// wheelGroups scrolls the groups by the wheel.
func (m *model) wheelGroups(at tea.Mouse) {
	switch at.Button {
	case tea.MouseWheelUp:
		m.groups.list.Scroll(-wheelRows)
	case tea.MouseWheelDown:
		m.groups.list.Scroll(wheelRows)
	}
}
