// Package querybar is the query line: it edits the query's text, marks the place of an
// error, keeps the history of this run, and completes words.
//
// It may import query, themes and the leaf packages of tui. The surprising thing: a text
// that cannot be parsed never leaves the line; Run only ever sees queries that parse.
package querybar

import (
	"errors"
	"slices"

	tea "charm.land/bubbletea/v2"

	"cxlens/internal/flow"
	"cxlens/query"
	"cxlens/tui/field"
	"cxlens/tui/keymap"
	"cxlens/tui/look"
)

// Model is the query line. Create it with New.
type Model struct {
	keys  keymap.Map
	look  *look.Look
	field field.Model
	ran   string // the text that was run last, to which leaving returns

	history []string // oldest first
	at      int      // the entry on the line; len(history) is the person's own text
	draft   string

	problem  string // why the text cannot be run, "" when it can
	hint     string
	complete completion

	// Run runs a query that parses.
	Run func(text string) tea.Cmd
	// Leave ends the editing.
	Leave func()
	// Complete lists what may stand at the cursor, a byte offset, as query.Complete does.
	Complete func(text string, cursor int) []query.Candidate
	// Say puts a line into the status line.
	Say func(text string)
}

// New returns a query line that holds text.
func New(keys keymap.Map, l *look.Look, text string) *Model {
	m := &Model{keys: keys, look: l, ran: text}
	m.field.Set(text)
	return m
}

// SetLook changes the theme.
func (m *Model) SetLook(l *look.Look) { m.look = l }

// Text is the text on the line.
func (m *Model) Text() string { return m.field.Value() }

// SetText replaces the text by one that was run elsewhere.
func (m *Model) SetText(text string) {
	m.field.Set(text)
	m.ran = text
	m.clearProblem()
}

// Edit begins the editing.
func (m *Model) Edit() {
	m.at, m.draft = len(m.history), m.field.Value()
	m.complete = completion{}
}

// Update edits the line.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
	if key, ok := msg.(tea.KeyPressMsg); ok {
		if b, ok := m.keys.Lookup(key.String()); ok {
			return m.do(b)
		}
	}
	m.complete = completion{}
	if m.field.Update(msg) {
		m.clearProblem()
	}
	return nil
}

func (m *Model) do(b keymap.Binding) tea.Cmd {
	ok := true
	switch b.ID {
	case "query.run":
		return m.run()
	case "query.leave":
		m.SetText(m.ran)
		m.Leave()
	case "query.earlier":
		ok = m.walk(-1)
	case "query.later":
		ok = m.walk(1)
	case "query.complete":
		ok = m.next(1)
	case "query.complete-back":
		ok = m.next(-1)
	}
	if !ok {
		m.Say(b.Why)
	}
	return nil
}

// run parses the text and runs it, or marks what is wrong with it.
func (m *Model) run() tea.Cmd {
	text := m.field.Value()
	if _, err := query.Parse(text); err != nil {
		m.Fail(err)
		return nil
	}
	m.clearProblem()
	m.ran = text
	m.remember(text)
	m.Leave()
	return m.Run(text)
}

// Fail marks the place of an error in the text, when err knows one, and says what is wrong.
func (m *Model) Fail(err error) {
	var qe *query.Error
	var re *query.RequestError
	switch {
	case errors.As(err, &qe):
		m.problem, m.hint = flow.Clean(qe.Message), flow.Clean(qe.Hint())
		m.field.Mark(qe.Offset, qe.Length)
	case errors.As(err, &re):
		m.problem, m.hint = flow.Clean(re.Message), ""
		m.field.Unmark()
		if re.Offset >= 0 {
			m.field.Mark(re.Offset, 1)
		}
	default:
		m.problem, m.hint = flow.Clean(err.Error()), ""
		m.field.Unmark()
	}
}

func (m *Model) clearProblem() {
	m.problem, m.hint = "", ""
	m.field.Unmark()
}

// remember adds text to the history, once.
func (m *Model) remember(text string) {
	m.history = slices.DeleteFunc(m.history, func(h string) bool { return h == text })
	m.history = append(m.history, text)
	m.at = len(m.history)
}

func (m *Model) walk(by int) bool {
	to := m.at + by
	if to < 0 || to > len(m.history) {
		return false
	}
	if m.at == len(m.history) {
		m.draft = m.field.Value()
	}
	m.at = to
	text := m.draft
	if to < len(m.history) {
		text = m.history[to]
	}
	m.field.Set(text)
	m.clearProblem()
	return true
}
