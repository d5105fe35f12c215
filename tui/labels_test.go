package tui

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"cxlens/internal/lookup"
)

// netSettings are settings with two named networks, of which internal is one's own.
func netSettings(t testing.TB, show lookup.Show) lookup.Settings {
	t.Helper()
	sets := map[string]string{"internal": "[10.0.0.0/8 2001:db8::/48]", "dmz": "192.0.2.0/27", "web": "192.0.2.7"}
	n, err := lookup.NewNetworks([]string{"internal", "dmz", "web"}, sets)
	if err != nil {
		t.Fatal(err)
	}
	return lookup.Settings{Show: show, Networks: n, Own: []string{"internal"}}
}

// labelled opens the screen with the settings.
func labelled(t *testing.T, w, h int, show lookup.Show) *screen {
	t.Helper()
	return start(t, w, h, newSource(), func(o *Options) { o.Lookup = netSettings(t, show) })
}

func TestLabelScreens(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {120, 40}, {200, 60}, {40, 10}} {
		name := fmt.Sprintf("labels-%dx%d", size[0], size[1])
		t.Run(name, func(t *testing.T) {
			s := labelled(t, size[0], size[1], lookup.ShowNetworks)
			golden(t, name, s)
		})
	}
}

func TestLabelsToggle(t *testing.T) {
	s := labelled(t, 200, 60, lookup.ShowOff)
	s.seesNot("10.0.0.156 internal")
	s.keys("N")
	s.sees("names beside addresses: networks", "10.0.0.156 internal", "192.0.2.7 web", "192.0.2.4 dmz", "2001:db8::a003 internal")
	if strings.Contains(s.text(), "192.0.2.36 ") && strings.Contains(s.text(), "192.0.2.36 dmz") {
		t.Error("192.0.2.36 is not in dmz")
	}
	s.keys("N")
	s.sees("names beside addresses: all", "10.0.0.156 internal")
	s.keys("N")
	s.sees("names beside addresses: off")
	s.seesNot("10.0.0.156 internal")
	s.keys("ctrl+k")
	s.typed("names beside")
	s.sees("off, networks, all (now off)")
}

// TestLabelsWithoutRoom: a label never pushes an address out, and the screen says that there is no room.
func TestLabelsWithoutRoom(t *testing.T) {
	s := labelled(t, 40, 10, lookup.ShowOff)
	before := s.text()
	s.keys("N")
	for line := range strings.Lines(before) {
		if f := strings.Fields(line); len(f) > 2 && strings.HasPrefix(f[2], "10.") && !strings.Contains(s.text(), f[2]) {
			t.Errorf("%s is gone:\n%s", f[2], s.text())
		}
	}
}

// TestLabelsFollowTheConfiguration: what is read again is shown, in every tab.
func TestLabelsFollowTheConfiguration(t *testing.T) {
	s := labelled(t, 200, 60, lookup.ShowNetworks)
	s.keys("ctrl+t", "enter")
	s.settle()
	s.sees("10.0.0.156 internal")
	n, err := lookup.NewNetworks([]string{"lab"}, map[string]string{"lab": "10.0.0.0/8"})
	if err != nil {
		t.Fatal(err)
	}
	s.send(NamesChanged{Names: map[string]string{"lab": "10.0.0.0/8"}, Lookup: lookup.Settings{Show: lookup.ShowAll, Networks: n}})
	s.sees("10.0.0.156 lab")
	s.keys("1")
	s.sees("10.0.0.156 lab")
	s.keys("N") // what the person chose stays
	s.send(NamesChanged{Names: map[string]string{"lab": "10.0.0.0/8"}, Lookup: lookup.Settings{Show: lookup.ShowNetworks, Networks: n}})
	s.seesNot("10.0.0.156 lab")
}

func TestLabelsAreBounded(t *testing.T) {
	s := labelled(t, 80, 24, lookup.ShowNetworks)
	a := netip.MustParseAddr("10.0.0.0")
	for range 3 * maxLabels {
		s.m.label(a)
		a = a.Next()
	}
	if n := len(s.m.labels.kept); n > maxLabels {
		t.Errorf("%d labels are kept", n)
	}
}
