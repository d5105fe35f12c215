//go:build unix

package terminal

import (
	"bytes"
	"context"
	"errors"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// shell runs a script with sh.
// patience bounds every wait of these tests; it is for hangs, not for slow machines.
const patience = 2 * time.Minute

func shell(script string) Options {
	return Options{Cmd: "sh", Args: []string{"-c", script}, Timeout: patience}
}

func TestShellIsInARealTerminal(t *testing.T) {
	o := shell(`tty; stty size; echo "$TERM $COLORTERM [$NO_COLOR] $X"; echo err >&2; test -t 0 && test -t 1 && echo both`)
	o.Cols, o.Rows, o.Env = 71, 19, []string{"X=y"}
	t.Setenv("NO_COLOR", "1")
	t.Setenv("TERM", "dumb")
	term := start(t, o)
	code, err := term.Wait(t.Context())
	must(t, err)
	s := term.Screen()
	for _, want := range []string{"/dev/", "19 71", "xterm-256color truecolor [] y", "err", "both"} {
		if !s.Contains(want) {
			t.Errorf("%q is missing on\n%s", want, s.Frame())
		}
	}
	if code != 0 {
		t.Errorf("exit code %d", code)
	}
}

func TestDir(t *testing.T) {
	dir := t.TempDir()
	o := shell("ls")
	o.Dir = dir
	must(t, os.WriteFile(dir+"/a-file", nil, 0o644))
	mustSee(t, start(t, o), "a-file")
}

func TestExitCodes(t *testing.T) {
	for script, want := range map[string]int{"exit 0": 0, "exit 7": 7, "kill -9 $$": 137, "kill $$": 143} {
		term := start(t, shell(script))
		code, err := term.Wait(t.Context())
		if err != nil || code != want {
			t.Errorf("%s: exit code %d, %v, want %d", script, code, err, want)
		}
		if code, ok := term.ExitCode(); !ok || code != want {
			t.Errorf("%s: ExitCode is %d, %v", script, code, ok)
		}
		if err := term.Type("x"); !errors.Is(err, errEnded) {
			t.Errorf("typing to an ended program: %v", err)
		}
	}
}

// TestAllOutputIsSeen checks that what a program writes last is not lost.
func TestAllOutputIsSeen(t *testing.T) {
	for range 20 {
		var raw bytes.Buffer
		o := shell("i=0; while [ $i -lt 300 ]; do echo line $i; i=$((i+1)); done; printf last")
		o.Record = &raw
		term := start(t, o)
		_, err := term.Wait(t.Context())
		must(t, err)
		if got := term.Screen().Line(23); got != "last" {
			t.Fatalf("the last line is %q", got)
		}
		if !strings.HasSuffix(raw.String(), "line 299\r\nlast") || int64(raw.Len()) != term.BytesWritten() {
			t.Fatalf("recorded %d bytes of %d, ending in %q", raw.Len(), term.BytesWritten(), raw.Bytes()[max(0, raw.Len()-20):])
		}
	}
}

func TestKeysReachTheProgram(t *testing.T) {
	term := start(t, shell(`read a; echo "got <$a>"; stty -icanon -echo min 1; echo ready; dd bs=1 count=3 2>/dev/null | od -An -tx1`))
	must(t, term.Send("typed text", "enter"))
	mustSee(t, term, "got <typed text>")
	mustSee(t, term, "ready")
	must(t, term.Send("up"))
	mustSee(t, term, "1b 5b 41")
}

func TestControlKeysAreSignals(t *testing.T) {
	term := start(t, shell(`trap 'echo interrupted; exit 5' INT; echo ready; while :; do sleep 0.1; done`))
	mustSee(t, term, "ready")
	must(t, term.Send("ctrl+c"))
	mustSee(t, term, "interrupted")
	if code, err := term.Wait(t.Context()); code != 5 || err != nil {
		t.Errorf("exit code %d, %v", code, err)
	}
}

func TestResizeIsASignal(t *testing.T) {
	term := start(t, shell(`trap 'stty size' WINCH; echo ready; while :; do sleep 0.1; done`))
	mustSee(t, term, "ready")
	must(t, term.Resize(100, 41))
	mustSee(t, term, "41 100")
	if s := term.Screen(); s.Cols != 100 || s.Rows != 41 {
		t.Errorf("screen of %dx%d", s.Cols, s.Rows)
	}
	for _, size := range [][2]int{{0, 5}, {5, -1}, {maxParam + 1, 5}} {
		if err := term.Resize(size[0], size[1]); err == nil {
			t.Errorf("resized to %dx%d", size[0], size[1])
		}
	}
}

func TestWaitShowsTheScreen(t *testing.T) {
	term := start(t, shell("echo what is here; read x"))
	mustSee(t, term, "what is here")
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	err := term.WaitText(ctx, "something else")
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("the wait ended with %v", err)
	}
	for _, want := range []string{`"something else"`, "80x24", "|what is here ", "14 bytes written"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is missing in:\n%v", want, err)
		}
	}
}

// TestWaitHasADefaultTimeout checks that a context without deadline is no endless wait.
func TestWaitHasADefaultTimeout(t *testing.T) {
	o := shell("read x")
	o.Timeout = 20 * time.Millisecond
	term := start(t, o)
	if err := term.WaitText(context.Background(), "never"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the wait ended with %v", err)
	}
	if _, err := term.Wait(context.Background()); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the wait for the end ended with %v", err)
	}
}

func TestWaitEndsWithTheProgram(t *testing.T) {
	term := start(t, shell("echo bye; exit 3"))
	err := term.WaitText(t.Context(), "never")
	if !errors.Is(err, errProgramEnded) || !strings.Contains(err.Error(), "exit code 3") || !strings.Contains(err.Error(), "|bye") {
		t.Errorf("the wait ended with %v", err)
	}
	mustSee(t, term, "bye") // what is there already is seen
}

func TestWaitGone(t *testing.T) {
	term := start(t, shell(`echo first; read x; printf '\033[2J\033[H'; read x`))
	mustSee(t, term, "first")
	must(t, term.Send("enter"))
	must(t, term.WaitGone(t.Context(), "first"))
}

// alive tells whether a process exists and is no zombie.
func alive(t *testing.T, pid int) bool {
	t.Helper()
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err == nil {
		return !strings.Contains(string(stat), ") Z")
	}
	return syscall.Kill(pid, 0) == nil
}

// TestCloseLeavesNoOrphan starts a program that ignores every polite signal
// and has a child that does the same.
func TestCloseLeavesNoOrphan(t *testing.T) {
	for name, end := range map[string]func(*Terminal, context.CancelFunc){
		"close":   func(*Terminal, context.CancelFunc) {},
		"context": func(_ *Terminal, cancel context.CancelFunc) { cancel() },
		"killed":  func(term *Terminal, _ context.CancelFunc) { must(t, term.Signal(os.Kill)) },
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			term, err := Start(ctx, shell(`trap '' HUP INT TERM QUIT; (while :; do sleep 100; done) & echo "child $! me $$ ready"; read x; wait`))
			must(t, err)
			must(t, term.WaitText(context.Background(), "ready"))
			f := strings.Fields(term.Screen().Line(0))
			child, err := strconv.Atoi(f[1])
			must(t, err)
			me, err := strconv.Atoi(f[3])
			must(t, err)
			if !alive(t, child) || !alive(t, me) {
				t.Fatal("the processes are not there to begin with")
			}
			end(term, cancel)
			if name != "close" {
				_, err := term.Wait(context.Background())
				must(t, err)
			}
			must(t, term.Close())
			must(t, term.Close()) // again is no error
			for deadline := time.Now().Add(patience); alive(t, child) || alive(t, me); {
				if time.Now().After(deadline) {
					t.Fatalf("still there: child %v, program %v", alive(t, child), alive(t, me))
				}
			}
		})
	}
}

func TestStdinAndStdoutElsewhere(t *testing.T) {
	var out bytes.Buffer
	o := shell(`cat; echo progress >&2; read key </dev/tty; echo "key $key" >&2`)
	o.Stdin, o.Stdout = strings.NewReader("piped data\n"), &out
	term := start(t, o)
	mustSee(t, term, "progress")
	must(t, term.Send("k", "enter"))
	mustSee(t, term, "key k")
	_, err := term.Wait(t.Context())
	must(t, err)
	if out.String() != "piped data\n" || term.Screen().Contains("piped") {
		t.Errorf("standard output is %q, screen\n%s", out.String(), term.Screen().Frame())
	}
}

// TestProgramThatReadsNothing checks that questions which are never read do
// not stop the screen, and that typing to it has a bound.
func TestProgramThatReadsNothing(t *testing.T) {
	term := start(t, shell(`stty raw -echo; i=0; while [ $i -lt 3000 ]; do printf '\033[c\033[6n'; i=$((i+1)); done; echo asked; sleep 100`))
	mustSee(t, term, "asked")
	line := strings.Repeat("x", outboxLimit/4)
	var err error
	for i := 0; i < 10 && err == nil; i++ {
		err = term.Type(line)
	}
	if !errors.Is(err, errOutboxFull) {
		t.Errorf("typing without end gave %v", err)
	}
}

func TestRecordErrorIsTold(t *testing.T) {
	o := shell("echo x; echo y")
	o.Record = brokenWriter{}
	term, err := Start(t.Context(), o)
	must(t, err)
	_, err = term.Wait(t.Context())
	must(t, err)
	if err := term.Close(); !errors.Is(err, errBroken) {
		t.Errorf("Close returned %v", err)
	}
}

var errBroken = errors.New("disk full")

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, errBroken }

func TestStartErrors(t *testing.T) {
	for name, o := range map[string]Options{
		"no such program": {Cmd: "./no-such-program"},
		"no such folder":  {Cmd: "sh", Dir: "no-such-folder"},
		"10000x24":        {Cmd: "sh", Cols: 10000, Rows: 24},
		"80x-1":           {Cmd: "sh", Cols: 80, Rows: -1},
	} {
		if term, err := Start(t.Context(), o); err == nil {
			t.Errorf("%s: started", name)
			_ = term.Close()
		}
	}
}

func TestMouseNeedsAProgramThatAsks(t *testing.T) {
	term := start(t, shell("echo ready; read x"))
	mustSee(t, term, "ready")
	if err := term.Click(LeftButton, 1, 1); !errors.Is(err, errNoMouse) {
		t.Errorf("a click gave %v", err)
	}
}
