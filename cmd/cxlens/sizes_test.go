package main

import (
	"regexp"
	"strings"
	"testing"

	"cxlens/internal/terminal"
)

// storm are the sizes that a terminal goes through, faster than anybody looks.
var storm = [][2]int{{40, 10}, {250, 80}, {20, 5}, {120, 40}, {39, 24}, {80, 9}, {200, 60}, {1, 1}, {100, 30}, {40, 10}, {20, 5}, {99, 24}}

// moving is what changes on a screen by itself: the clock, names with a time, what took how long with the blanks
// that fill up its line, and rates.
var moving = regexp.MustCompile(`\d{8}-\d{6}|\d\d:\d\d:\d\d +\?|[0-9.]+(µs|ms|s)\b *|following new flows.*|[0-9.]+ flows/s`)

// picture is a screen without what changes by itself.
func picture(sc terminal.Screen) string {
	lines := sc.Lines()
	lines[0] = "" // clock and round trip
	for i, l := range lines {
		if strings.HasPrefix(l, " nodes ") || strings.Contains(l, "● files") {
			l = ""
		}
		lines[i] = strings.TrimRight(moving.ReplaceAllString(l, ""), " ")
	}
	return strings.Join(lines, "\n")
}

// sized are the parts that are open while the size changes: the keys that open one, and what then is on the screen.
var sized = []struct {
	keys  []string
	shows string
}{
	{nil, "START"},
	{[]string{"?"}, "keys · cxlens"},
	{[]string{"enter"}, "flow 1 of"},
	{[]string{"c"}, "columns · "},
	{[]string{"f"}, "query form"},
	{[]string{"ctrl+k"}, " actions · Enter runs"},
	{[]string{"V"}, "❯ auto"},
	{[]string{"x"}, "export "},
	{[]string{"p"}, "profiles · "},
}

// TestStormOfSizes: whatever sizes a terminal goes through, while rows stream in and with any part open, the
// screen is in the end what it is for a program that has been in that size from the beginning.
func TestStormOfSizes(t *testing.T) {
	t.Parallel()
	const flows = 40_000
	file := sessionFile(t, 0, flows, indexed)
	env, dir := home(t), t.TempDir() // the same for both, because their paths are on the screen
	open := func() *screen {
		return openScreen(t, terminal.Options{Env: env, Dir: dir, Cols: 80, Rows: 24}, "open", "--limit", "0", file)
	}
	calm, s := open(), open()
	blow := func() {
		t.Helper()
		for _, size := range append(storm, [2]int{80, 24}) {
			if err := s.Resize(size[0], size[1]); err != nil {
				t.Fatal(err)
			}
		}
	}
	for range 5 { // from before the first frame until the rows are there
		blow()
	}
	s.shows("START")
	blow()
	for _, sc := range []*screen{s, calm} {
		sc.shows("40,000 here")
	}
	for _, part := range sized {
		for _, sc := range []*screen{calm, s} {
			sc.press(part.keys...)
			sc.shows(part.shows)
		}
		blow()
		var want, got string
		err := s.WaitFor(t.Context(), func(sc terminal.Screen) bool {
			want, got = picture(calm.Screen()), picture(sc)
			return want == got
		})
		if err != nil {
			t.Fatalf("with %q open, after many sizes the screen is\n%s\nand without them\n%s\n%v", part.shows, got, want, err)
		}
		if part.keys != nil {
			for _, sc := range []*screen{calm, s} {
				sc.press("esc")
				sc.hides(part.shows)
			}
		}
	}
	if err := s.Resize(20, 5); err != nil {
		t.Fatal(err)
	}
	s.shows("this terminal is 20", "too small")
	if err := s.Resize(80, 24); err != nil {
		t.Fatal(err)
	}
	s.shows("40,000 here")
	for _, sc := range []*screen{s, calm} {
		sc.press("ctrl+c", "ctrl+c")
		sc.ends(exitFine)
		sc.restored()
	}
}
