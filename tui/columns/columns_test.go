package columns

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"cxlens/internal/flow"
	"cxlens/themes"
	"cxlens/tui/look"
	"cxlens/tui/table"
)

var plain = look.New(themes.Loader{}.Auto(false), true)

// chooser is a list over a table of 200 columns by 20, and what it said last.
type chooser struct {
	*Model
	table *table.Model
	said  string
	left  bool
}

func open() *chooser {
	t := table.New(table.Keys(), plain, time.Now)
	t.SetSize(200, 20)
	c := &chooser{Model: New(Keys(), t), table: t}
	c.Say, c.Leave = func(s string) { c.said = s }, func() { c.left = true }
	return c
}

var codes = map[string]tea.KeyPressMsg{
	"space": {Code: tea.KeySpace, Text: " "}, "down": {Code: tea.KeyDown}, "up": {Code: tea.KeyUp}, "esc": {Code: tea.KeyEscape},
	"enter": {Code: tea.KeyEnter}, "^r": {Code: 'r', Mod: tea.ModCtrl},
}

func (c *chooser) press(keys ...string) {
	for _, k := range keys {
		msg, ok := codes[k]
		if !ok {
			for _, r := range k {
				c.Update(tea.KeyPressMsg{Code: r, Text: string(r)})
			}
			continue
		}
		c.Update(msg)
	}
}

func (c *chooser) text() string {
	c.table.View()
	box, _, _ := c.View(plain, 100, 40)
	return ansi.Strip(strings.Join(box, "\n"))
}

func TestTypingNarrows(t *testing.T) {
	c := open()
	for typed, want := range map[string]flow.Column{"dst_b": flow.ColDstBytes, "netg": flow.ColNetgroup, "bits": flow.ColBPS, "destination port": flow.ColDstPort, "svc": flow.ColService} {
		c.press("esc", typed)
		if len(c.found) == 0 || c.found[0] != want {
			t.Errorf("%q finds %v, want %v first", typed, c.found, want)
		}
	}
	c.press("esc", "qqq")
	if !strings.Contains(c.text(), "no column has these letters") {
		t.Errorf("nothing found:\n%s", c.text())
	}
	c.press("space")
	if c.said == "" {
		t.Error("showing no column at all was not refused")
	}
	c.press("esc", "esc")
	if !c.left {
		t.Error("Esc on an empty field does not leave")
	}
}

func TestKeysChangeTheTable(t *testing.T) {
	c := open()
	c.press("bpp", "space", "esc")
	cols := c.table.Columns()
	if cols[len(cols)-1] != flow.ColBPP || c.found[c.cursor] != flow.ColBPP {
		t.Fatalf("columns %v, the cursor on %v", cols, c.found[c.cursor])
	}
	c.press("<", "<", ")", ")", "|")
	s := c.table.Shape()
	i := slices.Index(s.Columns, flow.ColBPP)
	if i != len(cols)-3 || s.Frozen != i+1 || s.Widths[flow.ColBPP] == 0 {
		t.Errorf("moved to %d, frozen %d, width %d", i, s.Frozen, s.Widths[flow.ColBPP])
	}
	if got := c.text(); !strings.Contains(got, "[x] BPP ") || !strings.Contains(got, "frozen") || !strings.Contains(got, "16 of 33 shown") {
		t.Errorf("the list is\n%s", got)
	}
	c.press("^r")
	if !slices.Equal(c.table.Columns(), table.Defaults()) {
		t.Errorf("as at first: %v", c.table.Columns())
	}
	c.press("^r")
	if !c.table.Shape().Equal(s) {
		t.Errorf("as they were: %+v, want %+v", c.table.Shape(), s)
	}
}

func TestLastColumnStays(t *testing.T) {
	c := open()
	c.table.SetColumns([]flow.Column{flow.ColSrcIP})
	c.press("esc")
	c.find()
	c.press("space")
	if len(c.table.Columns()) != 1 || c.said != "one column has to stay" {
		t.Errorf("columns %v, said %q", c.table.Columns(), c.said)
	}
}

func TestViewFits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := open()
		w, h := rapid.IntRange(40, 200).Draw(t, "w"), rapid.IntRange(8, 60).Draw(t, "h")
		for _, k := range rapid.SliceOfN(rapid.SampledFrom([]string{"down", "up", "space", "p", "o", ")", "|", ">", "esc", "^r"}), 0, 30).Draw(t, "keys") {
			c.press(k)
			box, x, y := c.View(plain, w, h)
			if len(box) > h || x < 0 || y != 1 {
				t.Fatalf("%d lines in %d, cursor %d, %d", len(box), h, x, y)
			}
			for _, l := range box {
				if got := ansi.StringWidth(l); got > w || got != ansi.StringWidth(box[0]) {
					t.Fatalf("a line is %d wide in %d: %q", got, w, ansi.Strip(l))
				}
			}
		}
	})
}

// shapes are shapes as a person can make them.
var shapes = rapid.Custom(func(t *rapid.T) table.Shape {
	var all []flow.Column
	for c := range flow.NumShown {
		all = append(all, c)
	}
	cols := rapid.Permutation(all).Draw(t, "columns")[:rapid.IntRange(1, len(all)).Draw(t, "n")]
	widths := rapid.MapOf(rapid.SampledFrom(all), rapid.IntRange(table.MinWidth, table.MaxWidth)).Draw(t, "widths")
	return table.Shape{Columns: cols, Widths: widths, Frozen: rapid.IntRange(0, len(cols)-1).Draw(t, "frozen")}
})

func TestKeptAsSaved(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "columns.toml")
	rapid.Check(t, func(t *rapid.T) {
		want := shapes.Draw(t, "shape")
		if err := Save(path, want); err != nil {
			t.Fatal(err)
		}
		got, err := Load(path)
		if err != nil || !got.Equal(want) {
			t.Fatalf("%+v, %v; want %+v", got, err, want)
		}
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 || info.Size() > maxFile/10 {
			t.Fatalf("%v, %v", info, err)
		}
	})
}

func TestLoad(t *testing.T) {
	dir := t.TempDir()
	if s, err := Load(filepath.Join(dir, "none")); err != nil || !s.Equal(table.DefaultShape()) {
		t.Errorf("no file: %+v, %v", s, err)
	}
	path := filepath.Join(dir, "columns.toml")
	for text, want := range map[string]string{
		"columns = [":                       "columns.toml: toml: line 1",
		"":                                  "columns.toml: there is no column in it",
		"columns = [\"strat\"]":             `columns.toml: there is no column "strat"`,
		"columns = [\"start\", \"start\"]":  "columns.toml: column start is there twice",
		"columns = [\"start\"]\nfrozen = 1": "columns.toml: frozen is 1, not from 0 to 0",
		"columns = [\"start\"]\nfrosen = 1": "columns.toml: unknown key frosen",
		"columns = [\"start\"]\n[widths]\nstart = 1000":           "columns.toml: widths: start is 1000, not from 3 to 200",
		"columns = [\"start\"]\n[widths]\nsrc = 10":               `columns.toml: widths: there is no column "src"`,
		"columns = [\"start\"]\n#" + strings.Repeat("x", maxFile): "larger than",
	} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := Load(path)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") || !s.Equal(table.DefaultShape()) {
			t.Errorf("%.40q: %+v, %v; want %q", text, s.Columns, err, want)
		}
	}
	to, err := SetAside(path)
	if err != nil || to != path+".damaged" {
		t.Errorf("set aside: %q, %v", to, err)
	}
	if _, err := os.Stat(to); err != nil {
		t.Error(err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("columns = [\"start\", \"src_ip\"]\nfrozen = 1\n[widths]\nsrc_ip = 20\n"))
	f.Add([]byte("columns = []"))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := parse(data)
		if err != nil {
			return
		}
		again, err := text(s)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := parse(again); err != nil || !got.Equal(s) {
			t.Errorf("%+v, %v; want %+v", got, err, s)
		}
	})
}
