package tui

import (
	"sync"

	tea "charm.land/bubbletea/v2"

	"cxlens/tui/table"
)

// The choices that are kept for the next time.
const (
	keptTheme   = "theme"   // by its name
	keptMouse   = "mouse"   // on or off
	keptZone    = "zone"    // UTC, local, or a name of the time zone database
	keptNumbers = "numbers" // exact or rounded
)

// choices are what a person chose and is still to be written: commands may overtake each other, and the newest
// choice has to stay.
type choices struct {
	keep func(what, value string) error // nil keeps nothing

	writing sync.Mutex // held while one is written
	mu      sync.Mutex
	next    map[string]string
}

// choiceKept tells that a choice could not be kept for the next time.
type choiceKept struct{ err error }

// keep keeps a choice for the next time.
func (m *model) keep(what, value string) tea.Cmd {
	c := m.choices
	if c.keep == nil {
		return nil
	}
	c.mu.Lock()
	c.next[what] = value
	c.mu.Unlock()
	return func() tea.Msg {
		if err := c.flush(what); err != nil {
			return choiceKept{err}
		}
		return nil
	}
}

// flush writes the newest choice of a kind if it is not written.
func (c *choices) flush(what string) error {
	c.writing.Lock()
	defer c.writing.Unlock()
	c.mu.Lock()
	value, ok := c.next[what]
	delete(c.next, what)
	c.mu.Unlock()
	if !ok {
		return nil
	}
	return c.keep(what, value)
}

// close writes what is not written when the screen is left; there is none any more that could say what failed.
func (c *choices) close() {
	for _, what := range []string{keptTheme, keptMouse, keptZone, keptNumbers} {
		_ = c.flush(what)
	}
}

// actTable runs an action of the table.
func (m *model) actTable(id string) (tea.Cmd, bool) {
	cmd, ok := m.table.Do(id)
	if id == table.Exact {
		return m.keepNumbers(), ok
	}
	return cmd, ok
}

// keepNumbers has new tabs, and the next start, show numbers as this one does.
func (m *model) keepNumbers() tea.Cmd {
	m.exact = m.table.Exact()
	if m.exact {
		return m.keep(keptNumbers, "exact")
	}
	return m.keep(keptNumbers, "rounded")
}
