package main

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"cxlens/internal/terminal"
)

// sampleFlows is how many flows the program meters from the bundled capture.
func sampleFlows(t *testing.T) int {
	t.Helper()
	sample, err := filepath.Abs("../../testdata/sample.pcap.zst")
	if err != nil {
		t.Fatal(err)
	}
	out := succeed(t, home(t), "query", "--open", sample, "--output", "csv", "--columns", "id", "any")
	return strings.Count(out, "\n") - 1
}

// exactly is a number as the screen writes counts.
func exactly(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// TestDemo: one command later the sample is on the screen, its node is online, and nothing is left of it in the end.
func TestDemo(t *testing.T) {
	t.Parallel()
	flows := sampleFlows(t)
	if flows < 100 {
		t.Fatalf("the sample has %d flows", flows)
	}
	env, dir := home(t), t.TempDir()
	began := time.Now()
	s := openScreen(t, terminal.Options{Env: env, Dir: dir}, "demo")
	s.shows("analyst@embedded", "● online")
	loggedIn := time.Since(began)
	s.shows(exactly(flows) + " here")
	s.until(func(sc terminal.Screen) bool { return len(flowRows(sc)) >= 30 })
	rows := time.Since(began)
	s.until(func(sc terminal.Screen) bool {
		return strings.Contains(line(sc, "● lab"), "online")
	})
	node := time.Since(began)
	t.Logf("logged in after %v, %d flows after %v, node online in the pane after %v", loggedIn, flows, rows, node)
	if n := processesWith(t, env[0]); n != 2 {
		t.Errorf("%d processes run, want the program and the guard of its terminal", n)
	}
	s.press("q")
	s.ends(exitFine)
	s.restored()
	if n := processesWith(t, env[0]); n != 0 {
		t.Errorf("%d processes are left", n)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("the working directory has %v (%v)", left, err)
	}
}
