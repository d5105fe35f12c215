package querybar

import "cxlens/query"

// completion is the walk through the words that may stand at the cursor.
type completion struct {
	words []query.Candidate
	at    int // the word on the line; -1 and len(words) are what was typed
	typed string
	from  int
	to    int // where the word on the line ends
	// changed: a word of the walk is on the line.
	changed bool
}

// next puts the next completion in place of the word at the cursor.
func (m *Model) next(by int) bool {
	c := &m.complete
	if len(c.words) == 0 && !m.begin(by) {
		return false
	}
	c.at += by
	switch {
	case c.at < -1:
		c.at = len(c.words) - 1
	case c.at > len(c.words):
		c.at = 0
	}
	before := m.field.Value()
	word := c.typed
	if c.at >= 0 && c.at < len(c.words) {
		word = c.words[c.at].Text
	}
	if !m.replace(word) {
		m.complete = completion{}
		return true // it said why
	}
	if len(c.words) > 1 {
		return true
	}
	m.complete = completion{}
	return m.field.Value() != before
}

// begin looks up what may stand at the cursor and tells whether there is anything.
func (m *Model) begin(by int) bool {
	if m.Complete == nil {
		return false
	}
	text := m.field.Value()
	words := m.Complete(text, m.field.Cursor())
	if len(words) == 0 {
		return false
	}
	from, to := words[0].Start, words[0].End
	m.complete = completion{words: words, at: -1, typed: text[from:to], from: from, to: to}
	if by < 0 {
		m.complete.at = len(words)
	}
	return true
}

// replace puts word in place of the one that stands there and the cursor behind it. One walk through the
// words is one change. It tells whether there is room for the word.
func (m *Model) replace(word string) bool {
	c := &m.complete
	if !m.field.Replace(c.from, c.to, word, c.changed) {
		m.Say(m.field.Refused())
		return false
	}
	c.changed = true
	c.to = c.from + len(word)
	m.clearProblem()
	return true
}
