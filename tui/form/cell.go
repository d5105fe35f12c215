package form

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"cxlens/internal/flow"
	"cxlens/query"
	model "cxlens/query/form"
	"cxlens/tui/field"
)

// cell is a part of a field that has the keyboard by itself.
type cell interface {
	// step goes to the next (1) or the former (-1) choice; false: there is none to go to.
	step(by int) bool
	// toggle is what the space bar does; false: it is a character to type.
	toggle() bool
	// typed takes a key or a paste in and returns why nothing came of it, "" when something did.
	typed(msg tea.Msg) (why string)
}

// choice is one of a few words.
type choice struct {
	options []string
	at      int
}

func (c *choice) step(by int) bool {
	c.at = (c.at + by + len(c.options)) % len(c.options)
	return true
}

func (c *choice) toggle() bool { return c.step(1) }

// typed goes to the next word that begins with the letter.
func (c *choice) typed(msg tea.Msg) string {
	key, ok := msg.(tea.KeyPressMsg)
	if !ok || key.Text == "" {
		return "this is chosen with ← and →"
	}
	before := c.at
	for i := range c.options {
		at := (before + 1 + i) % len(c.options)
		if strings.HasPrefix(c.options[at], strings.ToLower(key.Text)) {
			c.at = at
			break
		}
	}
	if c.at == before {
		return "no other choice begins with " + flow.Clean(key.Text) + "; ← and → choose"
	}
	return ""
}

// text is a line that is typed, or walked through where there are picks.
type text struct {
	field field.Model
	// whole is what the text was filled with and shown what the field took of it: while nothing is
	// typed the whole counts, so that a field never shortens what it cannot show.
	whole, shown string
	// empty stands in place of an empty text.
	empty string
	// picks are the texts to walk through, nil for none; picked: the text is one of them and not typed.
	picks  func() []string
	picked bool
}

func newText(value, empty string, picks func() []string) *text {
	t := &text{empty: empty, picks: picks}
	t.fill(value)
	t.picked = picks != nil && slices.Contains(picks(), value)
	return t
}

func (t *text) fill(value string) {
	t.field.Set(value)
	t.whole, t.shown = value, t.field.Value()
}

// value is the text of the cell.
func (t *text) value() string {
	if v := t.field.Value(); v != t.shown {
		return v
	}
	return t.whole
}

// fixed tells that the text is longer than can be edited here.
func (t *text) fixed() bool { return t.whole != t.shown }

func (t *text) step(by int) bool {
	if t.picks == nil || !t.picked && t.value() != "" {
		return false
	}
	picks := t.picks()
	if len(picks) == 0 {
		return false
	}
	at := slices.Index(picks, t.value())
	switch {
	case at >= 0:
		at = (at + by + len(picks)) % len(picks)
	case by < 0:
		at = len(picks) - 1
	default:
		at = 0
	}
	t.fill(picks[at])
	t.picked = true
	return true
}

func (t *text) toggle() bool { return false }

// typed edits the text; what is typed takes the place of a text that was picked.
func (t *text) typed(msg tea.Msg) string {
	if t.fixed() {
		return tooLong
	}
	key, isKey := msg.(tea.KeyPressMsg)
	_, isPaste := msg.(tea.PasteMsg)
	if t.picked && (isPaste || isKey && key.Text != "") {
		t.fill("")
	}
	if t.field.Update(msg) {
		t.picked = false
	}
	return t.field.Why()
}

// tooLong is said of a text that is longer than can be edited here.
const tooLong = "too long to be edited here; it stays as it is, and : edits it"

// flagLetters are the flags in the order of their bits, as flow.Flags prints them.
const flagLetters = "FSRPAUEC"

// flags are the toggles of the TCP flags of a side; mode is the choice beside them.
type flags struct {
	mode      *choice
	set, mask flow.Flags // mask: the flags that have to be unset or set, with "masked"
	at        int
}

var flagModes = []string{"has all", "has any", "exactly", "masked"}

func newFlags(f model.Flags) *flags {
	return &flags{mode: &choice{options: flagModes, at: int(f.Mode)}, set: f.Set, mask: f.Mask | f.Set}
}

func (f *flags) masked() bool { return query.FlagsMode(f.mode.at) == query.FlagsMasked }

func (f *flags) step(by int) bool {
	f.at = (f.at + by + len(flagLetters)) % len(flagLetters)
	return true
}

// toggle sets the flag or leaves it; "masked" has a third state between them, that it must not be set.
func (f *flags) toggle() bool {
	bit := flow.Flags(1) << f.at
	switch {
	case f.set&bit == 0 && (f.mask&bit == 0 || !f.masked()):
		f.set, f.mask = f.set|bit, f.mask|bit
	case f.set&bit != 0 && f.masked():
		f.set &^= bit
	default:
		f.set, f.mask = f.set&^bit, f.mask&^bit
	}
	return true
}

// typed sets or leaves the flags that a key or a paste names.
func (f *flags) typed(msg tea.Msg) string {
	word := ""
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		word = msg.Text
	case tea.PasteMsg:
		word = strings.TrimSpace(msg.Content)
	}
	word = strings.ToUpper(word)
	if word == "" || strings.Trim(word, flagLetters) != "" {
		return "the flags are " + strings.Join(strings.Split(flagLetters, ""), " ")
	}
	for _, letter := range word {
		f.at = strings.IndexRune(flagLetters, letter)
		f.toggle()
	}
	return ""
}

func (f *flags) value() model.Flags {
	v := model.Flags{Mode: query.FlagsMode(f.mode.at), Set: f.set}
	if f.masked() {
		v.Mask = f.mask
	}
	return v
}
