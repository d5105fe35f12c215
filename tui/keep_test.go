package tui

import (
	"slices"
	"testing"

	tea "charm.land/bubbletea/v2"
)

// TestTheNewestChoiceStays: commands that overtake each other, and a screen that is left before they ran, keep what was
// chosen last.
func TestTheNewestChoiceStays(t *testing.T) {
	var kept []string
	m := &model{choices: &choices{next: make(map[string]string), keep: func(what, value string) error {
		kept = append(kept, what+" "+value)
		return nil
	}}}
	var cmds []tea.Cmd
	for _, zone := range []string{"local", "Asia/Tokyo", "UTC"} {
		cmds = append(cmds, m.keep(keptZone, zone))
	}
	for _, cmd := range slices.Backward(cmds) {
		cmd()
	}
	m.keep(keptNumbers, "exact")
	m.choices.close()
	if want := []string{"zone UTC", "numbers exact"}; !slices.Equal(kept, want) {
		t.Errorf("kept %q, want %q", kept, want)
	}
	if m.choices.keep = nil; m.keep(keptZone, "local") != nil {
		t.Error("there is something to do without a way to keep it")
	}
}
