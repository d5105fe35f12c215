package prompt

import (
	tea "charm.land/bubbletea/v2"

	"cxlens/themes"
	"cxlens/tui/keymap"
	"cxlens/tui/look"
)

// AskKeys are the bindings of a question.
func AskKeys() keymap.Map {
	return keymap.Map{Pane: "question", Bindings: []keymap.Binding{
		{ID: "ask.yes", Keys: []string{"y", "Y"}, Help: "yes"},
		{ID: "ask.no", Keys: []string{"n", "N", "esc", "ctrl+c", "q"}, Help: "no"},
	}}
}

// Ask is a question with yes and no. Enter answers nothing, so that it cannot answer by accident.
type Ask struct {
	Keys     keymap.Map
	Question string
	Yes, No  func() tea.Cmd
	// Say puts a line into the status line.
	Say func(text string)
}

// Update answers the question.
func (a *Ask) Update(msg tea.Msg) tea.Cmd {
	if key, ok := msg.(tea.KeyPressMsg); ok {
		switch b, _ := a.Keys.Lookup(key.String()); b.ID {
		case "ask.yes":
			return a.Yes()
		case "ask.no":
			return a.No()
		}
		a.Say(a.Keys.KeyOf("ask.yes") + " or " + a.Keys.KeyOf("ask.no") + " answers the question")
	}
	return nil
}

// View returns the box for a screen of w columns.
func (a *Ask) View(l *look.Look, w int) []string {
	inside := min(60, w-6)
	var lines []string
	for _, line := range look.Wrap(a.Question, inside) {
		lines = append(lines, l.Paint(themes.Text, line))
	}
	lines = append(lines, l.Paint(themes.Key, "y")+" yes   "+l.Paint(themes.Key, "n")+" no")
	return l.Box("", "", lines, inside)
}
