package tui

import (
	"fmt"

	"cxlens/internal/opentabs"
	"cxlens/query/profile"
	"cxlens/themes"
	"cxlens/tui/sums"
)

// tabThings are what tabs of the last time name and files have.
type tabThings struct {
	profiles map[string]profile.Entry
	themes   map[string]*themes.Theme
	// Why those that are not among them cannot be read.
	noProfile, noTheme map[string]error
}

// tabFinder returns what looks for the profiles and themes that tabs name, in a command. What is gone or damaged
// is left out, with the reason: the tabs work without.
func (m *model) tabFinder() func(opentabs.Set) tabThings {
	store, loader := m.opts.Profiles, m.opts.Themes
	return func(set opentabs.Set) tabThings {
		found := tabThings{make(map[string]profile.Entry), make(map[string]*themes.Theme), make(map[string]error), make(map[string]error)}
		for _, t := range set.Tabs {
			found.addTheme(loader, t.Theme)
			if t.Profile != nil {
				found.addProfile(store, t.Profile.Name)
			}
		}
		return found
	}
}

// kept is a view as a file has it.
func (v view) kept() opentabs.View {
	p := v.asNew()
	return opentabs.View{
		Query: v.query, Span: v.span.Text(), Limit: v.limit, Order: p.Order, Columns: p.Columns, Widths: p.Widths, Frozen: p.Frozen,
		Group: p.Group, Groups: v.most, Metric: p.Metric, Timeline: v.timeline, Theme: v.theme,
	}
}

// viewKept is the view that a file has.
func (m *model) viewKept(o opentabs.View) (view, error) {
	if _, ok := sums.ParseMetric(o.Metric); !ok {
		return view{}, fmt.Errorf("metric: there is no %q", o.Metric)
	}
	v, err := m.viewOf(&profile.Profile{
		Order: o.Order, Columns: o.Columns, Widths: o.Widths, Frozen: o.Frozen, Group: o.Group, Metric: o.Metric, Timeline: onOff(o.Timeline), Theme: o.Theme,
	}, o.Query, o.Span)
	v.limit, v.most = o.Limit, o.Groups
	if len(o.Order) == 0 {
		v.order = nil // a profile without an order leaves it to the program, a table may have none
	}
	return v, err
}

// kept is the profile of a tab as a file has it, nil for none.
func (s *savedView) kept() *opentabs.Profile {
	if s == nil {
		return nil
	}
	return &opentabs.Profile{Name: s.entry.Name, Sum: s.entry.Sum(), Was: s.was.kept()}
}

// runsAgain gives a tab of the last time its profile back, as long as that holds what it held: against another one
// what a person changed in the tab could not be told.
func (m *model) runsAgain(t *tab, o *opentabs.Profile, found tabThings) {
	if o == nil {
		return
	}
	e, ok := found.profiles[o.Name]
	was, err := m.viewKept(o.Was)
	if !ok || err != nil || e.Sum() != o.Sum {
		m.sayProfileGone(o.Name, found)
		return
	}
	if t.ownTheme == nil {
		was.theme = "" // one that cannot be read was not changed by anybody
	}
	t.saved = &savedView{entry: e, was: was}
}
