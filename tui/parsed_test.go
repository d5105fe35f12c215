package tui

import (
	"fmt"
	"testing"

	tea "charm.land/bubbletea/v2"
)

var altP = tea.KeyPressMsg{Code: 'p', Mod: tea.ModAlt}

func withNames(o *Options) {
	o.Query = "src net $internal and not dst net $internal and (dst port [https $web] or bytes > 1.5M)"
	o.Names = map[string]string{"internal": "[10.0.0.0/8 172.16.0.0/12 192.168.0.0/16]", "web": "[http 8000-8080]"}
}

func TestParsed(t *testing.T) {
	s := start(t, 100, 40, newSource(), withNames)
	s.keys(":", "ctrl+u")
	s.typed("dst port https or src bytes > 1M tcp")
	s.send(altP)
	s.sees("query as it is read", "(dst port = https) or ((src bytes > 1000000) and (tcp))", "https = 443")
	s.keys("Y")
	s.sees("no name in the query can be written out")
	s.keys("down")
	s.sees("this is the end")
	_, cmd := s.m.Update(key(t, "y"))
	if cmd == nil || s.m.mode != modeEdit || s.m.bar.Text() != "dst port https or src bytes > 1M tcp" {
		t.Errorf("after copying: mode %d, line %q", s.m.mode, s.m.bar.Text())
	}
	s.sees("copied (dst port = https) or ((src bytes > 1000000) and (tcp))")

	s.keys("ctrl+u")
	s.typed("src ip $internal")
	s.send(altP)
	s.sees("$internal = 10.0.0.0/8 172.16.0.0/12 192.168.0.0/16", "src net in [10.0.0.0/8 172.16.0.0/12 192.168.0.0/16]", "Y copies written out")
	s.keys("Y")
	s.sees("copied src net in [10.0.0.0/8")
	s.keys("ctrl+u")
	s.typed("dst prot 5")
	s.send(altP)
	s.sees("the query cannot be read; mend it first", "^^^^")
	s.keys("esc")

	s.keys(":", "ctrl+u")
	s.typed("ip $gone and tcp")
	s.send(altP)
	s.sees("(ip = $gone) and (tcp)", "✗ column 4: $gone is not defined")
	s.keys("esc", "esc")

	// From the actions, over the flows.
	s.keys("ctrl+k")
	s.typed("how the query is read")
	s.keys("enter", "esc")
	if s.m.mode != modeFlows {
		t.Errorf("Esc leads to mode %d", s.m.mode)
	}
}

func TestParsedScreens(t *testing.T) {
	for _, size := range [][2]int{{40, 10}, {80, 24}, {120, 40}} {
		name := fmt.Sprintf("parsed-%dx%d", size[0], size[1])
		t.Run(name, func(t *testing.T) {
			s := start(t, size[0], size[1], newSource(), withNames)
			s.mono()
			s.keys(":")
			s.send(altP)
			s.keys("pgdown", "pgup", "down")
			golden(t, name, s)
		})
	}
}
