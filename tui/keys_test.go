package tui

import (
	"testing"

	"cxlens/client"
)

func TestHelpAndPalette(t *testing.T) {
	s := start(t, 120, 60, newSource(), nil)
	s.keys("?")
	s.sees("add this column to the sort", "all actions by name", "export the rows here")
	s.keys("?", "ctrl+k")
	s.typed("exact")
	s.keys("enter")
	if !s.m.table.Exact() || s.m.mode != modeFlows {
		t.Error("the palette did not run the action")
	}
	s.keys("ctrl+k")
	s.typed("zzzz")
	s.sees("no action has these letters")
	s.keys("enter", "esc")
}

// Every action that help lists can be chosen, and answers with a change or a reason.
func TestEveryActionAnswers(t *testing.T) {
	for _, km := range AllKeys()[:3] {
		for _, b := range km.Bindings {
			t.Run(b.ID, func(t *testing.T) {
				src := newSource()
				src.answer = func(r *fakeResult) { r.set(func() { r.progress.State = client.Done }) }
				s := start(t, 120, 40, src, nil)
				before, queries := s.m.View().Content, len(src.results)
				cmd := s.m.runByID(b.ID)
				if s.m.View().Content == before && cmd == nil && len(src.results) == queries && b.ID != "nodes.leave" {
					t.Errorf("%s (%s) does nothing and does not say why", b.ID, b.Show())
				}
			})
		}
	}
}

func TestUnknownKeySaysSo(t *testing.T) {
	s := start(t, 120, 40, newSource(), nil)
	s.keys("%")
	s.sees("% has no action here; ? lists the keys")
}

func TestChangedKeysWorkAndAreShown(t *testing.T) {
	s := start(t, 120, 60, newSource(), func(o *Options) { o.Keys = map[string][]string{"screen.export": {"W"}} })
	s.keys("x")
	s.sees("x has no action here")
	s.keys("W")
	if s.m.mode != modeExport {
		t.Error("the new key does not export")
	}
}
