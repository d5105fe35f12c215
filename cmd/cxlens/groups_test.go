package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"cxlens/internal/terminal"
)

// TestGroupsOfRefinedRows: groups of the refined rows, of the match and of the rows here, sorted by their values, in a
// file, and after the next start as they were.
func TestGroupsOfRefinedRows(t *testing.T) {
	t.Parallel()
	file, env := sessionFile(t, 0, 300, indexed), home(t)
	tcp := len(tally(t, env, file, "id", "tcp"))
	s := openScreen(t, terminal.Options{Env: env, Cols: 120}, "open", file)
	s.shows("300 matched", "300 here")
	s.press("ctrl+t")
	s.enter("any")
	s.shows("2 any", "300 matched", "300 here")
	s.press("/")
	s.enter("tcp")
	s.shows(fmt.Sprintf("%d of 300 here refined by tcp", tcp))
	s.press("A")
	s.enter("src_port")
	s.shows("groups src_port", fmt.Sprintf("of all %d matches refined by tcp", tcp))
	s.press("w")
	s.shows("of all 300 matches")
	s.press("w")
	s.shows(fmt.Sprintf("of the %d refined rows here", tcp))
	s.press("left", "s", "s")
	s.shows("SRC_PORT▼")
	s.press("x", "ctrl+u")
	out := filepath.Join(t.TempDir(), "groups.csv")
	s.enter(out)
	s.shows("wrote ")
	lines := strings.Split(strings.TrimSpace(read(t, out)), "\n")
	if len(lines) != len(tally(t, env, file, "src_port", "tcp"))+1 || lines[0] != "src_port,flows,bytes,packets,share,first,last" {
		t.Errorf("%d lines, the first %s", len(lines), lines[0])
	}
	s.press("q")
	s.ends(exitFine)
	s = openScreen(t, terminal.Options{Env: env, Cols: 120}, "open", file)
	s.shows("2 tabs were open the last time")
	s.press("ctrl+o")
	s.shows("SRC_PORT▼", fmt.Sprintf("of the %d refined rows here", tcp), "following new flows") // quitting would ask while it runs
	s.press("q")
	s.ends(exitFine)
}
