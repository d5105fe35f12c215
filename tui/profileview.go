package tui

import (
	"fmt"
	gomaps "maps"
	"slices"
	"strings"

	"cxlens/internal/flow"
	"cxlens/query"
	"cxlens/query/profile"
	"cxlens/tui/span"
	"cxlens/tui/sums"
	"cxlens/tui/table"
	"cxlens/tui/timeline"
)

// view is what a profile keeps of a tab: it is taken from the one on the screen and put on it, in this file only.
type view struct {
	query string
	span  span.Span
	order []flow.SortKey
	limit int64 // of rows
	shape table.Shape
	// groups are the columns that are grouped by; metric is what they and the timeline count.
	groups   []flow.Column
	most     int64 // groups at most; 0 leaves it to the program, -1 is no limit
	metric   sums.Metric
	timeline bool
	theme    string // of the tab, "" for that of the screen
}

// view takes the view of a tab. The query is the one that has run, before that the one in its line.
func (t *tab) view() view {
	v := view{
		query: t.run.text, span: t.span, order: t.table.Keys(), limit: t.limit, shape: t.table.Shape(),
		groups: t.Grouping(), most: t.mostGroups, metric: t.timeline.Settings.Metric, timeline: t.timeline.Settings.On,
	}
	if t.run.res == nil {
		v.query = t.bar.Text()
	}
	if t.ownTheme != nil {
		v.theme = t.ownTheme.Name
	}
	return v
}

// put gives a tab a view, but for its query, which is run, and its theme, which is read by a command.
func (t *tab) put(v view) {
	t.span, t.limit = v.span, v.limit
	t.table.Reset(v.order)
	t.table.SetShape(v.shape)
	t.table.SetFilter(nil)
	t.refined = ""
	t.SetGrouping(v.groups)
	t.mostGroups = v.most
	t.timeline.Change(func(s *timeline.Settings) { s.On, s.Metric = v.timeline, v.metric })
}

// viewOf is the view that a profile stands for, with the query and the span filled in. What the profile leaves to the
// program is as in a new tab.
func (m *model) viewOf(p *profile.Profile, text, spanText string) (view, error) {
	v := view{
		query: text, order: []flow.SortKey{{Column: flow.ColStart, Desc: true}}, limit: m.firstLimit(), theme: p.Theme,
		timeline: m.firstTimeline().On, metric: m.firstTimeline().Metric,
	}
	if p.Timeline != "" {
		v.timeline = p.Timeline == "on"
	}
	if p.Metric != "" {
		v.metric, _ = sums.ParseMetric(p.Metric) // Check knows the same names
	}
	var err error
	if v.span, err = span.Parse(spanText, m.now()); err != nil {
		return view{}, fmt.Errorf("span: %w", err)
	}
	if len(p.Order) > 0 {
		if v.order, err = query.ParseShownOrder(p.Order); err != nil {
			return view{}, fmt.Errorf("order: %w", err)
		}
	}
	if v.shape, err = m.shapeOf(p); err != nil {
		return view{}, err
	}
	if len(p.Group) > 0 {
		if v.groups, err = grouping(strings.Join(p.Group, " ")); err != nil {
			return view{}, fmt.Errorf("group: %w", err)
		}
	}
	// The limit of a profile that groups counts groups: applied to flows it would hide most of them.
	switch {
	case len(p.Group) > 0:
		v.most = p.Limit
	case p.Limit != 0:
		v.limit = p.Limit
	}
	return v, nil
}

// shapeOf is how the columns stand that a profile names; one that names none leaves them to the program.
func (m *model) shapeOf(p *profile.Profile) (table.Shape, error) {
	shape := m.newTab("").table.Shape()
	if len(p.Columns) > 0 {
		columns, err := query.ParseShown(p.Columns)
		if err != nil {
			return shape, fmt.Errorf("columns: %w", err)
		}
		shape = table.Shape{Columns: columns}
	}
	if p.Frozen > 0 {
		shape.Frozen = p.Frozen
	}
	if len(p.Widths) > 0 {
		shape.Widths = make(map[flow.Column]int)
	}
	for name, w := range p.Widths {
		c, ok := flow.ParseShown(name)
		if !ok {
			return shape, fmt.Errorf("widths: there is no column %q", name)
		}
		shape.Widths[c] = w
	}
	return shape, nil
}

// firstLimit is the limit of a new tab.
func (m *model) firstLimit() int64 {
	if m.opts.Limit != 0 {
		return m.opts.Limit
	}
	return DefaultLimit
}

// differs lists what is not the same in two views, in the words of the screen.
func (v view) differs(o view) []string {
	var out []string
	for _, part := range []struct {
		name string
		same bool
	}{
		{"query", v.query == o.query},
		{"span", v.span == o.span},
		{"order", slices.Equal(v.order, o.order)},
		{"limit", v.sameLimit(o)},
		{"columns", slices.Equal(v.shape.Columns, o.shape.Columns)},
		{"widths", gomaps.Equal(v.shape.Widths, o.shape.Widths)},
		{"frozen columns", v.shape.Frozen == o.shape.Frozen},
		{"grouping", slices.Equal(v.groups, o.groups)},
		{"metric", v.metric == o.metric},
		{"timeline", v.timeline == o.timeline},
		{"theme", v.theme == o.theme},
	} {
		if !part.same {
			out = append(out, part.name)
		}
	}
	return out
}

// keep returns base with what differs between the view as it was when base ran and as it is now. What stayed the same
// stays as base has it: parameters, and what it leaves to the program.
func (v view) keep(base *profile.Profile, was view) *profile.Profile {
	p := *base
	for _, part := range v.differs(was) {
		switch part {
		case "query":
			p.Query = wholeQuery(v.query)
		case "span":
			p.Span = v.span.Text()
		case "order":
			p.Order = orderNames(v.order)
		case "limit":
			p.Limit = v.savedLimit()
		case "columns":
			p.Columns = columnNames(v.shape.Columns)
		case "widths":
			p.Widths = widthNames(v.shape.Widths)
		case "frozen columns":
			p.Frozen = v.shape.Frozen
		case "grouping":
			p.Group = columnNames(v.groups)
			p.Limit = v.savedLimit() // other groups, or rows in their place: what it counted is gone
		case "metric":
			p.Metric = v.metric.String()
		case "timeline":
			p.Timeline = onOff(v.timeline)
		case "theme":
			p.Theme = v.theme
		}
	}
	p.Forget()
	return &p
}

// asNew is a profile of a view that came of none.
func (v view) asNew() *profile.Profile {
	p := &profile.Profile{
		Query: wholeQuery(v.query), Order: orderNames(v.order), Limit: v.savedLimit(), Columns: columnNames(v.shape.Columns),
		Widths: widthNames(v.shape.Widths), Frozen: v.shape.Frozen, Group: columnNames(v.groups), Metric: v.metric.String(), Timeline: onOff(v.timeline), Theme: v.theme,
	}
	if v.span != (span.Span{}) {
		p.Span = v.span.Text()
	}
	return p
}

// wholeQuery is a query's text as a profile has it.
func wholeQuery(text string) string {
	if strings.TrimSpace(text) == "" {
		return "any"
	}
	return text
}

func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}

// sameLimit compares what a profile's limit counts: groups where there are groups, else rows. Between groups and rows
// there is nothing to compare.
func (v view) sameLimit(o view) bool {
	switch {
	case len(v.groups) > 0 && len(o.groups) > 0:
		return v.most == o.most
	case len(v.groups) > 0 || len(o.groups) > 0:
		return true
	}
	return v.limit == o.limit || v.limit <= 0 && o.limit <= 0
}

// savedLimit is the limit as a profile has it: of groups where there are groups, else of rows.
func (v view) savedLimit() int64 {
	switch {
	case len(v.groups) > 0:
		return v.most
	case v.limit <= 0:
		return -1
	}
	return v.limit
}

func orderNames(keys []flow.SortKey) []string {
	names := make([]string, len(keys))
	for i, k := range keys {
		names[i] = k.String()
	}
	return names
}

func columnNames(cols []flow.Column) []string {
	names := make([]string, len(cols))
	for i, c := range cols {
		names[i] = c.String()
	}
	return names
}

func widthNames(widths map[flow.Column]int) map[string]int {
	names := make(map[string]int, len(widths))
	for c, w := range widths {
		names[c.String()] = w
	}
	return names
}
