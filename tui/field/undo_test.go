package field

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"pgregory.net/rapid"
)

func TestUndoTakesWordsBack(t *testing.T) {
	var f Model
	for _, r := range "dst port 53" {
		f.Type(string(r))
	}
	for _, want := range []string{"dst port ", "dst ", ""} {
		if !f.Do("undo") || f.Value() != want {
			t.Errorf("undo leaves %q, want %q", f.Value(), want)
		}
	}
	if f.Do("undo") {
		t.Error("there is more to take back")
	}
	for _, want := range []string{"dst ", "dst port ", "dst port 53"} {
		if !f.Do("redo") || f.Value() != want || f.Cursor() != len(want) {
			t.Errorf("redo leaves %q at %d, want %q", f.Value(), f.Cursor(), want)
		}
	}
	if f.Do("redo") {
		t.Error("there is more to make again")
	}
}

func TestUndoSteps(t *testing.T) {
	var f Model
	f.Set("tcp")
	f.Update(tea.PasteMsg{Content: " and udp"})
	f.Update(press("x"))
	f.Update(press("backspace"))
	f.Update(press("backspace"))
	f.Update(press("left"))
	f.Update(press("backspace"))
	f.Change("icmp", false)
	f.Change("icmp6", true)
	for _, want := range []string{"tcp and d", "tcp and ud", "tcp and udpx", "tcp and udp", "tcp"} {
		if f.Update(tea.KeyPressMsg{Code: '_', Mod: tea.ModCtrl}); f.Value() != want {
			t.Errorf("undo leaves %q, want %q", f.Value(), want)
		}
	}
	f.Update(press("y"))
	if f.Do("redo") {
		t.Error("redo works after a new change")
	}
}

// TestUndoAndRedo: whatever is done, taking all of it back leads to the first text, and making all of it again to
// the last one.
func TestUndoAndRedo(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := Model{Lines: rapid.Bool().Draw(t, "lines")}
		f.Set("dst port 53")
		for range rapid.IntRange(0, 60).Draw(t, "steps") {
			switch rapid.IntRange(0, 9).Draw(t, "what") {
			case 0:
				f.Update(tea.PasteMsg{Content: "a\nb"})
			case 1:
				f.Change(rapid.SampledFrom([]string{"", "tcp", "udp or tcp"}).Draw(t, "text"), rapid.Bool().Draw(t, "again"))
			case 2:
				f.Do("undo")
			default:
				f.Update(press(keyNames.Draw(t, "key")))
			}
		}
		for f.Do("redo") {
			continue
		}
		last := f.Value()
		steps := 0
		for f.Do("undo") {
			steps++
		}
		if f.Value() != "dst port 53" {
			t.Fatalf("all taken back: %q", f.Value())
		}
		for range steps {
			f.Do("redo")
		}
		if f.Value() != last || f.Do("redo") {
			t.Fatalf("all made again: %q, want %q", f.Value(), last)
		}
	})
}

func TestUndoIsBounded(t *testing.T) {
	f := Model{Most: 1 << 16}
	for i := range 2 * maxSteps {
		f.Change(strings.Repeat("x", i%7)+"y", false)
	}
	if n := len(f.journal.past); n != maxSteps {
		t.Errorf("%d steps are kept, want %d", n, maxSteps)
	}
	big := strings.Repeat("z", 1<<16)
	for i := range 40 {
		f.Change(big[i:], false)
	}
	if f.journal.kept > maxKept {
		t.Errorf("%d characters are kept, want at most %d", f.journal.kept, maxKept)
	}
}
