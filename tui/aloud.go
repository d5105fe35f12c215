package tui

import (
	"context"
	"os"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/term"

	"cxlens/internal/flow"
	"cxlens/tui/human"
	"cxlens/tui/keymap"
	"cxlens/tui/spoken"
)

// The actions of the screen that is read aloud.
const (
	actSayRow    = "aloud.row"
	actSayRows   = "aloud.rows"
	actSayStatus = "aloud.status"
)

// keyRepeat says everything that is open again, in every part and while something is typed; it cannot be bound to anything else.
const keyRepeat = "ctrl+l"

// aloudKeys are their bindings.
func aloudKeys() keymap.Map {
	const why = "nothing is read aloud; cxlens --accessible does it"
	return keymap.Map{Pane: "reading aloud", Bindings: []keymap.Binding{
		{ID: actSayRow, Keys: []string{"'"}, Help: "say the row under the cursor", Why: why},
		{ID: actSayRows, Keys: []string{"#"}, Help: "say ten rows from here", Why: why},
		{ID: actSayStatus, Keys: []string{";"}, Help: "say the query and how far it is", Why: why},
	}}
}

// The screen that nobody sees: wide and high enough that nothing of a box is cut off.
const (
	aloudWidth  = 200
	aloudHeight = 60
	// In these widths the fields of the form and the keys of the help stand in one column.
	aloudForm = 68
	aloudHelp = 100
)

// aloud is the screen for screen readers: the same model, and lines about what changed in place of a picture.
type aloud struct {
	*model
	teller spoken.Teller
	say    func(spoken.Out) // prints what was told
}

// Update takes in a message and says what came of it.
func (a *aloud) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	byKey := false
	switch m := msg.(type) {
	case tea.WindowSizeMsg:
		msg = tea.WindowSizeMsg{Width: aloudWidth, Height: aloudHeight}
	case tea.ColorProfileMsg:
		msg = tea.ColorProfileMsg{Profile: colorprofile.ASCII} // what is chosen stands in reverse, which the scene looks for
	case tea.KeyPressMsg:
		byKey = true
		if m.String() == keyRepeat {
			a.say(spoken.Out{Lines: a.scene().Whole()})
			return a, nil
		}
	case tea.PasteMsg:
		byKey = true
	}
	_, cmd := a.model.Update(msg)
	if a.width > 0 {
		a.say(a.teller.Tell(a.scene(), byKey, a.now()))
		a.say(spoken.Out{Lines: a.spoken})
		a.spoken = nil
	}
	return a, cmd
}

// View shows nothing: what there is to say has been said.
func (a *aloud) View() tea.View { return tea.NewView("") }

// runAloud reads the screen aloud until the person leaves it.
func (m *model) runAloud(ctx context.Context) error {
	m.aloud, m.mouse, m.theme.veil, m.theme.told = true, false, false, true
	m.colours(colorprofile.ASCII)
	m.askSize = func() (int, int, error) {
		_, _, err := term.GetSize(os.Stdout.Fd())
		return aloudWidth, aloudHeight, err
	}
	voice := spoken.NewVoice(os.Stdout)
	key := m.keys.screen.KeyOf
	voice.Say(spoken.Out{Lines: []string{
		"cxlens, lines for screen readers. " + key(actHelp) + " lists the keys, " + key(actPalette) + " the actions, " +
			m.keys.aloud.KeyOf(actSayRow) + " says the row, " + m.keys.aloud.KeyOf(actSayStatus) + " the state, ^l all that is open, " + key(actQuit) + " quits.",
	}})
	// What would be drawn goes nowhere. Without a renderer Bubble Tea would leave the terminal to echo keys and to wait for Enter.
	p := tea.NewProgram(&aloud{model: m, say: voice.Say}, tea.WithContext(ctx), tea.WithOutput(spoken.Clipboard{W: os.Stdout}),
		tea.WithWindowSize(aloudWidth, aloudHeight))
	_, err := p.Run()
	giveUp := make(chan struct{})
	timer := time.AfterFunc(time.Second, func() { close(giveUp) })
	defer timer.Stop()
	voice.Close(giveUp)
	return err
}

// scene is what there is to hear.
func (m *model) scene() spoken.Scene {
	s := spoken.Scene{Chosen: -1}
	switch {
	case m.mode == modeEdit:
		lines, x, y := m.bar.View(aloudWidth, aloudHeight, true, nil)
		s = spoken.Box(append(append([]string{"query"}, lines...), ""), x+2, y+1)
	case m.mode == modeNodes:
		lines := m.nodes.View(m.look, aloudWidth, aloudHeight, true, m.now())
		s = spoken.Box(append(append([]string{"nodes"}, lines...), ""), -1, 0)
	case m.onGroups():
		lines, _, _ := m.groupPane(aloudWidth, aloudHeight)
		s = spoken.Box(append(append([]string{"groups"}, lines...), ""), -1, 0)
	default:
		if box, x, y := m.boxAloud(); len(box) > 0 {
			s = spoken.Box(box, x, y)
		}
	}
	if m.mode == modeTimeline {
		s.Title = "timeline"
	}
	if m.timeline.On && m.timeline.Shown() != nil {
		s.Beside = strings.Join(m.timesAloud(), "; ")
	}
	if m.mode == modeEdit {
		s.Title = "query"
	}
	s.Said, s.Alarm = m.say.text, m.alarm()
	if m.src == nil {
		return s
	}
	s.Query, s.Sort = queryText(m.run.text)+", "+m.span.String(), m.table.SortText()
	s.Place, s.Row, s.Column = m.rowAloud()
	shown, _ := m.table.Len()
	s.Progress, s.Running = m.progressAloud(), m.busy() || shown == 0 && m.table.Pending() > 0
	return s
}

// boxAloud is the open box in a width in which nothing stands beside anything else.
func (m *model) boxAloud() (box []string, x, y int) {
	switch m.mode {
	case modeForm:
		return m.form.View(m.look, aloudForm, aloudHeight)
	case modeHelp:
		return m.help.View(m.look, aloudHelp, aloudHeight), -1, 0
	}
	return m.box()
}

// timesAloud are the lines of the timeline.
func (m *model) timesAloud() (lines []string) {
	for _, l := range m.timelineView() {
		if l = spoken.Line(l); l != "" {
			lines = append(lines, l)
		}
	}
	return lines
}

// alarm is what is wrong with the connection, and the newest notice.
func (m *model) alarm() string {
	text := m.connLine()
	if i := strings.Index(text, ", trying again in"); i > 0 { // the seconds would be told one by one
		if _, reason, ok := strings.Cut(text[i:], ": "); ok {
			text = text[:i] + ": " + reason
		}
	}
	if line := m.noticeLine(); line != "" {
		text = strings.TrimPrefix(text+"; notice: "+line, "; ")
	}
	return text
}

// rowAloud is the row under the cursor.
func (m *model) rowAloud() (place, row, column string) {
	at, ok := m.table.Cursor()
	shown, _ := m.table.Len()
	if !ok {
		return "no rows", "", ""
	}
	place = "row " + human.Exact(uint64(at+1)) + " of " + human.Exact(uint64(shown))
	cell, _ := m.table.CellText()
	return place, m.sentence(at), spoken.Value(m.table.Column().String(), flow.Clean(cell))
}

// sentence is the row at a place.
func (m *model) sentence(place int) string {
	view, order, _ := m.table.Present()
	row := place
	if order != nil {
		row = int(order[place])
	}
	var parts []string
	for _, c := range m.table.Columns() {
		if value := string(view.AppendCell(nil, c, row)); value != "" {
			parts = append(parts, spoken.Value(c.String(), flow.Clean(value)))
		}
	}
	return strings.Join(parts, ", ")
}

// progressAloud is how far the query is, in words.
func (m *model) progressAloud() string {
	if m.run.res == nil {
		return ""
	}
	p := m.run.progress
	_, arrived := m.table.Len()
	later := m.table.Pending() // rows that no key reaches yet
	counts := human.Exact(p.Matched) + " matched, " + human.Exact(uint64(arrived-later)) + " here"
	if later > 0 {
		counts += ", " + human.Exact(uint64(later)) + " not in order yet"
	}
	if p.Err != nil {
		return "the query " + p.State.String() + ": " + flow.Clean(p.Err.Error())
	}
	if m.busy() && p.Expect > 0 {
		counts += " of " + human.Exact(p.Expect)
	}
	return p.State.String() + ": " + counts
}

// actAloud says what was asked for; false where nothing is read aloud.
func (m *model) actAloud(id string) bool {
	if !m.aloud {
		return false
	}
	s := m.scene()
	switch id {
	case actSayRow:
		m.spoken = []string{strings.TrimSuffix(s.Place+": "+s.Row, ": ")}
	case actSayStatus:
		m.spoken = append(s.Whole(), s.Place)
	case actSayRows:
		at, ok := m.table.Cursor()
		shown, _ := m.table.Len()
		if !ok {
			m.spoken = []string{s.Place}
		}
		for place := at; place < min(at+10, shown); place++ {
			m.spoken = append(m.spoken, human.Exact(uint64(place+1))+": "+m.sentence(place))
		}
	}
	return true
}
