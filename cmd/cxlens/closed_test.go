package main

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"
)

// TestTerminalClosed: a terminal that is closed ends the program, also where the one that started it keeps the hangup
// from it.
func TestTerminalClosed(t *testing.T) {
	t.Parallel()
	for name, way := range map[string]string{"screen": "open", "aloud": "open --accessible"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := home(t)
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			cmd := exec.CommandContext(ctx, "sh", "-c", `trap "" HUP; "$CX" `+way+` "$FLOWS"; exit 7`)
			cmd.Env = environ(append(env, "CX="+binary, "FLOWS="+sessionFile(t, 0, 20, indexed), "TERM=xterm-256color"))
			tty, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 30, Cols: 110})
			if err != nil {
				t.Fatal(err)
			}
			shown(t, tty, "20 matched")
			tty.Close()
			if err := cmd.Wait(); cmd.ProcessState.ExitCode() != 7 {
				t.Errorf("the shell ended with %v", err)
			}
			for began := time.Now(); processesWith(t, env[0]) != 0; time.Sleep(time.Millisecond) {
				if time.Since(began) > patience {
					t.Fatal("processes are left")
				}
			}
		})
	}
}

// shown reads what is written to a terminal until text comes.
func shown(t *testing.T, tty *os.File, text string) {
	t.Helper()
	if err := tty.SetReadDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	buf := make([]byte, 4096)
	for !strings.Contains(all.String(), text) {
		n, err := tty.Read(buf)
		all.Write(buf[:n])
		if err != nil {
			t.Fatalf("%q does not come (%v): %q", text, err, all.String())
		}
	}
}
