package field

import "unicode"

// Bounds of the journal: the oldest steps go first.
const (
	maxSteps = 500
	maxKept  = 1 << 20 // runes
)

// kind says what a change is, so that letters that are typed one after the other are one step.
type kind uint8

const (
	kindNone kind = iota
	kindTyped
	kindPasted
	kindErased
	kindReplaced
)

// state is a text and where the cursor was in it.
type state struct {
	text   []rune
	cursor int
}

// journal keeps what the text was, to take changes back and to make them again.
type journal struct {
	past, ahead []state // the nearest one last
	kind        kind    // of the last change; kindNone after a motion
	kept        int     // runes in past
}

// note keeps the present text before it is changed. With join it is one step with the change before when
// that was of the same kind.
func (m *Model) note(k kind, join bool) {
	j := &m.journal
	j.ahead = nil
	if join && j.kind == k && len(j.past) > 0 {
		return
	}
	j.kind = k
	j.past = append(j.past, state{m.text, m.cursor})
	j.kept += len(m.text)
	for len(j.past) > 1 && (len(j.past) > maxSteps || j.kept > maxKept) {
		j.kept -= len(j.past[0].text)
		j.past = j.past[1:]
	}
}

// beginsWord tells whether r, typed at the cursor, begins a word: a step of its own.
func (m *Model) beginsWord(r rune) bool {
	return !unicode.IsSpace(r) && m.cursor > 0 && unicode.IsSpace(m.text[m.cursor-1])
}

// undo takes the last change back.
func (m *Model) undo() bool { return m.walk(&m.journal.past, &m.journal.ahead) }

// redo makes again what undo took back.
func (m *Model) redo() bool { return m.walk(&m.journal.ahead, &m.journal.past) }

func (m *Model) walk(from, to *[]state) bool {
	n := len(*from)
	if n == 0 {
		return false
	}
	s := (*from)[n-1]
	*from, *to = (*from)[:n-1], append(*to, state{m.text, m.cursor})
	m.put(s.text)
	m.cursor = s.cursor
	j := &m.journal
	j.kind, j.kept = kindNone, 0
	for _, s := range j.past {
		j.kept += len(s.text)
	}
	return true
}

func (m *Model) wordLeft() int {
	i := m.cursor
	for i > 0 && unicode.IsSpace(m.text[i-1]) {
		i--
	}
	for i > 0 && !unicode.IsSpace(m.text[i-1]) {
		i--
	}
	return i
}

func (m *Model) wordRight() int {
	i := m.cursor
	for i < len(m.text) && unicode.IsSpace(m.text[i]) {
		i++
	}
	for i < len(m.text) && !unicode.IsSpace(m.text[i]) {
		i++
	}
	return i
}
