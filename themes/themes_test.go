package themes

import (
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestBuiltinThemesAreWhole(t *testing.T) {
	for _, name := range []string{Dark, Light} {
		th, err := Loader{}.Load(name)
		if err != nil {
			t.Fatal(err)
		}
		if th.Name != name || th.Light != (name == Light) {
			t.Errorf("%s loads as %q, light %v", name, th.Name, th.Light)
		}
		for _, mono := range []Token{Cell, Selected} {
			if th.Style(mono).Mono&Reverse == 0 {
				t.Errorf("%s: %s cannot be seen without colour", name, mono)
			}
		}
	}
}

// The terminal's background is not known exactly: these are the usual ones.
var grounds = map[string]Color{Dark: {kind: rgb, r: 0x1e, g: 0x1e, b: 0x2e}, Light: {kind: rgb, r: 0xfa, g: 0xfa, b: 0xfa}}

func TestBuiltinThemesAreReadable(t *testing.T) {
	for name, ground := range grounds {
		th := Loader{}.Auto(name == Light)
		for tok := range NumTokens {
			s := th.Style(tok)
			if tok == Rule || tok == Frame || s.FG.IsNone() {
				continue
			}
			least := 4.5 // WCAG 2.1, 1.4.3
			if tok == StateOther || tok == NodeNever {
				least = 2.5
			}
			for _, bg := range []Color{ground, s.BG} {
				if bg.IsNone() {
					continue
				}
				if c := contrast(s.FG, bg); c < least {
					t.Errorf("%s: %s has contrast %.1f on %v, want %.1f", name, tok, c, bg, least)
				}
			}
		}
	}
}

func contrast(a, b Color) float64 {
	la, lb := luminance(a), luminance(b)
	return (math.Max(la, lb) + 0.05) / (math.Min(la, lb) + 0.05)
}

func luminance(c Color) float64 {
	lin := func(v uint8) float64 {
		f := float64(v) / 255
		if f <= 0.03928 {
			return f / 12.92
		}
		return math.Pow((f+0.055)/1.055, 2.4)
	}
	return 0.2126*lin(c.r) + 0.7152*lin(c.g) + 0.0722*lin(c.b)
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestUserTheme(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "mine.toml", `
background = "dark"
[palette]
sea = "#0088ff"
[styles]
accent = { fg = "sea", attr = "bold italic", mono = "reverse" }
muted  = { fg = "244", bg = "none" }
`)
	write(t, dir, "child.toml", "background = \"dark\"\ninherit = \"mine\"\n[styles]\nmuted = { fg = \"3\" }\n")
	l := Loader{Dir: dir}
	th, err := l.Load("child")
	if err != nil {
		t.Fatal(err)
	}
	a := th.Style(Accent)
	if a.FG.String() != "#0088ff" || a.Attr != Bold|Italic || a.Mono != Reverse {
		t.Errorf("accent is %+v", a)
	}
	if got := th.Style(Muted).FG.String(); got != "3" {
		t.Errorf("muted is %s, want 3", got)
	}
	if th.Style(Error) != (Loader{}).Auto(false).Style(Error) {
		t.Error("error does not come from the dark theme")
	}
	names, err := l.Names()
	if want := []string{"child", Dark, Light, "mine"}; err != nil || !slices.Equal(names, want) {
		t.Errorf("names are %v, %v; want %v", names, err, want)
	}
}

func TestUserThemeMayReplaceBuiltin(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "dark.toml", "background = \"dark\"\n[styles]\nmuted = { fg = \"7\" }\n")
	th, err := Loader{Dir: dir}.Load(Dark)
	if err != nil {
		t.Fatal(err)
	}
	if th.Style(Muted).FG.String() != "7" || th.Style(Text) != (Loader{}).Auto(false).Style(Text) {
		t.Errorf("muted is %v, text %v", th.Style(Muted), th.Style(Text))
	}
}

func TestThemeErrorsNameFileAndKey(t *testing.T) {
	for text, wants := range map[string][]string{
		"background = \"blue\"":                                                       {"bad.toml", "background", `"blue"`, "dark", "light"},
		"background = \"dark\"\n[styles]\nacent = {}":                                 {"bad.toml", "acent", "accent"},
		"background = \"dark\"\n[styles]\naccent = { fg = \"blu\" }":                  {"bad.toml", `styles."accent".fg`, `"blu"`, "#rrggbb"},
		"background = \"dark\"\n[styles]\n\"proto.tcp\" = { attr = \"blink\" }":       {"bad.toml", `styles."proto.tcp".attr`, `"blink"`, "bold"},
		"background = \"dark\"\n[styles]\naccent = { colour = \"3\" }":                {"bad.toml", "styles.accent.colour"},
		"background = \"dark\"\n[palette]\nsea = \"#12\"":                             {"bad.toml", "palette.sea", `"#12"`},
		"background = \"dark\"\ninherit = \"nobody\"":                                 {"bad.toml", "inherit", `"nobody"`},
		"background = \"dark\"\ninherit = \"bad\"":                                    {"bad.toml", "inherits from itself"},
		"background = \"dark\"\n[styles\n":                                            {"bad.toml", "line"},
		"background = 3":                                                              {"bad.toml", "background"},
		"background = \"dark\"\n[styles]\naccent = { fg = \"300\", mono = \"bold\" }": {"bad.toml", `"300"`},
	} {
		dir := t.TempDir()
		write(t, dir, "bad.toml", text)
		_, err := Loader{Dir: dir}.Load("bad")
		if err == nil {
			t.Errorf("%q is accepted", text)
			continue
		}
		for _, want := range wants {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("error of %q is %q, without %q", text, err, want)
			}
		}
		if strings.Contains(err.Error(), "\n") {
			t.Errorf("error has more than one line: %q", err)
		}
	}
}

func TestLoaderRefuses(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "huge.toml", strings.Repeat("# x\n", maxFile/4+1))
	l := Loader{Dir: dir}
	for name, want := range map[string]string{
		"huge": "larger than", "../huge": "without folders", "": "without folders", ".hidden": "without folders", "nobody": "there are dark, huge, light",
	} {
		_, err := l.Load(name)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Load(%q) = %v, want an error with %q", name, err, want)
		}
	}
	if _, err := (Loader{Dir: filepath.Join(dir, "huge.toml")}).Names(); err == nil {
		t.Error("a file is taken for the folder of themes")
	}
	if names, err := (Loader{Dir: filepath.Join(dir, "absent")}).Names(); err != nil || len(names) != 2 {
		t.Errorf("an absent folder gives %v, %v", names, err)
	}
}

func FuzzParse(f *testing.F) {
	for _, name := range []string{"dark.toml", "light.toml"} {
		text, err := builtin.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Add([]byte("background = \"dark\"\ninherit = \"light\"\n[styles]\ntext = {fg = \"#ffffff\"}\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		th, err := parse("fuzz", "fuzz.toml", text, func(name string) (*Theme, error) { return Loader{}.Load(name) })
		if err != nil {
			if !strings.Contains(err.Error(), "fuzz.toml") {
				t.Fatalf("error does not name the file: %v", err)
			}
			return
		}
		for tok := range NumTokens {
			for _, c := range []Color{th.Style(tok).FG, th.Style(tok).BG} {
				if back, err := ParseColor(c.String()); err != nil || back != c {
					t.Fatalf("colour %v reads back as %v, %v", c, back, err)
				}
			}
			if back, err := ParseAttr(th.Style(tok).Attr.String()); err != nil || back != th.Style(tok).Attr {
				t.Fatalf("attributes %v read back as %v, %v", th.Style(tok).Attr, back, err)
			}
		}
	})
}
