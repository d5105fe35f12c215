// Package themelist is the list of themes: the one under the cursor is shown at once, on the whole
// screen and on a sample, and taken or given back.
//
// It may import themes and the leaf packages of tui. The surprising thing: it holds every theme
// already loaded, because a theme has to be there as soon as the cursor is; a file that cannot be
// used stands in the list with what is wrong with it.
package themelist

import (
	tea "charm.land/bubbletea/v2"

	"cxlens/themes"
	"cxlens/tui/keymap"
)

// Keys are the bindings of the list.
func Keys() keymap.Map {
	return keymap.Map{Pane: "themes", Bindings: []keymap.Binding{
		{ID: "themes.up", Keys: []string{"up", "k"}, Help: "theme up", Why: "this is the first theme"},
		{ID: "themes.down", Keys: []string{"down", "j", "tab"}, Help: "theme down", Why: "this is the last theme"},
		{ID: "themes.first", Keys: []string{"home", "g"}, Help: "first theme", Why: "this is the first theme"},
		{ID: "themes.last", Keys: []string{"end", "G"}, Help: "last theme", Why: "this is the last theme"},
		{ID: "themes.take", Keys: []string{"enter"}, Help: "take the theme, and keep it for the next time"},
		{ID: "themes.leave", Keys: []string{"esc", "q", "ctrl+c"}, Help: "back to the theme from before"},
	}}
}

// Item is a theme of the list.
type Item struct {
	Name string
	// Theme is nil for a file that cannot be used; Err says why then.
	Theme *themes.Theme
	Err   error
	// Own tells that it is a file of the user.
	Own bool
}

// Auto is the name of the item that leaves the choice to the terminal's background.
const Auto = "auto"

// Load loads every theme of a loader. The first item is Auto. An error is that the user's folder
// cannot be read; the built-in themes are there all the same.
func Load(l themes.Loader, light bool) ([]Item, error) {
	names, err := l.Names()
	items := []Item{{Name: Auto, Theme: l.Auto(light)}}
	for _, name := range names {
		th, err := l.Load(name)
		items = append(items, Item{Name: name, Theme: th, Err: err, Own: l.Own(name)})
	}
	return items, err
}

// Model is the list. Create it with New.
type Model struct {
	keys   keymap.Map
	items  []Item
	dir    string
	cursor int
	top    int

	// Bare leaves the sample out, for who hears the list.
	Bare bool

	// Show shows a theme for as long as the cursor is on it.
	Show func(Item)
	// Take takes a theme; the list is closed by then.
	Take func(Item) tea.Cmd
	// Leave closes the list and gives back the theme from before.
	Leave func()
	// Say puts a line into the status line.
	Say func(text string)
}

// New returns the list with the cursor on the theme of that name. dir is where the user's own live.
func New(keys keymap.Map, items []Item, at, dir string) *Model {
	m := &Model{keys: keys, dir: dir}
	m.set(items, at)
	return m
}

// Reload replaces the themes after the user's files changed; the cursor stays with its theme.
func (m *Model) Reload(items []Item) {
	m.set(items, m.items[m.cursor].Name)
	m.show()
}

func (m *Model) set(items []Item, at string) {
	m.items, m.cursor = items, 0
	for i, it := range items {
		if it.Name == at {
			m.cursor = i
		}
	}
}

// Update walks the list.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
	key, ok := msg.(tea.KeyPressMsg)
	if !ok {
		return nil
	}
	b, ok := m.keys.Pressed(key.String(), "here", "themes.leave", m.Say)
	if !ok {
		return nil
	}
	to := m.cursor
	switch b.ID {
	case "themes.up":
		to--
	case "themes.down":
		to++
	case "themes.first":
		to = 0
	case "themes.last":
		to = len(m.items) - 1
	case "themes.take":
		return m.take()
	case "themes.leave":
		m.Leave()
		return nil
	}
	if to = max(0, min(to, len(m.items)-1)); to == m.cursor {
		m.Say(b.Why)
		return nil
	}
	m.cursor = to
	m.show()
	return nil
}

func (m *Model) show() {
	if it := m.items[m.cursor]; it.Theme != nil {
		m.Show(it)
	}
}

func (m *Model) take() tea.Cmd {
	it := m.items[m.cursor]
	if it.Theme == nil {
		m.Say("this theme cannot be used until its file is mended")
		return nil
	}
	return m.Take(it)
}
