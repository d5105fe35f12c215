// Package querybar is the query line: it edits the query's text, marks the place of an
// error, walks through the queries that were run before, and completes words.
//
// It may import query, themes and the leaf packages of tui. The surprising thing: a text
// that cannot be parsed never leaves the line; Run only ever sees queries that parse.
package querybar

import (
	"errors"
	"fmt"
	"strings"

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

	walk walk

	problem  string // why the text cannot be run, "" when it can
	hint     string
	complete completion

	// Run runs a query that parses.
	Run func(text string) tea.Cmd
	// Check is an error for a text that cannot be run; nil is query.Parse.
	Check func(text string) error
	// Leave ends the editing, Left what was edited with it when it is not run; nil for nothing.
	Leave, Left func()
	// Complete lists what may stand at the cursor, a byte offset, as query.Complete does.
	Complete func(text string, cursor int) []query.Candidate
	// Past lists the queries that were run before, the newest first.
	Past func() []string
	// Search opens a search over them.
	Search func() tea.Cmd
	// Parsed shows how the text is read; false when it cannot be.
	Parsed func() bool
	// Say puts a line into the status line.
	Say func(text string)
}

// New returns a query line that holds text.
func New(keys keymap.Map, l *look.Look, text string) *Model {
	m := &Model{keys: keys, look: l, ran: text, field: field.Model{Lines: true, Most: query.MaxText}}
	m.field.Set(text)
	return m
}

// SetLook changes the theme.
func (m *Model) SetLook(l *look.Look) { m.look = l }

// Text is the text on the line.
func (m *Model) Text() string { return m.field.Value() }

// SetText replaces the text by one that was run elsewhere.
func (m *Model) SetText(text string) {
	m.change(text)
	m.ran = text
	m.clearProblem()
}

// Put puts a text into the line in place of what stands there; undo brings that back. It returns false,
// and the line stays as it was, when the line cannot hold all of it.
func (m *Model) Put(text string) bool {
	before := m.field.Value()
	if !m.field.Change(text, false) {
		return false
	}
	if m.field.Value() != text { // it has characters that do not belong on a screen
		m.field.Change(before, true)
		return false
	}
	return true
}

// change is Put for a text that came from this line or can be read as a query.
func (m *Model) change(text string) {
	if !m.field.Change(text, false) {
		m.Say(m.field.Refused())
	}
}

// Enter runs the line as the key does.
func (m *Model) Enter() tea.Cmd { return m.run() }

// Edit begins the editing.
func (m *Model) Edit() {
	m.walk = walk{}
	m.complete = completion{}
}

// Update edits the line.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.PasteMsg:
		m.field.Paste(msg.Content)
	case tea.KeyPressMsg:
		if b, ok := m.keys.Lookup(msg.String()); ok {
			return m.do(b)
		}
		if msg.Text == "" {
			m.Say(keymap.Show(msg.String()) + " has no action in the query line")
			return nil
		}
		m.field.Type(msg.Text)
	}
	m.edited()
	return nil
}

// edited forgets what belonged to the text before.
func (m *Model) edited() {
	m.complete, m.walk = completion{}, walk{}
	if why := m.field.Why(); why != "" {
		m.Say(why)
		return
	}
	m.clearProblem()
}

func (m *Model) do(b keymap.Binding) tea.Cmd {
	ok := true
	switch b.ID {
	case "query.run":
		return m.enter(b)
	case "query.leave":
		m.SetText(m.ran)
		m.Leave()
		if m.Left != nil {
			m.Left()
		}
	case "query.earlier":
		if !m.field.Vertical(-1) {
			m.step(1, b.Why)
		}
	case "query.later":
		if !m.field.Vertical(1) {
			m.step(-1, b.Why)
		}
	case "query.history":
		return m.Search()
	case "query.parsed":
		ok = m.Parsed()
	case "query.complete":
		m.walk = walk{}
		ok = m.next(1)
	case "query.complete-back":
		m.walk = walk{}
		ok = m.next(-1)
	default:
		return m.editBy(b)
	}
	if !ok {
		m.Say(b.Why)
	}
	return nil
}

// editBy moves or changes the text by a key, or says why it cannot.
func (m *Model) editBy(b keymap.Binding) tea.Cmd {
	before := m.field.Value()
	ok := m.field.Do(b.ID)
	m.complete = completion{}
	switch {
	case m.field.Value() != before || m.field.Refused() != "":
		m.edited()
	case !ok:
		m.Say(b.Why)
	}
	return nil
}

// enter runs the line; a text whose error is marked already says so.
func (m *Model) enter(b keymap.Binding) tea.Cmd {
	before := m.said()
	cmd := m.run()
	if before != "" && m.said() == before {
		m.Say(b.Why)
	}
	return cmd
}

// run parses the text and runs it, or marks what is wrong with it.
func (m *Model) run() tea.Cmd {
	text := m.field.Value()
	if err := m.check(text); err != nil {
		m.Fail(err)
		return nil
	}
	m.clearProblem()
	m.ran = text
	m.Leave()
	return m.Run(text)
}

// check is an error for a text that cannot be run.
func (m *Model) check(text string) error {
	if m.Check != nil {
		return m.Check(text)
	}
	_, err := query.Parse(text)
	return err
}

// Fail marks the place of an error in the text, when err knows one, and says what is wrong.
func (m *Model) Fail(err error) {
	var qe *query.Error
	var re *query.RequestError
	switch {
	case errors.As(err, &qe):
		m.problem, m.hint = flow.Clean(qe.Message), flow.Clean(qe.Hint())
		if strings.Contains(m.field.Value(), "\n") {
			m.problem = fmt.Sprintf("line %d, column %d: %s", qe.Line, qe.Column, m.problem)
		}
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
