package tui

import (
	tea "charm.land/bubbletea/v2"

	"cxlens/tui/keymap"
	"cxlens/tui/timeline"
)

// views are what a tab shows beside its rows.
type views struct {
	timeline *timeline.Model
	times    times
}

func (m *model) newViews() views {
	return views{timeline: timeline.New(m.keys.timeline, m.firstTimeline())}
}

// like takes over how another tab is looked at.
func (v *views) like(o *views) { v.timeline.Settings = o.timeline.Settings }

// wantViews asks for what the views of the tab on the screen show, where it is not here.
func (m *model) wantViews() tea.Cmd { return m.wantTimeline() }

// dropAsks ends what a tab asks beside its rows.
func (v *views) dropAsks() {
	v.times.ask.drop()
	v.times = times{}
}

// The views beside the rows: the timeline above them, the top values of a column, and groups.
const (
	actTimeline = "view.timeline"
	actZoom     = "view.timeline-zoom"
)

// viewKeys are the bindings of the views.
func viewKeys() keymap.Map {
	return keymap.Map{Pane: "views", Bindings: []keymap.Binding{
		{ID: actTimeline, Keys: []string{"T"}, Help: "show or hide the timeline"},
		{ID: actZoom, Keys: []string{"z"}, Help: "select a span on the timeline"},
	}}
}

// viewMaps are the bindings of the views; in AllKeys they come last.
type viewMaps struct{ views, timeline keymap.Map }

func viewKeyMaps() []keymap.Map { return []keymap.Map{viewKeys(), timeline.Keys()} }

func takeViewMaps(all []keymap.Map) viewMaps {
	own := all[len(all)-len(viewKeyMaps()):]
	return viewMaps{views: own[0], timeline: own[1]}
}

// actView runs an action of the views.
func (m *model) actView(id string) (tea.Cmd, bool) {
	switch id {
	case actTimeline:
		m.toggleTimeline()
	case actZoom:
		m.enterTimeline()
	}
	return nil, true
}
