package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cxlens/internal/terminal"
)

// exportTo types a path into the export box.
func (s *screen) exportTo(path string) {
	s.t.Helper()
	s.press("ctrl+u")
	s.enter(path)
}

// TestExport: the file has what `query` prints for the same flows, and an existing file is replaced only when asked to.
func TestExport(t *testing.T) {
	t.Parallel()
	file, env, dir := sessionFile(t, 0, 300, indexed), home(t), t.TempDir()
	s := openScreen(t, terminal.Options{Env: env, Dir: dir}, "open", file)
	s.shows("300 here")
	s.ask("src bytes >= 200")
	s.shows("200 matched · 200 here")

	path := filepath.Join(dir, "out.csv")
	s.press("x")
	s.shows("export 200 rows in their present order", filepath.Join(filepath.Base(dir), "cxlens-"), "shown columns")
	s.press("tab")
	s.shows("all columns")
	s.exportTo(path)
	s.shows("wrote 200 rows to ")
	want := succeed(t, env, "query", "--open", file, "--output", "csv", "--order", "-start", "src bytes >= 200")
	if got := read(t, path); got != want || strings.Count(want, "\n") != 201 {
		t.Errorf("%d lines that differ from the %d of query:\n%.300s\n%.300s", strings.Count(got, "\n"), strings.Count(want, "\n"), got, want)
	}

	s.ask("src bytes < 103")
	s.shows("3 matched · 3 here")
	s.press("x")
	s.shows("export 3 rows")
	s.exportTo(path)
	s.shows("out.csv exists. Replace it?")
	s.press("n")
	s.hides("exists. Replace it?")
	if read(t, path) != want {
		t.Error("the file was changed though the answer was no")
	}
	s.press("enter")
	s.shows("out.csv exists. Replace it?")
	s.press("y")
	s.shows("wrote 3 rows to ")
	if got := read(t, path); strings.Count(got, "\n") != 4 || !strings.HasPrefix(got, "start,duration,proto,src_ip,") {
		t.Errorf("after yes:\n%s", got)
	}
}

// TestExportForms: the ending chooses the form, and another one is refused with the ones that there are.
func TestExportForms(t *testing.T) {
	t.Parallel()
	file, env, dir := sessionFile(t, 0, 20, indexed), home(t), t.TempDir()
	s := openScreen(t, terminal.Options{Env: env, Dir: dir}, "open", file)
	s.shows("20 here")
	s.press("x")
	s.shows("export 20 rows")
	s.exportTo(filepath.Join(dir, "out.xlsx"))
	s.shows("✗", ".jsonl")
	s.press("tab")
	s.exportTo(filepath.Join(dir, "out.jsonl"))
	s.shows("wrote 20 rows to ")
	want := succeed(t, env, "query", "--open", file, "--output", "jsonl", "--order", "-start", "any")
	if got := read(t, filepath.Join(dir, "out.jsonl")); got != want {
		t.Errorf("not what query prints:\n%.400s\n%.400s", got, want)
	}
}

// TestExportNowhere: a place that cannot be written is named, and nothing is left there.
func TestExportNowhere(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := openSessions(t, terminal.Options{Dir: dir}, 20)
	s.press("x")
	s.shows("export 20 rows")
	s.exportTo(filepath.Join(dir, "no-such-folder", "out.csv"))
	s.shows("✗", "no-such-folder", "no such file or directory")
	s.exportTo("/dev/full/out.csv")
	s.shows("✗", "/dev/full/out.csv", "not a directory")
	s.press("esc")
	s.hides("export 20 rows")
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v (%v)", left, err)
	}
}
