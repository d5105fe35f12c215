// Package copyas is the list in which the query is copied in another tool's language: BPF, Wireshark,
// nfdump or SQL.
//
// It may import query and the leaf packages of tui. The surprising thing: the text is shown with
// what it does not say before it is copied, and what is copied is always the whole text, also where the
// box shows only its beginning.
package copyas

import (
	"fmt"

	tea "charm.land/bubbletea/v2"

	"cxlens/internal/flow"
	"cxlens/query"
	"cxlens/query/copyas"
	"cxlens/themes"
	"cxlens/tui/keymap"
	"cxlens/tui/look"
)

// Keys are the bindings of the list.
func Keys() keymap.Map {
	return keymap.Map{Pane: "copy the query as", Bindings: []keymap.Binding{
		{ID: "copyas.up", Keys: []string{"up", "k"}, Help: "language up", Why: "this is the first language"},
		{ID: "copyas.down", Keys: []string{"down", "j", "tab"}, Help: "language down", Why: "this is the last language"},
		{ID: "copyas.page-up", Keys: []string{"pgup", "ctrl+u"}, Help: "scroll back", Why: "this is the beginning"},
		{ID: "copyas.page-down", Keys: []string{"pgdown", "ctrl+d", "space"}, Help: "scroll on", Why: "this is the end"},
		{ID: "copyas.copy", Keys: []string{"enter", "y"}, Help: "copy the text"},
		{ID: "copyas.leave", Keys: []string{"esc", "C", "q", "ctrl+c"}, Help: "back to the flows"},
	}}
}

// said is the query in one language.
type said struct {
	text    string
	missing []copyas.Missing
}

// Model is the list. Create it with New.
type Model struct {
	keys   keymap.Map
	said   []said
	cursor int
	top    int // the first line that is shown of the text and what it lacks
	rest   int // how far top may go, as the last View found it

	// Copy takes the text of the chosen language; the list is closed by then.
	Copy func(t copyas.Target, text string) tea.Cmd
	// Leave closes the list.
	Leave func()
	// Say puts a line into the status line.
	Say func(text string)
}

// New says a query in every language. Errors are those of query.Filter: a name that is not
// defined, a parameter without a value.
func New(keys keymap.Map, q *query.Query, env query.Env) (*Model, error) {
	m := &Model{keys: keys}
	for _, t := range copyas.Targets() {
		text, missing, err := copyas.Convert(q, env, t)
		if err != nil {
			return nil, err
		}
		m.said = append(m.said, said{text, missing})
	}
	return m, nil
}

// Update walks the list and copies.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
	key, ok := msg.(tea.KeyPressMsg)
	if !ok {
		return nil
	}
	b, ok := m.keys.Pressed(key.String(), "here", "copyas.leave", m.Say)
	switch {
	case !ok:
	case b.ID == "copyas.copy":
		m.Leave()
		return m.Copy(copyas.Targets()[m.cursor], m.said[m.cursor].text)
	case b.ID == "copyas.leave":
		m.Leave()
	case !m.move(b.ID):
		m.Say(b.Why)
	}
	return nil
}

// scrollBy is how many lines a key scrolls.
const scrollBy = 5

func (m *Model) move(id string) bool {
	cursor, top := m.cursor, m.top
	switch id {
	case "copyas.up":
		m.cursor, m.top = max(0, cursor-1), 0
	case "copyas.down":
		m.cursor, m.top = min(cursor+1, len(m.said)-1), 0
	case "copyas.page-up":
		m.top = max(0, top-scrollBy)
	case "copyas.page-down":
		m.top = min(top+scrollBy, m.rest)
	}
	return m.cursor != cursor || m.top != top
}

// View returns the box for a screen of w columns and h rows.
func (m *Model) View(l *look.Look, w, h int) []string {
	inside := max(1, min(96, w-6))
	var lines []string
	for i, t := range copyas.Targets() {
		name, about := look.Left(t.Title(), 10), look.Left(t.About(), max(0, inside-13))
		if i == m.cursor {
			lines = append(lines, l.Paint(themes.Selected, "❯ "+name+" "+about))
		} else {
			lines = append(lines, l.Paint(themes.Text, "  "+name)+" "+l.Paint(themes.Muted, about))
		}
	}
	body := m.body(l, inside)
	room := max(1, h-len(lines)-3)
	m.rest = max(0, len(body)-room)
	m.top = min(m.top, m.rest)
	lines = append(append(lines, l.Paint(themes.Frame, look.Left("", inside))), body[m.top:min(m.top+room, len(body))]...)
	foot := "Enter copies · Esc"
	if m.rest > 0 {
		foot = fmt.Sprintf("Enter copies all · PgDn PgUp · %d of %d lines here · Esc", min(room, len(body)), len(body))
	}
	return l.Box("copy the query as", foot, lines, inside)
}

// body is the text and what it lacks.
func (m *Model) body(l *look.Look, w int) []string {
	var lines []string
	put := func(t themes.Token, text string) {
		for _, line := range look.Wrap(flow.Clean(text), w) {
			lines = append(lines, l.Paint(t, line))
		}
	}
	s := m.said[m.cursor]
	put(themes.Field, s.text)
	lines = append(lines, "")
	if len(s.missing) == 0 {
		put(themes.OK, "every part of the query is in the text")
	}
	for _, miss := range s.missing {
		what := "left out: "
		if miss.Kept != "" {
			what = "differs: "
		}
		put(themes.Warning, what+miss.Part)
		put(themes.Muted, "  "+miss.Why)
	}
	return lines
}
