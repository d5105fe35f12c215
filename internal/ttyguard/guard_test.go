//go:build unix

package ttyguard

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/charmbracelet/x/term"
	"github.com/creack/pty"
)

// childEnv makes the test binary draw on its terminal and end in the way that is named.
const childEnv = "CXLENS_TTYGUARD_TEST_CHILD"

func TestMain(m *testing.M) {
	Main()
	if how := os.Getenv(childEnv); how != "" {
		os.Exit(child(how))
	}
	os.Exit(m.Run())
}

// drawn is what the child sets on its terminal, and with what each of it has to be undone.
var drawn = [][2]string{
	{"\x1b[?1049h", "\x1b[?1049l"},
	{"\x1b[?1002h", "\x1b[?1002l"},
	{"\x1b[?2004h", "\x1b[?2004l"},
	{"\x1b[?2026h", "\x1b[?2026l"},
	{"\x1b]11;#112233\x07", "\x1b]111\x07"},
	{"\x1b]10;#aabbcc\x07", "\x1b]110\x07"},
	{"\x1b[?25l", "\x1b[?25h"},
}

func child(how string) int {
	guard, err := Start(os.Stdout)
	if err != nil {
		return 3
	}
	before, err := term.MakeRaw(os.Stdin.Fd())
	if err != nil {
		return 3
	}
	for _, d := range drawn {
		os.Stdout.WriteString(d[0])
	}
	os.Stdout.WriteString("it is drawn")
	switch how {
	case "panic":
		go func() { panic("nobody recovers\n\tthis \x1b]0;title\x07") }()
	case "long panic":
		go func() { panic(strings.Repeat("so much ", 1<<17)) }()
	case "runtime":
		shared := map[int]int{}
		for range 4 {
			go func() {
				for {
					shared[1]++
				}
			}()
		}
	case "kill":
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
	case "kill of the group":
		_ = syscall.Kill(0, syscall.SIGQUIT)
	case "released":
		for _, d := range drawn {
			os.Stdout.WriteString(d[1])
		}
		if term.Restore(os.Stdin.Fd(), before) != nil {
			return 3
		}
		guard.Release()
		if guard.cmd.ProcessState == nil { // it would be left behind
			return 4
		}
		return 0
	}
	select {}
}

// screen is what a child wrote to its terminal.
type screen struct {
	mu  sync.Mutex
	out bytes.Buffer
}

func (s *screen) read(tty *os.File) {
	buf := make([]byte, 4096)
	for {
		n, err := tty.Read(buf)
		s.mu.Lock()
		s.out.Write(buf[:n])
		s.mu.Unlock()
		if err != nil {
			return
		}
	}
}

func (s *screen) String() string { s.mu.Lock(); defer s.mu.Unlock(); return s.out.String() }

// TestTerminalIsGivenBack: however a program ends, its terminal is as it was, and it tells of a failure.
func TestTerminalIsGivenBack(t *testing.T) {
	for how, want := range map[string]string{
		"panic": "nobody recovers", "long panic": "so much so much", "runtime": "maps.fatal",
		"kill": "ended from outside", "kill of the group": "SIGQUIT", "released": "",
	} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			checkGivenBack(t, how, want)
		})
	}
}

func checkGivenBack(t *testing.T, how, want string) {
	tty, slave, err := pty.Open()
	if err != nil {
		t.Skipf("no pseudo-terminal here: %v", err)
	}
	t.Cleanup(func() { tty.Close(); slave.Close() })
	before, err := term.GetState(slave.Fd())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0])
	cmd.Env = append(os.Environ(), childEnv+"="+how)
	cmd.Stdin, cmd.Stdout = slave, slave
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // a signal to its group is not for the test
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	s := &screen{}
	go s.read(tty)
	last := "the terminal is as it was\r\n"
	if err := cmd.Wait(); how == "released" {
		last = drawn[len(drawn)-1][1]
		if err != nil {
			t.Errorf("%v: %q", err, s)
		}
	}
	for !strings.HasSuffix(s.String(), last) && ctx.Err() == nil { // a terminal has no event for "written"
		time.Sleep(5 * time.Millisecond)
	}
	after, err := term.GetState(slave.Fd())
	if err != nil {
		t.Fatal(err)
	}
	if *after != *before {
		t.Error("the terminal's modes are not what they were")
	}
	got := s.String()
	for _, d := range drawn {
		if on, off := strings.LastIndex(got, d[0]), strings.LastIndex(got, d[1]); on < 0 || off < on {
			t.Errorf("%q was not undone by %q", d[0], d[1])
		}
	}
	_, words, _ := strings.Cut(got, "\x1b[?25h")
	if !strings.Contains(words, want) || strings.ContainsAny(words, "\x1b\x07\x00") || (want == "") != (words == "") {
		t.Errorf("the last words are %q", words)
	}
}
