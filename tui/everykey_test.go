package tui

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"

	"cxlens/themes"
	"cxlens/tui/keymap"
)

// A silent key is one after which nothing is different: not the screen, not its cursor, not the mode, and nothing was
// said, copied or asked. TestEveryKeyAnswers presses every key of every part in the situations of that part.

// situation is a state of the screen in which a part has the keyboard.
type situation struct {
	name string
	open func(t *testing.T) *screen
}

// patience is how long the commands of a key are waited for before it counts as silent.
const patience = 3 * time.Second

// face is what a person sees of the screen, and what was brought about beside it.
type face struct {
	content string
	x, y    int
	mode    mode
	tab     *tab
	spoken  string
}

func (s *screen) face() face {
	v := s.m.View()
	f := face{content: v.Content, x: -1, mode: s.m.mode, tab: s.m.tab, spoken: strings.Join(s.m.spoken, "\n")}
	if v.Cursor != nil {
		f.x, f.y = v.Cursor.X, v.Cursor.Y
	}
	return f
}

// answered tells whether act, as a key press, has an effect: at once, or by the commands that it brings about. idle
// tells that it has only said why it can do nothing.
func (s *screen) answered(act func() tea.Cmd) (ok, idle bool) {
	s.m.say = message{}
	before := s.face()
	cmd := act()
	if s.face() != before {
		idle = s.m.say.token == themes.Warning
		s.m.say = message{}
		s.run(cmd)
		return true, idle && s.face() == before
	}
	return s.answeredBy(cmd, before), false
}

// answeredBy runs a command until the screen has another face than before.
func (s *screen) answeredBy(cmd tea.Cmd, before face) bool {
	msgs, running := make(chan tea.Msg, 100), 0
	begin := func(cmd tea.Cmd) {
		if cmd == nil {
			return
		}
		running++
		go func() { msgs <- cmd() }()
	}
	begin(cmd)
	deadline := time.After(patience)
	for running > 0 {
		select {
		case msg := <-msgs:
			running--
			if batch, ok := msg.(tea.BatchMsg); ok {
				for _, c := range batch {
					begin(c)
				}
				continue
			}
			if outside(msg) {
				return true
			}
			_, cmd := s.m.Update(msg)
			begin(cmd)
			if s.face() != before {
				return true
			}
		case <-deadline:
			return false
		}
	}
	return false
}

// outside tells whether Bubble Tea does something with a message that a person notices.
func outside(msg tea.Msg) bool {
	switch fmt.Sprintf("%T", msg) {
	case "tea.QuitMsg", "tea.SuspendMsg", "tea.setClipboardMsg":
		return true
	}
	return false
}

// pressOf is the message of a key as the key maps spell it.
func pressOf(t *testing.T, name string) tea.KeyPressMsg {
	t.Helper()
	rest := name
	var k tea.KeyPressMsg
	for _, mod := range []struct {
		name string
		mod  tea.KeyMod
	}{{"ctrl+", tea.ModCtrl}, {"alt+", tea.ModAlt}, {"shift+", tea.ModShift}} {
		if after, ok := strings.CutPrefix(rest, mod.name); ok && after != "" {
			rest, k.Mod = after, k.Mod|mod.mod
		}
	}
	code, ok := keyCodes[rest]
	switch {
	case ok:
		k.Code = code
	case rest == "delete":
		k.Code, ok = tea.KeyDelete, true
	case rest == "space":
		k.Code = tea.KeySpace
	case utf8.RuneCountInString(rest) == 1:
		k.Code, _ = utf8.DecodeRuneInString(rest)
	default:
		t.Fatalf("the test does not know the key %q", name)
	}
	if k.Mod == 0 && !ok {
		k.Text = string(k.Code)
	}
	if k.String() != name {
		t.Fatalf("the key %q is pressed as %q", name, k.String())
	}
	return k
}

func TestEveryKeyAnswers(t *testing.T) {
	if raced {
		t.Skip("thousands of screens, each pressed by one goroutine: nothing for the race detector, and minutes of it")
	}
	for _, km := range AllKeys() {
		where, ok := situations[km.Pane]
		if !ok || len(where) < 2 {
			t.Errorf("%s: no situations in which its keys are pressed: an empty one and a full one at least", km.Pane)
			continue
		}
		for _, at := range where {
			t.Run(km.Pane+"/"+at.name, func(t *testing.T) {
				t.Parallel()
				pressAll(t, km, at)
			})
		}
	}
	for pane := range situations {
		if !slices.ContainsFunc(AllKeys(), func(km keymap.Map) bool { return km.Pane == pane }) {
			t.Errorf("there is no part %q any more", pane)
		}
	}
}

// pressAll presses each key of a part in a situation, and runs the actions without a key. A screen on which a key did
// nothing but say why serves the next one too.
func pressAll(t *testing.T, km keymap.Map, at situation) {
	s := at.open(t)
	try := func(what string, act func() tea.Cmd) {
		ok, idle := s.answered(act)
		if !ok {
			t.Errorf("%s is silent on\n%s", what, s.text())
		}
		if !idle {
			s = at.open(t)
		}
	}
	for _, b := range km.Bindings {
		for _, name := range b.Keys {
			press := pressOf(t, name)
			try(name+" ("+b.ID+", "+b.Help+")", func() tea.Cmd { _, cmd := s.m.Update(press); return cmd })
		}
		if len(b.Keys) == 0 {
			try(b.ID+" ("+b.Help+"), chosen among the actions,", func() tea.Cmd { return s.m.runByID(b.ID) })
		}
	}
}
