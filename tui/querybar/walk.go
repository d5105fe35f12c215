package querybar

import (
	"strings"

	"cxlens/tui/human"
)

// walk is the way through the queries that were run before.
type walk struct {
	begun  bool
	texts  []string // newest first, those that begin as the draft did
	at     int      // the text on the line; -1 is the draft
	draft  string
	prefix string
}

// beginWalk chooses the earlier queries that begin with what was typed before the cursor; from a line
// that nobody has changed all of them.
func (m *Model) beginWalk() {
	w := walk{begun: true, at: -1, draft: m.field.Value()}
	if w.draft != m.ran {
		w.prefix = w.draft[:m.field.Cursor()]
	}
	same := strings.TrimSpace(w.draft)
	if same == "" {
		same = "any" // as the history has an empty query
	}
	if m.Past != nil {
		for _, text := range m.Past() {
			if text != same && strings.HasPrefix(text, w.prefix) {
				w.texts = append(w.texts, text)
			}
		}
	}
	m.walk = w
}

// step puts an earlier (1) or a later (-1) query on the line and says why when there is none.
func (m *Model) step(by int, why string) {
	if !m.walk.begun {
		m.beginWalk()
	}
	w := &m.walk
	to := w.at + by
	if to < -1 || to >= len(w.texts) {
		if by > 0 && w.prefix != "" {
			why = "no earlier query begins with " + human.Line(w.prefix)
		}
		m.Say(why)
		return
	}
	w.at = to
	text := w.draft
	if to >= 0 {
		text = w.texts[to]
	}
	m.complete = completion{}
	m.change(text)
	m.clearProblem()
}
