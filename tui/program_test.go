package tui

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/term"
	"github.com/creack/pty"
)

// childEnv makes the test binary show a screen in its own terminal in place of running tests.
const childEnv = "CXLENS_TUI_TEST_CHILD"

func TestMain(m *testing.M) {
	if what := os.Getenv(childEnv); what != "" {
		os.Exit(child(what))
	}
	os.Exit(m.Run())
}

// failing panics where it is told to.
type failing struct {
	*model
	what string
}

func (f failing) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if key, ok := msg.(tea.KeyPressMsg); ok && key.String() == "P" {
		switch f.what {
		case "update":
			panic("update fails")
		case "command":
			return f, func() tea.Msg { panic("command fails") }
		}
	}
	_, cmd := f.model.Update(msg)
	return f, cmd
}

func (f failing) View() tea.View { return f.model.View() }

// child shows the main screen with a fake server until q, or until it fails.
func child(what string) int {
	opts := testOptions()
	opts.Theme = "nord" // which has a ground of its own
	m, err := newModel(opts)
	if err != nil {
		return 3
	}
	m.src, m.login, m.mode = newSource(), nil, modeFlows
	_, err = tea.NewProgram(failing{model: m, what: what}).Run()
	if errors.Is(err, tea.ErrProgramPanic) {
		return 4
	}
	if err != nil {
		return 5
	}
	return 0
}

// terminal is a child in a pseudo-terminal and what it wrote.
type terminal struct {
	t      *testing.T
	tty    *os.File
	slave  *os.File
	cmd    *exec.Cmd
	mu     sync.Mutex
	out    bytes.Buffer
	before *term.State
}

func startChild(t *testing.T, what string) *terminal {
	t.Helper()
	tty, slave, err := pty.Open()
	if err != nil {
		t.Skipf("no pseudo-terminal here: %v", err)
	}
	c := &terminal{t: t, tty: tty, slave: slave}
	t.Cleanup(func() { tty.Close(); slave.Close() })
	if err := pty.Setsize(tty, &pty.Winsize{Rows: 30, Cols: 110}); err != nil {
		t.Fatal(err)
	}
	if c.before, err = term.GetState(slave.Fd()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	t.Cleanup(cancel)
	c.cmd = exec.CommandContext(ctx, os.Args[0])
	c.cmd.Env = append(os.Environ(), childEnv+"="+what, "TERM=xterm-256color")
	c.cmd.Stdin, c.cmd.Stdout, c.cmd.Stderr = slave, slave, slave
	if err := c.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go c.read()
	return c
}

func (c *terminal) read() {
	buf := make([]byte, 4096)
	for {
		n, err := c.tty.Read(buf)
		c.mu.Lock()
		c.out.Write(buf[:n])
		c.mu.Unlock()
		if err != nil {
			return
		}
	}
}

func (c *terminal) written() string { c.mu.Lock(); defer c.mu.Unlock(); return c.out.String() }

// waitFor polls what the child wrote; a terminal has no event for "drawn".
func (c *terminal) waitFor(text string) {
	c.t.Helper()
	for deadline := time.Now().Add(2 * time.Minute); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if strings.Contains(c.written(), text) {
			return
		}
	}
	c.t.Fatalf("the terminal never showed %q; it got %q", text, c.written())
}

// whole fails when the child left the terminal in another state than it found it.
func (c *terminal) whole() {
	c.t.Helper()
	after, err := term.GetState(c.slave.Fd())
	if err != nil {
		c.t.Fatal(err)
	}
	if *after != *c.before {
		c.t.Error("the terminal's modes are not what they were")
	}
	for _, pair := range [][2]string{{"\x1b[?1049h", "\x1b[?1049l"}, {"\x1b[?25l", "\x1b[?25h"}, {"\x1b[?1002h", "\x1b[?1002l"}, {"\x1b[?2004h", "\x1b[?2004l"}, {"\x1b]11;#", "\x1b]111"}, {"\x1b]10;#", "\x1b]110"}} {
		on, off := strings.LastIndex(c.written(), pair[0]), strings.LastIndex(c.written(), pair[1])
		if on < 0 || off < on {
			c.t.Errorf("%q was not undone by %q", pair[0], pair[1])
		}
	}
}

func TestTerminalIsWholeAfterwards(t *testing.T) {
	for what, want := range map[string]struct {
		key  string
		code int
	}{"quit": {"q", 0}, "update": {"P", 4}, "command": {"P", 4}} {
		t.Run(what, func(t *testing.T) {
			c := startChild(t, what)
			c.waitFor("1,204,331 matched")
			if _, err := c.tty.WriteString(want.key); err != nil {
				t.Fatal(err)
			}
			_ = c.cmd.Wait() // the code is looked at below
			if code := c.cmd.ProcessState.ExitCode(); code != want.code {
				t.Errorf("exit code %d, want %d; the terminal got %q", code, want.code, c.written())
			}
			c.waitFor("\x1b[?1049l")
			c.whole()
		})
	}
}
