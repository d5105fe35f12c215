package tabs

import (
	"fmt"
	"strconv"

	tea "charm.land/bubbletea/v2"

	"cxlens/internal/flow"
	"cxlens/themes"
	"cxlens/tui/human"
	"cxlens/tui/keymap"
	"cxlens/tui/look"
)

// Keys are the bindings of the list.
func Keys() keymap.Map {
	return keymap.Map{Pane: "tab list", Bindings: []keymap.Binding{
		{ID: "tab-list.up", Keys: []string{"up", "k", "ctrl+p"}, Help: "tab up", Why: "this is the first"},
		{ID: "tab-list.down", Keys: []string{"down", "j", "ctrl+n", "tab"}, Help: "tab down", Why: "this is the last"},
		{ID: "tab-list.show", Keys: []string{"enter"}, Help: "show the tab, open a closed one again"},
		{ID: "tab-list.close", Keys: []string{"x", "delete", "ctrl+w"}, Help: "close the tab", Why: "the only tab stays, and a closed one is closed"},
		{ID: "tab-list.rename", Keys: []string{"r", "R"}, Help: "rename the tab", Why: "a closed tab has to be opened first"},
		{ID: "tab-list.leave", Keys: []string{"esc", "q", "O", "ctrl+c"}, Help: "back to the flows"},
	}}
}

// List is the list of all tabs: the open ones, then those closed, the last one first. Create it with New.
type List struct {
	keys   keymap.Map
	items  func() (open, closed []Item)
	cursor int
	top    int

	// Show shows an open tab, Reopen opens a closed one; the list is closed by then.
	Show, Reopen func(i int) tea.Cmd
	// Close closes an open tab; ok is false for the only one.
	Close func(i int) (cmd tea.Cmd, ok bool)
	// Rename asks for a tab's name.
	Rename func(i int)
	// Leave closes the list.
	Leave func()
	// Say puts a line into the status line.
	Say func(text string)
}

// New returns the list of what items tells, which is asked again for every view.
func New(keys keymap.Map, items func() (open, closed []Item)) *List {
	return &List{keys: keys, items: items}
}

// Begin puts the cursor on an open tab.
func (m *List) Begin(tab int) { m.cursor = tab }

// Update acts on a key.
func (m *List) Update(msg tea.Msg) tea.Cmd {
	key, ok := msg.(tea.KeyPressMsg)
	if !ok {
		return nil
	}
	b, ok := m.keys.Pressed(key.String(), "in the list of tabs", "tab-list.leave", m.Say)
	if !ok {
		return nil
	}
	cmd, ok := m.do(b.ID)
	if !ok {
		m.Say(b.Why)
	}
	return cmd
}

func (m *List) do(id string) (tea.Cmd, bool) {
	open, closed := m.items()
	n := len(open) + len(closed)
	m.cursor = min(m.cursor, n-1)
	isOpen := m.cursor < len(open)
	switch id {
	case "tab-list.up":
		return nil, m.move(-1, n)
	case "tab-list.down":
		return nil, m.move(1, n)
	case "tab-list.leave":
		m.Leave()
	case "tab-list.show":
		m.Leave()
		if isOpen {
			return m.Show(m.cursor), true
		}
		return m.Reopen(n - 1 - m.cursor), true
	case "tab-list.close":
		if !isOpen {
			return nil, false
		}
		return m.Close(m.cursor)
	case "tab-list.rename":
		if !isOpen {
			return nil, false
		}
		m.Rename(m.cursor)
	}
	return nil, true
}

func (m *List) move(by, n int) bool {
	to := min(max(m.cursor+by, 0), n-1)
	moved := to != m.cursor
	m.cursor = to
	return moved
}

// View returns the box for a screen of w columns and h rows.
func (m *List) View(l *look.Look, w, h int) []string {
	open, closed := m.items()
	inside := min(100, w-6)
	n := len(open) + len(closed)
	m.cursor = min(m.cursor, n-1)
	room := max(1, min(n, h-3))
	m.top = max(min(m.top, m.cursor), m.cursor-room+1)
	lines := make([]string, 0, room+1)
	for i := m.top; i < min(n, m.top+room); i++ {
		number, it := "", Item{}
		if i < len(open) {
			number, it = strconv.Itoa(i+1), open[i]
		} else {
			it = closed[n-1-i]
			it.State = "closed"
		}
		text := row(number, it, inside)
		t := themes.Text
		switch {
		case i == m.cursor:
			t = themes.Selected
		case i >= len(open):
			t = themes.Muted
		}
		lines = append(lines, l.Paint(t, text))
	}
	it := m.at(open, closed)
	about := "query " + it.Query + " · " + it.Span
	lines = append(lines, l.Paint(themes.Muted, look.Left(look.Cut(flow.Clean(about), inside), inside)))
	foot := fmt.Sprintf("%s · Enter shows · x closes · r renames · Esc", human.Plural(len(open), "tab"))
	if len(closed) > 0 {
		foot = fmt.Sprintf("%s, %d closed · Enter shows · x closes · r renames · Esc", human.Plural(len(open), "tab"), len(closed))
	}
	return l.Box("tabs", foot, lines, inside)
}

func (m *List) at(open, closed []Item) Item {
	if m.cursor < len(open) {
		return open[m.cursor]
	}
	return closed[len(open)+len(closed)-1-m.cursor]
}

// row is one line: number, title, state and rows.
func row(number string, it Item, inside int) string {
	rows := ""
	if it.Rows > 0 {
		rows = human.Count(it.Rows) + " rows"
	}
	state := min(34, inside/2-4)
	title := inside - 3 - state - 12
	return look.Right(number, 2) + " " + look.Left(look.Cut(flow.Clean(it.Title), title-1), title) +
		look.Left(look.Cut(flow.Clean(it.State), state-1), state) + look.Right(rows, 12)
}
