package profile

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func marks(t *testing.T, s Store) Marks {
	t.Helper()
	m, err := s.Marks()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestMarks(t *testing.T) {
	s := newStore(t)
	if m := marks(t, s); m.Start != "" || m.Number("scans") != 0 || m.Number("") != 0 {
		t.Errorf("without a file: %+v", m)
	}
	must(t, s.SetFavourite("scans", 3))
	must(t, s.SetFavourite("beacons", 1))
	must(t, s.SetFavourite("beacons", 3)) // takes the number of scans, and leaves its own
	must(t, s.SetStart("scans"))
	if m := marks(t, s); m.Number("beacons") != 3 || m.Number("scans") != 0 || m.Favourite[1] != "" || m.Start != "scans" {
		t.Errorf("%+v", m)
	}
	info, err := os.Stat(s.MarksFile)
	if err != nil || info.Mode() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	must(t, s.SetFavourite("beacons", 0))
	must(t, s.SetStart(""))
	if m := marks(t, s); m.Number("beacons") != 0 || m.Start != "" {
		t.Errorf("%+v", m)
	}
	for _, n := range []int{-1, 10} {
		if err := s.SetFavourite("scans", n); err == nil {
			t.Errorf("favourite %d", n)
		}
	}
	if err := (Store{}).SetStart("scans"); err == nil || !strings.Contains(err.Error(), "no file to keep") {
		t.Errorf("%v", err)
	}
}

// TestMarksFollow a rename, and go with a profile that is deleted unless one of its name is behind it.
func TestMarksFollow(t *testing.T) {
	s := newStore(t)
	for _, name := range []string{"mine", "scans"} {
		must(t, s.Save(name, &Profile{Query: "any"}, false))
	}
	must(t, s.SetFavourite("mine", 1))
	must(t, s.SetFavourite("scans", 2))
	must(t, s.SetStart("mine"))
	must(t, s.Rename("mine", "ours"))
	if m := marks(t, s); m.Number("ours") != 1 || m.Start != "ours" {
		t.Errorf("after the rename: %+v", m)
	}
	must(t, s.Delete(entry(t, s, "ours")))
	must(t, s.Delete(entry(t, s, "scans")))
	if m := marks(t, s); m.Number("ours") != 0 || m.Start != "" || m.Number("scans") != 2 {
		t.Errorf("after the deletion: %+v", m)
	}
}

func TestMarksOfOthersStay(t *testing.T) {
	s := newStore(t)
	must(t, os.WriteFile(s.MarksFile, []byte("colour = 'red'\n[favourites]\n2 = 'beacons'\n[later]\nx = 1\n"), 0o600))
	must(t, s.SetFavourite("scans", 4))
	data, err := os.ReadFile(s.MarksFile)
	must(t, err)
	for _, part := range []string{`colour = "red"`, `2 = "beacons"`, `4 = "scans"`, "x = 1"} {
		if !strings.Contains(string(data), part) {
			t.Errorf("no %s in\n%s", part, data)
		}
	}
}

func TestDamagedMarksAreNotOverwritten(t *testing.T) {
	for text, want := range map[string]string{
		"x":                                  "favourites.toml: ",
		"[favourites]\n0 = 'scans'":          "favourites.0: the numbers are 1 to 9",
		"[favourites]\n10 = 'scans'":         "favourites.10: the numbers are 1 to 9",
		"[favourites]\n01 = 'scans'":         "favourites.01: the numbers are 1 to 9",
		"[favourites]\n1 = '../x'":           "favourites.1: the profile name",
		"start = '../x'":                     "start: the profile name",
		"start = 1":                          "favourites.toml: ",
		strings.Repeat("#", MaxFile+1):       "larger than",
		"[favourites]\n1 = ['scans']":        "favourites.toml: ",
		"start = 'scans'\nstart = 'beacons'": "favourites.toml: ",
	} {
		s := newStore(t)
		must(t, os.WriteFile(s.MarksFile, []byte(text), 0o600))
		for _, err := range []error{s.SetFavourite("scans", 1), s.SetStart("scans")} {
			if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("%.40q: %v, want %q", text, err, want)
			}
		}
		if data, err := os.ReadFile(s.MarksFile); err != nil || string(data) != text {
			t.Errorf("%.40q was written over", text)
		}
	}
}

// TestMarksAgainstModel: after any changes each name has at most one number and each number one name, as a
// simple map has them, and the file reads back as what was written.
func TestMarksAgainstModel(t *testing.T) {
	name := rapid.SampledFrom([]string{"a", "b", "scans", "v1.2_x", "9"})
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		s := Store{MarksFile: dir + "/favourites.toml"}
		_ = os.Remove(s.MarksFile)
		model := map[int]string{}
		start := ""
		for range rapid.IntRange(1, 12).Draw(t, "changes") {
			n, who := rapid.IntRange(-3, Favourites).Draw(t, "number"), name.Draw(t, "name")
			var err error
			if n < 0 {
				start = who
				err = s.SetStart(who)
			} else {
				for k, v := range model {
					if v == who {
						delete(model, k)
					}
				}
				if n > 0 {
					model[n] = who
				}
				err = s.SetFavourite(who, n)
			}
			if err != nil {
				t.Fatal(err)
			}
			got, err := s.Marks()
			if err != nil {
				t.Fatal(err)
			}
			want := Marks{Start: start}
			for k, v := range model {
				want.Favourite[k] = v
			}
			if diff := cmp.Diff(want, got, cmp.AllowUnexported(Marks{})); diff != "" {
				t.Fatal(diff)
			}
		}
	})
}

func FuzzParseMarks(f *testing.F) {
	f.Add([]byte("start = 'scans'\n[favourites]\n1 = 'beacons'\n9 = 'scans'\n"))
	f.Add([]byte("x = {y = [1, 'a']}\n[favourites]\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := parseMarks(data)
		if err != nil {
			return
		}
		out, err := m.marshal()
		if err != nil {
			return // a key of others that the encoder cannot write
		}
		again, err := parseMarks(out)
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		if again.Start != m.Start || again.Favourite != m.Favourite || len(again.extra) != len(m.extra) {
			t.Fatalf("read back as %+v, was %+v", again, m)
		}
	})
}
