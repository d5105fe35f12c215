package field

// Select selects the whole text, as a prompt does that opens with an old one: what is typed or pasted takes its
// place, Delete empties it, and every other key keeps it to be edited. An empty text cannot be selected.
func (m *Model) Select() {
	m.cursor = len(m.text)
	m.selected = len(m.text) > 0
}

// Deselect keeps the text as it stands.
func (m *Model) Deselect() { m.selected = false }

// Selected tells whether what is typed takes the place of the text.
func (m *Model) Selected() bool { return m.selected }

// deselectBy runs an action on a selected text. That it is kept is what a motion at its end does.
func (m *Model) deselectBy(action string) bool {
	m.selected = false
	if action == "erase-right" {
		return m.Change("", false)
	}
	m.Do(action)
	return true
}
