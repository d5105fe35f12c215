package tui

import (
	"fmt"
	"image/color"
	"os"
	"path/filepath"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/rogpeppe/go-internal/txtar"

	"cxlens/client"
	"cxlens/query/profile"
)

// sizes and looks are those in which every part of the screen is held.
var (
	sizes = [][2]int{{80, 24}, {120, 40}, {200, 60}}
	looks = []string{"dark", "light", "mono"}
)

// dress gives the screen a look.
func (s *screen) dress(look string) {
	switch look {
	case "light":
		s.send(tea.BackgroundColorMsg{Color: color.White})
	case "mono":
		s.mono()
	}
}

// pane is a part of the screen and what opens it.
type pane struct {
	name string
	open func(t *testing.T, w, h int) *screen
}

// panes open each part that can have the keyboard. The parts without one here are held in all sizes and
// looks by the test that is named.
var panes = map[mode]pane{
	modeFlows:    {name: "TestMainScreens"},
	modeTimeline: {name: "TestTimelineScreens"},
	modeFacets:   {name: "TestFacetScreens"},

	modeNodes:   {"nodes", pressed("n", "enter")},
	modeEdit:    {"query", pressed(":", " ", "d", "s", "t", " ", "p", "r", "o", "t", " ", "5", "enter")},
	modePrompt:  {"span", pressed("L")},
	modeColumns: {"columns", pressed("c", "down", "space")},
	modeDetail:  {"detail", pressed("down", "down", "down", "enter")},
	modeExport:  {"export", pressed("x", "tab")},
	modeHelp:    {"help", pressed("?")},
	modePalette: {"palette", pressed("ctrl+k", "s", "o", "r", "t")},
	modeCopyAs:  {"copyas", pressed("C")},
	modeParsed: {"parsed", func(t *testing.T, w, h int) *screen {
		s := start(t, w, h, newSource(), withNames)
		s.keys(":")
		s.send(altP)
		return s
	}},
	modeTabs: {"tabs", func(t *testing.T, w, h int) *screen {
		s := tabScreen(t, w, h)
		s.keys("ctrl+w", "O")
		return s
	}},
	modeThemes: {"themes", func(t *testing.T, w, h int) *screen {
		s := start(t, w, h, newSource(), nil)
		s.openThemes()
		return s
	}},
	modeLogin: {"login", func(t *testing.T, w, h int) *screen {
		return start(t, w, h, nil, func(o *Options) { o.Login = Login{Server: "lab:10201"} })
	}},
	modeAsk: {"ask", func(t *testing.T, w, h int) *screen {
		src := newSource()
		src.answer = func(r *fakeResult) { r.set(func() { r.progress.State = client.Running }) }
		s := start(t, w, h, src, nil)
		s.keys("q")
		return s
	}},
	modeForm: {"form", func(t *testing.T, w, h int) *screen {
		s, _ := openedForm(t, w, h, "tcp and src net 10.0.0.0/8 and dst port https and src bytes > 1M")
		return s
	}},
	modeHistory: {"history", func(t *testing.T, w, h int) *screen {
		store := newStore(t)
		ran(t, store, "node eth1 and dst port 53", "tcp and src flags = S and dst packets = 0", "udp and dst port 443 and bytes > 1M")
		s := withHistory(t, w, h, newSource(), store, 4)
		s.keys("ctrl+r")
		return s
	}},
	modeDifference: {"difference", func(t *testing.T, w, h int) *screen {
		s := differenceScreen(t, w, h)
		s.difference("1d")
		return s
	}},
	modeProfiles: {"profiles", shippedProfiles("p")},
	modeParams: {"parameters", func(t *testing.T, w, h int) *screen {
		s := shippedProfiles()(t, w, h)
		s.run(s.m.findProfile("ssh-from-outside", false))
		s.comes("The inside")
		return s
	}},
}

// pressed opens the main screen and presses keys.
func pressed(keys ...string) func(t *testing.T, w, h int) *screen {
	return func(t *testing.T, w, h int) *screen {
		s := start(t, w, h, newSource(), nil)
		s.keys(keys...)
		return s
	}
}

// shippedProfiles is the main screen with the shipped profiles, and keys pressed.
func shippedProfiles(keys ...string) func(t *testing.T, w, h int) *screen {
	return func(t *testing.T, w, h int) *screen {
		store := profileStore(t, nil)
		s := start(t, w, h, newSource(), func(o *Options) {
			o.Profiles = profile.Store{Dir: store.Dir, MarksFile: store.MarksFile}
			o.Names = map[string]string{"internal": "[10.0.0.0/8]"}
		})
		s.until("the first query", func() bool { return s.m.run.res != nil })
		s.settle()
		s.keys(keys...)
		if len(keys) > 0 {
			s.comes("beacons")
		}
		return s
	}
}

// TestPaneScreens holds every part in every size and look, a file a part.
func TestPaneScreens(t *testing.T) {
	for md := range modeEnd {
		p, ok := panes[md]
		switch {
		case !ok:
			t.Errorf("mode %d has no golden screens", md)
		case p.open != nil:
			t.Run(p.name, func(t *testing.T) { goldenPane(t, md, p.name, p.open) })
		}
	}
}

func goldenPane(t *testing.T, md mode, name string, open func(t *testing.T, w, h int) *screen) {
	path := filepath.Join("testdata", "panes", name+".txtar")
	var got txtar.Archive
	for _, size := range sizes {
		for _, look := range looks {
			s := open(t, size[0], size[1])
			if s.m.mode != md {
				t.Fatalf("mode %d has the keyboard, want %d", s.m.mode, md)
			}
			s.dress(look)
			checkSize(t, s)
			got.Files = append(got.Files, txtar.File{Name: fmt.Sprintf("%dx%d %s", size[0], size[1], look), Data: []byte(s.m.View().Content + "\n")})
		}
	}
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, txtar.Format(&got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (go test ./tui -update writes it)", err)
	}
	want := txtar.Parse(data)
	if len(want.Files) != len(got.Files) {
		t.Fatalf("%s has %d screens, want %d", path, len(want.Files), len(got.Files))
	}
	for i, f := range got.Files {
		if w := want.Files[i]; w.Name != f.Name || string(w.Data) != string(f.Data) {
			t.Errorf("%s: %s differs (go test ./tui -update accepts it); got\n%s\nwant\n%s", path, f.Name, f.Data, w.Data)
		}
	}
}

// TestPanesAreNotEmpty: a golden screen that says nothing would hold nothing.
func TestPanesAreNotEmpty(t *testing.T) {
	for md, p := range panes {
		if p.open == nil {
			continue
		}
		s := p.open(t, 80, 24)
		if words := strings.Fields(s.text()); len(words) < 20 {
			t.Errorf("mode %d shows %d words", md, len(words))
		}
	}
}
