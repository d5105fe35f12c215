package tui

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"

	"cxlens/client"
	"cxlens/tui/columns"
	"cxlens/tui/copyas"
	"cxlens/tui/detail"
	"cxlens/tui/difference"
	"cxlens/tui/export"
	"cxlens/tui/form"
	"cxlens/tui/help"
	"cxlens/tui/history"
	"cxlens/tui/keymap"
	"cxlens/tui/login"
	"cxlens/tui/look"
	"cxlens/tui/nodes"
	"cxlens/tui/palette"
	"cxlens/tui/parsed"
	"cxlens/tui/prompt"
	"cxlens/tui/span"
	"cxlens/tui/tabs"
	"cxlens/tui/themelist"
)

// model is the root of the screen.
type model struct {
	*tab // the one on the screen

	opts Options
	keys maps
	now  func() time.Time

	ctx  context.Context // done when the screen is left
	stop context.CancelFunc

	mode          mode
	width, height int
	look          *look.Look
	theme         themeChoice
	mouse         bool
	slow          slowLinkMode
	zone          zones
	exact         bool // numbers of new tabs
	choices       *choices
	aloud         bool     // the screen is read aloud in place of drawn
	spoken        []string // lines to read that were asked for

	src    source
	status client.Status
	lost   time.Time // since when the connection is lost, zero when it is not
	dial   dialling

	tabs    tabSet
	labels  labels
	lookups lookups
	last    lastTabs
	runs    uint64 // how many queries have been run
	past    past

	profiles savedViews

	read     fileReading
	say      message
	notices  []string
	unread   int
	gone     int  // notices that were dropped for newer ones
	aside    bool // the next pivot opens in a new tab
	quitting bool // the question before quitting is open
	armed    bool // ctrl-c was the last key and did what it could; another one quits
	pulsing  bool
	ticking  bool
	hungUp   bool                                  // the terminal was closed
	askSize  func() (width, height int, err error) // of the terminal; nil: nobody can be asked

	nodes   *nodes.Model
	tabList *tabs.List
	login   *login.Model
	prompt  *prompt.Model
	ask     *prompt.Ask
	columns *columns.Model
	detail  *detail.Model
	export  *export.Model
	exports sync.Mutex // held while rows are written
	diffBox *difference.Model
	differ  differing
	shapes  *shapes
	help    *help.Model
	palette *palette.Model
	form    *form.Model
	copyas  *copyas.Model
	parsed  *parsed.Model
	history *history.Model

	themeList *themelist.Model
}

func newModel(opts Options) (*model, error) {
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if opts.Backend == nil && opts.Connect == nil {
		return nil, errors.New("tui: neither a connection nor a way to connect was given")
	}
	keys, err := newMaps(keymap.Given{Keys: opts.Keys, Place: opts.KeyPlace})
	if err != nil {
		return nil, err
	}
	sp, err := span.Parse(opts.Last, opts.Now())
	if err != nil {
		return nil, fmt.Errorf("span: %w", err)
	}
	m := &model{opts: opts, keys: keys, now: opts.Now, mouse: !opts.NoMouse, labels: labels{show: opts.Lookup.Show}}
	if err := m.firstTheme(); err != nil {
		return nil, err
	}
	m.ctx, m.stop = context.WithCancel(context.Background())
	m.lookups = m.newLookups()
	m.nodes = &nodes.Model{}
	m.loadShape()
	m.zone, m.exact = newZones(opts), opts.Exact
	m.choices = &choices{keep: opts.Keep, next: make(map[string]string)}
	m.tab = m.newTab(opts.Query)
	m.span, m.follow = sp, opts.Follow
	if opts.Limit != 0 {
		m.limit = opts.Limit
	}
	m.tabs.open = []*tab{m.tab}
	m.slow.on, m.slow.chosen = opts.LowBandwidth, opts.LowBandwidth || opts.KeepBandwidth
	for _, text := range opts.Told {
		m.notice(text)
	}
	if opts.Backend == nil {
		m.openLogin()
	} else {
		m.src = wrapped{opts.Backend}
	}
	return m, nil
}

// Init begins the clock, asks for the terminal's background and runs the first query.
func (m *model) Init() tea.Cmd {
	cmds := []tea.Cmd{m.tick(), m.waitNotice(), m.waitReading(0), m.waitNames(), m.waitThemes(), m.loadHistory(), m.askBackground(), m.beginLookups()}
	cmds = append(cmds, m.readProfiles())
	if m.src != nil {
		cmds = append(cmds, m.attach())
	}
	return tea.Batch(cmds...)
}

// close ends what runs and closes the connection.
func (m *model) close() error {
	m.closeHistory()
	m.closeTabs()
	_ = m.shapes.flush() // there is no screen any more that could say it
	m.choices.close()
	m.stop()
	m.closeExport()
	m.stopLookups()
	for _, t := range m.tabs.open {
		t.table.Cancel()
	}
	if m.src == nil {
		return nil
	}
	return m.src.Close()
}

// order is the order in which the next query asks for its rows: the one on the screen, as far as servers know it.
func (m *model) order() []string {
	keys := m.table.Asked()
	names := make([]string, len(keys))
	for i, k := range keys {
		names[i] = k.String()
	}
	return names
}
