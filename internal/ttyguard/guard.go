// Package ttyguard gives a terminal back when the program that drew on it ended without doing so: by a panic
// outside the screen's own goroutines, a fatal error of the runtime, or a signal that nothing can catch.
//
// A guard is the program itself, started a second time, which waits at a pipe for the first one to end.
package ttyguard

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime/debug"
	"strings"

	"github.com/charmbracelet/x/term"

	"cxlens/internal/flow"
)

// asGuard in the environment makes the program a guard.
const asGuard = "CXLENS_TTY_GUARD"

// released is what is written to the pipe when the terminal was given back. The runtime writes no such byte.
const released = 0

// reportMax bounds what is kept of a crash's report, in bytes, and reportLines what is shown of it.
const (
	reportMax   = 64 << 10
	reportLines = 16
)

// Guard is a guard that runs.
type Guard struct {
	cmd  *exec.Cmd
	pipe *os.File
}

// Start starts a guard of the terminal as it is now. The program must call Main first of all.
func Start(terminal *os.File) (*Guard, error) {
	state, err := term.GetState(terminal.Fd())
	if err != nil {
		return nil, fmt.Errorf("the terminal's modes: %w", err)
	}
	modes, err := json.Marshal(state)
	if err != nil {
		return nil, fmt.Errorf("the terminal's modes: %w", err)
	}
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	read, write, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer read.Close()
	g := &Guard{cmd: exec.Command(program), pipe: write}
	g.cmd.Env = append(os.Environ(), asGuard+"=1")
	g.cmd.Stdin, g.cmd.Stdout, g.cmd.SysProcAttr = read, terminal, apart()
	if err := g.cmd.Start(); err != nil {
		write.Close()
		return nil, err
	}
	if _, err = write.Write(append(modes, '\n')); err == nil {
		err = debug.SetCrashOutput(write, debug.CrashOptions{})
	}
	if err != nil {
		g.Release()
		return nil, err
	}
	return g, nil
}

// Release ends the guard; the terminal was given back. It may be called for no guard.
func (g *Guard) Release() {
	if g == nil {
		return
	}
	_ = debug.SetCrashOutput(nil, debug.CrashOptions{}) // a nil file cannot fail
	_, _ = g.pipe.Write([]byte{released})               // a guard that has ended needs no word
	g.pipe.Close()
	_ = g.cmd.Wait() // its code says nothing
}

// Main is a guard's whole life in a program that was started as one. In any other it does nothing.
func Main() {
	if os.Getenv(asGuard) == "" {
		return
	}
	ignoreSignals()
	if err := guard(os.Stdin, os.Stdout); err != nil {
		os.Exit(1) // there is nobody to tell
	}
	os.Exit(0)
}

// guard waits for the end of what comes and gives the terminal back if nobody else did. It does so with the first
// byte of a report: once the program has ended, a shell would take over what it finds.
func guard(pipe io.Reader, terminal *os.File) error {
	from := bufio.NewReader(pipe)
	modes, err := from.ReadBytes('\n')
	if err != nil {
		return err
	}
	var state term.State
	if err := json.Unmarshal(modes, &state); err != nil {
		return err
	}
	first, err := from.ReadByte()
	switch {
	case err == nil && first == released:
		return nil
	case err == nil:
		if err := from.UnreadByte(); err != nil {
			return err
		}
	case err != io.EOF:
		return err
	}
	if _, err := terminal.WriteString(giveBack); err != nil {
		return err
	}
	if stillRaw(terminal.Fd()) {
		if err := term.Restore(terminal.Fd(), &state); err != nil {
			return err
		}
	}
	report, err := io.ReadAll(io.LimitReader(from, reportMax))
	if err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, from); err != nil { // the program must not wait for room in the pipe
		return err
	}
	_, err = terminal.WriteString(lastWords(string(report)))
	return err
}

// giveBack undoes what a screen sets. A string or a sequence that was half written ends with its first two bytes.
const giveBack = "\x1b\\" +
	"\x1b[?2026l" + // a frame that was begun
	"\x1b[>4m\x1b[<u" + // keys in other codes
	"\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l" + // the mouse
	"\x1b[?1004l\x1b[?2004l\x1b[?2027l\x1b[?2031l" + // focus, pasting, widths, light or dark
	"\x1b]110\x07\x1b]111\x07\x1b]112\x07" + // the colours of the ground and the cursor
	"\x1b[m\x1b[?1049l\x1b[0 q\x1b[?25h"

// lastWords tells how the program ended, and what of its report was printed where nobody sees it any more: the
// beginning. What follows there are the other goroutines.
func lastWords(report string) string {
	if strings.TrimSpace(report) == "" {
		return "cxlens was ended from outside; the terminal is as it was\n"
	}
	lines := strings.Split(strings.TrimSpace(report), "\n")
	if len(lines) > reportLines {
		lines = append(lines[:reportLines], "...")
	}
	for i, l := range lines {
		indent := len(l) - len(strings.TrimLeft(l, "\t"))
		lines[i] = strings.Repeat("\t", indent) + flow.Clean(l[indent:])
	}
	return "\n" + strings.Join(lines, "\n") + "\n\ncxlens failed; the terminal is as it was\n"
}
