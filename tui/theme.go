package tui

import (
	"slices"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"cxlens/themes"
	"cxlens/tui/look"
)

// themeChoice is which theme is shown and why.
type themeChoice struct {
	auto  bool // by the terminal's background
	light bool // the terminal's background, dark until it tells
	theme *themes.Theme
	mono  bool // the terminal shows no colour, or the person asked for none
}

// firstTheme loads the theme of the options.
func (m *model) firstTheme() error {
	if m.opts.Theme == "" || m.opts.Theme == "auto" {
		m.theme = themeChoice{auto: true, theme: m.opts.Themes.Auto(false)}
	} else {
		th, err := m.opts.Themes.Load(m.opts.Theme)
		if err != nil {
			return err
		}
		m.theme = themeChoice{theme: th}
	}
	m.look = look.New(m.theme.theme, false)
	return nil
}

// background takes in what the terminal told of its background.
func (m *model) background(light bool) {
	if !m.theme.auto || m.theme.light == light {
		return
	}
	m.theme.light, m.theme.theme = light, m.opts.Themes.Auto(light)
	m.relook()
}

// profile takes in how many colours the terminal has. Fewer than the theme's are found by the
// renderer; none at all needs the theme's mono attributes.
func (m *model) profile(p colorprofile.Profile) {
	mono := p <= colorprofile.ASCII
	if mono == m.theme.mono {
		return
	}
	m.theme.mono = mono
	m.relook()
}

func (m *model) relook() {
	m.look = look.New(m.theme.theme, m.theme.mono)
	for _, t := range slices.Concat(m.tabs.open, m.tabs.closed) {
		t.table.SetLook(m.look)
		t.bar.SetLook(m.look)
	}
}

// themeLoaded tells the next theme, or why it cannot be used.
type themeLoaded struct {
	theme *themes.Theme
	err   error
}

// nextTheme loads the theme after the present one; files are read in the command.
func (m *model) nextTheme() tea.Cmd {
	loader, at := m.opts.Themes, m.theme.theme.Name
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

func (m *model) themeLoaded(msg themeLoaded) {
	if msg.err != nil {
		m.fail(msg.err)
		return
	}
	m.theme.auto, m.theme.theme = false, msg.theme
	m.relook()
	m.tell("theme " + msg.theme.Name)
}
