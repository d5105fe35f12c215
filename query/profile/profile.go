package profile

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"cxlens/internal/flow"
	"cxlens/query"
)

// Profile is a saved view. Its zero value with a Query is a profile.
type Profile struct {
	// Description says in one line what the profile is for.
	Description string
	// Query is text of the query language; it may hold $name and ?name.
	Query string
	// Span is read by query.ParseSpan; ?name in it is a parameter of type time or duration. "" is all time.
	Span string
	// Order are columns, "-" before a descending one.
	Order []string
	// Limit is how many rows, or groups, come at most; 0 leaves it to the program, -1 is none.
	Limit int64
	// Columns are shown, in this order; none leaves them to the program.
	Columns []string
	// Widths are the columns' widths in cells of a terminal, where they are not left to the program.
	Widths map[string]int
	// Frozen is how many of the first columns stay while the others scroll.
	Frozen int
	// Group are the columns that the flows are grouped by, none for single flows.
	Group []string
	// Metric is what groups and the timeline count: flows (also ""), bytes or packets.
	Metric string
	// Timeline says whether the timeline is shown: on, off, or "" to leave it to the program.
	Timeline string
	// Theme is the name of a theme that differs from the configured one.
	Theme string
	// Parameters say more about the ?name of Query and Span.
	Parameters map[string]Parameter

	extra map[string]any // keys that are not known here, kept for whoever knows them
}

// Parameter is a ?name of a profile.
type Parameter struct {
	Type    Type   // 0: what the place in the query asks for
	Prompt  string // what a person is asked; "" is the name
	Default string // the value when none is given, "" for none; see Profile.Bind

	extra map[string]any
}

// maxWidth is the widest column.
const maxWidth = 1000

// Unknown lists the keys that are not known here, sorted.
func (p *Profile) Unknown() []string {
	keys := slices.Collect(maps.Keys(p.extra))
	for name, param := range p.Parameters {
		for k := range param.extra {
			keys = append(keys, "parameters."+name+"."+k)
		}
	}
	slices.Sort(keys)
	return keys
}

// Forget drops what is said of parameters that neither the query nor the span has any more.
func (p *Profile) Forget() {
	asks, err := p.Asks()
	if err != nil {
		return // Check says what is wrong with the query
	}
	p.Parameters = maps.Clone(p.Parameters)
	maps.DeleteFunc(p.Parameters, func(name string, _ Parameter) bool {
		return !slices.ContainsFunc(asks, func(a Ask) bool { return a.Name == name })
	})
}

// Check finds what is wrong with a profile. Errors begin with the key.
func (p *Profile) Check() error {
	if p.Query == "" {
		return errors.New(`query: it is missing; "any" is every flow`)
	}
	q, err := query.Parse(p.Query)
	if err != nil {
		return fmt.Errorf("query: %w", err)
	}
	if strings.ContainsAny(p.Description, "\r\n") {
		return errors.New("description: it has more than one line")
	}
	if err := p.checkColumns(); err != nil {
		return err
	}
	switch p.Metric {
	case "", query.MetricFlows, query.MetricBytes, query.MetricPackets:
	default:
		return fmt.Errorf("metric: %q is none of flows, bytes and packets", p.Metric)
	}
	switch p.Timeline {
	case "", "on", "off":
	default:
		return fmt.Errorf("timeline: %q is neither on nor off", p.Timeline)
	}
	if strings.ContainsAny(p.Theme, `/\`) || strings.HasPrefix(p.Theme, ".") {
		return fmt.Errorf("theme: %q: a theme is named without folders", p.Theme)
	}
	if p.Limit < -1 {
		return fmt.Errorf("limit: %d is neither a number of rows nor -1 for none", p.Limit)
	}
	asks := p.asks(q)
	if err := p.checkParameters(asks); err != nil {
		return err
	}
	return p.checkSpan(asks)
}

func (p *Profile) checkColumns() error {
	if _, err := query.ParseShownOrder(p.Order); err != nil {
		return fmt.Errorf("order: %w", err)
	}
	for _, list := range []struct {
		key   string
		names []string
		most  int
	}{{"columns", p.Columns, int(flow.NumShown)}, {"group", p.Group, query.MaxKeys}, {"order", p.Order, query.MaxKeys}} {
		if len(list.names) > list.most {
			return fmt.Errorf("%s: %d columns, at most %d", list.key, len(list.names), list.most)
		}
		for i, name := range list.names {
			if slices.Contains(list.names[:i], name) {
				return fmt.Errorf("%s: %q stands twice", list.key, name)
			}
		}
	}
	if _, err := query.ParseShown(p.Columns); err != nil {
		return fmt.Errorf("columns: %w", err)
	}
	if _, err := query.ParseColumns(p.Group); err != nil {
		return fmt.Errorf("group: %w", err)
	}
	for _, name := range slices.Sorted(maps.Keys(p.Widths)) {
		if _, err := query.ParseShown([]string{name}); err != nil {
			return fmt.Errorf("widths: %w", err)
		}
		if w := p.Widths[name]; w < 1 || w > maxWidth {
			return fmt.Errorf("widths.%s: %d is out of range, 1 to %d", name, w, maxWidth)
		}
	}
	if p.Frozen < 0 || p.Frozen >= int(flow.NumShown) || len(p.Columns) > 0 && p.Frozen >= len(p.Columns) {
		return fmt.Errorf("frozen: %d: at least one of the columns has to scroll", p.Frozen)
	}
	return nil
}

// checkSpan reads a span without parameters, or with all of their defaults.
func (p *Profile) checkSpan(asks []Ask) error {
	now := time.Now() // only for whether it can be read
	for _, a := range asks {
		if a.inSpan && a.Default == "" {
			return nil
		}
	}
	if _, _, err := p.bindSpan(asks, nil, now); err != nil {
		return fmt.Errorf("span: %w", err)
	}
	return nil
}
