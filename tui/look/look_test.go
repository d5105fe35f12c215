package look

import (
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"cxlens/themes"
)

// text is what a line may hold: plain, wide, combining and coloured characters.
var text = rapid.Custom(func(t *rapid.T) string {
	parts := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b ", "日本", "é", "e\u0301", "\x1b[1mx\x1b[m", "…", "👍"}), 0, 20).Draw(t, "parts")
	return strings.Join(parts, "")
})

func TestFitIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, w := text.Draw(t, "s"), rapid.IntRange(0, 30).Draw(t, "w")
		for name, got := range map[string]string{"Left": Left(s, w), "Right": Right(s, w)} {
			if n := ansi.StringWidth(got); n != w {
				t.Fatalf("%s(%q, %d) is %d wide: %q", name, s, w, n, got)
			}
		}
		if Width(s) <= w && !strings.Contains(Left(s, w), s) {
			t.Fatalf("Left(%q, %d) lost text: %q", s, w, Left(s, w))
		}
	})
}

func TestWidthAgreesWithAnsi(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := text.Draw(t, "s")
		if Width(s) != ansi.StringWidth(s) {
			t.Fatalf("Width(%q) = %d, want %d", s, Width(s), ansi.StringWidth(s))
		}
	})
}

func TestBetweenFits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l, r, w := text.Draw(t, "l"), text.Draw(t, "r"), rapid.IntRange(1, 40).Draw(t, "w")
		if n := ansi.StringWidth(Between(l, r, w)); n > w {
			t.Fatalf("Between(%q, %q, %d) is %d wide", l, r, w, n)
		}
	})
}

func TestLayKeepsWidth(t *testing.T) {
	l := New(themes.Loader{}.Auto(false), false)
	rapid.Check(t, func(t *rapid.T) {
		const w, h = 40, 8
		screen := make([]string, h)
		for i := range screen {
			screen[i] = Left(text.Draw(t, "line"), w)
		}
		box := l.Box(text.Draw(t, "title"), "foot", []string{text.Draw(t, "inside")}, 20)
		x, y := rapid.IntRange(0, w-24).Draw(t, "x"), rapid.IntRange(-2, h).Draw(t, "y")
		Lay(screen, box, x, y)
		for i, line := range screen {
			if n := ansi.StringWidth(line); n > w {
				t.Fatalf("line %d is %d wide", i, n)
			}
			if i == y+1 && !strings.Contains(ansi.Strip(line), "│") {
				t.Fatalf("line %d has no box: %q", i, line)
			}
		}
	})
}

func TestBoxIsEvenlyWide(t *testing.T) {
	l := New(themes.Loader{}.Auto(false), true)
	rapid.Check(t, func(t *rapid.T) {
		w := rapid.IntRange(6, 40).Draw(t, "w")
		for _, line := range l.Box(text.Draw(t, "title"), text.Draw(t, "foot"), []string{text.Draw(t, "a"), ""}, w) {
			if n := ansi.StringWidth(line); n != w+4 {
				t.Fatalf("%q is %d wide, want %d", line, n, w+4)
			}
		}
	})
}

func TestMonoHasNoColour(t *testing.T) {
	th := themes.Loader{}.Auto(false)
	l := New(th, true)
	for tok := range themes.NumTokens {
		for base := range themes.NumTokens {
			s := l.Over(base, tok, "x")
			for _, param := range strings.FieldsFunc(s, func(r rune) bool { return r < '0' || r > '9' }) {
				if len(param) > 1 {
					t.Fatalf("%s over %s sets colour: %q", tok, base, s)
				}
			}
		}
	}
	if New(th, false).Paint(themes.Error, "x") == "x" {
		t.Error("an error has no colour on a terminal with colours")
	}
}

func TestOverKeepsTheGround(t *testing.T) {
	l := New(themes.Loader{}.Auto(false), false)
	const ground = "48;2;42;47;69" // night, in dark.toml
	if got := l.Over(themes.Cursor, themes.ProtoTCP, "x"); !strings.Contains(got, ground) {
		t.Errorf("a protocol in the cursor's row is %q, without the ground %q", got, ground)
	}
}

func TestWrapKeepsWordsWhole(t *testing.T) {
	for _, c := range []struct {
		text string
		w    int
		want []string
	}{
		{"from 2026-11-20 08:00:00 to 2026-11-21 09:30:00", 36, []string{"from 2026-11-20 08:00:00 to", "2026-11-21 09:30:00"}},
		{"between 2001:db8::1-2001:db8::9 only", 26, []string{"between", "2001:db8::1-2001:db8::9", "only"}},
		{"see --low-bandwidth=false", 22, []string{"see", "--low-bandwidth=false"}},
		{"2026-11-20", 4, []string{"2026", "-11-", "20"}},
		{"a\ue000b 2026-11-20", 12, []string{"a\ue000b", "2026-11-20"}},
		{"", 9, []string{""}},
		{"a-b", 0, nil},
	} {
		if got := Wrap(c.text, c.w); !slices.Equal(got, c.want) {
			t.Errorf("%q in %d columns: %q, want %q", c.text, c.w, got, c.want)
		}
	}
}

func TestWrapLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.StringMatching(`[a-c0-9:.-]{1,12}`), 1, 12).Draw(t, "words")
		w := rapid.IntRange(1, 30).Draw(t, "columns")
		lines := Wrap(strings.Join(words, " "), w)
		var pieces []string
		for _, line := range lines {
			if Width(line) > w {
				t.Fatalf("%q is wider than %d columns", line, w)
			}
			pieces = append(pieces, strings.Fields(line)...)
		}
		if strings.Join(pieces, "") != strings.Join(words, "") {
			t.Fatalf("%q became %q", words, lines)
		}
		for _, word := range words {
			if len(word) <= w && !slices.Contains(pieces, word) {
				t.Fatalf("%q would fit into %d columns: %q", word, w, lines)
			}
		}
	})
}
