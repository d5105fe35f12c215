package tui

import (
	"errors"
	"fmt"

	tea "charm.land/bubbletea/v2"

	"cxlens/query/profile"
	"cxlens/themes"
	"cxlens/tui/human"
	"cxlens/tui/profiles"
)

// savedView is the profile that a tab runs.
type savedView struct {
	entry profile.Entry
	was   view // of the tab when the profile ran, so that a change can be told
}

// profileFound brings the profile that is to be run, as its file has it now.
type profileFound struct {
	seq   uint64
	entry profile.Entry
	aside bool
	err   error
}

// findProfile reads a profile that is to be run.
func (m *model) findProfile(name string, aside bool) tea.Cmd {
	m.profiles.asked++
	store, seq := m.opts.Profiles, m.profiles.asked
	return func() tea.Msg {
		e, err := store.Get(name)
		return profileFound{seq, e, aside, err}
	}
}

// profileFound runs the profile, or asks for its parameters first.
func (m *model) profileFound(msg profileFound) tea.Cmd {
	switch {
	case msg.seq != m.profiles.asked:
		return nil
	case msg.err != nil:
		m.fail(msg.err)
		return nil
	}
	return m.askAndRun(msg.entry, msg.aside, func() tea.Cmd { return nil })
}

// askAndRun asks for the parameters, if there are any, and runs the profile. When the box is left instead, otherwise
// is done.
func (m *model) askAndRun(e profile.Entry, aside bool, otherwise func() tea.Cmd) tea.Cmd {
	asks, err := e.Asks()
	if err == nil && len(asks) == 0 {
		var cmd tea.Cmd
		if cmd, err = m.runProfile(e, nil, aside); err == nil {
			return cmd
		}
	}
	if err != nil {
		m.fail(fmt.Errorf("profile %s: %w", e.Name, err))
		return otherwise()
	}
	box := profiles.NewParams(m.keys.params, e, asks, m.profiles.values[e.Name])
	box.Now, box.Names, box.Say = m.now, m.opts.Names, m.warn
	box.Leave = func() tea.Cmd { m.toFlows(); return otherwise() }
	box.Run = func(values map[string]string) (tea.Cmd, error) {
		cmd, err := m.runProfile(e, values, aside)
		if err != nil {
			return nil, err
		}
		if m.profiles.values == nil {
			m.profiles.values = make(map[string]map[string]string)
		}
		m.profiles.values[e.Name] = values
		return cmd, nil
	}
	m.profiles.params, m.mode = box, modeParams
	return nil
}

// errTooManyTabs is what a profile runs into that should have a tab of its own.
var errTooManyTabs = fmt.Errorf("%d tabs are open; close one first", maxTabs)

// runProfile puts the view of a profile on this tab, or on a new one, and runs its query.
func (m *model) runProfile(e profile.Entry, values map[string]string, aside bool) (tea.Cmd, error) {
	text, spanText, err := e.Fill(values, m.now())
	if err != nil {
		return nil, err
	}
	if err := m.readable(text); err != nil {
		return nil, err
	}
	v, err := m.viewOf(e.Profile, text, spanText)
	if err != nil {
		return nil, err
	}
	if aside && !m.addTab(m.likeThis("")) {
		return nil, errTooManyTabs
	}
	if !m.bar.Put(text) {
		return nil, errors.New("its query does not fit into the query line")
	}
	m.toFlows()
	m.leaving()
	m.put(v)
	m.ownTheme = nil
	cmd := m.submit(text)
	m.name = e.Name
	m.saved = &savedView{entry: e, was: m.view()}
	return tea.Batch(cmd, m.loadTabTheme(m.tab, v.theme)), nil
}

// changed lists what of a tab is not as its profile has it; nil when nothing is, or when it runs none.
func (t *tab) changed() []string {
	if t.saved == nil || t.run.res == nil && !t.waiting {
		return nil
	}
	return t.view().differs(t.saved.was)
}

// profileText says in the query line which profile the tab runs, "" for none.
func (m *model) profileText() string {
	switch {
	case m.saved == nil:
		return ""
	case len(m.changed()) > 0:
		return m.saved.entry.Name + ", changed"
	}
	return m.saved.entry.Name
}

// startFound brings the profile that is run on start; none is one without a name.
type startFound struct {
	entry profile.Entry
	err   error
}

// runOnStart looks for the profile that is run on start, once; ok is false when a query or a span was given, or there can be none.
func (m *model) runOnStart() (cmd tea.Cmd, ok bool) {
	if m.profiles.began || m.opts.Query != "" || m.opts.Last != "" || m.opts.Profiles.MarksFile == "" {
		return nil, false
	}
	m.profiles.began = true
	store := m.opts.Profiles
	return func() tea.Msg {
		marks, err := store.Marks()
		if err != nil || marks.Start == "" {
			return startFound{err: err}
		}
		e, err := store.Get(marks.Start)
		if err != nil {
			err = fmt.Errorf("the profile on start: %w", err)
		}
		return startFound{e, err}
	}, true
}

// startFound runs the profile on start. Without one, or when its box is left, the first query is that of the line.
func (m *model) startFound(msg startFound) tea.Cmd {
	plain := func() tea.Cmd {
		if m.run.res != nil {
			return nil
		}
		return m.again()
	}
	switch {
	case m.run.res != nil: // the person was faster
		return nil
	case msg.err != nil:
		m.notice(msg.err.Error())
		return plain()
	case msg.entry.Profile == nil:
		return plain()
	case m.mode != modeFlows: // what is being typed is not taken away
		return plain()
	}
	return m.askAndRun(msg.entry, false, plain)
}

// tabThemeLoaded brings the theme that a tab's profile names.
type tabThemeLoaded struct {
	tab   *tab
	saved *savedView
	theme *themes.Theme
	err   error
}

// loadTabTheme reads the theme of a profile.
func (m *model) loadTabTheme(t *tab, name string) tea.Cmd {
	if name == "" {
		return nil
	}
	loader, saved := m.opts.Themes, t.saved
	return func() tea.Msg {
		th, err := loader.Load(name)
		return tabThemeLoaded{t, saved, th, err}
	}
}

func (m *model) tabThemeLoaded(msg tabThemeLoaded) {
	switch {
	case msg.tab.saved != msg.saved: // another profile runs there by now
	case msg.err != nil:
		m.notice("profile " + msg.saved.entry.Name + " has the theme of the screen: " + human.Line(msg.err.Error()))
	default:
		msg.tab.ownTheme = msg.theme
		msg.saved.was.theme = msg.theme.Name
	}
}

// otherTheme is the theme of the screen when it is another one than the configured, else "".
func (m *model) otherTheme() string {
	switch {
	case m.theme.auto || m.theme.theme.Name == m.opts.Theme:
		return ""
	}
	return m.theme.theme.Name
}

// shownTheme is the theme of the tab on the screen, else that of the screen, and that which is looked at in the list of them.
func (m *model) shownTheme() *themes.Theme {
	if m.tab != nil && m.ownTheme != nil && m.mode != modeThemes {
		return m.ownTheme
	}
	return m.theme.theme
}
