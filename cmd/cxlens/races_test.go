package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// watched is the variable that has the race detector watch the program that the tests drive (make race-program).
const watched = "CXLENS_TEST_RACE"

// build are the arguments that build the program. Where it is watched, what is found goes to files in dir: on a
// terminal it would be drawn over.
func build(binary, dir string) []string {
	args := []string{"build", "-o", binary}
	if os.Getenv(watched) != "" {
		args = append(args, "-race")
		_ = os.Setenv("GORACE", "exitcode=0 log_path="+filepath.Join(dir, "race")) // fails for another kind of name only
	}
	return append(args, ".")
}

// racesOf are the reports in dir of a race for something that cxlens itself reads or writes.
func racesOf(dir string) string {
	files, err := filepath.Glob(filepath.Join(dir, "race.*"))
	if err != nil {
		return err.Error()
	}
	var ours []string
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			return err.Error()
		}
		for report := range strings.SplitSeq(string(data), "==================\n") {
			if racesForOurs(report) {
				ours = append(ours, report)
			}
		}
	}
	return strings.Join(ours, "\n")
}

// racesForOurs tells whether one of the two accesses of a report is made by a function of this module.
func racesForOurs(report string) bool {
	lines := strings.Split(report, "\n")
	for i, l := range lines {
		kind, _, ok := strings.Cut(strings.TrimPrefix(strings.ToLower(l), "previous "), " at 0x")
		if !ok || !strings.HasSuffix(kind, "read") && !strings.HasSuffix(kind, "write") {
			continue
		}
		for at := i + 1; at < len(lines); at += 2 { // a function, and its place in a file
			by := strings.TrimSpace(lines[at])
			if strings.HasPrefix(by, "cxlens/") || strings.HasPrefix(by, "main.") {
				return true
			}
			if !strings.HasPrefix(by, "runtime.") { // the runtime's are those of maps and copies
				break
			}
		}
	}
	return false
}

// TestRacesForOurs: a race counts where cxlens makes one of the accesses, and not within a library.
func TestRacesForOurs(t *testing.T) {
	report := func(first, second string) string {
		return "WARNING: DATA RACE\nRead at 0x00c000016168 by goroutine 42:\n  " + first + "()\n      a.go:20 +0x33\n  main.main()\n\n" +
			"Previous write at 0x00c000016168 by goroutine 9:\n  " + second + "()\n      b.go:45 +0x44e\n\nGoroutine 42 (running) created at:\n  cxlens/tui.Run()\n"
	}
	const library = "charm.land/bubbletea/v2.(*Program).checkResize"
	for _, c := range []struct {
		report string
		want   bool
	}{
		{report(library, library), false},
		{report("cxlens/tui.(*model).x", library), true},
		{report(library, "main.run"), true},
		{report("runtime.mapassign()\n      map.go:9 +0x1\n  cxlens/client.(*Client).x", library), true},
		{report("runtime.mapassign()\n      map.go:9 +0x1\n  "+library, library), false},
		{"", false},
	} {
		if got := racesForOurs(c.report); got != c.want {
			t.Errorf("%v of\n%s", got, c.report)
		}
	}
}
