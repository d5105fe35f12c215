package flow

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"":                        "",
		"sensor-a eth1 ü 世界 😀":    "sensor-a eth1 ü 世界 😀",
		"\x1b[2J\x07a\tb\r\n":     "�[2J�a�b��",
		"\x7f\u0080\u009b31m":     "���31m",
		"evil\u202efdp.exe\u202c": "evil�fdp.exe�",
		"\u2066a\u2069\u200e\u200f\u061c\u2028\u2029": "�a������",
		"latin\xe4\xf6 cut\xe4\xbd":                   "latin�� cut��",
		"a � stays":                                   "a � stays",
		"bom\ufeff":                                   "bom\ufeff",
	} {
		if got := Clean(in); got != want {
			t.Errorf("Clean(%q) = %q, want %q", in, got, want)
		}
	}
	clean := "node ü 1"
	if n := testing.AllocsPerRun(100, func() { clean = Clean(clean) }); n > 0 {
		t.Errorf("clean text costs %v allocations", n)
	}
}

func TestCleanProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := rapid.OneOf(rapid.String(), rapid.StringOf(rapid.RuneFrom([]rune("a\n\x1b\u202e\u2028é"))),
			rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) })).Draw(t, "in")
		out := Clean(in)
		if !utf8.ValidString(out) || strings.ContainsFunc(out, unicode.IsControl) || strings.ContainsFunc(out, isBidi) {
			t.Fatalf("%q is not clean", out)
		}
		if Clean(out) != out || utf8.RuneCountInString(out) != utf8.RuneCountInString(in) {
			t.Fatalf("%q becomes %q, then %q", in, out, Clean(out))
		}
		if got := string(AppendClean([]byte("x"), []byte(in))); got != "x"+out {
			t.Fatalf("AppendClean gives %q, Clean %q", got, out)
		}
	})
}

func isBidi(r rune) bool { return unicode.Is(unicode.Bidi_Control, r) }
