package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// binary is the program that the tests drive in a terminal and as separate processes.
var binary string

func TestMain(m *testing.M) {
	if report := os.Getenv(soakReport); report != "" {
		os.Exit(runReporting(report))
	}
	dir, err := os.MkdirTemp("", "cxlens-e2e-")
	if err == nil {
		binary = filepath.Join(dir, "cxlens")
		var out []byte
		if out, err = exec.Command("go", build(binary, dir)...).CombinedOutput(); err != nil {
			err = fmt.Errorf("%w\n%s", err, out)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "build the program:", err)
		os.Exit(1)
	}
	// These tests wait more than they compute; a -parallel on the command line wins.
	if err := flag.Set("test.parallel", "6"); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	code := m.Run()
	if races := racesOf(dir); races != "" {
		fmt.Fprintln(os.Stderr, races)
		code = 1
	}
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

// TestScripts runs the commands that need no screen, as a shell script would.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"status": status, "serve": serve,
		},
		Setup: func(env *testscript.Env) error {
			root, err := filepath.Abs("../..")
			if err != nil {
				return err
			}
			env.Setenv("SESSIONS", filepath.Join(root, "testdata", "cxtracker"))
			env.Setenv("SAMPLE", filepath.Join(root, "testdata", "sample.pcap.zst"))
			env.Setenv("XDG_CONFIG_HOME", filepath.Join(env.WorkDir, "config"))
			env.Setenv("XDG_STATE_HOME", filepath.Join(env.WorkDir, "state"))
			env.Setenv("HOME", env.WorkDir)
			return os.Symlink(binary, filepath.Join(env.WorkDir, "cxlens"))
		},
	})
}

// status runs a command and checks its exit code: status 2 cxlens query.
func status(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: status CODE COMMAND...")
	}
	err := ts.Exec(args[1], args[2:]...)
	code := 0
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		code = exit.ExitCode()
	} else if err != nil {
		ts.Fatalf("%v", err)
	}
	if strconv.Itoa(code) != args[0] {
		ts.Fatalf("exit code %d, want %s", code, args[0])
	}
}

// serve starts a server on free ports and sets $CLIENTS and $NODES to its addresses: serve DIR.
func serve(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: serve DIR")
	}
	log := newFollower()
	cmd := exec.Command(binary, "serve", "--dir", ts.MkAbs(args[0]), "--client-addr", "127.0.0.1:0", "--node-addr", "127.0.0.1:0")
	cmd.Env, cmd.Dir, cmd.Stderr = environ([]string{"HOME=" + ts.Getenv("HOME")}), ts.Getenv("WORK"), log
	ts.Check(cmd.Start())
	ended := make(chan struct{})
	go func() {
		_ = cmd.Wait() // it is killed
		close(ended)
	}()
	ts.Defer(func() {
		_ = cmd.Process.Kill()
		<-ended
	})
	deadline := time.After(patience)
	for {
		text, changed := log.look()
		nodes, clients := listening(text, "nodes"), listening(text, "clients")
		if nodes != "" && clients != "" {
			ts.Setenv("NODES", nodes)
			ts.Setenv("CLIENTS", clients)
			return
		}
		select {
		case <-changed:
		case <-ended:
			ts.Fatalf("the server ended:\n%s", text)
		case <-deadline:
			ts.Fatalf("the server does not listen:\n%s", text)
		}
	}
}

// listening is the address of one of the two ports in a server's log, "" before it is there.
func listening(log, side string) string {
	for l := range strings.Lines(log) {
		if strings.HasSuffix(l, "\n") && strings.Contains(l, "msg=listening for="+side+" ") {
			return field(strings.TrimSuffix(l, "\n"), "addr")
		}
	}
	return ""
}
