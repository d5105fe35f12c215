// Package field is a text that a person types: the query, a path, a secret.
//
// It may import the leaf packages of tui. The surprising thing: it is not the text input
// of Bubbles, because the query line must know which part of a long text stands in which row
// in order to put a mark under the place of an error.
package field

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"cxlens/internal/flow"
	"cxlens/tui/human"
	"cxlens/tui/keymap"
)

// DefaultMost is how many characters a field holds unless Most says otherwise.
const DefaultMost = 8192

// Model is a text with a cursor. Its zero value is an empty field of one line.
type Model struct {
	// Hidden shows a dot in place of every character.
	Hidden bool
	// Lines keeps line ends in the text; without it they become blanks. Such a field is shown by Rows.
	Lines bool
	// Most is how many characters the field holds, 0 for DefaultMost. What does not fit is not taken in
	// at all, and Refused says so.
	Most int

	text    []rune // never changed in place: the journal keeps what it was
	version uint64 // of text
	cursor  int    // before text[cursor]
	first   int    // the first visible rune of View
	// markFrom and markTo are the runes that are marked as wrong.
	markFrom, markTo int
	selected         bool // all of the text: what is typed takes its place
	refused          string
	idle             string // why the last key did nothing
	journal          journal
	layout           layout
}

// Value returns the text.
func (m *Model) Value() string { return string(m.text) }

// Set replaces the text, puts the cursor at its end and forgets the changes before. Of a text that is longer than the field
// holds it takes the beginning.
func (m *Model) Set(s string) {
	clean := m.clean(s)
	m.put(clean[:min(len(clean), m.most())])
	m.cursor = len(m.text)
	m.journal = journal{}
	m.selected = false
	m.Unmark()
}

// Change replaces the text by one that Undo takes back, the cursor at its end. again makes one
// step of it with the change before. It returns false, and the text stays, when it does not fit.
func (m *Model) Change(s string, again bool) bool {
	return m.replace(0, len(m.text), s, again)
}

// Replace puts s in place of the bytes from..to and the cursor behind it, as Change does.
func (m *Model) Replace(from, to int, s string, again bool) bool {
	return m.replace(m.rune(from), m.rune(to), s, again)
}

func (m *Model) replace(from, to int, s string, again bool) bool {
	clean := m.clean(s)
	m.refused, m.selected = "", false
	if !m.room(len(clean) - (to - from)) {
		return false
	}
	if !slices.Equal(m.text[from:to], clean) {
		m.note(kindReplaced, again)
		m.put(slices.Concat(m.text[:from], clean, m.text[to:]))
	}
	m.cursor = from + len(clean)
	return true
}

// put makes text the field's.
func (m *Model) put(text []rune) {
	m.text = text
	m.version++
	m.first = min(m.first, len(text))
}

func (m *Model) most() int {
	if m.Most > 0 {
		return m.Most
	}
	return DefaultMost
}

// room tells whether n more characters fit, and says why not.
func (m *Model) room(n int) bool {
	if n <= 0 || len(m.text)+n <= m.most() {
		return true
	}
	m.refused = "nothing was added: there is room for " + human.Exact(uint64(m.most())) + " characters"
	return false
}

// Refused says why the last Update took in nothing of what was typed or pasted, "" when it did.
func (m *Model) Refused() string { return m.refused }

// Idle says why the key of the last Update did nothing, "" when it did something or Refused says why not.
func (m *Model) Idle() string { return m.idle }

// Why is Refused or Idle: why the last Update changed nothing, "" when it did.
func (m *Model) Why() string {
	if m.refused != "" {
		return m.refused
	}
	return m.idle
}

// Cursor is the place of the cursor in bytes of the text.
func (m *Model) Cursor() int { return len(string(m.text[:m.cursor])) }

// SetCursor puts the cursor before the rune at a byte offset.
func (m *Model) SetCursor(offset int) { m.cursor, m.selected = m.rune(offset), false }

// Mark marks length bytes at offset as wrong; at least one character is marked.
func (m *Model) Mark(offset, length int) {
	m.markFrom = m.rune(offset)
	m.markTo = max(m.rune(offset+length), m.markFrom+1)
}

// Unmark takes the mark away.
func (m *Model) Unmark() { m.markFrom, m.markTo = 0, 0 }

// rune turns a byte offset into an index of runes.
func (m *Model) rune(offset int) int {
	at := 0
	for i, r := range m.text {
		if at >= offset {
			return i
		}
		at += len(string(r))
	}
	return len(m.text)
}

// Update edits the text by a key or a paste and tells whether the text changed.
func (m *Model) Update(msg tea.Msg) (changed bool) {
	before := m.version
	m.idle = ""
	switch msg := msg.(type) {
	case tea.PasteMsg:
		m.Paste(msg.Content)
	case tea.KeyPressMsg:
		m.press(msg)
	}
	return m.version != before
}

func (m *Model) press(key tea.KeyPressMsg) {
	b, known := keys.Lookup(key.String())
	switch {
	case key.Text != "":
		m.Type(key.Text)
	case !known || b.ID == newLine && !m.Lines:
		m.refused, m.idle = "", keymap.Show(key.String())+" has no action in this text"
	case !m.Do(b.ID) && m.refused == "":
		m.idle = b.Why
	}
}

// Type adds what a key stands for at the cursor.
func (m *Model) Type(s string) { m.insert(s, kindTyped) }

// Paste adds a pasted text at the cursor, without the line ends at its end.
func (m *Model) Paste(s string) { m.insert(strings.TrimRight(s, "\r\n"), kindPasted) }

func (m *Model) insert(s string, k kind) {
	clean := m.clean(s)
	m.refused, m.idle = "", ""
	from, to := m.cursor, m.cursor
	if m.selected {
		from, to = 0, len(m.text)
	}
	if len(clean) == 0 {
		m.idle = "nothing was pasted: there is no text in it"
		return
	}
	if !m.room(len(clean) - (to - from)) {
		return
	}
	m.note(k, k == kindTyped && !m.selected && !m.beginsWord(clean[0]))
	m.put(slices.Concat(m.text[:from], clean, m.text[to:]))
	m.cursor, m.selected = from+len(clean), false
}

// clean makes of s what may stand in the text: no control characters, no tabs, and line ends as LF, or as
// blanks in a field of one line.
func (m *Model) clean(s string) []rune {
	s = lineEnds.Replace(s)
	lines := strings.Split(s, "\n")
	for i := range lines {
		lines[i] = flow.Clean(lines[i])
	}
	end := " "
	if m.Lines {
		end = "\n"
	}
	return []rune(strings.Join(lines, end))
}

var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\t", " ")

func clamp(v, low, high int) int { return max(low, min(v, high)) }
