package tui

import "testing"

// TestPaletteHasEveryAction: every action of the main screen is found by name, those without a key too.
func TestPaletteHasEveryAction(t *testing.T) {
	s := start(t, 100, 30, newSource(), nil)
	for _, km := range append(s.m.keys.main(), s.m.keys.nodes) {
		for _, b := range km.Bindings {
			s.m.toFlows()
			s.keys("ctrl+k")
			if !s.m.palette.Has(b.ID) {
				t.Errorf("the palette lacks %s", b.ID)
			}
			s.keys("esc")
		}
	}
}
