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
	s.reads("no-such-folder/out.csv: no such file or directory (make the folder first)")
	s.exportTo("/dev/full/out.csv")
	s.reads("/dev/full/out.csv: not a directory")
	s.press("esc")
	s.hides("export 20 rows")
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v (%v)", left, err)
	}
}

// TestExportWholeMatch: more than the limit brought comes from the server, in the order of the tab, and is what query prints.
func TestExportWholeMatch(t *testing.T) {
	t.Parallel()
	file, env, dir := sessionFile(t, 0, 3000, indexed), home(t), t.TempDir()
	s := openScreen(t, terminal.Options{Env: env, Dir: dir}, "open", file)
	s.shows("3,000 here")
	s.press("L", "ctrl+u")
	s.enter("all limit 50")
	s.shows("50 here")
	s.press("right", "right", "right", "s") // by source
	s.shows("sort src_ip")
	path := filepath.Join(dir, "all.csv")
	s.press("x", "tab", "down", "space")
	s.shows("export the whole match, 3,000 rows, from the server")
	s.press("up")
	s.exportTo(path)
	s.shows("wrote 3,000 rows to ")
	want := succeed(t, env, "query", "--open", file, "--output", "csv", "--order", "src_ip", "any")
	if got := read(t, path); got != want {
		t.Errorf("%d lines that differ from the %d of query", strings.Count(got, "\n"), strings.Count(want, "\n"))
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
		t.Errorf("left behind: %v (%v)", left, err)
	}
}

// TestSafeCSV: names that a spreadsheet would run are neutralised when asked, numbers stay, and the clipboard gets few rows.
func TestSafeCSV(t *testing.T) {
	t.Parallel()
	line := strings.Replace(session(0, indexed), "pcap.", "=cmd|' /C calc'!A0 pcap.", 1)
	line = strings.Replace(line, "|' /C", " /C", 1)
	file := save(t, filepath.Join(t.TempDir(), "stats.eth1.1795161600"), line, 0o600)
	s := openScreen(t, terminal.Options{}, "open", file)
	s.shows("1 here")
	s.press("x", "tab", "down", "down", "down", "space", "down", "space")
	s.shows("neutralised", "the clipboard")
	s.press("enter")
	s.shows("copied 1 row as safe-csv")
	env := home(t)
	want := succeed(t, env, "query", "--open", file, "--output", "csv", "--safe-csv", "any")
	s.clips(func(clip string) bool {
		return strings.Contains(clip, ",'=cmd /C calc'!A0 pcap.") && !strings.Contains(clip, ",=cmd")
	})
	if !strings.Contains(want, ",'=cmd /C calc'!A0 pcap.") {
		t.Errorf("printed\n%s", want)
	}
	plain := succeed(t, env, "query", "--open", file, "--output", "csv", "any")
	if !strings.Contains(plain, ",=cmd /C calc'!A0 pcap.") {
		t.Errorf("neutralised though nobody asked:\n%s", plain)
	}
	if o := runProgram(t, env, "query", "--open", file, "--output", "jsonl", "--safe-csv", "any"); o.code != exitUsage || !strings.Contains(o.stderr, "--safe-csv is for --output csv") {
		t.Errorf("exit code %d: %s", o.code, o.stderr)
	}
}
