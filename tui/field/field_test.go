package field

import (
	"slices"
	"strings"
	"testing"
	"unicode"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"cxlens/themes"
	"cxlens/tui/look"
)

var plain = look.New(themes.Loader{}.Auto(false), true)

func press(name string) tea.KeyPressMsg {
	switch name {
	case "left":
		return tea.KeyPressMsg{Code: tea.KeyLeft}
	case "right":
		return tea.KeyPressMsg{Code: tea.KeyRight}
	case "home":
		return tea.KeyPressMsg{Code: tea.KeyHome}
	case "end":
		return tea.KeyPressMsg{Code: tea.KeyEnd}
	case "backspace":
		return tea.KeyPressMsg{Code: tea.KeyBackspace}
	case "delete":
		return tea.KeyPressMsg{Code: tea.KeyDelete}
	}
	if c, ok := strings.CutPrefix(name, "ctrl+"); ok {
		return tea.KeyPressMsg{Code: rune(c[0]), Mod: tea.ModCtrl}
	}
	return tea.KeyPressMsg{Code: []rune(name)[0], Text: name}
}

// model is the simple one: a text and a cursor in runes, and whether the text is selected.
type model struct {
	text     []rune
	cursor   int
	selected bool
}

// line is where the line of the cursor begins and ends.
func (m *model) line() (from, to int) {
	for from = m.cursor; from > 0 && m.text[from-1] != '\n'; from-- {
	}
	for to = m.cursor; to < len(m.text) && m.text[to] != '\n'; to++ {
	}
	return from, to
}

func (m *model) press(name string) {
	was := m.selected
	m.selected = false
	if typed := []rune(name); was && (len(typed) == 1 || name == "delete" || name == "ctrl+j") {
		m.text, m.cursor = nil, 0
	}
	from, to := m.line()
	switch name {
	case "select":
		m.cursor, m.selected = len(m.text), len(m.text) > 0
	case "left":
		m.cursor = max(0, m.cursor-1)
	case "right":
		m.cursor = min(len(m.text), m.cursor+1)
	case "home":
		m.cursor = from
	case "end":
		m.cursor = to
	case "backspace":
		if m.cursor > 0 {
			m.text = slices.Delete(m.text, m.cursor-1, m.cursor)
			m.cursor--
		}
	case "delete":
		if m.cursor < len(m.text) {
			m.text = slices.Delete(m.text, m.cursor, m.cursor+1)
		}
	case "ctrl+u":
		m.text, m.cursor = slices.Delete(m.text, from, m.cursor), from
	case "ctrl+k":
		m.text = slices.Delete(m.text, m.cursor, to)
	case "ctrl+j":
		m.text = slices.Insert(m.text, m.cursor, '\n')
		m.cursor++
	case "ctrl+w":
		i := m.cursor
		for i > 0 && unicode.IsSpace(m.text[i-1]) {
			i--
		}
		for i > 0 && !unicode.IsSpace(m.text[i-1]) {
			i--
		}
		m.text, m.cursor = slices.Delete(m.text, i, m.cursor), i
	default:
		m.text = slices.Insert(m.text, m.cursor, []rune(name)...)
		m.cursor++
	}
}

var keyNames = rapid.SampledFrom([]string{
	"a", "b", " ", "日", "é", "left", "right", "home", "end", "backspace", "delete", "ctrl+u", "ctrl+k", "ctrl+w",
})

func TestEditingAgainstModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := Model{Lines: rapid.Bool().Draw(t, "lines")}
		var want model
		w := rapid.IntRange(2, 20).Draw(t, "w")
		names := rapid.OneOf(keyNames, rapid.SampledFrom([]string{"select", "ctrl+j"}))
		for _, name := range rapid.SliceOfN(names, 0, 60).Draw(t, "keys") {
			switch {
			case name == "ctrl+j" && !f.Lines:
				continue
			case name == "select":
				f.Select()
			default:
				before, at, was := f.Value(), f.Cursor(), f.Selected()
				f.Update(press(name))
				if idle := before == f.Value() && at == f.Cursor() && was == f.Selected(); !f.Lines && idle && f.Idle() == "" {
					t.Fatalf("%s does nothing to %q and says nothing", name, before)
				}
			}
			want.press(name)
			if f.Value() != string(want.text) || f.Cursor() != len(string(want.text[:want.cursor])) || f.Selected() != want.selected {
				t.Fatalf("after %s: %q at %d, want %q at %d", name, f.Value(), f.Cursor(), string(want.text), want.cursor)
			}
			if f.Lines {
				f.Rows(plain, w, w, 3, true)
				continue
			}
			text, cursor := f.View(plain, w)
			if ansi.StringWidth(text) != w || cursor < 0 || cursor >= w {
				t.Fatalf("view %q is %d wide with the cursor at %d, want %d", text, ansi.StringWidth(text), cursor, w)
			}
		}
	})
}

func TestControlCharactersStayOut(t *testing.T) {
	var f Model
	f.Update(tea.PasteMsg{Content: "port 53\nand\tudp\x1b[31m\u202e\x00"})
	for _, r := range f.Value() {
		if unicode.IsControl(r) || r == 0x202e {
			t.Fatalf("%q holds %U", f.Value(), r)
		}
	}
	if !strings.HasPrefix(f.Value(), "port 53 and udp") {
		t.Errorf("pasted text is %q", f.Value())
	}
}

func TestHiddenTextIsNotShown(t *testing.T) {
	f := Model{Hidden: true}
	for _, r := range "hunter2" {
		f.Update(tea.KeyPressMsg{Code: r, Text: string(r)})
	}
	text, _ := f.View(plain, 20)
	if strings.ContainsAny(ansi.Strip(text), "hunter2") {
		t.Errorf("the secret is on the screen: %q", text)
	}
	if strings.Count(text, "•") != 7 {
		t.Errorf("view is %q, want 7 dots", text)
	}
}

func TestFieldIsBounded(t *testing.T) {
	var f Model
	f.Update(tea.PasteMsg{Content: strings.Repeat("x", DefaultMost)})
	for _, msg := range []tea.Msg{tea.PasteMsg{Content: "yz"}, press("y")} {
		if f.Update(msg) || f.Refused() != "nothing was added: there is room for 8,192 characters" {
			t.Errorf("after %v the field holds %d characters and says %q", msg, len(f.Value()), f.Refused())
		}
	}
	if f.Update(press("backspace")); f.Refused() != "" || len(f.Value()) != DefaultMost-1 {
		t.Errorf("after backspace the field holds %d characters and says %q", len(f.Value()), f.Refused())
	}
	small := Model{Most: 3}
	if small.Set("abcde"); small.Value() != "abc" {
		t.Errorf("Set took %q", small.Value())
	}
	if small.Change("wxyz", false) || small.Replace(0, 1, "12", false) || small.Value() != "abc" || small.Refused() == "" {
		t.Errorf("the field holds %q and says %q", small.Value(), small.Refused())
	}
}
