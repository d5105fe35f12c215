package field

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
)

func TestSelected(t *testing.T) {
	for _, tt := range []struct {
		do     string
		msg    tea.Msg
		want   string
		cursor int
	}{
		{"a letter", press("x"), "x", 1},
		{"a paste", tea.PasteMsg{Content: "udp"}, "udp", 3},
		{"backspace", press("backspace"), "tc", 2},
		{"delete", press("delete"), "", 0},
		{"end", press("end"), "tcp", 3},
		{"left", press("left"), "tcp", 2},
		{"home", press("home"), "tcp", 0},
		{"ctrl+u", press("ctrl+u"), "", 0},
	} {
		var f Model
		f.Set("tcp")
		f.Select()
		f.Update(tt.msg)
		if f.Value() != tt.want || f.Cursor() != tt.cursor || f.Selected() || f.Idle() != "" {
			t.Errorf("%s leaves %q at %d, selected %v, and says %q; want %q at %d", tt.do, f.Value(), f.Cursor(), f.Selected(), f.Idle(), tt.want, tt.cursor)
		}
		if f.Value() == "tcp" {
			continue
		}
		if !f.Do("undo") || f.Value() != "tcp" {
			t.Errorf("%s is not taken back: %q", tt.do, f.Value())
		}
	}
}

// TestSelectedIsOneStep: what takes the place of a selected text is one step with the replacing.
func TestSelectedIsOneStep(t *testing.T) {
	var f Model
	f.Set("tcp")
	f.Select()
	for _, r := range "udp" {
		f.Type(string(r))
	}
	if f.Value() != "udp" {
		t.Fatalf("the field holds %q", f.Value())
	}
	if f.Do("undo"); f.Value() != "tcp" {
		t.Errorf("undo leaves %q", f.Value())
	}
}

func TestSelectedIsReplacedWhereAllIsFull(t *testing.T) {
	f := Model{Most: 3}
	f.Set("tcp")
	f.Select()
	if f.Update(tea.PasteMsg{Content: "icmp"}); f.Value() != "tcp" || !f.Selected() || f.Refused() == "" {
		t.Errorf("too long a paste leaves %q, and says %q", f.Value(), f.Refused())
	}
	if f.Update(tea.PasteMsg{Content: "udp"}); f.Value() != "udp" {
		t.Errorf("a paste that fits leaves %q", f.Value())
	}
}

// TestSelectedWithoutColour: a selected text stands in reverse where there is no colour.
func TestSelectedWithoutColour(t *testing.T) {
	var f Model
	f.Set("tcp")
	if text, _ := f.View(plain, 10); strings.Contains(text, "\x1b[7m") {
		t.Errorf("a text that is not selected is shown as %q", text)
	}
	f.Select()
	if text, _ := f.View(plain, 10); !strings.Contains(text, "\x1b[7mtcp\x1b[m") {
		t.Errorf("a selected text is shown as %q", text)
	}
}

func TestIdleKeysSayWhy(t *testing.T) {
	var f Model
	for key, want := range map[string]string{
		"left": "at the beginning", "home": "at the beginning", "right": "at the end", "end": "at the end",
		"backspace": "nothing to erase before the cursor", "ctrl+u": "nothing to erase before the cursor",
		"delete": "nothing to erase behind the cursor", "ctrl+k": "nothing to erase behind the cursor",
		"ctrl+j": "^j has no action in this text", "ctrl+_": "there is no change to take back", "ctrl+q": "^q has no action in this text",
	} {
		if f.Update(press(key)); f.Idle() != want {
			t.Errorf("%s says %q, want %q", key, f.Idle(), want)
		}
	}
	if f.Update(press("x")); f.Idle() != "" {
		t.Errorf("typing says %q", f.Idle())
	}
	if f.Update(tea.PasteMsg{Content: "\n"}); f.Idle() == "" {
		t.Error("a paste of nothing is silent")
	}
}

// TestErasingKeepsToTheLine: ctrl-u and ctrl-k leave the other lines of a text.
func TestErasingKeepsToTheLine(t *testing.T) {
	f := Model{Lines: true}
	f.Set("tcp\nudp\nicmp")
	f.SetCursor(5)
	if f.Do("erase-before"); f.Value() != "tcp\ndp\nicmp" || f.Cursor() != 4 {
		t.Errorf("ctrl-u leaves %q at %d", f.Value(), f.Cursor())
	}
	if f.Do("erase-after"); f.Value() != "tcp\n\nicmp" || f.Cursor() != 4 {
		t.Errorf("ctrl-k leaves %q at %d", f.Value(), f.Cursor())
	}
	if f.Do("erase-before") || f.Do("erase-after") {
		t.Error("an empty line has something to erase")
	}
}
