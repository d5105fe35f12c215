// Package history lists the queries that were run, with what came of each, narrowed by what is
// typed; the chosen one goes into the query line.
//
// It may import internal/history, internal/flow, themes and the leaf packages of tui. The surprising
// thing: it shows the history as it was when it was opened, so that a query that ends meanwhile does
// not move the list under the cursor.
package history

import (
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/sahilm/fuzzy"

	"cxlens/internal/history"
	"cxlens/tui/field"
	"cxlens/tui/keymap"
)

// Keys are the bindings of the list.
func Keys() keymap.Map {
	return keymap.Map{Pane: "history", Bindings: []keymap.Binding{
		{ID: "history.up", Keys: []string{"up", "ctrl+p"}, Help: "query up", Why: atFirst},
		{ID: "history.down", Keys: []string{"down", "ctrl+n", "ctrl+r", "tab"}, Help: "query down", Why: atLast},
		{ID: "history.page-up", Keys: []string{"pgup"}, Help: "page up", Why: atFirst},
		{ID: "history.page-down", Keys: []string{"pgdown"}, Help: "page down", Why: atLast},
		{ID: "history.choose", Keys: []string{"enter"}, Help: "put the query into the query line", Why: noMatch},
		{ID: "history.choose-span", Keys: []string{"alt+enter"}, Help: "put the query and its span of time into the query line", Why: noMatch},
		{ID: "history.leave", Keys: []string{"esc", "ctrl+c"}, Help: "close"},
	}}
}

const (
	noMatch = "no query has these letters"
	atFirst = "this is the first query"
	atLast  = "this is the last query"
)

// Model is the list. Create it with New.
type Model struct {
	keys  keymap.Map
	all   entries
	found []int // places in all
	now   func() time.Time

	field  field.Model
	cursor int
	top    int
	page   int // entries that were visible last

	// Choose takes the chosen query in, with its span or without; the list is closed by then.
	Choose func(e history.Entry, span bool) tea.Cmd
	// Leave closes the list.
	Leave func()
	// Say puts a line into the status line.
	Say func(text string)
}

// entries are what is searched, the newest first.
type entries []history.Entry

func (e entries) String(i int) string { return e[i].Query }
func (e entries) Len() int            { return len(e) }

// New returns the list of entries, which are the newest first. now is the clock that ages go by.
func New(keys keymap.Map, all []history.Entry, now func() time.Time) *Model {
	m := &Model{keys: keys, all: all, now: now, page: 1}
	m.find()
	return m
}

// Update narrows the list and chooses from it.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
	if key, ok := msg.(tea.KeyPressMsg); ok {
		if b, ok := m.keys.Lookup(key.String()); ok {
			return m.do(b)
		}
	}
	if m.field.Update(msg) {
		m.find()
	}
	if why := m.field.Why(); why != "" {
		m.Say(why)
	}
	return nil
}

func (m *Model) do(b keymap.Binding) tea.Cmd {
	switch b.ID {
	case "history.up":
		m.move(-1, b)
	case "history.down":
		m.move(1, b)
	case "history.page-up":
		m.move(-m.page, b)
	case "history.page-down":
		m.move(m.page, b)
	case "history.leave":
		m.Leave()
	case "history.choose", "history.choose-span":
		if len(m.found) == 0 {
			m.Say(b.Why)
			return nil
		}
		e := m.all[m.found[m.cursor]]
		m.Leave()
		return m.Choose(e, b.ID == "history.choose-span")
	}
	return nil
}

// move moves the cursor by so many queries, or says why it cannot.
func (m *Model) move(by int, b keymap.Binding) {
	to := max(0, min(m.cursor+by, len(m.found)-1))
	switch {
	case len(m.found) == 0:
		m.Say(noMatch)
	case to == m.cursor:
		m.Say(b.Why)
	}
	m.cursor = to
}

// find lists what has all the words that were typed, the newest first, and after it what has the
// letters in their order, the best first.
func (m *Model) find() {
	m.cursor, m.top, m.found = 0, 0, nil
	words := strings.Fields(strings.ToLower(m.field.Value()))
	for i := range m.all {
		text := strings.ToLower(m.all[i].Query)
		if !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(text, w) }) {
			m.found = append(m.found, i)
		}
	}
	if len(words) == 0 {
		return
	}
	exact := len(m.found)
	for _, match := range fuzzy.FindFrom(strings.Join(words, ""), m.all) {
		if _, have := slices.BinarySearch(m.found[:exact], match.Index); !have {
			m.found = append(m.found, match.Index)
		}
	}
}
