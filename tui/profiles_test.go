package tui

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"cxlens/query/profile"
)

// profileStore is a store of profiles in a folder of the test; files are written into the person's own and, with
// "shared/" before the name, into a shared one.
func profileStore(t *testing.T, files map[string]string) profile.Store {
	t.Helper()
	dir := t.TempDir()
	s := profile.Store{
		Dir: filepath.Join(dir, "profiles"), Further: []string{filepath.Join(dir, "shared")},
		MarksFile: filepath.Join(dir, "favourites.toml"),
	}
	for _, d := range []string{s.Dir, s.Further[0]} {
		if err := os.Mkdir(d, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range files {
		into := s.Dir
		if rest, ok := strings.CutPrefix(name, "shared/"); ok {
			into, name = s.Further[0], rest
		}
		if err := os.WriteFile(filepath.Join(into, name+".toml"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// webProfile is a profile with all that a view has.
const webProfile = `description = "Web sessions"

query = "tcp and dst port ?port:443 and src net $internal"
span = "last 24h"
order = ["-src_bytes", "start"]
limit = 500
columns = ["src_ip", "dst_ip", "src_bytes"]
frozen = 1
metric = "bytes"
timeline = "off"
theme = "light"
colour = "red"

[widths]
dst_ip = 31

[parameters.port]
prompt = "Which port"
`

// profileScreen is the main screen on profiles in files.
func profileScreen(t *testing.T, w, h int, files map[string]string) (*screen, profile.Store) {
	t.Helper()
	store := profileStore(t, files)
	s := start(t, w, h, newSource(), func(o *Options) {
		o.Profiles = store
		o.Names = map[string]string{"internal": "[10.0.0.0/8]"}
	})
	s.until("the first query", func() bool { return s.m.run.res != nil })
	s.settle()
	return s, store
}

// sees waits until the screen shows all texts.
func (s *screen) comes(texts ...string) {
	s.t.Helper()
	for _, text := range texts {
		s.until(text, func() bool { return strings.Contains(s.text(), text) })
	}
}

func (s *screen) goes(text string) {
	s.t.Helper()
	s.until("no "+text, func() bool { return !strings.Contains(s.text(), text) })
}

// search opens the list and looks for a profile.
func (s *screen) search(text string) {
	s.t.Helper()
	s.keys("p", "/")
	s.typed(text)
}

func mustGet(t *testing.T, s profile.Store, name string) profile.Entry {
	t.Helper()
	e, err := s.Get(name)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// TestProfileOfThePalette: every profile has a name there.
func TestProfileOfThePalette(t *testing.T) {
	s, _ := profileScreen(t, 120, 40, map[string]string{"mine": `query = "tcp"`})
	s.keys("ctrl+k")
	s.typed("run mine")
	s.comes("profile: run mine")
	s.keys("enter")
	s.comes("mine · all time")
	s.keys("ctrl+k")
	s.typed("save the view of this tab under")
	s.keys("enter")
	s.comes("mine is as it was saved")
}

func TestProfileScreens(t *testing.T) {
	files := map[string]string{"web": webProfile, "mine": `query = "tcp and dst port 443"`}
	for name, do := range map[string]func(s *screen){
		"profiles":        func(s *screen) { s.keys("p"); s.comes("web ") },
		"profiles-search": func(s *screen) { s.keys("p"); s.comes("web "); s.typed("/ssh") },
		"profiles-ask": func(s *screen) {
			s.run(s.m.findProfile("ssh-from-outside", false))
			s.comes("The inside")
			s.keys("tab", "end")
			s.typed("x")
			s.keys("enter")
		},
		"profiles-changed": func(s *screen) {
			s.run(s.m.findProfile("mine", false))
			s.comes("mine · all time")
			s.ask("udp")
			s.settle()
		},
	} {
		for _, size := range [][2]int{{80, 24}, {120, 40}, {40, 10}} {
			file := fmt.Sprintf("%s-%dx%d", name, size[0], size[1])
			t.Run(file, func(t *testing.T) {
				store := profileStore(t, files)
				if err := store.SetFavourite("web", 1); err != nil {
					t.Fatal(err)
				}
				s := start(t, 120, 40, newSource(), func(o *Options) {
					o.Profiles = profile.Store{Dir: store.Dir, MarksFile: store.MarksFile}
					o.Names = map[string]string{"internal": "[10.0.0.0/8]"}
				})
				s.mono()
				s.until("the first query", func() bool { return s.m.run.res != nil })
				s.settle()
				do(s)
				s.send(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
				if name == "profiles" { // the path of a file of the test is not the same twice
					s.m.profiles.list.Seek("beacons")
				}
				golden(t, file, s)
			})
		}
	}
}
