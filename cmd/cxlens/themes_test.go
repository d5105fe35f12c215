package main

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"cxlens/internal/terminal"
)

// TestThemeGround: the ground of a theme is the terminal's own while the screen is shown, and only then.
func TestThemeGround(t *testing.T) {
	t.Parallel()
	nord := terminal.RGB{R: 0x2e, G: 0x34, B: 0x40}
	s := openSessions(t, terminal.Options{Scheme: terminal.Light}, 20, "--theme", "nord")
	s.until(func(sc terminal.Screen) bool { return sc.Scheme.BG == nord })
	s.press("q")
	s.ends(exitFine)
	s.restored()
	if bg := s.Screen().Scheme.BG; bg != terminal.Light.BG {
		t.Errorf("the terminal keeps the ground %v", bg)
	}
}

// TestSixteenColours: a terminal with sixteen colours is asked for no others.
func TestSixteenColours(t *testing.T) {
	t.Parallel()
	env := append(home(t), "TERM=xterm-16color", "COLORTERM=")
	s := openSessions(t, terminal.Options{Env: env, Scheme: terminal.Light}, 20, "--theme", "nord")
	dark := "" // a cell in a colour for dark grounds, as long as the terminal has not told its own
	var sc terminal.Screen
	err := s.WaitFor(t.Context(), func(now terminal.Screen) bool {
		sc, dark = now, ""
		for y := range sc.Rows {
			for x := range sc.Cols {
				c := sc.Cell(x, y)
				if fg, _ := sc.Scheme.Colors(c.Style); fg == terminal.Light.Indexed(11) || fg == terminal.Light.Indexed(10) {
					dark = fmt.Sprintf("%q at %d,%d", c.Text, x, y)
				}
			}
		}
		return dark == ""
	})
	if err != nil {
		t.Fatalf("%s is in a colour for dark grounds: %v", dark, err)
	}
	if sc.Scheme.BG != terminal.Light.BG {
		t.Error("the ground is set on a terminal with sixteen colours")
	}
	if coloured(sc) == "" {
		t.Error("there is no colour at all")
	}
}

// TestThemeList: a theme is chosen by sight, kept for the next time, and given up for the configuration's.
func TestThemeList(t *testing.T) {
	t.Parallel()
	env := home(t)
	config := under(t, env, "XDG_CONFIG_HOME", "cxlens", "config.toml")
	gruvbox := terminal.RGB{R: 0x28, G: 0x28, B: 0x28}
	dracula := terminal.RGB{R: 0x28, G: 0x2a, B: 0x36}
	ground := func(s *screen, want terminal.RGB) {
		t.Helper()
		s.until(func(sc terminal.Screen) bool { return sc.Scheme.BG == want })
	}
	s := openSessions(t, terminal.Options{Env: env}, 20)
	own := s.Screen().Scheme.BG
	s.press("ctrl+k")
	s.enter("themes, each shown")
	s.shows("❯ auto", "refused", "✗ an error", under(t, env, "XDG_CONFIG_HOME", "cxlens", "themes"))
	s.press("G", "k", "k", "k", "k", "k", "k", "k")
	s.shows("❯ gruvbox-dark")
	ground(s, gruvbox)
	s.press("esc")
	ground(s, own)
	s.hides("❯ gruvbox-dark")
	s.press("V")
	s.shows("❯ auto")
	s.press("G", "k", "k", "k", "k", "k", "k", "k", "k")
	s.shows("❯ dracula")
	s.press("enter")
	s.shows("theme dracula")
	ground(s, dracula)
	kept := under(t, env, "XDG_STATE_HOME", "cxlens", "screen.toml")
	eventually(t, "the theme is kept", func() bool {
		text, err := os.ReadFile(kept)
		return err == nil && strings.Contains(string(text), `theme = "dracula"`)
	})
	s.press("q")
	s.ends(exitFine)

	s = openSessions(t, terminal.Options{Env: env}, 20) // the next time
	ground(s, dracula)
	s.press("q")
	s.ends(exitFine)

	save(t, config, "theme = \"gruvbox-dark\"\n", 0o600)
	s = openSessions(t, terminal.Options{Env: env}, 20)
	ground(s, gruvbox)
	s.press("ctrl+k")
	s.enter("next theme")
	s.shows("theme gruvbox-light", "is for now only", `says theme = "gruvbox-dark"`)
}

// TestOwnTheme: a theme of the user is shown anew when its file changes, and stays when the file is damaged.
func TestOwnTheme(t *testing.T) {
	t.Parallel()
	env := home(t)
	path := under(t, env, "XDG_CONFIG_HOME", "cxlens", "themes", "mine.toml")
	write := func(ground string) {
		save(t, path, "background = \"dark\"\nground = { bg = \""+ground+"\" }\n", 0o600)
	}
	write("#102030")
	s := openSessions(t, terminal.Options{Env: env}, 20, "--theme", "mine")
	bg := func(want terminal.RGB) {
		t.Helper()
		s.until(func(sc terminal.Screen) bool { return sc.Scheme.BG == want })
	}
	bg(terminal.RGB{R: 0x10, G: 0x20, B: 0x30})
	write("#203040")
	bg(terminal.RGB{R: 0x20, G: 0x30, B: 0x40})
	s.shows("theme mine was read again")
	write("203040")
	s.shows("the theme stays as it was", "mine.toml:2: ground.bg")
	bg(terminal.RGB{R: 0x20, G: 0x30, B: 0x40})
}

// TestNoMouse: the mouse is the terminal's by a flag, by the configuration, and as it was left before.
func TestNoMouse(t *testing.T) {
	t.Parallel()
	env := home(t)
	const clicks = 1002
	s := openSessions(t, terminal.Options{Env: env}, 20)
	s.until(func(sc terminal.Screen) bool { return sc.Mode(clicks) })
	s.press("M")
	s.shows("the mouse is the terminal's")
	s.until(func(sc terminal.Screen) bool { return !sc.Mode(clicks) })
	kept := under(t, env, "XDG_STATE_HOME", "cxlens", "screen.toml")
	eventually(t, "the choice is kept", func() bool {
		text, err := os.ReadFile(kept)
		return err == nil && strings.Contains(string(text), "mouse = false")
	})
	s = openSessions(t, terminal.Options{Env: env}, 20)
	if s.Screen().Mode(clicks) {
		t.Error("the mouse is taken again")
	}
	save(t, under(t, env, "XDG_CONFIG_HOME", "cxlens", "config.toml"), "mouse = true\n", 0o600)
	s = openSessions(t, terminal.Options{Env: env}, 20)
	s.until(func(sc terminal.Screen) bool { return sc.Mode(clicks) })
	s = openSessions(t, terminal.Options{Env: env}, 20, "--no-mouse")
	if s.Screen().Mode(clicks) {
		t.Error("the flag does not go before the configuration")
	}
}
