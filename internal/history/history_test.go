package history

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

var clock = time.Date(2026, 11, 22, 13, 58, 7, 123456000, time.UTC)

// at is an entry of a query that was run so many seconds after the clock.
func at(seconds int, query string) Entry {
	return Entry{
		Time: clock.Add(time.Duration(seconds) * time.Second), Query: query, Span: "last 24h", Server: "lab:10201", Outcome: "done",
		Matched: uint64(seconds), Took: time.Duration(seconds) * time.Millisecond,
	}
}

func queries(entries []Entry) []string {
	out := make([]string, len(entries))
	for i, e := range entries {
		out[i] = e.Query
	}
	return out
}

func store(t testing.TB) *Store {
	t.Helper()
	return NewStore(filepath.Join(t.TempDir(), "state", "cxlens", "history"))
}

func add(t testing.TB, s *Store, entries ...Entry) {
	t.Helper()
	for _, e := range entries {
		if err := s.Add(e); err != nil {
			t.Fatal(err)
		}
	}
}

func load(t testing.TB, s *Store) (entries []Entry, damaged int) {
	t.Helper()
	entries, damaged, err := s.Load()
	if err != nil {
		t.Fatal(err)
	}
	return entries, damaged
}

func TestEmptyHistory(t *testing.T) {
	if got, damaged := load(t, store(t)); len(got) != 0 || damaged != 0 {
		t.Errorf("got %v, %d damaged", got, damaged)
	}
}

func TestNewestRunOfEveryQueryIsKept(t *testing.T) {
	s := store(t)
	add(t, s, at(1, "tcp"), at(2, "udp"), at(3, " tcp "), at(4, ""))
	got, _ := load(t, NewStore(s.Path()))
	want := []Entry{at(4, "any"), at(3, "tcp"), at(2, "udp")}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestOnlyTheOwnerMayReadIt(t *testing.T) {
	s := store(t)
	add(t, s, at(1, "tcp"))
	for path, want := range map[string]fs.FileMode{s.Path(): 0o600, filepath.Dir(s.Path()): 0o700 | fs.ModeDir} {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode() != want {
			t.Errorf("%s is %v, want %v", path, info.Mode(), want)
		}
	}
}

func TestDamagedLinesAreSkippedAndCounted(t *testing.T) {
	s := store(t)
	add(t, s, at(1, "tcp"), at(2, "udp"))
	data, err := os.ReadFile(s.Path())
	if err != nil {
		t.Fatal(err)
	}
	bad := "\x00\xff\n\n{}\n{\"query\":\"icmp\",\"took_us\":-1}\n[1]\n{\"time\":\"2026-11-22T13:58:07Z\",\"query\":\"" + strings.Repeat("x", MaxQuery+1) + "\"}\n"
	torn := `{"time":"2026-11-22T13:58:`
	if err := os.WriteFile(s.Path(), slices.Concat([]byte(bad), data, []byte(torn)), 0o600); err != nil {
		t.Fatal(err)
	}
	got, damaged := load(t, s)
	if fmt.Sprint(queries(got)) != "[udp tcp]" || damaged != 6 {
		t.Errorf("got %v, %d damaged", queries(got), damaged)
	}
	// What follows a torn line is whole all the same.
	add(t, s, at(3, "icmp"))
	if got, damaged := load(t, s); fmt.Sprint(queries(got)) != "[icmp udp tcp]" || damaged != 6 {
		t.Errorf("got %v, %d damaged", queries(got), damaged)
	}
}

func TestFileIsBounded(t *testing.T) {
	s := store(t)
	var text []byte
	var err error
	for i := range MaxEntries + Slack - 1 {
		if text, err = appendLine(text, at(i, "port "+strconv.Itoa(i))); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll(filepath.Dir(s.Path()), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(s.Path(), text, 0o600); err != nil {
		t.Fatal(err)
	}
	last := MaxEntries + Slack
	add(t, s, at(last, "a"))
	if n := lines(t, s); n != MaxEntries+Slack {
		t.Fatalf("%d lines before the bound, want %d", n, MaxEntries+Slack)
	}
	add(t, s, at(last+1, "b"))
	if n := lines(t, s); n != MaxEntries {
		t.Errorf("%d lines after the bound, want %d", n, MaxEntries)
	}
	got, _ := load(t, s)
	if len(got) != MaxEntries || got[0].Query != "b" || got[1].Query != "a" || got[MaxEntries-1].Query != "port "+strconv.Itoa(Slack-1+2) {
		t.Errorf("%d entries from %q to %q", len(got), got[0].Query, got[len(got)-1].Query)
	}
	if info, err := os.Stat(s.Path()); err != nil || info.Mode() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}

func lines(t *testing.T, s *Store) int {
	t.Helper()
	data, err := os.ReadFile(s.Path())
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Count(data, []byte{'\n'})
}

func TestHugeFileIsReadFromItsEnd(t *testing.T) {
	s := store(t)
	add(t, s, at(1, "tcp"))
	line, err := appendLine(nil, at(2, "udp"))
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(s.Path(), os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteAt(append([]byte("\n"), line...), maxFile); err != nil { // before it the file is a hole
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if got, _ := load(t, s); fmt.Sprint(queries(got)) != "[udp]" {
		t.Errorf("got %v", queries(got))
	}
	add(t, s, at(3, "icmp"))
	if n := lines(t, s); n != 2 {
		t.Errorf("%d lines, want 2", n)
	}
}

func TestErrorsNameTheFile(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	fifo := filepath.Join(dir, "fifo")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{dir, filepath.Join(file, "history"), fifo} {
		s := NewStore(path)
		if err := s.Add(at(1, "tcp")); err == nil || !strings.Contains(err.Error(), filepath.Base(dir)) {
			t.Errorf("%s: add: %v", path, err)
		}
		if _, _, err := s.Load(); err == nil || !strings.Contains(err.Error(), "read the history") {
			t.Errorf("%s: load: %v", path, err)
		}
	}
}

func TestWhatCannotBeKeptIsRefused(t *testing.T) {
	s := store(t)
	for name, e := range map[string]Entry{"not UTF-8": at(1, "node \xff"), "too long": at(1, strings.Repeat("x", MaxQuery+1)), "year": {Query: "tcp", Time: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)}} {
		if err := s.Add(e); err == nil {
			t.Errorf("%s was kept", name)
		}
		var l List
		if l.Add(e); l.Len() != 0 {
			t.Errorf("%s is in the list", name)
		}
	}
}

// TestMain lets the test's own binary be one of several programs that keep their history.
func TestMain(m *testing.M) {
	if path := os.Getenv("CXLENS_TEST_HISTORY"); path != "" {
		os.Exit(writer(path, os.Getenv("CXLENS_TEST_WRITER")))
	}
	os.Exit(m.Run())
}

const perWriter = 60

// writer keeps perWriter entries; name tells them from those of others.
func writer(path, name string) int {
	s := NewStore(path)
	for i := range perWriter {
		if err := s.Add(at(i, "node "+name+strconv.Itoa(i))); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
	}
	return 0
}

// TestSeveralProgramsAtOnce: nothing is lost, and nothing is torn, also while the file is written anew.
func TestSeveralProgramsAtOnce(t *testing.T) {
	s := store(t)
	var text []byte
	var err error
	for range MaxEntries + Slack - perWriter { // the file is written anew in between
		if text, err = appendLine(text, at(0, "tcp")); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll(filepath.Dir(s.Path()), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(s.Path(), text, 0o600); err != nil {
		t.Fatal(err)
	}
	cmds := make([]*exec.Cmd, 4)
	for i := range cmds {
		cmds[i] = exec.CommandContext(t.Context(), os.Args[0])
		cmds[i].Env = append(os.Environ(), "CXLENS_TEST_HISTORY="+s.Path(), "CXLENS_TEST_WRITER="+string(rune('a'+i)))
		cmds[i].Stderr = os.Stderr
		if err := cmds[i].Start(); err != nil {
			t.Fatal(err)
		}
	}
	for _, cmd := range cmds {
		if err := cmd.Wait(); err != nil {
			t.Error(err)
		}
	}
	got, damaged := load(t, s)
	if want := len(cmds)*perWriter + 1; len(got) != want || damaged != 0 {
		t.Errorf("%d entries and %d damaged lines, want %d and none", len(got), damaged, want)
	}
	if n := lines(t, s); n > MaxEntries {
		t.Errorf("%d lines: the file was not written anew", n)
	}
}

// TestLockThatIsHeldIsAnError and not a wait without end.
func TestLockThatIsHeldIsAnError(t *testing.T) {
	s := store(t)
	add(t, s, at(1, "tcp"))
	unlock, err := lock(s.Path() + ".lock")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tryLock(s.Path() + ".lock"); err != errHeld {
		t.Errorf("a held lock was taken: %v", err)
	}
	unlock()
	add(t, s, at(2, "udp"))
}

// TestStoreIsItsModel: the file gives back what a list that lives on has.
func TestStoreIsItsModel(t *testing.T) {
	dir := t.TempDir()
	files := 0
	rapid.Check(t, func(t *rapid.T) {
		files++
		s := NewStore(filepath.Join(dir, strconv.Itoa(files)))
		var model List
		bad := 0
		for i := range rapid.IntRange(0, 30).Draw(t, "steps") {
			switch rapid.IntRange(0, 9).Draw(t, "step") {
			case 0:
				f, err := os.OpenFile(s.Path(), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
				if err != nil {
					t.Fatal(err)
				}
				if _, err := f.WriteString("\n{damage\n"); err != nil {
					t.Fatal(err)
				}
				if err := f.Close(); err != nil {
					t.Fatal(err)
				}
				bad++
			case 1:
				s = NewStore(s.Path())
			default:
				e := at(rapid.IntRange(0, 50).Draw(t, "seconds"), rapid.OneOf(rapid.SampledFrom([]string{"tcp", "udp", " udp", ""}), rapid.String()).Draw(t, "query"))
				e.Matched = uint64(i)
				model.Add(e)
				if err := s.Add(e); err != nil {
					t.Fatal(err)
				}
			}
		}
		got, damaged, err := s.Load()
		if err != nil || damaged != bad {
			t.Fatalf("%d damaged lines, want %d; %v", damaged, bad, err)
		}
		if diff := cmp.Diff(model.Entries(), got); diff != "" && len(got)+model.Len() > 0 {
			t.Fatal(diff)
		}
	})
}

// FuzzParse: whatever the file holds, what is read of it can be kept and reads back.
func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"time":"2026-11-22T13:58:07Z","query":"tcp","matched":3,"took_us":5}`+"\n"), false)
	f.Add([]byte("\n\n{}\nx"), true)
	f.Fuzz(func(t *testing.T, data []byte, cut bool) {
		entries, damaged := parse(data, cut)
		if most := bytes.Count(data, []byte{'\n'}) + 1; len(entries)+damaged > most {
			t.Fatalf("%d entries and %d damaged of %d lines", len(entries), damaged, most)
		}
		for _, e := range entries {
			text, err := appendLine(nil, e)
			if err != nil {
				t.Fatal(err)
			}
			again, damaged := parse(text, false)
			if len(again) != 1 || damaged != 0 || again[0] != e {
				t.Fatalf("%+v reads back as %+v", e, again)
			}
		}
	})
}
