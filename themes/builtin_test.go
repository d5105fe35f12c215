package themes

import (
	"math"
	"strings"
	"testing"
)

func builtins(t *testing.T) map[string]*Theme {
	t.Helper()
	out := make(map[string]*Theme)
	for _, name := range Builtin() {
		th, err := Loader{}.Load(name)
		if err != nil {
			t.Fatal(err)
		}
		out[name] = th
	}
	return out
}

func TestBuiltinThemesAreWhole(t *testing.T) {
	all := builtins(t)
	if len(all) < 14 || all[Dark] == nil || all[Light] == nil {
		t.Errorf("%d themes are built in", len(all))
	}
	for name, th := range all {
		if th.Name != name {
			t.Errorf("%s loads as %q", name, th.Name)
		}
		for _, mono := range []Token{Cell, Selected} {
			if th.Style(mono).Mono&Reverse == 0 {
				t.Errorf("%s: %s cannot be seen without colour", name, mono)
			}
		}
	}
}

func hex(t *testing.T, s string) Color {
	t.Helper()
	c, err := ParseColor(s)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// groundsOf are the grounds on which a theme's text stands: its own, else the usual ones of terminals,
// and the row under the cursor.
func groundsOf(t *testing.T, th *Theme) []Color {
	t.Helper()
	grounds := []Color{th.Style(Cursor).BG}
	switch {
	case !th.Ground.BG.IsNone():
		return append(grounds, th.Ground.BG)
	case th.Light:
		return append(grounds, hex(t, "#ffffff"), hex(t, "#fafafa"))
	}
	return append(grounds, hex(t, "#000000"), hex(t, "#1e1e2e"))
}

// check calls f with every text of a theme: its colour and a ground that it stands on.
func check(t *testing.T, th *Theme, f func(tok Token, fg, bg Color)) {
	t.Helper()
	grounds := groundsOf(t, th)
	for tok := range NumTokens {
		s := th.Style(tok)
		if tok == Rule || tok == Frame || s.FG.IsNone() { // lines are no text
			continue
		}
		if !s.BG.IsNone() {
			f(tok, s.FG, s.BG)
			continue
		}
		for _, bg := range grounds {
			if !bg.IsNone() {
				f(tok, s.FG, bg)
			}
		}
	}
	if !th.Ground.FG.IsNone() {
		f(Text, th.Ground.FG, th.Ground.BG)
	}
}

// least is the contrast that a theme promises: WCAG 2.1, 1.4.3, and 1.4.6 for high contrast.
func least(name string) float64 {
	if strings.HasPrefix(name, "high-contrast") {
		return 7
	}
	return 4.5
}

func TestBuiltinThemesAreReadable(t *testing.T) {
	for name, th := range builtins(t) {
		check(t, th, func(tok Token, fg, bg Color) {
			if c := contrast(fg, bg); c < least(name) {
				t.Errorf("%s: %s, %v on %v, has contrast %.2f, want %.1f", name, tok, fg, bg, c, least(name))
			}
		})
	}
}

func TestBuiltinThemesAreReadableIn256(t *testing.T) {
	for name, th := range builtins(t) {
		check(t, th.Reduced(Indexed, false), func(tok Token, fg, bg Color) {
			if c := contrast(fg, bg); c < least(name) {
				t.Errorf("%s: %s, %v on %v, has contrast %.2f in 256 colours, want %.1f", name, tok, fg, bg, c, least(name))
			}
		})
	}
}

// palettes are what terminals show for the sixteen colours: xterm, the VGA text mode, and Windows.
var palettes = map[string]string{
	"xterm":   "000000 cd0000 00cd00 cdcd00 0000ee cd00cd 00cdcd e5e5e5 7f7f7f ff0000 00ff00 ffff00 5c5cff ff00ff 00ffff ffffff",
	"vga":     "000000 aa0000 00aa00 aa5500 0000aa aa00aa 00aaaa aaaaaa 555555 ff5555 55ff55 ffff55 5555ff ff55ff 55ffff ffffff",
	"windows": "0c0c0c c50f1f 13a10e c19c00 0037da 881798 3a96dd cccccc 767676 e74856 16c60c f9f1a5 3b78ff b4009e 61d6d6 f2f2f2",
}

// TestSixteenColours: whatever the theme, what is left of it in 16 colours reads on a dark and on a
// light ground of the usual palettes. Windows' magentas and xterm's are a little short of 4.5.
func TestSixteenColours(t *testing.T) {
	for name, th := range builtins(t) {
		for palette, colours := range palettes {
			words := strings.Fields(colours)
			for _, light := range []bool{false, true} {
				ground := hex(t, "#"+words[0])
				if light {
					ground = hex(t, "#"+words[15])
				}
				r := th.Reduced(Basic, light)
				for tok := range NumTokens {
					s := r.Style(tok)
					if !s.BG.IsNone() {
						t.Errorf("%s: %s has a ground in 16 colours", name, tok)
					}
					n, ok := s.FG.Index()
					if !ok {
						continue
					}
					if c := contrast(hex(t, "#"+words[n]), ground); c < 4 {
						t.Errorf("%s: %s is colour %d, contrast %.2f on the ground of %s, light %v", name, tok, n, c, palette, light)
					}
				}
				if r.Style(Cell).Attr&Reverse == 0 || r.Style(Selected).Attr&Reverse == 0 {
					t.Errorf("%s: the cursor cannot be seen in 16 colours", name)
				}
			}
		}
	}
}

func TestOwnColoursStayInSixteen(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "mine.toml", "background = \"dark\"\n[styles]\nmuted = { fg = \"6\" }\nkey = { fg = \"208\" }\n")
	th, err := Loader{Dir: dir}.Load("mine")
	if err != nil {
		t.Fatal(err)
	}
	r := th.Reduced(Basic, false)
	if got := r.Style(Muted).FG.String(); got != "6" {
		t.Errorf("muted becomes %s", got)
	}
	if got := r.Style(Key).FG.String(); got != "14" {
		t.Errorf("key becomes %s", got)
	}
	if th.Reduced(Full, false) != th {
		t.Error("a terminal with all colours gets another theme")
	}
	if got := th.Reduced(Indexed, false).Style(Key).FG.String(); got != "208" {
		t.Errorf("key becomes %s in 256 colours", got)
	}
}

// blindness are the ways to see red and green alike, as matrices on linear sRGB (Machado, Oliveira
// and Fernandes, "A Physiologically-based Model for Simulation of Color Vision Deficiency", 2009,
// severity 1).
var blindness = map[string][3][3]float64{
	"normal":       {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
	"protanopia":   {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}},
	"deuteranopia": {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}},
}

func seen(c Color, m [3][3]float64) [3]float64 {
	r, g, b := linear(c)
	at := func(i int) float64 { return math.Max(0, math.Min(1, m[i][0]*r+m[i][1]*g+m[i][2]*b)) }
	return lab(at(0), at(1), at(2))
}

// TestColourBlindThemes: every two states, and every two conditions of a node, differ by at least 15
// for each kind of eyes; 2.3 are just noticed.
func TestColourBlindThemes(t *testing.T) {
	const apartBy = 15
	groups := [][]Token{
		{StateClosed, StateOpen, StateUnanswered, StateRefused, StateReset, StateOther},
		{NodeOnline, NodeLate, NodeOffline, NodeNever},
		{ConnOnline, ConnWaiting, ConnRefused},
		{OK, Warning, Error},
	}
	for name, th := range builtins(t) {
		if !strings.HasPrefix(name, "colour-blind") {
			continue
		}
		for eyes, m := range blindness {
			for _, group := range groups {
				for i, a := range group {
					for _, b := range group[i+1:] {
						if d := apart(seen(th.Style(a).FG, m), seen(th.Style(b).FG, m)); d < apartBy {
							t.Errorf("%s, %s: %s and %s differ by %.1f only", name, eyes, a, b, d)
						}
					}
				}
			}
		}
	}
}

func TestContrast(t *testing.T) {
	black, white := hex(t, "#000000"), hex(t, "#ffffff")
	if c := Contrast(black, white); math.Abs(c-21) > 1e-9 {
		t.Errorf("black on white is %v", c)
	}
	if c := Contrast(hex(t, "#777777"), white); math.Abs(c-4.48) > 0.005 { // the example of WCAG's readers
		t.Errorf("#777 on white is %v", c)
	}
	if Contrast(Color{}, white) != 0 {
		t.Error("no colour has a contrast")
	}
	if d := distance(black, white); math.Abs(d-100) > 0.1 {
		t.Errorf("black and white differ by %v", d)
	}
}

func TestXterm(t *testing.T) {
	for n, want := range map[uint8]string{16: "#000000", 21: "#0000ff", 208: "#ff8700", 231: "#ffffff", 232: "#080808", 255: "#eeeeee"} {
		if got := xterm(n).String(); got != want {
			t.Errorf("%d is %s, want %s", n, got, want)
		}
	}
}
