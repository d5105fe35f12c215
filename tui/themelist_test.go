package tui

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"cxlens/themes"
	"cxlens/tui/themelist"
)

// openThemes opens the list by name, as the palette does.
func (s *screen) openThemes() {
	s.t.Helper()
	s.run(s.m.runByID(actThemes))
	s.until("the themes", func() bool { return s.m.mode == modeThemes })
}

// ownThemes makes a folder with themes of the user.
func ownThemes(t *testing.T, files map[string]string) func(*Options) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return func(o *Options) { o.Themes = themes.Loader{Dir: dir} }
}

func TestThemeListScreens(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {120, 40}, {40, 10}} {
		name := fmt.Sprintf("themes-%dx%d", size[0], size[1])
		t.Run(name, func(t *testing.T) {
			s := start(t, size[0], size[1], newSource(), func(o *Options) { o.Themes = themes.Loader{} })
			s.openThemes()
			s.keys("down", "down", "down")
			golden(t, name, s)
		})
	}
}

func TestThemeIsShownWhileItIsChosen(t *testing.T) {
	var kept atomic.Int32
	s := start(t, 100, 30, newSource(), func(o *Options) {
		o.Keep = func(string, string) error { kept.Add(1); return nil }
	})
	s.openThemes()
	if at := s.m.themeList.View(s.m.look, 100, 28); !strings.Contains(strings.Join(at, "\n"), "❯ auto") {
		t.Errorf("the cursor is not on the theme in use:\n%s", s.text())
	}
	s.keys("G")
	if got := s.m.theme.theme.Name; got != "solarized-light" {
		t.Errorf("the theme under the cursor is not shown, but %s", got)
	}
	s.keys("esc")
	if s.m.theme.theme.Name != themes.Dark || !s.m.theme.auto || s.m.mode != modeFlows {
		t.Errorf("left with %s, auto %v", s.m.theme.theme.Name, s.m.theme.auto)
	}
	s.openThemes()
	s.keys("G", "up", "enter")
	if s.m.theme.theme.Name != "solarized-dark" || s.m.theme.auto || s.m.say.text != "theme solarized-dark" {
		t.Errorf("took %s and said %q", s.m.theme.theme.Name, s.m.say.text)
	}
	s.until("the choice to be kept", func() bool { return kept.Load() == 1 })
	s.openThemes()
	s.keys("g", "enter")
	if !s.m.theme.auto || s.m.theme.theme.Name != themes.Dark {
		t.Error("auto cannot be taken again")
	}
}

func TestThemesSayWhyNothingHappens(t *testing.T) {
	s := start(t, 100, 30, newSource(), ownThemes(t, map[string]string{"zz-bad.toml": "background = \"dark\"\n[styles]\nacent = {}\n"}))
	s.openThemes()
	s.keys("up")
	if s.m.say.text != "this is the first theme" {
		t.Errorf("said %q", s.m.say.text)
	}
	s.keys("G")
	if text := s.text(); !strings.Contains(text, "zz-bad ✗") || !strings.Contains(text, "bad.toml:3: ") || !strings.Contains(text, "did you mean accent?") {
		t.Errorf("the damaged theme is not explained:\n%s", text)
	}
	s.keys("enter")
	if s.m.mode != modeThemes || !strings.Contains(s.m.say.text, "mended") {
		t.Errorf("took a damaged theme, or said %q", s.m.say.text)
	}
}

func TestChangedThemeIsReadAgain(t *testing.T) {
	changes := make(chan struct{}, 1)
	s := start(t, 100, 30, newSource(), func(o *Options) {
		ownThemes(t, map[string]string{"mine.toml": "background = \"dark\"\n[styles]\nmuted = { fg = \"#010203\" }\n"})(o)
		o.Theme, o.ThemesChanged = "mine", changes
	})
	path := filepath.Join(s.m.opts.Themes.Dir, "mine.toml")
	change := func(text string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		changes <- struct{}{}
	}
	muted := func() string { return s.m.theme.theme.Style(themes.Muted).FG.String() }
	change("background = \"dark\"\n[styles]\nmuted = { fg = \"#040506\" }\n")
	s.until("the new colour", func() bool { return muted() == "#040506" })
	if s.m.say.text != "theme mine was read again" {
		t.Errorf("said %q", s.m.say.text)
	}
	change("background = \"dark\"\n[styles]\nmuted = { fg = \"reed\" }\n")
	s.until("the notice", func() bool { return len(s.m.notices) == 1 })
	if got := s.m.notices[0]; muted() != "#040506" || !strings.Contains(got, "mine.toml:3: ") || !strings.Contains(got, "stays as it was") {
		t.Errorf("muted is %s, the notice %q", muted(), got)
	}
	s.openThemes()
	change("background = \"dark\"\n[styles]\nmuted = { fg = \"#070809\" }\n")
	s.until("the new colour in the list", func() bool { return muted() == "#070809" })
	s.keys("esc")
	s.until("the new colour after the list", func() bool { return muted() == "#070809" })
}

func TestThemesListLoads(t *testing.T) {
	items, err := themelist.Load(themes.Loader{}, true)
	if err != nil || len(items) != 1+len(themes.Builtin()) || items[0].Name != themelist.Auto || items[0].Theme.Name != themes.Light {
		t.Errorf("%d items, %v", len(items), err)
	}
}
