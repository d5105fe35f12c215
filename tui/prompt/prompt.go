// Package prompt is a box that asks for one line of text, or a question with yes and no.
//
// It may import the leaf packages of tui. The surprising thing: it does not close itself;
// Enter hands the text over, and the one that asked closes it or answers with an error that
// stands under the field.
package prompt

import (
	tea "charm.land/bubbletea/v2"

	"cxlens/internal/flow"
	"cxlens/themes"
	"cxlens/tui/field"
	"cxlens/tui/keymap"
	"cxlens/tui/look"
)

// Keys are the bindings of a prompt.
func Keys() keymap.Map {
	return keymap.Map{Pane: "prompt", Bindings: []keymap.Binding{
		{ID: "prompt.accept", Keys: []string{"enter"}, Help: "accept", Why: "the text is not taken as it stands"},
		{ID: "prompt.leave", Keys: []string{"esc", "ctrl+c"}, Help: "leave it as it was"},
	}}
}

// Model is a prompt. Create it with New.
type Model struct {
	keys  keymap.Map
	title string
	hints []string
	field field.Model
	err   string

	// Accept takes the text in; an error is shown and the prompt stays.
	Accept func(text string) (tea.Cmd, error)
	// Leave closes the prompt.
	Leave func()
	// Say puts a line into the status line.
	Say func(text string)
}

// New returns a prompt with a title, a text to begin with, and lines that say what may be typed. The text is
// selected: what is typed takes its place, and a motion keeps it.
func New(keys keymap.Map, title, text string, hints ...string) *Model {
	m := &Model{keys: keys, title: title, hints: hints}
	m.field.Set(text)
	m.field.Select()
	return m
}

// Extend has what is typed go behind the text and not in its place.
func (m *Model) Extend() { m.field.Deselect() }

// Update edits the text.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
	if key, ok := msg.(tea.KeyPressMsg); ok {
		switch b, _ := m.keys.Lookup(key.String()); b.ID {
		case "prompt.accept":
			return m.accept(b)
		case "prompt.leave":
			m.Leave()
			return nil
		}
	}
	if m.field.Update(msg) {
		m.err = ""
	}
	if why := m.field.Refused(); why != "" {
		m.err = why
	}
	if why := m.field.Idle(); why != "" {
		m.Say(why)
	}
	return nil
}

// accept hands the text over; one that was refused for the same reason before says so.
func (m *Model) accept(b keymap.Binding) tea.Cmd {
	cmd, err := m.Accept(m.field.Value())
	if err == nil {
		return cmd
	}
	before := m.err
	if m.err = flow.Clean(err.Error()); m.err == before {
		m.Say(b.Why)
	}
	return cmd
}

// Fail marks a place of the text as wrong; length 0 marks none.
func (m *Model) Fail(offset, length int) {
	if length > 0 {
		m.field.Mark(offset, length)
	}
}

// View returns the box for a screen of w columns, and where in it the cursor stands.
func (m *Model) View(l *look.Look, w int) (box []string, x, y int) {
	inside := min(76, w-6)
	text, at := m.field.View(l, inside-2)
	lines := []string{l.Paint(themes.Accent, "❯ ") + text}
	if m.err != "" {
		for _, line := range look.Wrap(m.err, inside) {
			lines = append(lines, l.Paint(themes.Error, line))
		}
	}
	for _, hint := range m.hints {
		for _, line := range look.Wrap(hint, inside) {
			lines = append(lines, l.Paint(themes.Muted, line))
		}
	}
	return l.Box(m.title, "Enter accepts · Esc leaves", lines, inside), 4 + at, 1
}
