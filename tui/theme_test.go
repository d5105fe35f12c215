package tui

import (
	"image/color"
	"regexp"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"cxlens/themes"
)

// veiled is a main screen of which the terminal has told nothing but its size, and the timer of the veil.
func veiled(t *testing.T, theme string) (m *model, over chan time.Time) {
	t.Helper()
	over = make(chan time.Time, 1)
	opts := testOptions()
	opts.Theme = theme
	opts.After = func(d time.Duration) <-chan time.Time {
		if d != veilFor {
			t.Errorf("the veil waits for %s", d)
		}
		return over
	}
	m, err := newModel(opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = m.close() })
	m.src, m.login, m.mode = newSource(), nil, modeFlows
	m.Update(tea.WindowSizeMsg{Width: 80, Height: 24})
	return m, over
}

// waited runs the commands of askBackground until the timer's message comes.
func waited(t *testing.T, m *model) tea.Msg {
	t.Helper()
	batch, ok := m.askBackground()().(tea.BatchMsg)
	if !ok {
		t.Fatal("nothing is waited for")
	}
	return batch[1]()
}

func TestNothingIsShownBeforeTheBackgroundIsKnown(t *testing.T) {
	m, _ := veiled(t, "")
	if v := m.View(); v.Content != "" || v.BackgroundColor != nil {
		t.Errorf("shown at once: %q", v.Content)
	}
	m.Update(tea.BackgroundColorMsg{Color: color.White})
	if v := m.View(); !strings.Contains(v.Content, "cxlens") {
		t.Error("nothing is shown when the background is known")
	}
	if m.theme.theme.Name != themes.Light {
		t.Errorf("on white the theme is %s", m.theme.theme.Name)
	}
}

func TestTheBackgroundIsWaitedForAWhileOnly(t *testing.T) {
	m, over := veiled(t, "")
	over <- clock
	m.Update(waited(t, m))
	if v := m.View(); !strings.Contains(v.Content, "cxlens") || m.theme.theme.Name != themes.Dark {
		t.Errorf("after the wait theme %s shows %q", m.theme.theme.Name, v.Content)
	}
	m.Update(tea.BackgroundColorMsg{Color: color.White}) // a slow link
	if m.theme.theme.Name != themes.Light {
		t.Error("a late answer is dropped")
	}
}

func TestNamedThemeWithoutGroundIsShownAtOnce(t *testing.T) {
	m, _ := veiled(t, themes.Light)
	if v := m.View(); !strings.Contains(v.Content, "cxlens") || v.BackgroundColor != nil {
		t.Errorf("%q", v.Content)
	}
}

func TestGround(t *testing.T) {
	m, _ := veiled(t, "nord")
	if m.View().Content != "" {
		t.Error("a theme with a ground is shown before the terminal could tell its own")
	}
	m.Update(tea.BackgroundColorMsg{Color: color.White})
	v := m.View()
	if v.BackgroundColor != (color.RGBA{0x2e, 0x34, 0x40, 0xff}) || v.ForegroundColor != (color.RGBA{0xd8, 0xde, 0xe9, 0xff}) {
		t.Errorf("the ground is %v, the text %v", v.BackgroundColor, v.ForegroundColor)
	}
	if m.theme.theme.Name != "nord" {
		t.Errorf("the theme becomes %s", m.theme.theme.Name)
	}
	for p, want := range map[colorprofile.Profile]bool{
		colorprofile.ASCII: false, colorprofile.ANSI: false, colorprofile.ANSI256: true, colorprofile.TrueColor: true,
	} {
		m.Update(tea.ColorProfileMsg{Profile: p})
		if got := m.View().BackgroundColor != nil; got != want {
			t.Errorf("%s: a ground is set: %v", p, got)
		}
	}
}

var sgr = regexp.MustCompile(`\x1b\[([0-9;]*)m`)

// TestFewColours: no screen asks for more colours than the terminal has.
func TestFewColours(t *testing.T) {
	tooMany := map[colorprofile.Profile]*regexp.Regexp{
		colorprofile.ASCII:   regexp.MustCompile(`(^|;)(3[0-8]|4[0-8]|9[0-7]|10[0-7])(;|$)`),
		colorprofile.ANSI:    regexp.MustCompile(`(^|;)[34]8;`),
		colorprofile.ANSI256: regexp.MustCompile(`(^|;)[34]8;2;`),
	}
	for _, name := range themes.Builtin() {
		s := start(t, 120, 40, newSource(), func(o *Options) { o.Theme = name })
		if full := s.m.View().Content; !tooMany[colorprofile.ANSI256].MatchString(strings.Join(sgr.FindAllString(full, -1), "")[2:]) {
			t.Errorf("%s has no colours to reduce", name)
		}
		for p, bad := range tooMany {
			s.send(tea.ColorProfileMsg{Profile: p})
			for _, seq := range sgr.FindAllStringSubmatch(s.m.View().Content, -1) {
				if bad.MatchString(seq[1]) {
					t.Fatalf("%s with %s has %q", name, p, seq[0])
				}
			}
			if !strings.Contains(s.text(), "● online") || !strings.Contains(s.text(), "▌") {
				t.Errorf("%s with %s shows\n%s", name, p, s.text())
			}
		}
	}
}
