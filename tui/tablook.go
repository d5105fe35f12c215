package tui

import (
	"fmt"

	"cxlens/internal/flow"
	"cxlens/internal/opentabs"
	"cxlens/tui/facets"
	"cxlens/tui/sums"
	"cxlens/tui/timeline"
)

// tabLook is what a tab shows beyond the view that a profile has: it comes back with the tab, and no profile changes it.
type tabLook struct {
	bars   timeline.Settings // On and Metric are the view's
	exact  bool
	column flow.Column // under the cursor
	groups groupLook
}

// look takes the look of a tab.
func (t *tab) look() tabLook {
	return tabLook{bars: t.timeline.Settings, exact: t.table.Exact(), column: t.table.Column(), groups: t.groupLook}
}

// kept is a look as a file has it.
func (l tabLook) kept() *opentabs.Look {
	return &opentabs.Look{
		Stack: l.bars.StackName(), Style: l.bars.Style.String(), Lanes: l.bars.Lanes, Height: l.bars.Height,
		Exact: l.exact, Column: l.column.String(),
		GroupMetric: l.groups.metric.String(), GroupOrder: l.groups.order, Counts: l.groups.scope.String(), Singles: l.groups.singles,
	}
}

// lookKept gives a tab the look that a file has; nil leaves it as that of a new one. A terminal without blocks keeps
// its bars of ASCII.
func (m *model) lookKept(t *tab, o *opentabs.Look) error {
	if o == nil {
		return nil
	}
	by, err := timeline.ParseStack(o.Stack)
	if err != nil {
		return err
	}
	style, ok := timeline.ParseStyle(o.Style)
	switch {
	case !ok:
		return fmt.Errorf("there are no bars of %.40q", flow.Clean(o.Style))
	case m.opts.ASCII:
		style = timeline.ASCII
	case o.Height < 0 || o.Height > timeline.MaxHeight:
		return fmt.Errorf("a timeline of %d lines: it has 1 to %d", o.Height, timeline.MaxHeight)
	}
	column, ok := flow.ParseShown(o.Column)
	if !ok {
		return fmt.Errorf("there is no column %.40q", flow.Clean(o.Column))
	}
	metric, ok := sums.ParseMetric(o.GroupMetric)
	scope, known := facets.ParseScope(o.Counts)
	if !ok || !known && o.Counts != "" {
		return fmt.Errorf("groups of %.40q and %.40q: neither a metric nor what is counted", flow.Clean(o.GroupMetric), flow.Clean(o.Counts))
	}
	t.groupLook = groupLook{metric, o.GroupOrder, scope, o.Singles}
	t.timeline.Change(func(s *timeline.Settings) { s.By, s.Style, s.Lanes, s.Height = by, style, o.Lanes, o.Height })
	t.table.SetExact(o.Exact)
	t.table.SetColumn(column)
	return nil
}
