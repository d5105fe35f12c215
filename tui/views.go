package tui

import (
	tea "charm.land/bubbletea/v2"

	"cxlens/internal/flow"
	"cxlens/tui/facets"
	"cxlens/tui/keymap"
	"cxlens/tui/timeline"
)

// views are what a tab shows beside its rows.
type views struct {
	timeline *timeline.Model
	times    times
	part     refinedTimes

	facets   *listing // the top values that are shown, nil for none
	grouping []flow.Column
	// mostGroups is how many groups of grouping are listed at most; 0 leaves it to the program, -1 is no limit.
	mostGroups int64
	groupLook  groupLook
	groups     *listing // of grouping, nil while nothing was asked
}

func (m *model) newViews() views {
	return views{timeline: timeline.New(m.keys.timeline, m.firstTimeline())}
}

// like takes over how another tab is looked at.
func (v *views) like(o *views) { v.timeline.Settings = o.timeline.Settings }

// wantViews asks for what the views of the tab on the screen show, where it is not here.
func (m *model) wantViews() tea.Cmd {
	return tea.Batch(m.wantTimeline(), m.wantRefined(), m.wantGroups(), m.wantFacets())
}

// dropAsks ends what a tab asks beside its rows.
func (v *views) dropAsks() {
	v.times.ask.drop()
	v.times = times{}
	v.part.drop()
	v.facets.drop()
	v.groups.drop()
	v.facets, v.groups = nil, nil
}

// The views beside the rows: the timeline above them, the top values of a column, and groups.
const (
	actTimeline = "view.timeline"
	actZoom     = "view.timeline-zoom"
	actFacets   = "view.top-values"
	actGroup    = "view.group"
	actGroupBy  = "view.group-by"
)

// viewKeys are the bindings of the views.
func viewKeys() keymap.Map {
	return keymap.Map{Pane: "views", Bindings: []keymap.Binding{
		{ID: actTimeline, Keys: []string{"T"}, Help: "show or hide the timeline"},
		{ID: actZoom, Keys: []string{"z"}, Help: "select a span on the timeline"},
		{ID: actFacets, Keys: []string{"t"}, Help: "top values of this column", Why: noQuery},
		{ID: actGroup, Keys: []string{"b"}, Help: "group by this column", Why: noQuery},
		{ID: actGroupBy, Keys: []string{"A"}, Help: "choose the columns to group by", Why: noQuery},
	}}
}

const noQuery = "no query has run yet"

// viewMaps are the bindings of the views; in AllKeys they come last.
type viewMaps struct{ views, timeline, facets keymap.Map }

func viewKeyMaps() []keymap.Map { return []keymap.Map{viewKeys(), timeline.Keys(), facets.Keys()} }

func takeViewMaps(all []keymap.Map) viewMaps {
	own := all[len(all)-len(viewKeyMaps()):]
	return viewMaps{views: own[0], timeline: own[1], facets: own[2]}
}

// actView runs an action of the views.
func (m *model) actView(id string) (tea.Cmd, bool) {
	switch id {
	case actTimeline:
		m.toggleTimeline()
	case actZoom:
		m.enterTimeline()
	case actFacets:
		return m.openFacets()
	case actGroup:
		return m.groupHere()
	case actGroupBy:
		return nil, m.chooseGrouping()
	}
	return nil, true
}
