package field

import (
	"slices"
	"strings"

	"cxlens/tui/keymap"
)

const newLine = "newline"

// What a key says that can do nothing where the cursor stands.
const (
	atBegin   = "at the beginning"
	atEnd     = "at the end"
	noneLeft  = "nothing to erase before the cursor"
	noneRight = "nothing to erase behind the cursor"
)

// keys are the bindings of every field, the actions without a pane before them. Ctrl-z suspends the
// program, so that taking back is on the keys that a shell and a screen leave to it.
var keys = keymap.Map{Bindings: []keymap.Binding{
	{ID: newLine, Keys: []string{"alt+enter", "ctrl+j"}, Help: "new line"},
	{ID: "undo", Keys: []string{"ctrl+_", "alt+z"}, Help: "take the last change back", Why: "there is no change to take back"},
	{ID: "redo", Keys: []string{"alt+y"}, Help: "make the change again", Why: "no change was taken back"},
	{ID: "left", Keys: []string{"left", "ctrl+b"}, Help: "character left", Why: atBegin},
	{ID: "right", Keys: []string{"right", "ctrl+f"}, Help: "character right", Why: atEnd},
	{ID: "word-left", Keys: []string{"alt+b", "ctrl+left", "alt+left"}, Help: "word left", Why: atBegin},
	{ID: "word-right", Keys: []string{"alt+f", "ctrl+right", "alt+right"}, Help: "word right", Why: atEnd},
	{ID: "home", Keys: []string{"home", "ctrl+a"}, Help: "beginning of the line", Why: atBegin},
	{ID: "end", Keys: []string{"end", "ctrl+e"}, Help: "end of the line", Why: atEnd},
	{ID: "erase-left", Keys: []string{"backspace", "ctrl+h"}, Help: "erase the character left", Why: noneLeft},
	{ID: "erase-right", Keys: []string{"delete", "ctrl+d"}, Help: "erase the character under the cursor", Why: noneRight},
	{ID: "erase-word-left", Keys: []string{"ctrl+w", "alt+backspace", "ctrl+backspace"}, Help: "erase the word left", Why: noneLeft},
	{ID: "erase-word-right", Keys: []string{"alt+d", "ctrl+delete"}, Help: "erase the word right", Why: noneRight},
	{ID: "erase-before", Keys: []string{"ctrl+u"}, Help: "erase to the beginning of the line", Why: noneLeft},
	{ID: "erase-after", Keys: []string{"ctrl+k"}, Help: "erase to the end of the line", Why: noneRight},
}}

// Bindings are the editing keys as a pane has them that wants them in its help and its configuration:
// the actions have the pane's name before them, and go to Do.
func Bindings(pane string) []keymap.Binding {
	out := slices.Clone(keys.Bindings)
	for i := range out {
		out[i].ID = pane + "." + out[i].ID
	}
	return out
}

// actionOf is the action without the pane.
func actionOf(id string) string { return id[strings.LastIndexByte(id, '.')+1:] }

// Do edits as a binding says, with or without the pane before its action, and returns false when it
// can do nothing.
func (m *Model) Do(id string) bool {
	m.refused, m.idle = "", ""
	action := actionOf(id)
	if m.selected && action != newLine {
		return m.deselectBy(action)
	}
	switch action {
	case newLine:
		if !m.Lines {
			return false
		}
		m.insert("\n", kindPasted)
		return m.refused == ""
	case "undo":
		return m.undo()
	case "redo":
		return m.redo()
	default:
		if to, ok := m.moved(action); ok {
			m.journal.kind = kindNone
			moves := to != m.cursor
			m.cursor = to
			return moves
		}
		return m.erase(action)
	}
}

// moved is where a motion leads to; ok is false when action is none.
func (m *Model) moved(action string) (to int, ok bool) {
	switch action {
	case "left":
		return max(0, m.cursor-1), true
	case "right":
		return min(len(m.text), m.cursor+1), true
	case "word-left":
		return m.wordLeft(), true
	case "word-right":
		return m.wordRight(), true
	case "home":
		return 1 + lastIndex(m.text[:m.cursor], '\n'), true
	case "end":
		if n := slices.Index(m.text[m.cursor:], '\n'); n >= 0 {
			return m.cursor + n, true
		}
		return len(m.text), true
	}
	return 0, false
}

func lastIndex(text []rune, r rune) int {
	for i, t := range slices.Backward(text) {
		if t == r {
			return i
		}
	}
	return -1
}

func (m *Model) erase(action string) bool {
	from, to := m.cursor, m.cursor
	switch action {
	case "erase-left":
		from = max(0, m.cursor-1)
	case "erase-right":
		to = min(len(m.text), m.cursor+1)
	case "erase-word-left":
		from = m.wordLeft()
	case "erase-word-right":
		to = m.wordRight()
	case "erase-before":
		from, _ = m.moved("home")
	case "erase-after":
		to, _ = m.moved("end")
	}
	if from == to {
		return false
	}
	m.note(kindErased, to-from == 1)
	m.put(slices.Concat(m.text[:from], m.text[to:]))
	m.cursor = from
	return true
}
