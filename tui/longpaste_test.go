package tui

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"cxlens/internal/flow"
	"cxlens/tui/field"
)

// TestLongPasteIsRefused: no field drops a paste that has no room in it without a word.
func TestLongPasteIsRefused(t *testing.T) {
	for name, open := range map[string]func(s *screen){
		"palette":       func(s *screen) { s.keys("ctrl+k") },
		"history":       func(s *screen) { s.keys("ctrl+r") },
		"columns":       func(s *screen) { s.keys("c") },
		"top values":    func(s *screen) { s.onColumn(flow.ColProto); s.keys("t", "/") },
		"groups":        func(s *screen) { s.m.SetGrouping([]flow.Column{flow.ColProto}); s.run(s.m.wantGroups()); s.keys("/") },
		"export":        func(s *screen) { s.keys("x") },
		"refinement":    func(s *screen) { s.keys("/") },
		"name of a tab": func(s *screen) { s.keys("R") },
		"span":          func(s *screen) { s.keys("L") },
		"profiles":      func(s *screen) { s.keys("p", "/") },
		"go to":         func(s *screen) { s.keys("ctrl+g") },
		"search":        func(s *screen) { s.keys("ctrl+f") },
		"form":          func(s *screen) { s.keys("f") },
		"login":         func(s *screen) { s.m.openLogin() },
	} {
		t.Run(name, func(t *testing.T) {
			_, src := newServer(t, 300)
			files := profileStore(t, nil)
			s := start(t, 120, 40, src, func(o *Options) { o.Profiles = files })
			s.until("the rows", func() bool { _, n := s.m.table.Len(); return n == 300 })
			before := s.m.mode
			open(s)
			if s.m.mode == before && name != "groups" {
				t.Fatalf("no field was opened:\n%s", s.text())
			}
			s.send(tea.PasteMsg{Content: strings.Repeat("x", field.DefaultMost+1)})
			s.want("nothing was added: there is room for 8,192 characters")
			if strings.Contains(s.text(), "xxxx") {
				t.Errorf("a part of it was taken:\n%s", s.text())
			}
		})
	}
}
