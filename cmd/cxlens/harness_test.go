package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"cxlens/internal/terminal"
)

// patience bounds every wait for something that must come. It is for hangs: a machine with more work than
// processors may be slow.
const patience = 3 * time.Minute

// home is an environment whose configuration, state and home folders are new and empty.
func home(t *testing.T) []string {
	t.Helper()
	dir := t.TempDir()
	return []string{
		"HOME=" + dir,
		"XDG_CONFIG_HOME=" + filepath.Join(dir, "config"),
		"XDG_STATE_HOME=" + filepath.Join(dir, "state"),
	}
}

// under is the path of a file below one of the folders of an environment.
func under(t *testing.T, env []string, folder string, parts ...string) string {
	t.Helper()
	for _, kv := range env {
		if dir, ok := strings.CutPrefix(kv, folder+"="); ok {
			return filepath.Join(append([]string{dir}, parts...)...)
		}
	}
	t.Fatalf("no %s in the environment", folder)
	return ""
}

// save writes a file with its folder.
func save(t *testing.T, path, content string, mode os.FileMode) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), mode); err != nil {
		t.Fatal(err)
	}
	return path
}

// read returns a file's content.
func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// environ is the tests' own environment without what would name a server, and env.
func environ(env []string) []string {
	var all []string
	for _, kv := range os.Environ() {
		if !strings.HasPrefix(kv, "CXLENS_") {
			all = append(all, kv)
		}
	}
	return append(all, env...)
}

// outcome is what became of a run of the program.
type outcome struct {
	code        int
	out, stderr string
}

// runProgram runs the program without a terminal to its end.
func runProgram(t *testing.T, env []string, args ...string) outcome {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, binary, args...)
	var out, stderr bytes.Buffer
	cmd.Env, cmd.Stdout, cmd.Stderr = environ(env), &out, &stderr
	cmd.Dir = filepath.Dir(under(t, env, "XDG_STATE_HOME"))
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) || ctx.Err() != nil {
		t.Fatalf("cxlens %q: %v (%v)\n%s", args, err, ctx.Err(), stderr.String())
	}
	return outcome{cmd.ProcessState.ExitCode(), out.String(), stderr.String()}
}

// succeed runs the program and returns its output; any other exit code than 0 fails the test.
func succeed(t *testing.T, env []string, args ...string) string {
	t.Helper()
	o := runProgram(t, env, args...)
	if o.code != exitFine {
		t.Fatalf("cxlens %q: exit code %d\n%s", args, o.code, o.stderr)
	}
	return o.out
}

// screen is the program in a terminal; waits that fail end the test and show the screen.
type screen struct {
	*terminal.Terminal
	t *testing.T
}

// fullBandwidth has the screen keep its bars: a terminal on a busy machine answers as late as one far away.
const fullBandwidth = "--low-bandwidth=false"

// openScreen runs the program in a terminal of 140 by 40 unless o says otherwise.
func openScreen(t *testing.T, o terminal.Options, args ...string) *screen {
	t.Helper()
	if o.Cmd == "" {
		o.Cmd = binary
		// "profile run" in a terminal opens no screen.
		if !slices.Contains(args, "--low-bandwidth") && !slices.Contains(args, "profile") {
			args = append(slices.Clone(args), fullBandwidth)
		}
	}
	if o.Env == nil {
		o.Env = home(t)
	}
	if o.Dir == "" {
		o.Dir = t.TempDir()
	}
	if o.Cols == 0 {
		o.Cols, o.Rows = 140, 40
	}
	o.Args, o.Timeout = args, patience
	term, err := terminal.Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := term.Close(); err != nil {
			t.Error(err)
		}
	})
	return &screen{term, t}
}

// unsorted stands on a screen whose rows are about to change by themselves: what follows a query brings
// rows that the order has only after a rest.
const unsorted = "not in order yet"

// until waits until cond holds and the rows are in their order.
func (s *screen) until(cond func(terminal.Screen) bool) {
	s.t.Helper()
	if err := s.WaitFor(s.t.Context(), func(sc terminal.Screen) bool { return !sc.Contains(unsorted) && cond(sc) }); err != nil {
		s.t.Fatal(err)
	}
}

// shows waits until all texts are on the screen at once, each in one row, and the rows in their order.
func (s *screen) shows(texts ...string) {
	s.t.Helper()
	missing := ""
	err := s.WaitFor(s.t.Context(), func(sc terminal.Screen) bool {
		if missing = "the order of the rows"; sc.Contains(unsorted) {
			return false
		}
		for _, text := range texts {
			if missing = text; !sc.Contains(text) {
				return false
			}
		}
		return true
	})
	if err != nil {
		s.t.Fatalf("%q does not come: %v", missing, err)
	}
}

// boxText is the text of the open box without blanks: where its lines are broken depends on the length of paths.
func boxText(sc terminal.Screen) string {
	var b strings.Builder
	for _, l := range sc.Lines() {
		from, to := strings.Index(l, "│"), strings.LastIndex(l, "│")
		if from < to {
			b.WriteString(strings.ReplaceAll(l[from+len("│"):to], " ", ""))
		}
	}
	return b.String()
}

// reads waits until text is in the open box, in however many lines.
func (s *screen) reads(text string) {
	s.t.Helper()
	got := ""
	err := s.WaitFor(s.t.Context(), func(sc terminal.Screen) bool {
		got = boxText(sc)
		return strings.Contains(got, strings.ReplaceAll(text, " ", ""))
	})
	if err != nil {
		s.t.Fatalf("%q is not in the box, which says %q: %v", text, got, err)
	}
}

// hides waits until text is nowhere on the screen.
func (s *screen) hides(text string) {
	s.t.Helper()
	if err := s.WaitGone(s.t.Context(), text); err != nil {
		s.t.Fatal(err)
	}
}

// clips waits until the clipboard has what cond wants and returns it. The program sends it beside its frames:
// what the screen says of a copy may come first.
func (s *screen) clips(cond func(string) bool) (clip string) {
	s.t.Helper()
	err := s.WaitFor(s.t.Context(), func(terminal.Screen) bool {
		clip = s.Clipboard()
		return cond(clip)
	})
	if err != nil {
		s.t.Fatalf("the clipboard has %q: %v", clip, err)
	}
	return clip
}

// clipsText is clips for the whole text.
func (s *screen) clipsText(want string) {
	s.t.Helper()
	s.clips(func(clip string) bool { return clip == want })
}

// escape is the key esc as terminals send it that tell their keys apart (modifyOtherKeys of xterm). A program tells
// the byte that other terminals send from the begin of a sequence only by the pause that follows, and on a busy
// machine there is none for it: an esc and a ? are read at once then, as alt+?.
const escape = "\x1b[27;1;27~"

// press sends keys.
func (s *screen) press(keys ...string) {
	s.t.Helper()
	for _, key := range keys {
		err := error(nil)
		if key == "esc" {
			err = s.Type(escape)
		} else {
			err = s.Send(key)
		}
		if err != nil {
			s.t.Fatal(err)
		}
	}
}

// pressBareEscape sends Esc as most terminals do. The next key must wait until it has been read.
func (s *screen) pressBareEscape() {
	s.t.Helper()
	if err := s.Send("esc"); err != nil {
		s.t.Fatal(err)
	}
}

// enter types text and presses Enter.
func (s *screen) enter(text string) {
	s.t.Helper()
	if err := s.Type(text); err != nil {
		s.t.Fatal(err)
	}
	s.press("enter")
}

// ask runs another query.
func (s *screen) ask(text string) {
	s.t.Helper()
	s.press(":", "ctrl+u")
	s.enter(text)
}

// place is where text stands on the screen now.
func (s *screen) place(text string) (x, y int) {
	s.t.Helper()
	return s.placeIn(s.Screen(), text)
}

// placeIn is place for a screen that was looked at before.
func (s *screen) placeIn(sc terminal.Screen, text string) (x, y int) {
	s.t.Helper()
	x, y, ok := sc.Find(text)
	if !ok {
		s.t.Fatalf("%q is not on the screen:\n%s", text, sc.Frame())
	}
	return x, y
}

// click presses and releases a button of the mouse.
func (s *screen) click(button terminal.Button, x, y int) {
	s.t.Helper()
	if err := s.Click(button, x, y); err != nil {
		s.t.Fatal(err)
	}
}

// clickOn clicks on the beginning of text.
func (s *screen) clickOn(text string) {
	s.t.Helper()
	x, y := s.place(text)
	s.click(terminal.LeftButton, x, y)
}

// drag moves the mouse with its left button held.
func (s *screen) drag(fromX, fromY, toX, toY int) {
	s.t.Helper()
	if err := s.Drag(terminal.LeftButton, fromX, fromY, toX, toY); err != nil {
		s.t.Fatal(err)
	}
}

// ends waits for the program's end and checks its exit code.
func (s *screen) ends(code int) {
	s.t.Helper()
	got, err := s.Wait(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	if got != code {
		s.t.Fatalf("exit code %d, want %d\n%s", got, code, s.Screen().Frame())
	}
}

// done waits until a query that does not follow has ended: its time stands at the right end.
func (s *screen) done() {
	s.t.Helper()
	s.until(func(sc terminal.Screen) bool { return tookAtEnd.MatchString(line(sc, " matched · ")) })
}

var tookAtEnd = regexp.MustCompile(`  [0-9.]+(µs|ms|s)$`)

// restored checks that the terminal is as a shell wants it.
func (s *screen) restored() {
	s.t.Helper()
	sc := s.Screen()
	if sc.AltScreen || !sc.Cursor.Visible {
		s.t.Errorf("alternate screen %v, cursor visible %v", sc.AltScreen, sc.Cursor.Visible)
	}
	for _, mode := range []int{1000, 1002, 1003, 1006, 1004, 2004} {
		if sc.Mode(mode) {
			s.t.Errorf("mode %d is still set", mode)
		}
	}
}

// line returns the first row of the screen that contains text.
func line(sc terminal.Screen, text string) string {
	for _, l := range sc.Lines() {
		if strings.Contains(l, text) {
			return l
		}
	}
	return ""
}

// flowRows are the rows of the table, without the node pane.
func flowRows(sc terminal.Screen) []string {
	var rows []string
	inside := false
	for _, l := range sc.Lines() {
		left, _, _ := strings.Cut(l, "│")
		left = strings.TrimRight(strings.TrimLeft(left, " ▌"), " ")
		switch {
		case strings.HasPrefix(left, "START"):
			inside = true
		case left == "" || strings.HasPrefix(left, "──") || strings.HasPrefix(left, "nodes ") || strings.Contains(left, " matched · "):
			inside = false
		case inside:
			rows = append(rows, left)
		}
	}
	return rows
}

// eventually looks every few milliseconds until cond holds.
func eventually(t *testing.T, what string, cond func() bool) {
	t.Helper()
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !cond() {
		select {
		case <-tick.C:
		case <-deadline.C:
			t.Fatalf("%s: not within %s", what, patience)
		case <-t.Context().Done():
			t.Fatalf("%s: %v", what, t.Context().Err())
		}
	}
}

// processesWith counts the processes whose environment has the entry: those that came of one test.
func processesWith(t *testing.T, entry string) int {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("processes are counted in /proc")
	}
	files, err := filepath.Glob("/proc/[0-9]*/environ")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			continue // ended meanwhile, or somebody else's
		}
		for kv := range bytes.SplitSeq(data, []byte{0}) {
			if string(kv) == entry {
				n++
				break
			}
		}
	}
	return n
}
