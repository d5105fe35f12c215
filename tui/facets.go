package tui

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	tea "charm.land/bubbletea/v2"

	iexport "cxlens/internal/export"
	"cxlens/internal/flow"
	"cxlens/query/pivot"
	"cxlens/tui/export"
	"cxlens/tui/facets"
	"cxlens/tui/human"
	"cxlens/tui/keymap"
	"cxlens/tui/prompt"
)

// openFacets lists the top values of the column under the cursor.
func (m *model) openFacets() (tea.Cmd, bool) {
	if m.src == nil || m.run.res == nil {
		return nil, false
	}
	if m.screenOnly("counted") {
		return nil, true
	}
	m.facets.drop()
	l, cmd, err := m.newListing([]flow.Column{m.table.Column()}, groupLook{metric: m.timeline.Metric}, listedMost)
	if err != nil {
		m.fail(err)
		return nil, true
	}
	m.facets, m.mode = l, modeFacets
	return cmd, true
}

// wantFacets sums up the rows here that the box is about, when they were not known before.
func (m *model) wantFacets() tea.Cmd {
	if m.facets == nil || m.facets.list.Scope() != facets.OfHere || m.facets.of.View != nil {
		return nil
	}
	return m.refreshListing(m.facets)
}

func (m *model) closeFacets() {
	m.facets.drop()
	m.facets = nil
	m.toFlows()
}

// facetsInput is a key or a paste for the box of top values.
func (m *model) facetsInput(msg tea.Msg) tea.Cmd {
	l := m.facets.list
	key, ok := msg.(tea.KeyPressMsg)
	if l.Narrowing() {
		m.idle(l.Type(msg))
		return nil
	}
	if !ok {
		return nil
	}
	b, ok := m.keys.facets.Lookup(key.String())
	if !ok {
		if key.String() == "ctrl+c" || key.String() == "q" || key.String() == "t" {
			m.closeFacets()
			return nil
		}
		m.warn(keymap.Show(key.String()) + " has no action in the top values; " + m.keys.facets.KeyOf(facets.Leave) + " leaves them")
		return nil
	}
	if b.ID == facets.Leave && !l.Widen() {
		m.closeFacets()
		return nil
	}
	cmd, ok := m.actListing(m.facets, b.ID)
	if !ok {
		m.warn(b.Why)
	}
	return cmd
}

// actListing runs an action of a list of values or groups.
func (m *model) actListing(l *listing, id string) (tea.Cmd, bool) {
	switch id {
	case facets.Leave:
		return nil, true
	case facets.Metric:
		l.list.SortBy(l.list.NextMetric())
		return m.reorder(l), true
	case facets.Sort:
		if l.list.SortChosen() {
			return m.reorder(l), true
		}
		return nil, true
	case facets.Scopes:
		return m.nextScope(l), true
	case facets.Steps:
		return m.turnSteps(l)
	case facets.More:
		return m.listMore(l)
	}
	g, ok := l.list.Current()
	switch id {
	case facets.Include, facets.Only, facets.Exclude, facets.Aside, facets.Copy, facets.CopyAll, facets.Export:
		if !ok {
			return nil, false
		}
	default:
		return nil, l.list.Do(id)
	}
	switch id {
	case facets.Aside:
		m.aside = !m.aside
		if m.aside {
			m.tell("the next value opens in a new tab; " + m.keys.facets.KeyOf(facets.Aside) + " again takes that back")
		} else {
			m.tell("the next value opens in this tab again")
		}
		return nil, true
	case facets.Copy:
		return m.copy(strings.Join(g.Values, "\t"), true)
	case facets.CopyAll:
		return m.copyListing(l), true
	case facets.Export:
		m.exportListing(l)
		return nil, true
	}
	return m.pivotGroup(l, g, id), true
}

// pivotGroup joins the term of a value or group with the query.
func (m *model) pivotGroup(l *listing, g facets.Group, id string) tea.Cmd {
	terms := pivot.Values
	if l.list.InSteps() {
		terms = pivot.Steps
	}
	term, err := terms(l.list.By(), g.Values)
	if err != nil {
		m.warn(err.Error())
		return nil
	}
	join, what := joining(pivot.Include), "included "
	switch id {
	case facets.Only:
		join, what = onlyTerm, "only "
	case facets.Exclude:
		join, what = pivot.Exclude, "excluded "
	}
	q, text, ok := m.joined(term, join)
	if !ok {
		return nil
	}
	return m.pivoted(q, what+text, func() {
		m.ungroup()
		if id == facets.Only {
			m.refined = ""
			m.table.SetFilter(nil)
		}
	})
}

// copyListing puts the list on the clipboard as CSV, if it is not more than terminals take.
func (m *model) copyListing(l *listing) tea.Cmd {
	columns, rows := l.list.Rows()
	var b strings.Builder
	if err := iexport.WriteValues(&b, iexport.SafeCSV, columns, rows); err != nil {
		m.fail(err)
		return nil
	}
	if b.Len() > export.MostCopied {
		m.warn(fmt.Sprintf("%s are %s, more than a terminal takes; narrow the list or export it", human.Plural(len(rows), "value"), human.Bytes(uint64(b.Len()))))
		return nil
	}
	m.tell("copied " + human.Plural(len(rows), "value") + " as CSV")
	return tea.SetClipboard(b.String())
}

// listingWritten tells what came of an export of a list.
type listingWritten struct {
	path string
	rows int
	err  error
}

// exportListing asks where the list goes.
func (m *model) exportListing(l *listing) {
	columns, rows := l.list.Rows()
	back := m.mode
	path := filepath.Join(m.opts.ExportDir, "cxlens-"+columns[0]+"-"+m.now().UTC().Format("20060102-150405")+".csv")
	m.prompt = prompt.New(m.keys.prompt, "export "+human.Plural(len(rows), "value")+" to a file", path, "the ending says the form: .csv, .jsonl or .txt")
	m.prompt.Leave = func() { m.mode = back }
	m.prompt.Accept = func(text string) (tea.Cmd, error) {
		path := strings.TrimSpace(text)
		format, err := iexport.FormatOf(path)
		if err != nil {
			return nil, err
		}
		if format == iexport.CSV {
			format = iexport.SafeCSV
		}
		m.mode = back
		return func() tea.Msg {
			return listingWritten{path, len(rows), iexport.ValuesToFile(path, false, format, columns, rows)}
		}, nil
	}
	m.mode = modePrompt
}

func (m *model) listingWritten(msg listingWritten) {
	switch {
	case msg.err == nil:
		m.news(fmt.Sprintf("wrote %s to %s", human.Plural(msg.rows, "value"), flow.Clean(msg.path)))
	case msg.err != context.Canceled:
		m.fail(msg.err)
	}
}
