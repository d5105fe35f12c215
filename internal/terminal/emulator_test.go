package terminal

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// newTest returns an emulator and what it answers.
func newTest(cols, rows int) (*emulator, *strings.Builder) {
	var answers strings.Builder
	return newEmulator(cols, rows, Dark, func(s string) { answers.WriteString(s) }), &answers
}

func TestEmulatorText(t *testing.T) {
	for name, c := range map[string]struct {
		in   string
		want string
	}{
		"wrap":                         {"abcdefghijkl", "abcdefghij\nkl"},
		"wrap off":                     {"\x1b[?7labcdefghijkl", "abcdefghil"},
		"tabs":                         {"a\tb", "a       b"},
		"tab stops set and cleared":    {"\x1b[3g\x1b[4G\x1bH\r\tx\x1b[g\x1b[?5W\r\ty", "   x    y"},
		"back tab":                     {"\x1b[10Gx\x1b[9G\x1b[Z*", "*        x"},
		"backspace":                    {"ab\bc", "ac"},
		"carriage return":              {"ab\rc", "cb"},
		"line feed keeps the column":   {"ab\nc", "ab\n  c"},
		"new line mode":                {"\x1b[20hab\nc", "ab\nc"},
		"repeat":                       {"-\x1b[4bx", "-----x"},
		"repeat wide":                  {"漢\x1b[1bx", "漢漢x"},
		"wide":                         {"漢字x", "漢字x"},
		"wide at the edge":             {"123456789漢", "123456789\n漢"},
		"left half overwritten":        {"漢字\rx", "x 字"},
		"right half overwritten":       {"漢字\x1b[2Gx", " x字"},
		"right half erased":            {"漢字\x1b[2G\x1b[X", "  字"},
		"combining":                    {"e\u0301x", "e\u0301x"},
		"combining on wide":            {"漢\u0301x", "漢\u0301x"},
		"combining at the edge":        {"123456789e\u0301x", "123456789e\u0301\nx"},
		"combining wide at the edge":   {"12345678漢\u0301x", "12345678漢\u0301\nx"},
		"combining on nothing":         {"\u0301x", "x"},
		"joined emoji":                 {"\U0001F468\u200D\U0001F469x", "\U0001F468\u200D\U0001F469x"},
		"last private plane":           {"\U00100000\U0010fffdx", "\U00100000\U0010fffdx"},
		"cut character":                {"a\xe6\xbc\x1b[1mb", "a\ufffd\ufffdb"},
		"bytes that are no text":       {"a\xff\xfeb", "a\ufffd\ufffdb"},
		"erase to the end":             {"abc\x1b[2G\x1b[K", "a"},
		"erase to the begin":           {"abc\x1b[2G\x1b[1K", "  c"},
		"erase above on line 1":        {"ab\r\ncd\x1b[1G\x1b[1J", "\n d"},
		"erase above":                  {"ab\r\ncd\r\nef\x1b[1G\x1b[1J", "\n\n f"},
		"erase below":                  {"ab\r\ncd\x1b[H\x1b[J", ""},
		"erase the scrollback":         {"ab\x1b[3J", "ab"},
		"insert characters":            {"abc\x1b[2G\x1b[2@x", "ax bc"},
		"delete characters":            {"abcd\x1b[2G\x1b[2P", "ad"},
		"delete none is one":           {"abcd\x1b[2G\x1b[0P", "acd"},
		"insert mode":                  {"abc\r\x1b[4hxy\x1b[4lz", "xyzbc"},
		"insert lines":                 {"a\r\nb\r\nc\x1b[2;2H\x1b[Lx", "a\nx\nb"},
		"delete lines":                 {"a\r\nb\r\nc\x1b[1;2H\x1b[Mx", "x\nc"},
		"scroll region":                {"a\r\nb\r\nc\x1b[1;2r\x1b[2;1H\n", "b\n\nc"},
		"scroll up":                    {"a\r\nb\x1b[S", "b"},
		"scroll down":                  {"a\r\nb\x1b[T", "\na\nb"},
		"reverse index":                {"a\x1b[H\x1bMb", "b\na"},
		"scroll at the bottom":         {"a\r\nb\r\nc\r\nd", "b\nc\nd"},
		"save and restore":             {"ab\x1b7cd\x1b8x", "abxd"},
		"save and restore, CSI":        {"ab\x1b[scd\x1b[ux", "abxd"},
		"kitty keyboard push":          {"ab\x1b[scd\x1b[>1ux\x1b[<u\x1b[=1;1uy", "abcdxy"},
		"alternate screen":             {"ab\x1b[?1049hXY\x1b[?1049lc", "abc"},
		"alternate screen left twice":  {"ab\x1b[?1049l\x1b[?1049l", "ab"},
		"alternate screen is empty":    {"ab\x1b[?1049h\x1b[Hxyz\x1b[?1049l\x1b[?1049h\x1b[H1", "1"},
		"saved cursors are a screen's": {"ab\x1b[?1049h\x1b[3;3H\x1b7\x1b[?1049lc", "abc"},
		"line drawing":                 {"\x1b(0lqk\x1b(Bq", "┌─┐q"},
		"unknown sequences":            {"a\x1b[99;99;99~\x1b]999;x\x07\x1bPq#0\x1b\\\x1b_Gx\x1b\\\x1b[?9999hb", "ab"},
		"title with a byte of ST":      {"a\x1b]2;✓ done\x1b\\b", "ab"},
		"soft reset":                   {"\x1b[2;3r\x1b[?7l\x1b[4h\x1b[1;1H\x1b[!pabcdefghijk", "abcdefghij\nk"},
		"full reset":                   {"\x1b[?1049habc\x1bcx", "x"},
		"no such column":               {"\x1b[999999999999999999999Gx", "         x"},
		"screen alignment is no hang":  {"\x1b[9999999999b", ""},
	} {
		t.Run(name, func(t *testing.T) {
			e, _ := newTest(10, 3)
			e.write([]byte(c.in))
			if got := e.screen().String(); got != c.want {
				t.Errorf("%q shows %q, want %q", c.in, got, c.want)
			}
		})
	}
}

func TestEmulatorStyles(t *testing.T) {
	for in, want := range map[string]Style{
		"1":                    {Attr: Bold},
		"1;2;3;5;7;8;9":        {Attr: Bold | Faint | Italic | Blink | Reverse | Conceal | Strike},
		"1;2;22":               {},
		"3;23;7;27;9;29;8;28":  {},
		"4":                    {Underline: SingleUnderline},
		"4:3;1":                {Underline: CurlyUnderline, Attr: Bold},
		"4;24":                 {},
		"21":                   {Underline: DoubleUnderline},
		"31;42":                {FG: Indexed(1), BG: Indexed(2)},
		"91;102":               {FG: Indexed(9), BG: Indexed(10)},
		"31;39;42;49":          {},
		"38;5;0":               {FG: Indexed(0)},
		"38;5;255;48;5;16":     {FG: Indexed(255), BG: Indexed(16)},
		"38;2;0;0;5":           {FG: True(0, 0, 5)}, // vt10x would take it for palette colour 5
		"38:2::1:2:3;1":        {FG: True(1, 2, 3), Attr: Bold},
		"38:5:7;1":             {FG: Indexed(7), Attr: Bold},
		"58;2;1;2;3;4":         {UnderlineColor: True(1, 2, 3), Underline: SingleUnderline},
		"58;5;9;59":            {},
		"1;31;0":               {},
		"1;":                   {},
		"1;38;9;9;9;9":         {Attr: Bold},
		"1;31;4:2;48;2;1;2;3;": {},
	} {
		e, _ := newTest(10, 3)
		e.write([]byte("\x1b[" + in + "mx"))
		if diff := cmp.Diff(want, e.screen().Cell(0, 0).Style); diff != "" {
			t.Errorf("SGR %s (-want +got):\n%s", in, diff)
		}
	}
}

// TestErasureHasOnlyTheBackground checks that what is erased or scrolled in
// has the pen's background and none of its underline.
func TestErasureHasOnlyTheBackground(t *testing.T) {
	want := Style{BG: Indexed(4)}
	for name, c := range map[string]struct {
		in   string
		x, y int
	}{
		"line": {"\x1b[K", 9, 0}, "screen": {"\x1b[2J", 5, 2}, "characters": {"\x1b[3X", 2, 0}, "delete": {"\x1b[P", 9, 0},
		"insert": {"\x1b[@", 0, 0}, "line feed": {"\x1b[3;1H\n", 0, 2}, "index": {"\x1b[3;1H\x1bD", 0, 2},
		"reverse index": {"\x1b[H\x1bM", 0, 0}, "scroll": {"\x1b[S", 0, 2}, "delete line": {"\x1b[M", 0, 2},
	} {
		e, _ := newTest(10, 3)
		e.write([]byte("\x1b[1;4;31;44m\x1b[H" + c.in))
		if diff := cmp.Diff(want, e.screen().Cell(c.x, c.y).Style); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestAlternateScreenIsPlain checks that what a program leaves in the pen does
// not colour the alternate screen of the next one.
func TestAlternateScreenIsPlain(t *testing.T) {
	e, _ := newTest(10, 3)
	e.write([]byte("\x1b[?1049h\x1b[4;44mx\x1b[?1049l\x1b[?1049h"))
	if got := e.screen().Cell(5, 1); got != (Cell{Text: " ", Width: 1}) {
		t.Errorf("a cell of the new alternate screen is %+v", got)
	}
}

func TestHyperlink(t *testing.T) {
	e, _ := newTest(10, 3)
	e.write([]byte("\x1b]8;id=1;https://example.org/a;b\x1b\\x\x1b[my\x1b]8;;\x1b\\z"))
	s := e.screen()
	for x, want := range []string{"https://example.org/a;b", "https://example.org/a;b", ""} {
		if got := s.Cell(x, 0).Link; got != want {
			t.Errorf("link of column %d is %q, want %q", x, got, want)
		}
	}
}

func TestStateOfTheScreen(t *testing.T) {
	e, _ := newTest(10, 3)
	e.write([]byte("\x1b]0;title ✓\x07\x1b]9;4;1;40\x07\a\a\x1b[5 q\x1b[?25l\x1b]11;#102030\x07\x1b]10;rgb:f/8/0\x07\x1b[2;3H"))
	s := e.screen()
	if s.Title != "title ✓" || s.Progress != "1;40" || s.Bells != 2 {
		t.Errorf("title %q, progress %q, bells %d", s.Title, s.Progress, s.Bells)
	}
	if want := (Cursor{X: 2, Y: 1, Shape: BarCursor, Blink: true}); s.Cursor != want {
		t.Errorf("cursor %+v, want %+v", s.Cursor, want)
	}
	if s.Scheme.BG != (RGB{0x10, 0x20, 0x30}) || s.Scheme.FG != (RGB{0xff, 0x88, 0}) {
		t.Errorf("default colours %v on %v", s.Scheme.FG, s.Scheme.BG)
	}
	e.write([]byte("\x1b]110\x07\x1b]111\x07"))
	if got := e.screen().Scheme; got != Dark {
		t.Errorf("reset colours are %v on %v", got.FG, got.BG)
	}
}

func TestResizeKeepsText(t *testing.T) {
	e, _ := newTest(10, 5)
	e.write([]byte("one\r\ntwo\r\nthree\x1b[4;44m"))
	e.resize(20, 3)
	if got := e.screen().String(); got != "one\ntwo\nthree" {
		t.Errorf("smaller: %q", got)
	}
	e.resize(20, 2)
	if got := e.screen().String(); got != "two\nthree" {
		t.Errorf("the cursor's line must stay: %q", got)
	}
	e.resize(30, 6)
	s := e.screen()
	if got := s.Cell(25, 5); got != (Cell{Text: " ", Width: 1}) {
		t.Errorf("a new cell is %+v", got)
	}
	e.write([]byte("\x1b[H\t\t\tx"))
	if got := e.screen().Line(0); got != "two                     x" {
		t.Errorf("tab stops after a resize: %q", got)
	}
}

func TestSynchronizedUpdateIsSeenWhole(t *testing.T) {
	e, _ := newTest(10, 3)
	now := time.Unix(0, 0)
	e.now = func() time.Time { return now }
	e.write([]byte("old\x1b[?2026h\rnew"))
	if got := e.screen().String(); got != "old" {
		t.Errorf("inside of an update the screen is %q", got)
	}
	if held := e.heldFor(); held != syncLimit {
		t.Errorf("held for %v, want %v", held, syncLimit)
	}
	now = now.Add(syncLimit)
	if got := e.screen().String(); got != "new" {
		t.Errorf("after the limit the screen is %q", got)
	}
	e.write([]byte("\rx\x1b[?2026l"))
	if got := e.screen().String(); got != "xew" || e.heldFor() != 0 {
		t.Errorf("after the update the screen is %q, held for %v", got, e.heldFor())
	}
}

func TestAnswers(t *testing.T) {
	for in, want := range map[string]string{
		"\x1b[c":                        "\x1b[?62;22c",
		"\x1bZ":                         "\x1b[?62;22c",
		"\x1b[>c":                       "\x1b[>1;10;0c",
		"\x1b[>0q":                      "\x1bP>|cxlens-terminal(1)\x1b\\",
		"\x1b[5n":                       "\x1b[0n",
		"ab\x1b[6n":                     "\x1b[1;3R",
		"ab\x1b[?6n":                    "\x1b[?1;3R",
		"\x1b[14t\x1b[16t\x1b[18t":      "\x1b[4;60;90t\x1b[6;20;9t\x1b[8;3;10t",
		"\x1b[?2026$p":                  "\x1b[?2026;2$y",
		"\x1b[?2026h\x1b[?2026$p":       "\x1b[?2026;1$y",
		"\x1b[?2027$p":                  "\x1b[?2027;0$y", // text is measured without it
		"\x1b[?2004h\x1b[?2004$p":       "\x1b[?2004;1$y",
		"\x1b[?25$p\x1b[?1049$p":        "\x1b[?25;1$y\x1b[?1049;2$y",
		"\x1b[4$p":                      "\x1b[4;0$y",
		"\x1b]10;?\x07":                 "\x1b]10;rgb:d8d8/dede/e9e9\x1b\\",
		"\x1b]11;?\x1b\\":               "\x1b]11;rgb:1414/1717/1c1c\x1b\\",
		"\x1b]12;?\x07":                 "\x1b]12;rgb:d8d8/dede/e9e9\x1b\\",
		"\x1b]11;#010203\a\x1b]11;?\a":  "\x1b]11;rgb:0101/0202/0303\x1b\\",
		"\x1b]4;1;?;16;?;999;?\x07":     "\x1b]4;1;rgb:e0e0/6c6c/7575\x1b\\\x1b]4;16;rgb:0000/0000/0000\x1b\\",
		"\x1b]52;c;eMOk\a\x1b]52;c;?\a": "\x1b]52;c;eMOk\x1b\\",
		"\x1b]52;c;***\a\x1b]52;;?\a":   "\x1b]52;c;\x1b\\",
		"\x1bP+q544e\x1b\\":             "\x1bP0+r\x1b\\",
		"\x1bP$qm\x1b\\":                "\x1bP0$r\x1b\\",
		// The kitty keyboard protocol is not spoken: no answer says so.
		"\x1b[?u\x1b[>1u\x1b[>4;2m\x1b[?4m":       "",
		"\x1b]7501;?\x07\x1b[0c\x1b]7;file:///\a": "\x1b[?62;22c",
	} {
		e, answers := newTest(10, 3)
		e.write([]byte(in))
		if got := answers.String(); got != want {
			t.Errorf("%q is answered %q, want %q", in, got, want)
		}
	}
}

// TestTablesAreBounded checks that a program cannot make the emulator keep
// texts or styles without end, and that what is past the bound is seen.
func TestTablesAreBounded(t *testing.T) {
	var texts textTable
	texts.reset()
	for i := range int(rightHalf - firstText) {
		if r := texts.rune(fmt.Sprintf("e\u0301%d", i)); texts.text(r) != fmt.Sprintf("e\u0301%d", i) {
			t.Fatalf("text %d is lost", i)
		}
	}
	if r := texts.rune("one more\u0301"); r != '\ufffd' {
		t.Errorf("the text past the bound is %q", r)
	}
	var styles styleTable
	styles.reset()
	for i := range uint32(maxStyles + 10) {
		s := Style{FG: colorTrue | Color(i)}
		if n := styles.number(s); (styles.style(n) == s) != (i < maxStyles-1) {
			t.Fatalf("style %d has number %d", i, n)
		}
	}
	e, _ := newTest(10, 3)
	e.write([]byte("e" + strings.Repeat("\u0301", 1000)))
	if got := len(e.screen().Cell(0, 0).Text); got > maxMarks {
		t.Errorf("a cell's text has %d bytes, bound %d", got, maxMarks)
	}
}
