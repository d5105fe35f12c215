package main

import (
	"fmt"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestQueryLast: --last counts from now, on files as on a server.
func TestQueryLast(t *testing.T) {
	t.Parallel()
	env := home(t)
	now := time.Now().UTC()
	var lines strings.Builder
	for i, ago := range []time.Duration{10 * time.Minute, 50 * time.Minute, 3 * time.Hour, 30 * time.Hour} {
		start := now.Add(-ago)
		at := start.Format("2006-01-02 15:04:05")
		fmt.Fprintf(&lines, "%d%09d|%s|%s|0|6|10.0.0.1|%d|192.0.2.9|443|1|60|1|60|2|18\n", start.Unix(), i, at, at, 1000+i)
	}
	file := save(t, t.TempDir()+"/sessions", lines.String(), 0o600)
	for last, want := range map[string]int{"15m": 1, "1h": 2, "24h": 3, "7d": 4} {
		out := succeed(t, env, "query", "--open", file, "--output", "csv", "--columns", "src_port", "--order", "src_port", "--last", last, "any")
		ports := []string{"src_port", "1000", "1001", "1002", "1003"}[:want+1]
		if got := strings.Fields(out); !slices.Equal(got, ports) {
			t.Errorf("--last %s: %v, want %v", last, got, ports)
		}
	}
}

// TestQueryPipe: a reader that has seen enough ends the program without a word.
func TestQueryPipe(t *testing.T) {
	t.Parallel()
	file := sessionFile(t, 0, 20_000, indexed)
	p := startPiped(t, "query", "--open", file, "--output", "csv", "any")
	line := make([]byte, 16)
	if _, err := p.out.Read(line); err != nil || !strings.HasPrefix(string(line), "id,start,") {
		t.Fatalf("%q, %v", line, err)
	}
	if err := p.out.Close(); err != nil {
		t.Fatal(err)
	}
	p.awaits()
	if text, _ := p.log.look(); text != "" {
		t.Errorf("written to standard error: %q", text)
	}
}

// TestQueryInterrupted: ctrl-c ends a query that waits for its input, with the code that shells know.
func TestQueryInterrupted(t *testing.T) {
	t.Parallel()
	p := startPiped(t, "query", "--open", "-", "any")
	if _, err := fmt.Fprint(p.in, sessions(0, 50_000, indexed)); err != nil { // more than any buffer: it is being read
		t.Fatal(err)
	}
	p.signal(syscall.SIGINT)
	p.ends(exitInterrupted)
}
