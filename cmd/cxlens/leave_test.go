package main

import (
	"bytes"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"cxlens/internal/terminal"
)

// bigInput is how many flows take long enough to be cancelled on their way.
const bigInput = 300_000

// TestCancel: ctrl-c stops a query, first one of which nothing came yet, then one whose rows stream in.
func TestCancel(t *testing.T) {
	t.Parallel()
	s := openScreen(t, terminal.Options{}, "open", "--limit", "0", sessionFile(t, 0, bigInput, standard))
	s.shows("300,000 here")
	if err := s.Type("r\x03"); err != nil {
		t.Fatal(err)
	}
	s.shows("query cancelled: the rows that arrived stay")
	s.press("?") // puts the message away
	s.shows("keys · cxlens")
	s.press("esc")
	s.hides("keys · cxlens")
	s.shows("cancelled after ")

	// The rows may be quicker than the key, or than what it cancels: then once more.
	for began := time.Now(); time.Since(began) < patience; {
		s.press("r")
		s.until(func(sc terminal.Screen) bool { return partly(sc) || sc.Contains("following new flows") })
		if !partly(s.Screen()) {
			continue
		}
		s.press("ctrl+c")
		s.shows("query cancelled")
		s.press("?")
		s.shows("keys · cxlens")
		s.press("esc")
		s.hides("keys · cxlens")
		s.shows("cancelled after ")
		if !partly(s.Screen()) {
			continue
		}
		s.press("ctrl+c", "ctrl+c")
		s.ends(exitFine)
		s.restored()
		return
	}
	t.Error("all rows were always there before the key was pressed")
}

// partly tells that some rows are there and others not yet.
func partly(sc terminal.Screen) bool {
	status := line(sc, " matched · ")
	return status != "" && !strings.Contains(status, " 0 here") && !strings.Contains(status, "300,000 here")
}

// TestCtrlC: where nothing runs it says so, and pressed again it quits.
func TestCtrlC(t *testing.T) {
	t.Parallel()
	s := openSessions(t, terminal.Options{}, 20)
	s.press("F") // no longer follows
	s.done()
	s.press("ctrl+c")
	s.shows("nothing runs; ^c again quits")
	s.press("ctrl+c")
	s.ends(exitFine)
	s.restored()
}

// TestQuitAsks: q asks while a query waits for a server that does not answer.
func TestQuitAsks(t *testing.T) {
	t.Parallel()
	srv := startServer(t)
	env := home(t)
	s := openScreen(t, terminal.Options{Env: env}, srv.asClient()...)
	s.shows("● online", "0 matched")
	s.done() // an answer that is under way would come all the same
	srv.signal(syscall.SIGSTOP)
	s.press("r")
	s.shows("the query is running: any", "^c cancels it")
	s.press("q")
	s.shows("A query is running. Quit all the same?")
	s.press("enter") // answers nothing
	s.press("n")
	s.hides("Quit all the same?")
	s.press("q")
	s.shows("A query is running. Quit all the same?")
	s.press("y")
	s.ends(exitFine)
	s.restored()
	if n := processesWith(t, env[0]); n != 0 {
		t.Errorf("%d processes are left", n)
	}
	srv.signal(syscall.SIGCONT)
}

// TestSignals: the signals that end a program leave the terminal as it was, its colours too.
func TestSignals(t *testing.T) {
	t.Parallel()
	for name, sig := range map[string]syscall.Signal{"SIGTERM": syscall.SIGTERM, "SIGINT": syscall.SIGINT, "SIGHUP": syscall.SIGHUP} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if signal.Ignored(sig) {
				t.Skip("the tests run under nohup, and so does the program")
			}
			var record bytes.Buffer
			s := openSessions(t, terminal.Options{Record: &record, Scheme: terminal.Light}, 20, "--theme", "nord")
			s.until(func(sc terminal.Screen) bool { return sc.AltScreen && sc.Scheme.BG != terminal.Light.BG })
			if err := s.Signal(sig); err != nil {
				t.Fatal(err)
			}
			s.ends(exitInterrupted)
			s.restored()
			s.ownColours(terminal.Light)
			// The answer to a question that comes now would be typed into the shell.
			_, after, ok := bytes.Cut(record.Bytes(), []byte("\x1b[?1049l"))
			if !ok || bytes.Contains(after, []byte("\x1b]11;?")) {
				t.Errorf("written after the screen was left (%v): %q", ok, after)
			}
			for _, word := range []string{"panic", "goroutine", "context canceled"} {
				if s.Screen().Contains(word) {
					t.Errorf("%q is on the screen:\n%s", word, s.Screen().Frame())
				}
			}
		})
	}
}

// ownColours checks that the terminal has its own colours.
func (s *screen) ownColours(own terminal.Scheme) {
	s.t.Helper()
	if now := s.Screen().Scheme; now.BG != own.BG || now.FG != own.FG {
		s.t.Errorf("the terminal's colours are %v on %v, its own are %v on %v", now.FG, now.BG, own.FG, own.BG)
	}
}

// TestSuspend: ctrl-z gives the shell its terminal back, and fg the program its screen, colours included.
func TestSuspend(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("there is no job control")
	}
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("there is no bash to be suspended to")
	}
	inputrc := save(t, t.TempDir()+"/inputrc", "set enable-bracketed-paste off\n", 0o600) // else bash sets mode 2004
	env := append(home(t), "INPUTRC="+inputrc, "PS1=prompt> ", "CX="+binary, "FLOWS="+sessionFile(t, 0, 20, indexed))
	s := openScreen(t, terminal.Options{Cmd: bash, Env: env, Scheme: terminal.Light}, "--norc", "--noprofile", "-i")
	s.shows("prompt>")
	s.enter(`"$CX" open --theme nord "$FLOWS"`)
	s.shows("20 here")
	s.until(func(sc terminal.Screen) bool { return sc.Scheme.BG != terminal.Light.BG })
	ground := s.Screen().Scheme.BG
	s.press("V") // the list shows another ground while it is open
	s.shows("themes", "❯ nord")
	s.press("up")
	s.until(func(sc terminal.Screen) bool { return sc.Scheme.BG != ground })
	s.press("ctrl+z")
	s.shows("Stopped")
	s.restored()
	s.ownColours(terminal.Light)
	s.enter("echo in the $((40+2))nd shell")
	s.shows("in the 42nd shell")
	s.enter("fg")
	s.until(func(sc terminal.Screen) bool {
		return sc.AltScreen && sc.Contains("20 here") && sc.Contains("❯ light")
	})
	if bg := s.Screen().Scheme.BG; bg == ground {
		t.Errorf("the theme that was looked at is gone: the ground is %v", bg)
	}
	s.press("esc")
	s.until(func(sc terminal.Screen) bool { return sc.Scheme.BG == ground })
	s.ask("udp")
	s.shows("8 here")
	s.press("q")
	s.hides("8 here")
	s.enter("echo code $? of $((1+1))")
	s.shows("code 0 of 2")
	s.restored()
	s.ownColours(terminal.Light)
	s.enter("exit")
	s.ends(exitFine)
}

// TestKilled: a program that could not give its terminal back, by a signal that nothing can catch or a failure of the
// runtime, leaves it as it was all the same, and the shell goes on.
func TestKilled(t *testing.T) {
	t.Parallel()
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("there is no bash to come back to")
	}
	for name, c := range map[string]struct {
		sig  syscall.Signal
		says string
	}{"SIGKILL": {syscall.SIGKILL, "cxlens was ended from outside; the terminal is as it was"}, "SIGABRT": {syscall.SIGABRT, "cxlens failed; the terminal is as it was"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			inputrc := save(t, dir+"/inputrc", "set enable-bracketed-paste off\n", 0o600) // else bash sets mode 2004
			pid := dir + "/pid"
			env := append(home(t), "INPUTRC="+inputrc, "PS1=prompt> ", "CX="+binary, "PID="+pid, "FLOWS="+sessionFile(t, 0, 20, indexed))
			s := openScreen(t, terminal.Options{Cmd: bash, Env: env, Scheme: terminal.Light}, "--norc", "--noprofile", "-i")
			s.shows("prompt>")
			s.enter(`sh -c 'echo $$ > "$PID"; exec "$CX" open --theme nord "$FLOWS"'`)
			s.shows("20 here")
			s.until(func(sc terminal.Screen) bool { return sc.AltScreen && sc.Scheme.BG != terminal.Light.BG })
			text, err := os.ReadFile(pid)
			if err != nil {
				t.Fatal(err)
			}
			n, err := strconv.Atoi(strings.TrimSpace(string(text)))
			if err != nil {
				t.Fatal(err)
			}
			if err := syscall.Kill(n, c.sig); err != nil {
				t.Fatal(err)
			}
			s.shows(c.says)
			s.restored()
			s.ownColours(terminal.Light)
			s.enter("clear; echo in the $((40+2))nd shell")
			s.shows("in the 42nd shell")
			for began := time.Now(); processesWith(t, env[0]) != 1; time.Sleep(time.Millisecond) { // bash is one
				if time.Since(began) > patience {
					t.Fatal("processes are left")
				}
			}
		})
	}
}
