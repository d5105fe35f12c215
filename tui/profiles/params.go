package profiles

import (
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"cxlens/internal/flow"
	"cxlens/query/profile"
	"cxlens/themes"
	"cxlens/tui/field"
	"cxlens/tui/keymap"
	"cxlens/tui/look"
)

// Params asks for the values of a profile's parameters. Create it with NewParams.
type Params struct {
	keys   keymap.Map
	name   string
	about  string
	asks   []profile.Ask
	fields []field.Model
	errs   []string
	failed string // what is wrong with all of them together
	focus  int
	top    int // the first parameter that is in sight

	// Now is the clock that times are checked by.
	Now func() time.Time
	// Names are the named networks and lists, as query.Env has them.
	Names map[string]string
	// Run runs the profile; an error is shown and the box stays. Empty fields are left out of values.
	Run func(values map[string]string) (tea.Cmd, error)
	// Leave closes the box.
	Leave func() tea.Cmd
	// Say puts a line into the status line.
	Say func(text string)
}

// NewParams returns the box for a profile that asks for something. The fields begin with last, the values of a former
// run, or with the defaults.
func NewParams(keys keymap.Map, e profile.Entry, asks []profile.Ask, last map[string]string) *Params {
	m := &Params{
		keys: keys, name: e.Name, about: e.Description, asks: asks, Now: time.Now,
		fields: make([]field.Model, len(asks)), errs: make([]string, len(asks)),
	}
	for i, a := range asks {
		value, ok := last[a.Name]
		if !ok {
			value = a.Default
		}
		m.fields[i].Set(value)
	}
	m.fields[0].Select()
	return m
}

// Update edits the values.
func (m *Params) Update(msg tea.Msg) tea.Cmd {
	if key, ok := msg.(tea.KeyPressMsg); ok {
		if b, ok := m.keys.Lookup(key.String()); ok {
			return m.do(b)
		}
	}
	if m.fields[m.focus].Update(msg) {
		m.errs[m.focus], m.failed = "", ""
	}
	if why := m.fields[m.focus].Why(); why != "" {
		m.Say(why)
	}
	return nil
}

func (m *Params) do(b keymap.Binding) tea.Cmd {
	switch b.ID {
	case "parameters.next":
		m.step(1, b)
	case "parameters.previous":
		m.step(-1, b)
	case "parameters.leave":
		return m.Leave()
	case "parameters.run":
		wrong, focus := m.wrong(), m.focus
		cmd := m.run()
		if wrong != "" && m.wrong() == wrong && m.focus == focus {
			m.Say(b.Why)
		}
		return cmd
	}
	return nil
}

// wrong is all that is said to be wrong, "" for nothing.
func (m *Params) wrong() string { return strings.Join(m.errs, "") + m.failed }

// step goes to another field; the one that is left is checked.
func (m *Params) step(by int, b keymap.Binding) {
	before := m.errs[m.focus]
	if m.check(m.focus); len(m.asks) == 1 && m.errs[0] == before {
		m.Say(b.Why)
	}
	m.to((m.focus + by + len(m.asks)) % len(m.asks))
}

// to goes to a field, where what is typed takes the place of what stands in it.
func (m *Params) to(focus int) {
	m.fields[m.focus].Deselect()
	m.focus = focus
	m.fields[focus].Select()
}

// check reads a field and tells whether it can be used. An empty one is its default.
func (m *Params) check(i int) bool {
	m.errs[i] = ""
	a, value := m.asks[i], strings.TrimSpace(m.fields[i].Value())
	if value == "" && a.Default != "" {
		return true
	}
	err := a.Check(value, m.Now())
	if err == nil {
		err = a.Resolve(value, m.Names)
	}
	if err != nil {
		m.errs[i] = flow.Clean(err.Error())
		return false
	}
	return true
}

// run hands the values over, or goes to the first that cannot be used.
func (m *Params) run() tea.Cmd {
	wrong := -1
	values := make(map[string]string)
	for i := range m.asks {
		if !m.check(i) && wrong < 0 {
			wrong = i
		}
		if value := strings.TrimSpace(m.fields[i].Value()); value != "" {
			values[m.asks[i].Name] = value
		}
	}
	if wrong >= 0 {
		m.to(wrong)
		m.fields[wrong].Deselect() // it is to be mended
		return nil
	}
	cmd, err := m.Run(values)
	if err != nil {
		m.failed = flow.Clean(err.Error())
	}
	return cmd
}

// View returns the box for a screen of w columns and h rows, and where in it the cursor stands.
func (m *Params) View(l *look.Look, w, h int) (box []string, x, y int) {
	inside := min(84, w-6)
	var head, tail []string
	if h >= roomy {
		head = append(paragraph(l, themes.Muted, m.about, inside, 2), "")
	}
	for _, line := range wrapped(m.failed, inside, 3) {
		tail = append(tail, l.Paint(themes.Error, line))
	}
	tail = append(tail, l.Paint(themes.Muted, look.Cut(m.hint(), inside)))
	room := max(1, h-2-len(head)-len(tail))
	m.top = min(m.top, m.focus)
	for m.top < m.focus && m.height(inside, m.top, m.focus+1) > room {
		m.top++
	}
	lines := head
	last := m.top
	for ; last < len(m.asks) && (last == m.top || m.height(inside, m.top, last+1) <= room); last++ {
		one, at, row := m.one(l, last, inside)
		if last == m.focus {
			x, y = 2+at, 1+len(lines)+row
		}
		lines = append(lines, one...)
	}
	return l.Box(m.title(last), m.foot(), append(lines, tail...), inside), x, y
}

func (m *Params) title(last int) string {
	if m.top == 0 && last == len(m.asks) {
		return m.name
	}
	return fmt.Sprintf("%s · parameters %d to %d of %d", m.name, m.top+1, last, len(m.asks))
}

func (m *Params) foot() string {
	if len(m.asks) == 1 {
		return "Enter runs · Esc leaves"
	}
	return "Enter runs · Tab next · Esc leaves"
}

// height is how many lines some of the parameters take.
func (m *Params) height(inside, from, to int) int {
	n := 0
	for i := from; i < to; i++ {
		n += 2 + len(wrapped(m.errs[i], inside-4, 2))
	}
	return n
}

// one is a parameter: what is asked, its field, and what is wrong; at is where in the line row its cursor stands.
func (m *Params) one(l *look.Look, i, inside int) (lines []string, at, row int) {
	a := m.asks[i]
	label, sign := themes.Text, "  "
	if i == m.focus {
		label, sign = themes.Header, "❯ "
	}
	right := "?" + a.Name + " · " + a.Type.String()
	text, at := m.fields[i].View(l, inside-2)
	lines = append(lines,
		look.Between(l.Paint(label, look.Cut(flow.Clean(a.Prompt), inside-look.Width(right)-1)), l.Paint(themes.Muted, right), inside),
		l.Paint(themes.Accent, sign)+text)
	mark := "  ✗ "
	for _, line := range wrapped(m.errs[i], inside-4, 2) {
		lines = append(lines, l.Paint(themes.Error, mark+line))
		mark = "    "
	}
	return lines, 2 + at, 1
}

// hint says what the field under the cursor takes.
func (m *Params) hint() string {
	a := m.asks[m.focus]
	text := "such as " + a.Type.Example()
	if a.Several() {
		text += "; several with blanks between"
	}
	if a.Default != "" {
		text += "; empty is " + flow.Clean(a.Default)
	}
	return text
}

// wrapped breaks an error into at most n lines.
func wrapped(text string, w, n int) []string {
	if text == "" {
		return nil
	}
	lines := look.Wrap(text, w)
	return lines[:min(n, len(lines))]
}
