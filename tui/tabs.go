package tui

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"cxlens/client"
	"cxlens/internal/flow"
	"cxlens/internal/opentabs"
	"cxlens/themes"
	"cxlens/tui/human"
	"cxlens/tui/keymap"
	"cxlens/tui/look"
	"cxlens/tui/prompt"
	"cxlens/tui/tabs"
)

// maxTabs is how many tabs are open at most, and maxClosed how many closed ones can be opened again.
const (
	maxTabs   = opentabs.MaxTabs
	maxClosed = 20
)

// The actions of the tabs.
const (
	actTabNew     = "tabs.new"
	actTabClose   = "tabs.close"
	actTabReopen  = "tabs.reopen"
	actTabRename  = "tabs.rename"
	actTabNext    = "tabs.next"
	actTabPrev    = "tabs.previous"
	actTabList    = "tabs.list"
	actTabRestore = "tabs.restore"
	actTabNumber  = "tabs.number-" // and 1 to 9
)

// tabKeys are the bindings of the tabs.
func tabKeys() keymap.Map {
	km := keymap.Map{Pane: "tabs", Bindings: []keymap.Binding{
		{ID: actTabNew, Keys: []string{"ctrl+t"}, Help: "new tab", Why: fmt.Sprintf("%d tabs are open; close one first", maxTabs)},
		{ID: actTabClose, Keys: []string{"ctrl+w"}, Help: "close this tab", Why: "this is the only tab; the screen is left otherwise"},
		{ID: actTabReopen, Keys: []string{"U"}, Help: "open the tab that was closed last again", Why: "no tab was closed"},
		{ID: actTabRename, Keys: []string{"R"}, Help: "rename this tab"},
		{ID: actTabNext, Keys: []string{"}", "ctrl+right"}, Help: "next tab", Why: onlyTab},
		{ID: actTabPrev, Keys: []string{"{", "ctrl+left"}, Help: "previous tab", Why: onlyTab},
		{ID: actTabList, Keys: []string{"O"}, Help: "list of all tabs, and of those closed"},
		{ID: actTabRestore, Keys: []string{"ctrl+o"}, Help: "open the tabs of the last time again", Why: "there are no tabs of the last time to open"},
	}}
	for i := range 9 {
		n := strconv.Itoa(i + 1)
		km.Bindings = append(km.Bindings, keymap.Binding{ID: actTabNumber + n, Keys: []string{n}, Help: "tab " + n, Why: "there is no tab " + n})
	}
	return km
}

const onlyTab = "this is the only tab"

// tabSet are the tabs in their order.
type tabSet struct {
	open   []*tab
	closed []*tab // the last one was closed last
}

// actTabs runs an action of the tabs.
func (m *model) actTabs(id string) (tea.Cmd, bool) {
	if m.src == nil {
		return nil, false
	}
	switch id {
	case actTabNew:
		return nil, m.openNew()
	case actTabClose:
		return m.closeTab(m.tab)
	case actTabReopen:
		return m.reopen(len(m.tabs.closed) - 1)
	case actTabRename:
		m.renameTab(m.tab, m.toFlows)
		return nil, true
	case actTabNext:
		return m.turn(1)
	case actTabPrev:
		return m.turn(-1)
	case actTabList:
		m.openTabList()
		return nil, true
	}
	if id == actTabRestore {
		return m.restoreTabs()
	}
	n, err := strconv.Atoi(strings.TrimPrefix(id, actTabNumber))
	if err != nil || n > len(m.tabs.open) {
		return nil, false
	}
	if t := m.tabs.open[n-1]; t != m.tab || t.waiting {
		return m.showTab(t), true
	}
	m.warn("this is tab " + strconv.Itoa(n) + " already")
	return nil, true
}

// addTab puts a tab behind the one on the screen and shows it; false when there are too many.
func (m *model) addTab(t *tab) bool {
	if len(m.tabs.open) >= maxTabs {
		return false
	}
	at := slices.Index(m.tabs.open, m.tab) + 1
	m.tabs.open = slices.Insert(m.tabs.open, at, t)
	m.tab, m.last.changed = t, true
	return true
}

// openNew opens an empty tab with the keyboard in its query line.
func (m *model) openNew() bool {
	if !m.addTab(m.likeThis("")) {
		return false
	}
	m.edit()
	return true
}

// openAside opens a tab whose query comes of the one on the screen; its refinement comes along.
func (m *model) openAside(t *tab) bool {
	t.refined = m.refined
	_ = t.table.SetFilter(m.table.Filter()) // there are no rows yet that it would begin on
	if !m.addTab(t) {
		m.warn(fmt.Sprintf("%d tabs are open; close one first", maxTabs))
		return false
	}
	return true
}

// showTab shows a tab. One whose query has not run yet, because it was open the last time, runs it now.
func (m *model) showTab(t *tab) tea.Cmd {
	m.tab, m.last.changed = t, true
	m.toFlows()
	if t.run.res == nil && t.waiting {
		t.waiting = false
		return m.again()
	}
	return nil
}

// turn shows the tab so many further on, around the end.
func (m *model) turn(by int) (tea.Cmd, bool) {
	n := len(m.tabs.open)
	if n < 2 {
		return nil, false
	}
	at := slices.Index(m.tabs.open, m.tab)
	return m.showTab(m.tabs.open[(at+by+n)%n]), true
}

// closeTab ends what runs in a tab and takes it away; the last one stays.
func (m *model) closeTab(t *tab) (tea.Cmd, bool) {
	at := slices.Index(m.tabs.open, t)
	if len(m.tabs.open) < 2 || at < 0 {
		return nil, false
	}
	keep := m.within(t, func() tea.Cmd {
		keep := m.finished()
		if m.cancelRun() {
			m.run.stop()
		}
		m.table.Cancel()
		m.dropAsks()
		return keep
	})
	m.tabs.open = slices.Delete(m.tabs.open, at, at+1)
	m.last.changed = true
	m.tabs.closed = append(m.tabs.closed, t.folded())
	if over := len(m.tabs.closed) - maxClosed; over > 0 {
		m.tabs.closed = slices.Delete(m.tabs.closed, 0, over)
	}
	if m.tab == t {
		keep = tea.Batch(keep, m.showTab(m.tabs.open[max(0, at-1)]))
	}
	m.tell("closed " + t.title() + "; " + m.keys.tabs.KeyOf(actTabReopen) + " opens it again")
	return keep, true
}

// folded is what is kept of a closed tab: all but the rows, which its query brings again.
func (t *tab) folded() *tab {
	f := *t
	f.run = run{}
	f.timeline.Clear("")
	f.table.Reset(t.table.Keys())
	f.waiting = true
	return &f
}

// reopen opens a closed tab and runs its query.
func (m *model) reopen(i int) (tea.Cmd, bool) {
	if i < 0 || i >= len(m.tabs.closed) {
		return nil, false
	}
	t := m.tabs.closed[i]
	if !m.addTab(t) {
		m.warn(fmt.Sprintf("%d tabs are open; close one first", maxTabs))
		return nil, true
	}
	m.tabs.closed = slices.Delete(m.tabs.closed, i, i+1)
	return m.showTab(t), true
}

// maxTabName bounds a tab's name in bytes.
const maxTabName = 200

// renameTab asks for a tab's name; back is where the keyboard goes then.
func (m *model) renameTab(t *tab, back func()) {
	m.prompt = prompt.New(m.keys.prompt, "name of this tab", t.name, "empty: the text of its query")
	m.prompt.Leave = back
	m.prompt.Accept = func(text string) (tea.Cmd, error) {
		text = strings.TrimSpace(flow.Clean(text))
		if len(text) > maxTabName {
			return nil, fmt.Errorf("a name has at most %d bytes", maxTabName)
		}
		t.name, m.last.changed = text, true
		back()
		return nil, nil
	}
	m.mode = modePrompt
}

// openTabList shows all tabs and the closed ones.
func (m *model) openTabList() {
	list := tabs.New(m.keys.tabList, m.tabItems)
	list.Leave, list.Say = m.toFlows, m.warn
	list.Show = func(i int) tea.Cmd { return m.showTab(m.tabs.open[i]) }
	list.Reopen = func(i int) tea.Cmd { cmd, _ := m.reopen(i); return cmd }
	list.Close = func(i int) (tea.Cmd, bool) {
		cmd, ok := m.closeTab(m.tabs.open[i])
		m.mode = modeTabs
		return cmd, ok
	}
	list.Rename = func(i int) { m.renameTab(m.tabs.open[i], func() { m.mode = modeTabs }) }
	list.Begin(slices.Index(m.tabs.open, m.tab))
	m.tabList, m.mode = list, modeTabs
}

// tabItems describe the open tabs and the closed ones.
func (m *model) tabItems() (open, closed []tabs.Item) {
	for _, t := range m.tabs.open {
		open = append(open, t.item())
	}
	for _, t := range m.tabs.closed {
		closed = append(closed, t.item())
	}
	return open, closed
}

// tabLine is the line of the tabs, shown when there are several or those of the last time are offered.
func (m *model) tabLine() string {
	line, _ := m.tabPlaces()
	if offer := m.offerText(); offer != "" {
		return look.Between(line, m.look.Paint(themes.Muted, offer)+" ", m.width)
	}
	return line
}

func (m *model) tabPlaces() (string, []tabs.Place) {
	open, _ := m.tabItems()
	return tabs.Line(m.look, open, slices.Index(m.tabs.open, m.tab), m.width)
}

// clickTab shows the tab at a column of the line of tabs.
func (m *model) clickTab(x int) tea.Cmd {
	_, places := m.tabPlaces()
	for _, p := range places {
		if x >= p.From && x < p.To {
			return m.showTab(m.tabs.open[p.Tab])
		}
	}
	return nil
}

// title is what a tab is called.
func (t *tab) title() string {
	switch {
	case t.name != "" && len(t.changed()) > 0:
		return t.name + "*"
	case t.name != "":
		return t.name
	}
	return queryText(t.bar.Text())
}

// item describes a tab for the line of tabs and their list.
func (t *tab) item() tabs.Item {
	it := tabs.Item{Title: t.title(), Query: queryText(t.bar.Text()), Span: t.span.String()}
	if t.run.res == nil {
		it.State = "not run"
		return it
	}
	p := t.run.progress
	it.State, it.Rows = p.State.String(), uint64(p.Rows)
	switch p.State {
	case client.Queued:
		it.Sign, it.Token = "◌", themes.Warning
	case client.Running:
		it.Sign, it.Token = "▸", themes.OK
	case client.Streaming:
		it.Sign, it.Token = "▸", themes.OK
		if p.Expect > 0 {
			share := strconv.Itoa(int(min(1, float64(p.Rows)/float64(p.Expect))*100)) + "%"
			it.Sign += share
			it.State += " " + share
		}
		if p.RowsPerS > 0 {
			it.State += ", " + string(human.AppendFloat(nil, p.RowsPerS)) + " rows/s"
		}
	case client.Failed:
		it.Sign, it.Token = "✗", themes.Error
		if p.Err != nil {
			it.State += ": " + flow.Clean(p.Err.Error())
		}
	case client.Cancelled:
		it.Sign, it.Token = "⊘", themes.Warning
	case client.Following:
		it.Sign, it.Token = "●", themes.OK
		it.State = "followed"
	}
	return it
}
