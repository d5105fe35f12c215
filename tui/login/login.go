// Package login is the form that asks for the server, the account's name and its secret.
//
// It may import the leaf packages of tui. The surprising thing: the secret is wiped from the
// form as soon as it was used, so a refused login asks for it again.
package login

import (
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"cxlens/internal/flow"
	"cxlens/themes"
	"cxlens/tui/field"
	"cxlens/tui/human"
	"cxlens/tui/keymap"
	"cxlens/tui/look"
)

// The fields of the form.
const (
	Server = iota
	Name
	Secret
	numFields
)

var labels = [numFields]string{"server", "name", "secret"}

var hints = [numFields]string{"host:port, by default port 10201", "of the analyst's account", "not shown while it is typed"}

// Keys are the bindings of the form.
func Keys() keymap.Map {
	return keymap.Map{Pane: "login", Bindings: []keymap.Binding{
		{ID: "login.accept", Keys: []string{"enter"}, Help: "next field, from the last one: connect"},
		{ID: "login.next", Keys: []string{"tab", "down"}, Help: "next field"},
		{ID: "login.previous", Keys: []string{"shift+tab", "up"}, Help: "field before"},
		{ID: "login.cancel", Keys: []string{"esc", "ctrl+c"}, Help: "stop connecting, else quit"},
	}}
}

// Model is the form. Create it with New.
type Model struct {
	keys   keymap.Map
	fields [numFields]field.Model
	errs   [numFields]string
	focus  int
	title  string

	connecting bool
	began      time.Time
	idle       string // why the last key did nothing

	// Connect begins to connect.
	Connect func(server, name, secret string) tea.Cmd
	// Stop ends the attempt to connect.
	Stop func() tea.Cmd
	// Quit leaves the program.
	Quit func() tea.Cmd
}

// New returns a form that already knows server and name where they are given.
func New(keys keymap.Map, title, server, name string) *Model {
	m := &Model{keys: keys, title: title}
	m.fields[Server].Set(server)
	m.fields[Name].Set(name)
	m.fields[Secret].Hidden = true
	for m.focus = Server; m.focus < Secret && m.fields[m.focus].Value() != ""; m.focus++ {
	}
	return m
}

// Connecting tells whether an attempt to connect runs.
func (m *Model) Connecting() bool { return m.connecting }

// Refuse shows the server's refusal beside the secret, which has to be typed again.
func (m *Model) Refuse(err error) { m.fail(Secret, err) }

// Fail shows under the server's address why there is no connection.
func (m *Model) Fail(err error) { m.fail(Server, err) }

// Stopped tells the form that the attempt was stopped.
func (m *Model) Stopped() { m.connecting = false }

func (m *Model) fail(at int, err error) {
	m.connecting = false
	m.errs = [numFields]string{}
	m.errs[at] = flow.Clean(err.Error())
	m.focus = at
}

// Update edits the form.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
	m.idle = ""
	if key, ok := msg.(tea.KeyPressMsg); ok {
		if b, ok := m.keys.Lookup(key.String()); ok {
			return m.do(b.ID)
		}
	}
	if m.connecting {
		m.idle = isConnecting
		return nil
	}
	if m.fields[m.focus].Update(msg) {
		m.errs[m.focus] = ""
	}
	if why := m.fields[m.focus].Refused(); why != "" {
		m.errs[m.focus] = why
	}
	m.idle = m.fields[m.focus].Idle()
	return nil
}

// isConnecting is what a key says that has to wait for the end of an attempt.
const isConnecting = "the attempt has to end first"

func (m *Model) do(id string) tea.Cmd {
	switch {
	case id == "login.cancel" && m.connecting:
		m.connecting = false
		return m.Stop()
	case id == "login.cancel":
		return m.Quit()
	case m.connecting:
		m.idle = isConnecting
	case id == "login.next":
		m.focus = (m.focus + 1) % numFields
	case id == "login.previous":
		m.focus = (m.focus + numFields - 1) % numFields
	case m.focus < Secret:
		m.focus++
	default:
		return m.accept()
	}
	return nil
}

// accept connects when nothing is missing.
func (m *Model) accept() tea.Cmd {
	before := m.errs
	m.errs = [numFields]string{}
	for i := range m.fields {
		if m.fields[i].Value() == "" {
			m.errs[i] = labels[i] + " is missing"
			if m.errs == before && m.focus == i {
				m.errs[i] += " still"
			}
			m.focus = i
			return nil
		}
	}
	secret := m.fields[Secret].Value()
	m.fields[Secret].Set("")
	m.connecting = true
	return m.Connect(strings.TrimSpace(m.fields[Server].Value()), strings.TrimSpace(m.fields[Name].Value()), secret)
}

// Began tells the form when the attempt began.
func (m *Model) Began(at time.Time) { m.began = at }

// View returns the box for a screen of w columns, and where in it the cursor stands; x is -1 for
// no cursor.
func (m *Model) View(l *look.Look, w int, now time.Time) (box []string, x, y int) {
	inside := min(64, w-6)
	label := 8
	lines := []string{""}
	x = -1
	for i := range m.fields {
		text, at := m.fields[i].View(l, inside-label-1)
		t := themes.Muted
		if i == m.focus && !m.connecting {
			t, x, y = themes.Accent, 2+label+at, len(lines)+1
		}
		lines = append(lines, l.Paint(t, look.Left(labels[i], label))+text)
		for _, note := range m.notes(l, i, inside-label) {
			lines = append(lines, look.Blank(label)+note)
		}
	}
	if m.connecting {
		lines = append(lines, l.Paint(themes.ConnWaiting, "connecting to "+m.fields[Server].Value()+" … "+human.Duration(now.Sub(m.began).Truncate(time.Second))))
		foot := "Esc stops"
		if m.idle != "" {
			foot = m.idle + " · " + foot
		}
		return l.Box(m.title, foot, lines, inside), -1, 0
	}
	lines = append(lines, "")
	return l.Box(m.title, "Enter goes on · Tab next field · Esc quits", lines, inside), x, y
}

// notes are what stands under a field: what is wrong with it, else what it wants.
func (m *Model) notes(l *look.Look, i, w int) []string {
	switch {
	case m.errs[i] != "":
		lines := look.Wrap("✗ "+m.errs[i], w)
		for k := range lines {
			lines[k] = l.Paint(themes.Error, lines[k])
		}
		return lines
	case i == m.focus && m.idle != "" && !m.connecting:
		return []string{l.Paint(themes.Muted, m.idle)}
	case i == m.focus && !m.connecting:
		return []string{l.Paint(themes.Muted, hints[i])}
	}
	return []string{""}
}
