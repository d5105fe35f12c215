package tui

import (
	"fmt"
	"time"

	"cxlens/client"
	"cxlens/themes"
	"cxlens/tui/human"
	"cxlens/tui/span"
)

// stored is what the nodes say the server holds of their flows; known is false while no node has said anything.
type stored struct {
	flows       uint64
	first, last time.Time // start of the first and of the last flow, zero where no node says it
	known       bool
}

func (m *model) stored() stored {
	s := stored{known: m.status.HasNodes}
	for _, n := range m.status.Nodes {
		s.flows += n.Flows
		if !n.Oldest.IsZero() && (s.first.IsZero() || n.Oldest.Before(s.first)) {
			s.first = n.Oldest
		}
		if n.Newest.After(s.last) {
			s.last = n.Newest
		}
	}
	return s
}

func (s stored) empty() bool { return s.flows == 0 && s.last.IsZero() }

// whyNone says what is known about an answer without flows: what was asked of which time, what the server holds,
// which nodes may be missing, and what to do.
func (m *model) whyNone() []emptyLine {
	s := m.stored()
	lines := []emptyLine{{m.whatWasAsked(s), themes.Text}}
	if m.read.goesOn() {
		lines = append(lines, emptyLine{"· files are still being read", themes.Warning})
	}
	for _, why := range m.whatIsStored(s) {
		lines = append(lines, emptyLine{"· " + why, themes.Warning})
	}
	for _, n := range m.status.Nodes {
		if n.State == "offline" || n.State == "late" || n.State == "never" {
			lines = append(lines, emptyLine{fmt.Sprintf("· node %s is %s, last seen %s", n.Name, n.State, human.Ago(m.now(), n.LastSeen)), themes.Warning})
		}
	}
	return append(lines, emptyLine{m.whatToDo(s), themes.Muted})
}

// whatWasAsked says the query and its span in a sentence; "any" is no condition, and all time no span.
func (m *model) whatWasAsked(s stored) string {
	all, every := m.run.span == (span.Span{}), queryText(m.run.text) == "any"
	var text string
	switch {
	case every && all:
		text = "there are no flows"
	case every:
		text = "no flow starts in the span " + m.run.span.String()
	case all:
		text = "no flow at any time matches " + queryText(m.run.text)
	default:
		text = "in the span " + m.run.span.String() + " no flow matches " + queryText(m.run.text)
	}
	switch {
	case m.run.progress.State == client.Following:
		return text + " yet; new ones are shown as they come"
	case every && all && s.known && !s.empty():
		return "there were no flows when the query ran"
	}
	return text
}

// whatIsStored says how many flows the server holds and of which time, and whether the span misses them all.
func (m *model) whatIsStored(s stored) []string {
	switch {
	case !s.known:
		return nil
	case len(m.status.Nodes) == 0:
		return []string{"no node has brought flows to this server yet"}
	case s.empty():
		return []string{"the server has no flows yet"}
	case s.last.IsZero():
		return []string{fmt.Sprintf("the server has %s", human.Plural(int(s.flows), "flow"))}
	}
	at := func(t time.Time) string { return t.In(m.table.Zone()).Format("2006-01-02 15:04:05") }
	from, to := m.run.span.Bounds(m.run.began)
	side := ""
	switch {
	case !from.IsZero() && s.last.Before(from):
		side = "before the span"
	case !to.IsZero() && !s.first.Before(to):
		side = "after the span"
	}
	has := "the server has 1 flow, which starts at " + at(s.last)
	if s.flows != 1 {
		has = fmt.Sprintf("the server has %s, which start from %s to %s", human.Plural(int(s.flows), "flow"), at(s.first), at(s.last))
	}
	switch {
	case side == "":
		return []string{has}
	case s.flows == 1:
		return []string{has + ", " + side}
	}
	return []string{has + ", all " + side}
}

// whatToDo names the keys that lead on.
func (m *model) whatToDo(s stored) string {
	key := m.keys.screen.KeyOf
	edit := key(actEdit) + " edits the query"
	switch {
	case s.known && s.empty():
		return key(actAgain) + " asks again once a node has brought flows"
	case m.run.span != (span.Span{}):
		return key(actSpan) + " changes the span (all: at any time), " + edit
	case queryText(m.run.text) == "any":
		return key(actAgain) + " asks again"
	}
	return edit + ", " + key(actForm) + " opens it as a form"
}
