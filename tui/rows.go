package tui

import (
	"fmt"

	tea "charm.land/bubbletea/v2"

	"cxlens/tui/keymap"
	"cxlens/tui/prompt"
	"cxlens/tui/table"
)

// What is done with the rows here beyond the table's own actions: with a prompt, the clipboard or the zone.
const (
	actFind       = "rows.find"
	actGoto       = "rows.goto"
	actCopyColumn = "rows.copy-column"
	actCopyQuery  = "rows.copy-query"
	actPicked     = "rows.only-marked"
	actZone       = "rows.zone"
	actZoneName   = "rows.zone-name"
)

// rowKeys are the bindings of these actions.
func rowKeys() keymap.Map {
	return keymap.Map{Pane: "rows", Bindings: []keymap.Binding{
		{ID: actFind, Keys: []string{"ctrl+f"}, Help: "search in the cells", Why: "there are no rows here to search"},
		{ID: actGoto, Keys: []string{"ctrl+g"}, Help: "go to a row, a share or a time", Why: "there are no rows here"},
		{ID: actCopyColumn, Keys: []string{"ctrl+y"}, Help: "copy this column, of the marked rows if there are any", Why: "there are no rows here to copy"},
		{ID: actCopyQuery, Keys: []string{"alt+y"}, Help: "copy the query"},
		{ID: actPicked, Keys: []string{"&"}, Help: "query only the marked flows", Why: "no row is marked"},
		{ID: actZone, Keys: []string{"Z"}, Help: "times in UTC, local time or the zone that was named"},
		{ID: actZoneName, Keys: []string{"alt+z"}, Help: "times in a zone by its name"},
	}}
}

// actRows runs one of them; ok is false when there is nothing to do it with.
func (m *model) actRows(id string) (cmd tea.Cmd, ok bool) {
	shown, _ := m.table.Len()
	switch id {
	case actZone:
		return m.nextZone(), true
	case actZoneName:
		m.openZone()
		return nil, true
	case actPicked:
		return m.queryMarked()
	case actCopyQuery:
		text := m.bar.Text()
		if text == "" {
			text = "any"
		}
		m.tell("copied the query " + text)
		return m.toClipboard(text), true
	}
	if shown == 0 {
		return nil, false
	}
	switch id {
	case actFind:
		m.openFind()
	case actGoto:
		m.openGoto()
	case actCopyColumn:
		return m.copyColumn(), true
	}
	return nil, true
}

// openFind asks for the text that is searched for in the cells.
func (m *model) openFind() {
	next, back := m.keys.table.KeyOf(table.FindNext), m.keys.table.KeyOf(table.FindBack)
	m.prompt = prompt.New(m.keys.prompt, "search in the cells of the columns shown", m.table.Searched(),
		"as the cells stand on the screen; without capitals in any case. "+next+" goes to the next match, "+back+" to the one before;",
		"empty ends the search")
	m.prompt.Leave = m.toFlows
	m.prompt.Accept = func(text string) (tea.Cmd, error) {
		m.toFlows()
		return m.table.Find(text, false), nil
	}
	m.mode = modePrompt
}

// openGoto asks where to go.
func (m *model) openGoto() {
	m.prompt = prompt.New(m.keys.prompt, "go to a row, a share or a time ("+m.zone.name()+")", "",
		"12345, 50%, 13:56, 13:56:33, 11-22 13:56 or 2026-11-22 13:56:33: the nearest flow at or after it;",
		"a time alone is on the day of the row under the cursor")
	m.prompt.Leave = m.toFlows
	m.prompt.Accept = func(text string) (tea.Cmd, error) {
		cmd, err := m.table.Goto(text)
		if err == nil {
			m.toFlows()
		}
		return cmd, err
	}
	m.mode = modePrompt
}

// hear says how a search in the table on the screen ended.
func (m *model) hear() {
	m.hearMarks()
	text := m.table.Searched()
	switch outcome := m.table.TakeOutcome(); outcome {
	case table.FoundWrapped:
		m.tell("the search wrapped around the end of the rows")
	case table.FoundNone:
		m.warn("no match of " + text + " in the columns shown")
	case table.FoundHidden:
		m.warn("the row with the match is not shown any more")
	case table.WentNowhere:
		m.warn("every flow here began before that")
	default:
		m.hearOrder(outcome)
	}
}

// rowParts are what the status line says of marks and of the search.
func (m *model) rowParts() []part {
	var parts []part
	if text := m.markedText(); text != "" {
		if m.table.OnlyMarked() {
			text = "only marked rows, " + text
		}
		parts = append(parts, part{text, 78})
	}
	if text := m.table.Searched(); text != "" {
		parts = append(parts, part{"search " + text, 55})
	}
	return parts
}

// finding is how far a search is, "" when none runs.
func (m *model) finding() string {
	share, ok := m.table.Finding()
	if !ok {
		return ""
	}
	return fmt.Sprintf("searching %d %%, %s cancels", int(share*100), m.keys.screen.KeyOf(actCancel))
}

// endSearch takes the highlights of a search away, or shows all rows again after the marked ones; false when
// there was neither.
func (m *model) endSearch() (cmd tea.Cmd, ok bool) {
	switch {
	case m.table.Searched() != "":
		return m.table.Find("", false), true
	case m.table.OnlyMarked():
		return m.table.ToggleOnlyMarked()
	}
	return nil, false
}
