package tui

import (
	"strings"
	"testing"

	"cxlens/internal/flow"
)

// blocks are what bars are drawn of.
const blocks = "▁▂▃▄▅▆▇█▓▒░▪⣀⣿"

// TestNoBarsOnASlowLink: the timeline and the top values say in words and numbers what their bars show, and
// draw them again when the link is no longer slow.
func TestNoBarsOnASlowLink(t *testing.T) {
	for _, c := range []struct {
		name string
		open func(slow bool) *screen
		says []string
	}{
		{"timeline", func(slow bool) *screen {
			s, _ := timelineScreen(t, 120, 40, func(o *Options) { o.LowBandwidth = slow })
			return s
		}, []string{" flows  peak ", "tcp ", "udp ", " ─ "}},
		{"timeline, a span selected", func(slow bool) *screen {
			s, _ := timelineScreen(t, 80, 24, func(o *Options) { o.LowBandwidth = slow })
			s.keys("z", "left", "left", "H")
			return s
		}, []string{" .. ", " flows"}},
		{"top values", func(slow bool) *screen {
			s, _ := facetScreen(t, 120, 40, flow.ColDstPort, func(o *Options) { o.LowBandwidth = slow })
			return s
		}, []string{"SHARE", "%"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := c.open(true)
			if text := s.text(); strings.ContainsAny(text, blocks) {
				t.Errorf("there are bars:\n%s", text)
			}
			checkSize(t, s)
			s.sees(c.says...)
			s.m.toggleSlow()
			s.send(frameDue{})
			if text := s.text(); !strings.ContainsAny(text, blocks) {
				t.Errorf("there are no bars on a fast link:\n%s", text)
			}
		})
	}
}

// TestBarKeysSayWhyOnASlowLink: a key for bars that are not drawn says so and changes nothing.
func TestBarKeysSayWhyOnASlowLink(t *testing.T) {
	s, _ := timelineScreen(t, 120, 40, func(o *Options) { o.LowBandwidth = true })
	s.keys("z")
	was := s.m.timeline.Settings
	for _, k := range []string{"a", "v", "+", "_"} {
		s.keys(k)
		s.sees("low bandwidth draws no bars; K switches it off")
	}
	if s.m.timeline.Settings != was {
		t.Errorf("the settings are %+v, they were %+v", s.m.timeline.Settings, was)
	}
}

func TestExportWithoutBar(t *testing.T) {
	for _, slow := range []bool{false, true} {
		s, release := exportHeld(t, func(o *Options) { o.LowBandwidth = slow })
		text := s.text()
		if strings.ContainsAny(text, "█░") == slow || !strings.Contains(text, " rows") || !strings.Contains(text, "Esc stops") {
			t.Errorf("on a slow link %v the box says\n%s", slow, text)
		}
		release()
		s.until("the end of the export", func() bool { return !s.m.exporting() })
	}
}

// exportHeld is the export box whose rows come when release is called.
func exportHeld(t *testing.T, change func(*Options)) (s *screen, release func()) {
	t.Helper()
	src, held := newSource(), make(chan struct{})
	s = start(t, 100, 30, src, func(o *Options) { o.ExportDir = t.TempDir(); change(o) })
	answer := src.answer
	src.answer = func(r *fakeResult) {
		<-held
		answer(r)
	}
	s.keys("x", "down", "space", "enter")
	return s, func() { close(held) }
}
