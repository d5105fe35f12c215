package tui

import (
	"image/color"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"cxlens/themes"
	"cxlens/tui/look"
	"cxlens/tui/themelist"
)

// veilFor is how long the first frame waits for the terminal's background: most answer within a
// round trip, and a frame in the colours of the wrong ground would flash before.
const veilFor = 150 * time.Millisecond

// themeChoice is which theme is shown and why.
type themeChoice struct {
	auto  bool // by the terminal's background
	told  bool // the terminal told its background
	light bool // the terminal's background, dark until it tells
	veil  bool // nothing is shown until the background is known or was waited for
	theme *themes.Theme
	// before is the name of the theme that leaving the list gives back, and back that theme.
	before string
	back   *themes.Theme
	on     *themes.Theme // the one that is on the screen: theme, or that of the tab
	depth  themes.Depth
	mono   bool // the terminal shows no colour, or the person asked for none
}

// unveiled tells that the terminal has had its time to tell its background.
type unveiled struct{}

// firstTheme loads the theme of the options.
func (m *model) firstTheme() error {
	if m.opts.Theme == "" || m.opts.Theme == "auto" {
		m.theme = themeChoice{auto: true, veil: true, theme: m.opts.Themes.Auto(false)}
	} else {
		th, err := m.opts.Themes.Load(m.opts.Theme)
		if err != nil {
			return err
		}
		// A ground of the theme's own is shown after the question, else it would be the answer.
		m.theme = themeChoice{theme: th, veil: th.Ground != themes.Ground{}}
	}
	m.look = look.New(m.theme.theme, false)
	return nil
}

// askBackground asks the terminal for its background, before any theme can set one, and waits a while
// for the answer.
func (m *model) askBackground() tea.Cmd {
	if m.aloud {
		return nil
	}
	m.slow.asked = m.now()
	if !m.theme.veil {
		return tea.RequestBackgroundColor
	}
	after := m.opts.After
	if after == nil {
		after = time.After
	}
	over, ctx := after(veilFor), m.ctx
	return tea.Batch(tea.RequestBackgroundColor, func() tea.Msg {
		select {
		case <-over:
			return unveiled{}
		case <-ctx.Done():
			return nil
		}
	})
}

// background takes in what the terminal told of its background.
func (m *model) background(light bool) {
	if m.theme.told && m.theme.light == light {
		return
	}
	m.theme.told, m.theme.light, m.theme.veil = true, light, false
	if m.theme.auto {
		m.theme.theme = m.opts.Themes.Auto(light)
	}
	m.relook()
}

// colours takes in how many colours the terminal has. None at all needs the theme's mono attributes.
func (m *model) colours(p colorprofile.Profile) {
	depth := themes.Full
	switch p {
	case colorprofile.ANSI256:
		depth = themes.Indexed
	case colorprofile.ANSI:
		depth = themes.Basic
	}
	mono := p <= colorprofile.ASCII
	if mono == m.theme.mono && depth == m.theme.depth {
		return
	}
	m.theme.mono, m.theme.depth = mono, depth
	m.relook()
}

// retheme shows the theme of the tab that came on the screen, with bars or without.
func (m *model) retheme() {
	if m.theme.on != m.shownTheme() || m.look.NoBars != m.noBars() {
		m.relook()
	}
}

// relook compiles the theme for this terminal.
func (m *model) relook() {
	m.theme.on = m.shownTheme()
	m.look = m.compiled(m.theme.on)
	for _, t := range slices.Concat(m.tabs.open, m.tabs.closed) {
		t.table.SetLook(m.look)
		t.bar.SetLook(m.look)
	}
}

// noBars tells that nothing is drawn of blocks: on a slow link, and where nobody sees it.
func (m *model) noBars() bool { return m.slow.on || m.aloud }

// compiled is a theme as this terminal can show it.
func (m *model) compiled(th *themes.Theme) *look.Look {
	light := th.Light
	if m.theme.told {
		light = m.theme.light
	}
	depth := m.theme.depth
	if m.slow.on {
		depth = max(depth, themes.Indexed) // a colour of the palette takes half the bytes of any other
	}
	l := look.New(th.Reduced(depth, light), m.theme.mono)
	l.NoBars = m.noBars()
	return l
}

// showsGround tells whether the theme's own ground is shown in place of the terminal's.
func (m *model) showsGround() bool {
	return !m.theme.veil && !m.theme.mono && m.theme.depth != themes.Basic && !m.look.Theme.Ground.BG.IsNone()
}

// ground sets the terminal's own colours to those of the theme; the terminal gets its own back when
// the screen is left.
func (m *model) ground(v *tea.View) {
	if m.showsGround() {
		v.BackgroundColor, v.ForegroundColor = rgba(m.look.Theme.Ground.BG), rgba(m.look.Theme.Ground.FG)
	}
}

func rgba(c themes.Color) color.Color {
	r, g, b, ok := c.RGB()
	if !ok {
		return nil
	}
	return color.RGBA{R: r, G: g, B: b, A: 0xff}
}

// themeLoaded tells the next theme, or why it cannot be used.
type themeLoaded struct {
	theme *themes.Theme
	err   error
}

// nextTheme loads the theme after the present one; files are read in the command.
func (m *model) nextTheme() tea.Cmd {
	loader, at := m.opts.Themes, m.shownTheme().Name
	return func() tea.Msg {
		names, err := loader.Names()
		if err != nil {
			return themeLoaded{err: err}
		}
		name := names[(slices.Index(names, at)+1)%len(names)]
		th, err := loader.Load(name)
		return themeLoaded{theme: th, err: err}
	}
}

func (m *model) themeLoaded(msg themeLoaded) tea.Cmd {
	if msg.err != nil {
		m.fail(msg.err)
		return nil
	}
	return m.takeTheme(themelist.Item{Name: msg.theme.Name, Theme: msg.theme})
}
