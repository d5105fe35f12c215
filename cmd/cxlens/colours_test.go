package main

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"cxlens/internal/terminal"
)

// sgr finds the sequences that set colours and attributes, ground those that set the terminal's own colours.
var (
	sgr    = regexp.MustCompile(`\x1b\[([0-9;:]*)m`)
	ground = regexp.MustCompile(`\x1b\]1[01];#`)
)

// depths are the kinds of colours that a program wrote: basic (the sixteen), indexed (256) and full, and
// ground for the terminal's own.
func depths(raw string) (kinds []string) {
	add := func(kind string) {
		if !slices.Contains(kinds, kind) {
			kinds = append(kinds, kind)
		}
	}
	for _, m := range sgr.FindAllStringSubmatch(raw, -1) {
		params := strings.FieldsFunc(m[1], func(r rune) bool { return r == ';' || r == ':' })
		for i := 0; i < len(params); i++ {
			p := params[i]
			switch {
			case (p == "38" || p == "48" || p == "58") && i+1 < len(params) && params[i+1] == "2":
				add("full")
				i += 4
			case (p == "38" || p == "48" || p == "58") && i+1 < len(params) && params[i+1] == "5":
				add("indexed")
				i += 2
			case len(p) == 2 && (p[0] == '3' || p[0] == '4' || p[0] == '9') && p[1] <= '7', len(p) == 3 && p[:2] == "10":
				add("basic")
			}
		}
	}
	if ground.MatchString(raw) {
		add("ground")
	}
	slices.Sort(kinds)
	return kinds
}

func TestDepths(t *testing.T) {
	for raw, want := range map[string]string{
		"\x1b[m\x1b[1;4;7m": "", "\x1b[31m": "basic", "\x1b[1;97m": "basic", "\x1b[100m": "basic", "\x1b[39;49m": "",
		"\x1b[38;5;31m": "indexed", "\x1b[38;2;31;32;33m": "full", "\x1b[48;2;1;2;3;38;5;4m": "full indexed", "\x1b]11;#102030\a": "ground",
	} {
		if got := strings.Join(depths(raw), " "); got != want {
			t.Errorf("%q has %q, want %q", raw, got, want)
		}
	}
}

// TestColoursOfTheTerminal: no terminal gets a colour that it does not have, and one without colours none.
func TestColoursOfTheTerminal(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		env  []string
		want string
	}{
		"full":            {[]string{"TERM=xterm-256color", "COLORTERM=truecolor"}, "full ground"},
		"256":             {[]string{"TERM=xterm-256color", "COLORTERM="}, "ground indexed"},
		"16":              {[]string{"TERM=xterm-16color", "COLORTERM="}, "basic"},
		"linux":           {[]string{"TERM=linux", "COLORTERM="}, "basic"},
		"screen":          {[]string{"TERM=screen", "COLORTERM="}, "ground indexed"},
		"screen-256color": {[]string{"TERM=screen-256color", "COLORTERM="}, "ground indexed"},
		"tmux":            {[]string{"TERM=tmux", "COLORTERM="}, "ground indexed"},
		"tmux-256color":   {[]string{"TERM=tmux-256color", "COLORTERM="}, "ground indexed"},
		"no colour":       {[]string{"NO_COLOR=1"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			record := &transcript{}
			s := openSessions(t, terminal.Options{Env: append(home(t), c.env...), Record: record, Cols: 100, Rows: 30}, 20, "--theme", "nord")
			s.press("?")
			s.shows("keys · cxlens")
			s.press("esc")
			s.hides("keys · cxlens")
			s.press("V")
			s.shows("❯ nord")
			s.press("up")
			s.shows("❯ light")
			s.press("esc")
			s.hides("❯ light")
			s.press("q")
			s.ends(exitFine)
			s.restored()
			if got := strings.Join(depths(record.text()), " "); got != c.want {
				t.Errorf("%s is written, want %q", got, c.want)
			}
		})
	}
}

// TestDumbTerminal: a terminal without a screen gets one line that says what to do, and lines where they are asked for.
func TestDumbTerminal(t *testing.T) {
	t.Parallel()
	env := append(home(t), "TERM=dumb", "COLORTERM=")
	record := &transcript{}
	s := openScreen(t, terminal.Options{Env: env, Record: record}, "demo")
	s.ends(exitUsage)
	if got := record.text(); !strings.Contains(got, "TERM is dumb") || strings.Count(got, "\n") != 1 || strings.Contains(got, "\x1b") {
		t.Errorf("%q is written", got)
	}
	h := aloudIn(t, env, "open", "--accessible", sessionFile(t, 0, 20, indexed))
	h.hears("20 matched, 20 here")
	h.press("q")
	h.ends(exitFine)
	if strings.Contains(h.record.text(), "\x1b") {
		t.Errorf("%q is written", h.record.text())
	}
}
