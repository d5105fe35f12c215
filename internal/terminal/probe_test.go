//go:build unix

package terminal

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"cxlens/internal/terminal/testdata/probe/frame"
)

// probePath is the built probe.
var probePath string

func TestMain(m *testing.M) { os.Exit(runTests(m)) }

func runTests(m *testing.M) int {
	dir, err := os.MkdirTemp("", "probe")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	probePath = filepath.Join(dir, "probe")
	if out, err := exec.Command("go", "build", "-o", probePath, "./testdata/probe").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build the probe: %v\n%s", err, out)
		return 1
	}
	return m.Run()
}

// start runs a program for a test and closes it at the test's end.
func start(t *testing.T, o Options) *Terminal {
	t.Helper()
	if o.Timeout == 0 {
		o.Timeout = patience
	}
	term, err := Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := term.Close(); err != nil {
			t.Error(err)
		}
	})
	return term
}

func mustSee(t *testing.T, term *Terminal, text string) {
	t.Helper()
	must(t, term.WaitText(t.Context(), text))
}

func TestProbeLooks(t *testing.T) {
	term := start(t, Options{Cmd: probePath, Cols: 80, Rows: 12})
	mustSee(t, term, "background dark")
	s := term.Screen()
	if !s.AltScreen || s.Cursor.Visible || s.Title != "probe ✓ title" {
		t.Errorf("alternate screen %v, cursor visible %v, title %q", s.AltScreen, s.Cursor.Visible, s.Title)
	}
	for text, want := range map[string]Style{
		"probe":  {FG: True(0xff, 0x80, 0x40), Attr: Bold},
		" blue ": {BG: Indexed(4)},
		"faint":  {Attr: Faint}, "reverse": {Attr: Reverse}, "under": {Underline: SingleUnderline}, "strike": {Attr: Strike},
	} {
		x, y, ok := s.Find(text)
		if !ok {
			t.Errorf("%q is not on the screen", text)
			continue
		}
		for i := range text {
			if got := s.Cell(x+i, y).Style; got != want {
				t.Errorf("cell %d of %q is %+v, want %+v", i, text, got, want)
			}
		}
	}
	const third = "wide 漢字| mark e\u0301| bars ▁▂▃█| ==============================|"
	if got := s.Line(2); got != third {
		t.Errorf("line 2 is %q, want %q", got, third)
	}
	if x, _, _ := s.Find("| mark"); x != 9 {
		t.Errorf("what follows the wide characters begins in column %d, want 9", x)
	}
}

func TestProbeSeesTheSchemeAndSize(t *testing.T) {
	term := start(t, Options{Cmd: probePath, Cols: 60, Rows: 10, Scheme: Light})
	mustSee(t, term, "size 60x10 background light")
	for _, size := range [][2]int{{100, 30}, {40, 5}, {200, 60}, {81, 24}} {
		must(t, term.Resize(size[0], size[1]))
		mustSee(t, term, fmt.Sprintf("size %dx%d", size[0], size[1]))
		must(t, term.WaitFor(t.Context(), func(s Screen) bool { return s.Line(size[1]-1) == "bottom" }))
	}
}

func TestProbeReadsKeys(t *testing.T) {
	term := start(t, Options{Cmd: probePath})
	mustSee(t, term, "background dark")
	for _, key := range []string{
		"a", "Z", "漢", "enter", "tab", "shift+tab", "space", "backspace", "up", "down", "left", "right", "home", "end",
		"pgup", "pgdown", "insert", "delete", "f1", "f4", "f5", "f12", "ctrl+a", "ctrl+z", "alt+x", "ctrl+up", "shift+f5", "alt+enter",
		"ctrl+pgdown", "esc",
	} {
		must(t, term.Send(key))
		must(t, term.WaitFor(t.Context(), func(s Screen) bool { return strings.HasSuffix(s.Line(3), " "+key) }))
	}
}

func TestProbeReadsMousePasteFocusAndClipboard(t *testing.T) {
	term := start(t, Options{Cmd: probePath, Cols: 120})
	mustSee(t, term, "background dark")
	must(t, term.Click(LeftButton, 3, 4))
	mustSee(t, term, "click:3,4 release:3,4")
	must(t, term.Click(WheelDown, 3, 4))
	mustSee(t, term, "wheel:wheeldown")
	must(t, term.Hover(9, 2))
	mustSee(t, term, "motion:9,2")
	must(t, term.Drag(LeftButton, 1, 1, 7, 6))
	mustSee(t, term, "click:1,1 motion:7,6 release:7,6")
	must(t, term.Paste("two\nlines"))
	mustSee(t, term, `paste:"two\rlines"`)
	must(t, term.Focus(false))
	mustSee(t, term, "blur")
	must(t, term.Focus(true))
	mustSee(t, term, "focus")
	must(t, term.Send("y"))
	must(t, term.WaitFor(t.Context(), func(Screen) bool { return term.Clipboard() == "copied text" }))
	must(t, term.Send("p"))
	mustSee(t, term, "clipboard:copied text")
	if err := term.Click(LeftButton, 120, 0); err == nil {
		t.Error("a click outside of the screen was sent")
	}
}

// TestProbeFrames holds the emulator against Bubble Tea's renderer, which
// writes as little as it can: scrolled regions, repeats, erasures, tabs.
func TestProbeFrames(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {33, 12}, {121, 41}} {
		t.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(t *testing.T) {
			term := start(t, Options{Cmd: probePath, Cols: size[0], Rows: size[1]})
			mustSee(t, term, "background dark")
			for step := uint64(1); step <= 60; step++ {
				must(t, term.Send("n"))
				must(t, term.WaitFor(t.Context(), func(s Screen) bool { return s.Line(0) == fmt.Sprintf("step %d", step) }))
				checkFrame(t, term.Screen(), step)
			}
		})
	}
}

func checkFrame(t *testing.T, s Screen, step uint64) {
	t.Helper()
	for i, line := range frame.Lines(step, s.Cols, s.Rows-1) {
		if got := s.Line(i + 1); got != line {
			t.Fatalf("step %d: line %d is\n%q, want\n%q", step, i+1, got, line)
		}
		wantBG := Color(0)
		if i%4 == 0 {
			wantBG = True(0x20, 0x30, 0x40)
		}
		for x := range s.Cols {
			c := s.Cell(x, i+1)
			if c.BG != wantBG {
				t.Fatalf("step %d: background of column %d in line %d is %x, want %x", step, x, i+1, c.BG, wantBG)
			}
			if c.Text != " " && c.Width > 0 && c.FG != Indexed(uint8((int(step)+i)%16)) {
				t.Fatalf("step %d: colour of column %d in line %d is %x", step, x, i+1, c.FG)
			}
		}
	}
}

func TestProbeLeavesTheScreen(t *testing.T) {
	term := start(t, Options{Cmd: probePath})
	mustSee(t, term, "background dark")
	must(t, term.Send("q"))
	code, err := term.Wait(context.Background())
	if err != nil || code != 0 {
		t.Fatalf("exit code %d, %v", code, err)
	}
	s := term.Screen()
	if got, want := s.String(), "before the screen\nafter the screen"; got != want {
		t.Errorf("screen is %q, want %q", got, want)
	}
	if s.AltScreen || !s.Cursor.Visible || s.Mode(1003) || s.Mode(2004) {
		t.Errorf("left behind: alternate screen %v, cursor visible %v, mouse %v, paste %v",
			s.AltScreen, s.Cursor.Visible, s.Mode(1003), s.Mode(2004))
	}
}
