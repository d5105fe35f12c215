package tui

import (
	"fmt"
	"sync"

	tea "charm.land/bubbletea/v2"

	"cxlens/internal/flow"
	"cxlens/internal/opentabs"
	"cxlens/query"
)

// lastTabs are the tabs that were open the last time, until they are opened again, and the keeping of
// those that are open now.
type lastTabs struct {
	offer   opentabs.Set
	found   tabThings // that the tabs of the offer name
	server  string
	loaded  bool // what was kept is known, so that it may be replaced
	changed bool // the open tabs are not what is kept
	said    bool // that they cannot be kept is said once
	keep    *tabKeeper
	shown   shownView
}

// tabKeeper writes the newest set, once at a time.
type tabKeeper struct {
	store *opentabs.Store

	writing sync.Mutex // held while a set is written
	mu      sync.Mutex
	server  string
	next    *opentabs.Set
}

func (k *tabKeeper) put(server string, set opentabs.Set) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.server, k.next = server, &set
}

// flush writes the newest set, if it is not written.
func (k *tabKeeper) flush() error {
	k.writing.Lock()
	defer k.writing.Unlock()
	k.mu.Lock()
	server, set := k.server, k.next
	k.next = nil
	k.mu.Unlock()
	if set == nil {
		return nil
	}
	return k.store.Save(server, *set)
}

// tabsLoaded tells which tabs were open the last time.
type tabsLoaded struct {
	server string
	set    opentabs.Set
	found  tabThings
	err    error
}

// tabsKept tells what came of keeping the open tabs.
type tabsKept struct{ err error }

// tabServer is what the tabs are kept by: the server, or what an embedded one shows.
func (m *model) tabServer() string {
	if m.status.Server != "" {
		return m.status.Server
	}
	return "embedded " + m.opts.Title
}

// loadTabs reads which tabs were open on the server.
func (m *model) loadTabs() tea.Cmd {
	if m.opts.Tabs == nil || m.last.server == m.tabServer() {
		return nil
	}
	store, server, find := m.opts.Tabs, m.tabServer(), m.tabFinder()
	m.last = lastTabs{server: server, keep: &tabKeeper{store: store}}
	return func() tea.Msg {
		set, err := store.Load(server)
		return tabsLoaded{server, set, find(set), err}
	}
}

// tabsLoaded offers the tabs of the last time, if there were several: one query is in the history.
func (m *model) tabsLoaded(msg tabsLoaded) {
	if msg.server != m.last.server {
		return
	}
	m.last.loaded = true
	m.tabsFailed(msg.err)
	if len(msg.set.Tabs) < 2 {
		return
	}
	m.last.offer, m.last.found = msg.set, msg.found
}

// offerText stands in the line of tabs until a person has chosen to do something else; the key goes on to work.
func (m *model) offerText() string {
	if len(m.last.offer.Tabs) == 0 || len(m.tabs.open) > 1 || m.runs > 1 {
		return ""
	}
	return fmt.Sprintf("%d tabs were open the last time; %s opens them again", len(m.last.offer.Tabs), m.keys.tabs.KeyOf(actTabRestore))
}

// restoreTabs opens the tabs of the last time behind the ones here. The one that was shown is shown
// and runs; the others run when they are shown.
func (m *model) restoreTabs() (tea.Cmd, bool) {
	offer, found := m.last.offer, m.last.found
	if len(offer.Tabs) == 0 {
		return nil, false
	}
	m.last.offer, m.last.found = opentabs.Set{}, tabThings{}
	m.tab = m.tabs.open[len(m.tabs.open)-1]
	var show *tab
	for i, o := range offer.Tabs {
		t, err := m.unfold(o, found)
		if err != nil {
			m.notice(fmt.Sprintf("tab %s of the last time: %v", query.Quote(flow.Clean(o.Query)), err))
			continue
		}
		if !m.addTab(t) {
			m.notice(fmt.Sprintf("%d tabs are open: %d of the last time were left out", maxTabs, len(offer.Tabs)-i))
			break
		}
		if show == nil || i == offer.Shown {
			show = t
		}
	}
	if show == nil {
		return nil, true
	}
	return m.showTab(show), true
}

// unfold makes a tab of what was kept.
func (m *model) unfold(o opentabs.Tab, found tabThings) (*tab, error) {
	v, err := m.viewKept(o.View)
	if err != nil {
		return nil, err
	}
	t := m.likeThis("")
	if !t.bar.Put(o.Query) {
		return nil, fmt.Errorf("the query does not fit into the query line")
	}
	t.name, t.follow, t.waiting = flow.Clean(o.Name), o.Follow, true
	t.put(v)
	if err := m.lookKept(t, o.Look); err != nil {
		return nil, err
	}
	m.themeAgain(t, v.theme, found)
	m.runsAgain(t, o.Profile, found)
	f, err := m.bind(o.Refined)
	if err != nil {
		return nil, err
	}
	if t.refined = o.Refined; t.refined != "" {
		_ = t.table.SetFilter(f) // there are no rows yet that it would begin on
	}
	return t, nil
}

// keepTabs writes which tabs are open when that has changed. An offer that was not taken yet is not
// replaced by a single tab.
func (m *model) keepTabs() tea.Cmd {
	m.noteView()
	if !m.last.changed || !m.last.loaded || m.src == nil || len(m.last.offer.Tabs) > 0 && len(m.tabs.open) < 2 {
		return nil
	}
	m.last.changed = false
	keep := m.last.keep
	keep.put(m.last.server, m.openSet())
	return func() tea.Msg { return tabsKept{keep.flush()} }
}

// closeTabs writes what is not written yet.
func (m *model) closeTabs() {
	m.last.changed = true
	m.keepTabs()
	if m.last.keep != nil {
		_ = m.last.keep.flush() // there is no screen any more that could say it
	}
}

// tabsFailed says once that the tabs are not kept: the screen works without.
func (m *model) tabsFailed(err error) {
	if err == nil || m.last.said {
		return
	}
	m.last.said = true
	m.notice(err.Error())
}

// openSet are the open tabs as they are kept.
func (m *model) openSet() opentabs.Set {
	var set opentabs.Set
	for i, t := range m.tabs.open {
		if t == m.tab {
			set.Shown = i
		}
		set.Tabs = append(set.Tabs, opentabs.Tab{
			View: t.view().kept(), Name: t.name, Follow: t.follow, Refined: t.refined, Profile: t.saved.kept(), Look: t.look().kept(),
		})
	}
	return set
}
