package profile

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func put(t *testing.T, dir, file, text string) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func entry(t *testing.T, s Store, name string) Entry {
	t.Helper()
	e, err := s.Get(name)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func newStore(t *testing.T) Store {
	t.Helper()
	dir := t.TempDir()
	return Store{Dir: filepath.Join(dir, "own"), Further: []string{filepath.Join(dir, "team"), filepath.Join(dir, "none")}, MarksFile: filepath.Join(dir, "favourites.toml")}
}

func TestShipped(t *testing.T) {
	entries, damaged := Store{}.List()
	if len(entries) != 10 || len(damaged) > 0 {
		t.Fatalf("%d profiles, %v", len(entries), damaged)
	}
	for _, e := range entries {
		if e.Origin != Shipped || e.Description == "" || len(e.Unknown()) > 0 || CheckName(e.Name) != nil {
			t.Errorf("%s: %+v", e.Name, e)
		}
		asks, err := e.Asks()
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range asks {
			if a.Default == "" || a.Prompt == a.Name {
				t.Errorf("%s: ?%s has no default or no prompt", e.Name, a.Name)
			}
		}
		if _, err := e.Bind(nil, map[string]string{"internal": "[10.0.0.0/8]"}, now); err != nil {
			t.Errorf("%s: %v", e.Name, err)
		}
	}
}

func TestListOrder(t *testing.T) {
	s := newStore(t)
	put(t, s.Dir, "scans.toml", `query = "port 1"`)
	put(t, s.Further[0], "scans.toml", `query = "port 2"`)
	put(t, s.Further[0], "team.toml", `query = "port 3"`)
	put(t, s.Further[0], "bad.toml", `query = "prot 3"`)
	put(t, s.Further[0], "My Own.toml", `query = "port 3"`)
	put(t, s.Further[0], "notes.txt", `hello`)
	entries, damaged := s.List()
	var got []string
	for _, e := range entries {
		if e.Origin != Shipped {
			got = append(got, e.Name+" "+e.Origin.String()+" "+e.Query)
		}
	}
	if !slices.Equal(got, []string{"scans own port 1", "team shared port 3"}) || len(entries) != 11 {
		t.Errorf("%q of %d", got, len(entries))
	}
	text := errors.Join(damaged...).Error()
	if len(damaged) != 2 || !strings.Contains(text, "bad.toml: query: column 1") || !strings.Contains(text, `My Own.toml: the profile name`) {
		t.Errorf("damaged: %v", damaged)
	}
	if e, err := s.Get("team"); err != nil || e.Origin != Further {
		t.Errorf("%v, %v", e, err)
	}
	if _, err := s.Get("bad"); err == nil || !strings.Contains(err.Error(), "bad.toml: query: ") {
		t.Errorf("%v", err)
	}
	if _, err := s.Get("nothing"); !errors.Is(err, ErrNotFound) || !strings.Contains(err.Error(), "beacons") {
		t.Errorf("%v", err)
	}
}

func TestNames(t *testing.T) {
	for _, name := range []string{"", ".", "..", "../x", "a/b", `a\b`, "/etc/passwd", ".hidden", "a.", "-a", "A", "a b", "ä", "con", "nul.x", "a\x00b", strings.Repeat("a", 65)} {
		if CheckName(name) == nil {
			t.Errorf("the name %q was accepted", name)
		}
		s := newStore(t)
		if err := s.Save(name, &Profile{Query: "any"}, true); err == nil {
			t.Errorf("%q was saved", name)
		}
		if _, err := s.Get(name); err == nil {
			t.Errorf("%q was found", name)
		}
	}
	for _, name := range []string{"a", "ssh-from-outside", "v1.2_x", "9"} {
		if err := CheckName(name); err != nil {
			t.Error(err)
		}
	}
}

func TestSaveRenameDelete(t *testing.T) {
	s := newStore(t)
	p := &Profile{Query: "port 53", Description: "mine"}
	if err := s.Save("scans", p, false); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(s.path("scans"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	if err := s.Save("scans", &Profile{Query: "port 54"}, false); !errors.Is(err, ErrExists) {
		t.Errorf("saved over it: %v", err)
	}
	if err := s.Save("scans", &Profile{Query: "port 55"}, true); err != nil {
		t.Error(err)
	}
	if err := s.Duplicate("beacons", "calls"); err != nil {
		t.Error(err)
	}
	if err := s.Rename("scans", "calls"); !errors.Is(err, ErrExists) {
		t.Errorf("renamed over another: %v", err)
	}
	if err := s.Rename("scans", "lookups"); err != nil {
		t.Error(err)
	}
	if e, err := s.Get("scans"); err != nil || e.Origin != Shipped {
		t.Errorf("behind a renamed one: %+v, %v", e, err)
	}
	if e, err := s.Get("lookups"); err != nil || e.Query != "port 55" {
		t.Errorf("%+v, %v", e, err)
	}
	if err := s.Delete(entry(t, s, "lookups")); err != nil {
		t.Error(err)
	}
	files, err := os.ReadDir(s.Dir)
	if err != nil || len(files) != 1 || files[0].Name() != "calls.toml" {
		t.Errorf("left: %v, %v", files, err)
	}
}

func TestReadOnlyProfiles(t *testing.T) {
	s := newStore(t)
	put(t, s.Further[0], "team.toml", `query = "port 3"`)
	for _, name := range []string{"team", "scans"} {
		if err := s.Delete(entry(t, s, name)); err == nil || !strings.Contains(err.Error(), "cannot be changed") {
			t.Errorf("delete %s: %v", name, err)
		}
		if err := s.Rename(name, "x"); err == nil || !strings.Contains(err.Error(), "cannot be changed") {
			t.Errorf("rename %s: %v", name, err)
		}
	}
	if err := s.Delete(Entry{Name: "nothing"}); !errors.Is(err, ErrNotFound) {
		t.Errorf("%v", err)
	}
}

// TestSaveOnce: of several programs that save a new name at once, one wins and the others are told.
func TestSaveOnce(t *testing.T) {
	s := newStore(t)
	got := make(chan error)
	for range 8 {
		go func() { got <- s.Save("mine", &Profile{Query: "any"}, false) }()
	}
	saved := 0
	for range 8 {
		switch err := <-got; {
		case err == nil:
			saved++
		case !errors.Is(err, ErrExists):
			t.Error(err)
		}
	}
	if saved != 1 {
		t.Errorf("saved %d times", saved)
	}
}

func TestOddFiles(t *testing.T) {
	s := newStore(t)
	put(t, s.Dir, "large.toml", strings.Repeat("#", MaxFile+1))
	if err := os.Mkdir(filepath.Join(s.Dir, "folder.toml"), 0o700); err != nil {
		t.Fatal(err)
	}
	_, damaged := s.List()
	if text := errors.Join(damaged...).Error(); !strings.Contains(text, "large.toml is larger") || !strings.Contains(text, "folder.toml is not a regular file") {
		t.Errorf("%v", damaged)
	}
}

// TestChangedMeanwhile: what another program wrote since the profile was read is not lost unawares.
func TestChangedMeanwhile(t *testing.T) {
	s := newStore(t)
	if err := s.Save("mine", &Profile{Query: "port 1"}, false); err != nil {
		t.Fatal(err)
	}
	was := entry(t, s, "mine")
	put(t, s.Dir, "mine.toml", `query = "port 2"`)
	for _, err := range []error{s.Replace(was, &Profile{Query: "port 3"}), s.Delete(was)} {
		if !errors.Is(err, ErrChanged) || !strings.Contains(err.Error(), "mine.toml") {
			t.Errorf("got %v", err)
		}
	}
	if e := entry(t, s, "mine"); e.Query != "port 2" {
		t.Errorf("the other program's is lost: %s", e.Query)
	}
	put(t, s.Dir, "mine.toml", `damaged`)
	if err := s.Replace(was, &Profile{Query: "port 3"}); !errors.Is(err, ErrChanged) {
		t.Errorf("a damaged file was replaced: %v", err)
	}
	if err := os.Remove(s.path("mine")); err != nil {
		t.Fatal(err)
	}
	if err := s.Replace(was, &Profile{Query: "port 3"}); !errors.Is(err, ErrChanged) {
		t.Errorf("a deleted one came back: %v", err)
	}
	if err := s.Save("mine", &Profile{Query: "port 4"}, false); err != nil {
		t.Fatal(err)
	}
	if err := s.Replace(entry(t, s, "mine"), &Profile{Query: "port 5"}); err != nil {
		t.Error(err)
	}
	if e := entry(t, s, "mine"); e.Query != "port 5" {
		t.Errorf("replaced: %s", e.Query)
	}
}

// TestRenameKeepsTheFile: comments and all.
func TestRenameKeepsTheFile(t *testing.T) {
	s := newStore(t)
	const text = "# a comment\nquery = \"port 1\"\n"
	put(t, s.Dir, "a.toml", text)
	if err := s.Rename("a", "b"); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(s.path("b"))
	if err != nil || string(data) != text {
		t.Errorf("%q, %v", data, err)
	}
	for _, bad := range []string{"", "../b", "B"} {
		if err := s.Rename("b", bad); err == nil {
			t.Errorf("renamed to %q", bad)
		}
	}
}
