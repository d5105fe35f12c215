package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"cxlens/internal/terminal"
)

var (
	// stepLine is a step of time in a box: how many flows it has.
	stepLine = regexp.MustCompile(`│ [-0-9]+ [:0-9]+ to [:0-9]+ +(\d+) `)
	// stepQuery is the query that a step of time becomes.
	stepQuery = regexp.MustCompile(`❯ (start in \S+ \.\. \S+Z)`)
)

// TestStepsOnTheScreen: the top values of a time are steps of it, a key shows the single ones, the file of the list has
// the ranges, and the step that goes into the query finds the flows that a script finds with it.
func TestStepsOnTheScreen(t *testing.T) {
	t.Parallel()
	file, env := sessionFile(t, 0, 300, indexed), home(t)
	s := openScreen(t, terminal.Options{Env: env, Cols: 120}, "open", file)
	s.shows("300 matched", "300 here")
	s.press("t")
	s.shows("top values: start", " steps of all 300 matches", "v single values")
	s.press("v")
	s.shows("300 values of all 300 matches", "v steps")
	s.press("v")
	s.shows(" steps of all 300 matches")
	flows := 0
	s.until(func(sc terminal.Screen) bool {
		found := stepLine.FindStringSubmatch(sc.String())
		if found != nil {
			flows, _ = strconv.Atoi(found[1])
		}
		return flows > 0
	})
	s.press("x")
	s.shows("to a file")
	path := filepath.Join(t.TempDir(), "steps.csv")
	s.press("ctrl+u")
	s.enter(path)
	s.shows("wrote ")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(data), "\n")
	if !strings.HasPrefix(lines[0], "start_step,flows,") || !regexp.MustCompile(`^\S+Z\.\.\S+Z,`+strconv.Itoa(flows)+`,`).MatchString(lines[1]) {
		t.Errorf("the file has %q and %q, the screen %d flows", lines[0], lines[1], flows)
	}
	s.press("enter")
	s.shows("included start in ")
	s.rowDown()
	s.shows(strconv.Itoa(flows) + " matched")
	expr := ""
	s.until(func(sc terminal.Screen) bool {
		if found := stepQuery.FindStringSubmatch(sc.String()); found != nil {
			expr = found[1]
		}
		return expr != ""
	})
	n := 0
	for _, c := range tally(t, env, file, "id", expr) {
		n += c
	}
	if n != flows {
		t.Errorf("%q finds %d flows, its step has %d", expr, n, flows)
	}
}
