package tui

import (
	"errors"

	"cxlens/internal/flow"
	"cxlens/query/profile"
	"cxlens/themes"
	"cxlens/tui/human"
)

// shownView is how the tab on the screen looked when it was last looked at.
type shownView struct {
	tab  *tab
	view view
	look tabLook
}

// noteView counts a tab whose columns, order, groups, timeline or numbers are others as changed, though no query ran.
func (m *model) noteView() {
	now := shownView{m.tab, m.tab.view(), m.tab.look()}
	was := m.last.shown
	m.last.shown = now
	if was.tab == now.tab && (was.look != now.look || len(now.view.differs(was.view)) > 0) {
		m.last.changed = true
	}
}

// addTheme reads a theme that a tab of the last time names, and keeps why it cannot be read.
func (f tabThings) addTheme(loader themes.Loader, name string) {
	if name == "" || f.themes[name] != nil {
		return
	}
	th, err := loader.Load(name)
	if err != nil {
		f.noTheme[name] = err
		return
	}
	f.themes[name] = th
}

// addProfile reads a profile that a tab of the last time runs, and keeps why it cannot be read.
func (f tabThings) addProfile(store profile.Store, name string) {
	if f.profiles[name].Profile != nil {
		return
	}
	e, err := store.Get(name)
	switch {
	case err == nil:
		f.profiles[name] = e
	case !errors.Is(err, profile.ErrNotFound): // one that is gone needs no reason
		f.noProfile[name] = err
	}
}

// themeAgain gives a tab of the last time its theme back. One that cannot be read is said in one line, once, and the
// theme of the screen takes its place.
func (m *model) themeAgain(t *tab, name string, found tabThings) {
	t.ownTheme = found.themes[name]
	if err := found.noTheme[name]; err != nil {
		m.notice("a tab of the last time has the theme of the screen: " + human.Line(err.Error()))
		delete(found.noTheme, name)
	}
}

// sayProfileGone says why a tab of the last time does not run its profile any more.
func (m *model) sayProfileGone(name string, found tabThings) {
	if err := found.noProfile[name]; err != nil {
		m.notice("a tab of the last time keeps its view without its profile: " + human.Line(err.Error()))
		return
	}
	m.tell("the profile " + flow.Clean(name) + " is not as it was the last time; its tab keeps the view without it")
}
