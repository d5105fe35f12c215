package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"

	"cxlens/internal/terminal"
)

// TestSizes: one program in every size of terminal, changed while it runs.
func TestSizes(t *testing.T) {
	t.Parallel()
	s := openSessions(t, terminal.Options{Cols: 80, Rows: 24}, 300)
	s.until(func(sc terminal.Screen) bool {
		return sc.Contains("nodes ● 1 online") && sc.Contains("? keys") && len(flowRows(sc)) == 19
	})
	resize := func(cols, rows int) {
		t.Helper()
		if err := s.Resize(cols, rows); err != nil {
			t.Fatal(err)
		}
	}
	for _, size := range []struct {
		cols, rows int
		shows      []string
	}{
		{40, 10, []string{"? keys", "SOURCE", "300 here"}},
		{39, 10, []string{"this terminal is 39 by 10, too small", "40 by 10"}},
		{40, 9, []string{"this terminal is 40 by 9, too small"}},
		{250, 80, []string{"nodes ● files", "↑FLAGS", "2026-11-20 08:04:59", "300 matched · 300 here"}},
		{80, 24, []string{"nodes ● 1 online", "  +7", "300 here"}},
	} {
		resize(size.cols, size.rows)
		s.shows(size.shows...)
	}
	resize(250, 80)
	s.until(func(sc terminal.Screen) bool { return len(flowRows(sc)) > 70 })
	s.press("G")
	s.shows("row 300")
	resize(80, 24) // the cursor's row stays in sight
	s.until(func(sc terminal.Screen) bool { return sc.Cols == 80 && strings.Contains(line(sc, "▌"), "08:00:00") })
}

// TestTooSmallAtFirst: the program waits for room, and can be left.
func TestTooSmallAtFirst(t *testing.T) {
	t.Parallel()
	s := openScreen(t, terminal.Options{Cols: 20, Rows: 5}, "open", sessionFile(t, 0, 20, indexed))
	s.shows("too small")
	if err := s.Resize(80, 24); err != nil {
		t.Fatal(err)
	}
	s.shows("20 here")
	if err := s.Resize(20, 5); err != nil {
		t.Fatal(err)
	}
	s.shows("too small")
	s.press("q")
	s.ends(exitFine)
}

// coloured returns the first cell that has a colour of its own.
func coloured(sc terminal.Screen) string {
	for y := range sc.Rows {
		for x := range sc.Cols {
			if c := sc.Cell(x, y); !c.FG.IsDefault() || !c.BG.IsDefault() {
				return fmt.Sprintf("cell %d,%d, %q", x, y, c.Text)
			}
		}
	}
	return ""
}

// TestNoColor: NO_COLOR takes all colour away, and the signs and words stay.
func TestNoColor(t *testing.T) {
	t.Parallel()
	s := openSessions(t, terminal.Options{Env: append(home(t), "NO_COLOR=1")}, 20)
	s.shows("● online", "● files", "START ▼", "▌")
	if cell := coloured(s.Screen()); cell != "" {
		t.Errorf("%s has a colour", cell)
	}
	s.ask("dst prot 443")
	s.shows("^^^^")
	s.press("esc")
	s.hides("^^^^")
	s.press("?")
	s.shows("keys · cxlens")
	if cell := coloured(s.Screen()); cell != "" {
		t.Errorf("in the help %s has a colour", cell)
	}
}

// TestBackground: the theme becomes the one that suits the terminal's background as soon as the terminal has told it.
func TestBackground(t *testing.T) {
	t.Parallel()
	accent := func(sc terminal.Screen) terminal.RGB {
		fg, bg := sc.Scheme.Colors(sc.Cell(1, 0).Style) // the c of cxlens
		if sc.Cell(1, 0).Text != "c" || bg != sc.Scheme.BG {
			t.Errorf("the program's name is not on the terminal's background\n%s", sc.Frame())
		}
		return fg
	}
	s := openSessions(t, terminal.Options{Scheme: terminal.Dark}, 20)
	dark := accent(s.Screen())
	s = openSessions(t, terminal.Options{Scheme: terminal.Light}, 20)
	s.until(func(sc terminal.Screen) bool { return brightness(accent(sc)) < brightness(dark) })
}

func brightness(c terminal.RGB) int { return 3*int(c.R) + 6*int(c.G) + int(c.B) }

// TestTheme: a theme can be named, and one that does not exist is an error before anything is shown.
func TestTheme(t *testing.T) {
	t.Parallel()
	file := sessionFile(t, 0, 20, indexed)
	s := openScreen(t, terminal.Options{}, "open", "--theme", "no-such-theme", file)
	s.shows("cxlens: ", "no-such-theme")
	s.ends(exitFailed)
	if s.Screen().AltScreen {
		t.Error("the alternate screen was not left")
	}
}

// TestNoTerminal: without a terminal to show or to type there is one line instead of escape sequences.
func TestNoTerminal(t *testing.T) {
	t.Parallel()
	file := sessionFile(t, 0, 20, indexed)
	for _, args := range [][]string{{"open", file}, {"demo"}} {
		o := runProgram(t, home(t), args...)
		if o.code != exitUsage || o.out != "" || strings.Count(o.stderr, "\n") != 1 || !strings.Contains(o.stderr, "is not a terminal") {
			t.Errorf("%q: %+v", args, o)
		}
	}
	var out strings.Builder
	s := openScreen(t, terminal.Options{Stdout: &out}, "open", file)
	s.shows("standard output is not a terminal", "cxlens query")
	s.ends(exitUsage)
	if out.Len() > 0 {
		t.Errorf("written to the pipe: %q", out.String())
	}
}

// TestStandardInput: the flows come through a pipe and the keys still from the terminal.
func TestStandardInput(t *testing.T) {
	t.Parallel()
	pipe, fill, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer pipe.Close()
	go func() {
		defer fill.Close()
		_, _ = io.WriteString(fill, sessions(0, 300, indexed)) // the program may have ended
	}()
	s := openScreen(t, terminal.Options{Stdin: pipe}, "open", "-")
	s.shows("300 here", "standard input")
	s.ask("udp")
	s.shows("120 here")
	s.press("q")
	s.ends(exitFine)
	s.restored()
}

// TestStandardInputOpen: q ends the program while its input has not ended.
func TestStandardInputOpen(t *testing.T) {
	t.Parallel()
	pipe, fill, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer pipe.Close()
	defer fill.Close()
	s := openScreen(t, terminal.Options{Stdin: pipe}, "open", "-")
	if _, err := io.WriteString(fill, sessions(0, 2000, indexed)); err != nil {
		t.Fatal(err)
	}
	s.shows("● online", "2,000 here", "reading ", " standard input")
	s.press("q")
	s.ends(exitFine)
	s.restored()
}

// TestStandardInputCapture: the same with a capture from another program.
func TestStandardInputCapture(t *testing.T) {
	t.Parallel()
	cat := exec.Command("cat", "../../testdata/sample.pcap.zst")
	out, err := cat.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cat.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = cat.Wait() }()
	flows := sampleFlows(t)
	s := openScreen(t, terminal.Options{Stdin: out}, "open", "-")
	s.shows(exactly(flows) + " here")
	s.press("q")
	s.ends(exitFine)
}
