// Package profiles is the list of saved profiles, and the box that asks for a profile's parameters.
//
// It may import query/profile, themes and the leaf packages of tui. The surprising thing: letters are actions in
// the list, as in the list of tabs, and are typed only after / began a search; so that two keys are the way to a
// favourite.
package profiles

import (
	"slices"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/sahilm/fuzzy"

	"cxlens/query/profile"
	"cxlens/tui/field"
	"cxlens/tui/keymap"
)

// Item is a profile with what is noted about it.
type Item struct {
	profile.Entry
	Number int  // as a favourite, 0 for none
	Start  bool // it is run on start
	Here   bool // the tab on the screen runs it
}

// List is the list. Create it with NewList.
type List struct {
	keys    keymap.Map
	all     items
	damaged []string
	read    bool  // the profiles have been read
	found   []int // places in all

	field     field.Model
	typing    bool
	numbering bool // the next key is a favourite number
	cursor    int
	top       int
	page      int    // profiles that were visible last
	want      string // the profile that the cursor goes to with the next Set, "" for none

	nameWidth, startWidth int // of the columns, for the present width

	// Run runs a profile, in a new tab with aside; the list is closed by then.
	Run func(name string, aside bool) tea.Cmd
	// Save and SaveAs save the view of the tab on the screen.
	Save, SaveAs func() tea.Cmd
	// Rename, Delete and Duplicate ask before they do something.
	Rename, Delete, Duplicate func(e profile.Entry)
	// Number gives a profile a favourite number, 0 for none.
	Number func(name string, n int) tea.Cmd
	// Start makes a profile the one that is run on start, "" for none.
	Start func(name string) tea.Cmd
	// Leave closes the list.
	Leave func()
	// Say puts a line into the status line.
	Say func(text string)
}

// items are what is searched.
type items []Item

func (l items) String(i int) string { return l[i].Name }
func (l items) Len() int            { return len(l) }

// text is what the words of a search may stand in.
func (it Item) text() string {
	return strings.ToLower(it.Name + " " + it.Description + " " + it.Query)
}

// NewList returns a list that still waits for its profiles.
func NewList(keys keymap.Map) *List { return &List{keys: keys, page: 1} }

// Set shows profiles, and what is wrong with files that cannot be used. The cursor stays with its profile; on the first
// it is at the one of the tab on the screen.
func (m *List) Set(all []Item, damaged []string) {
	name := m.want
	m.want = ""
	if it, ok := m.at(); name == "" && ok {
		name = it.Name
	} else if name != "" {
		m.field.Set("") // what is looked for must not be hidden by a search
	} else if i := slices.IndexFunc(all, func(it Item) bool { return it.Here }); i >= 0 {
		name = all[i].Name
	}
	at := m.cursor
	m.all, m.damaged, m.read = all, damaged, true
	m.find()
	m.cursor = max(0, min(at, len(m.found)-1))
	m.Seek(name)
}

// Seek puts the cursor on a profile, if it is there.
func (m *List) Seek(name string) {
	for i, at := range m.found {
		if m.all[at].Name == name {
			m.cursor = i
		}
	}
}

// Want puts the cursor on a profile when the profiles are shown again.
func (m *List) Want(name string) { m.want = name }

// at is the profile under the cursor.
func (m *List) at() (Item, bool) {
	if m.cursor >= len(m.found) {
		return Item{}, false
	}
	return m.all[m.found[m.cursor]], true
}

// Update acts on a key or narrows the list.
func (m *List) Update(msg tea.Msg) tea.Cmd {
	key, ok := msg.(tea.KeyPressMsg)
	switch {
	case !ok && !m.typing:
		return nil
	case m.numbering:
		m.numbering = false
		return m.numbered(key.String())
	case m.typing && !m.controls(key):
		if m.field.Update(msg) {
			m.cursor, m.top = 0, 0
			m.find()
		}
		if why := m.field.Why(); why != "" {
			m.Say(why)
		}
		return nil
	}
	b, ok := m.keys.Pressed(key.String(), "in the list of profiles", actLeave, m.Say)
	if !ok {
		return nil
	}
	cmd, ok := m.do(b)
	if !ok {
		m.Say(b.Why)
	}
	return cmd
}

// controls tells whether a key acts on the list while a search is typed: no key that writes or edits text does.
func (m *List) controls(key tea.KeyPressMsg) bool {
	b, ok := m.keys.Lookup(key.String())
	return ok && key.Text == "" && slices.Contains([]string{actUp, actDown, actPageUp, actPageDown, actRun, actAside, actFound, actLeave}, b.ID) &&
		key.String() != "home" && key.String() != "end"
}

func (m *List) do(b keymap.Binding) (tea.Cmd, bool) {
	switch b.ID {
	case actUp:
		return nil, m.move(-1)
	case actDown:
		return nil, m.move(1)
	case actPageUp:
		return nil, m.move(-m.page)
	case actPageDown:
		return nil, m.move(m.page)
	case actSearch:
		m.typing = true
		return nil, true
	case actFound:
		was := m.typing
		m.typing = false
		return nil, was
	case actLeave:
		m.leave()
		return nil, true
	case actSave:
		return m.Save(), true
	case actSaveAs:
		return m.SaveAs(), true
	}
	if n, ok := strings.CutPrefix(b.ID, actFavourite); ok {
		return m.favourite(n)
	}
	it, ok := m.at()
	if !ok {
		return nil, m.sayNone()
	}
	return m.doTo(b.ID, it)
}

// sayNone says that there is nothing under the cursor; it is always done.
func (m *List) sayNone() bool {
	m.Say(noProfile)
	return true
}

// doTo acts on the profile under the cursor.
func (m *List) doTo(id string, it Item) (tea.Cmd, bool) {
	switch id {
	case actRun, actAside:
		m.Leave()
		return m.Run(it.Name, id == actAside), true
	case actDuplicate:
		m.Duplicate(it.Entry)
	case actNumber:
		m.numbering = true
	case actStart:
		if it.Start {
			return m.Start(""), true
		}
		return m.Start(it.Name), true
	case actRename, actDelete:
		if it.Origin != profile.Own {
			return nil, false
		}
		if id == actRename {
			m.Rename(it.Entry)
		} else {
			m.Delete(it.Entry)
		}
	}
	return nil, true
}

// leave ends the search, or closes the list when nothing is searched.
func (m *List) leave() {
	if !m.typing && m.field.Value() == "" {
		m.Leave()
		return
	}
	it, _ := m.at()
	m.typing = false
	m.field.Set("")
	m.find()
	m.Seek(it.Name)
}

// favourite runs the profile that has a number.
func (m *List) favourite(number string) (tea.Cmd, bool) {
	for _, it := range m.all {
		if it.Number > 0 && strconv.Itoa(it.Number) == number {
			m.Leave()
			return m.Run(it.Name, false), true
		}
	}
	return nil, false
}

// numbered takes the key after f in.
func (m *List) numbered(key string) tea.Cmd {
	it, ok := m.at()
	n, err := strconv.Atoi(key)
	switch {
	case !ok || key == "esc":
		return nil
	case key == "delete" || key == "backspace":
		n, err = 0, nil
	}
	if err != nil || n < 0 || n > profile.Favourites {
		m.Say("a favourite number is 1 to 9, and 0 takes it away")
		return nil
	}
	return m.Number(it.Name, n)
}

func (m *List) move(by int) bool {
	to := max(0, min(m.cursor+by, len(m.found)-1))
	moved := to != m.cursor
	m.cursor = to
	return moved
}

// find lists what has all the words that were typed, and after it the names that have the letters in their order, the
// best first.
func (m *List) find() {
	m.found = nil
	words := strings.Fields(strings.ToLower(m.field.Value()))
	for i := range m.all {
		text := m.all[i].text()
		if !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(text, w) }) {
			m.found = append(m.found, i)
		}
	}
	if len(words) > 0 {
		// What is in the name is meant before what is in the query.
		slices.SortStableFunc(m.found, func(a, b int) int { return m.inName(b, words[0]) - m.inName(a, words[0]) })
		for _, match := range fuzzy.FindFrom(strings.Join(words, ""), m.all) {
			if !slices.Contains(m.found, match.Index) {
				m.found = append(m.found, match.Index)
			}
		}
	}
	m.cursor = max(0, min(m.cursor, len(m.found)-1))
}

func (m *List) inName(i int, word string) int {
	if strings.Contains(m.all[i].Name, word) {
		return 1
	}
	return 0
}
