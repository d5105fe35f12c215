package themes

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

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
	want := append(Builtin(), "child", "mine")
	slices.Sort(want)
	if err != nil || !slices.Equal(names, want) {
		t.Errorf("names are %v, %v; want %v", names, err, want)
	}
}

func TestPaletteOfAnInheritedTheme(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "mine.toml", "background = \"dark\"\nground = { bg = \"blue\" }\n[palette]\nblue = \"#000080\"\n")
	write(t, dir, "child.toml", "background = \"dark\"\ninherit = \"mine\"\n[palette]\nblue = \"#000090\"\n")
	l := Loader{Dir: dir}
	for name, want := range map[string]string{"mine": "#000080", "child": "#000090"} {
		th, err := l.Load(name)
		if err != nil {
			t.Fatal(err)
		}
		if got := th.Style(Accent).FG.String(); got != want || th.Ground.BG.String() != want {
			t.Errorf("%s: accent is %s on %s, want %s", name, got, th.Ground.BG, want)
		}
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
		"background = \"blue\"":                                                       {"bad.toml:1: ", "background", `"blue"`, "dark", "light"},
		"background = \"dark\"\n[styles]\nacent = {}":                                 {"bad.toml:3: ", "acent", "accent"},
		"background = \"dark\"\n[styles]\naccent = { fg = \"blu\" }":                  {"bad.toml:3: ", `styles."accent".fg`, `"blu"`, "#rrggbb"},
		"background = \"dark\"\n[styles]\n\"proto.tcp\" = { attr = \"blink\" }":       {"bad.toml:3: ", `styles."proto.tcp".attr`, `"blink"`, "bold"},
		"background = \"dark\"\n[styles]\naccent = { colour = \"3\" }":                {"bad.toml", "styles.accent.colour"},
		"background = \"dark\"\n[palette]\nsea = \"#12\"":                             {"bad.toml:3: ", "palette.sea", `"#12"`},
		"background = \"dark\"\ninherit = \"nobody\"":                                 {"bad.toml:2: ", "inherit", `"nobody"`},
		"background = \"dark\"\ninherit = \"bad\"":                                    {"bad.toml", "inherits from itself"},
		"background = \"dark\"\n[styles\n":                                            {"bad.toml:3"},
		"background = 3":                                                              {"bad.toml", "background"},
		"background = \"dark\"\n[styles]\naccent = { fg = \"300\", mono = \"bold\" }": {"bad.toml", `"300"`},
		"background = \"dark\"\n[styles.accent]\nattr = \"bold\"\nfg = \"blu\"":       {"bad.toml:4: ", `styles."accent".fg`},
		"background = \"dark\"\nground = { bg = \"7\" }":                              {"bad.toml:2: ", "ground.bg", "#rrggbb"},
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
		"huge": "larger than", "../huge": "without folders", "": "without folders", ".hidden": "without folders", "nobody": "huge, light, nord",
	} {
		_, err := l.Load(name)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Load(%q) = %v, want an error with %q", name, err, want)
		}
	}
	if _, err := (Loader{Dir: filepath.Join(dir, "huge.toml")}).Names(); err == nil {
		t.Error("a file is taken for the folder of themes")
	}
	if names, err := (Loader{Dir: filepath.Join(dir, "absent")}).Names(); err != nil || len(names) != len(Builtin()) {
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
