package tui

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"cxlens/query/profile"
)

// TestProfileIsSaved: what was changed goes into the file, what was not stays as it is there, unknown keys included.
func TestProfileIsSaved(t *testing.T) {
	s, store := profileScreen(t, 120, 40, map[string]string{"web": webProfile})
	s.search("web")
	s.keys("enter")
	s.comes("Which port")
	s.keys("enter")
	s.comes("web · last 24h")
	s.until("the theme", func() bool { return s.m.look.Theme.Name == "light" })
	s.keys("p", "s")
	s.comes("web is as it was saved")
	s.keys("esc", "L", "ctrl+u")
	s.typed("last 7d limit none")
	s.keys("enter")
	s.comes("web, changed · last 7d")
	s.keys("p", "s")
	s.comes("Save the view as profile web? Changed: span, limit.")
	s.keys("y")
	s.comes("saved as profile web")
	s.keys("esc")
	s.comes("web · last 7d")
	e := mustGet(t, store, "web")
	if e.Span != "last 7d" || e.Limit != -1 || e.Query != "tcp and dst port ?port:443 and src net $internal" || len(e.Order) != 2 || e.Theme != "light" {
		t.Errorf("saved %+v", e.Profile)
	}
	if !slices.Equal(e.Unknown(), []string{"colour"}) || e.Parameters["port"].Prompt != "Which port" {
		t.Errorf("lost %v %v", e.Unknown(), e.Parameters)
	}

	s.ask("udp")
	s.settle()
	s.keys("p", "s")
	s.comes("Changed: query. It asks for")
	s.keys("y")
	s.until("the file", func() bool { return mustGet(t, store, "web").Query == "udp" })
}

// TestProfileSavedAs: a name that is safe, a description behind it, and a question before another one is lost.
func TestProfileSavedAs(t *testing.T) {
	s, store := profileScreen(t, 120, 40, map[string]string{"web": webProfile})
	s.ask("port 53 and udp")
	s.settle()
	s.keys("p", "S")
	s.comes("save the view as a profile")
	s.typed("../x")
	s.keys("enter")
	s.comes("letters a-z")
	s.keys("ctrl+u")
	s.typed("dns All name lookups")
	s.keys("enter")
	s.comes("saved as profile dns", "▸dns")
	e := mustGet(t, store, "dns")
	if e.Query != "port 53 and udp" || e.Description != "All name lookups" || e.Limit != DefaultLimit || len(e.Columns) == 0 || e.Span != "" || !slices.Equal(e.Order, []string{"-start"}) {
		t.Errorf("saved %+v", e.Profile)
	}
	s.keys("S")
	s.typed("web")
	s.keys("enter")
	s.comes("There is a profile web of your own. Replace it?")
	s.keys("n")
	if e := mustGet(t, store, "web"); e.Description != "Web sessions" {
		t.Errorf("replaced without a yes: %+v", e.Profile)
	}
	s.keys("S")
	s.typed("web")
	s.keys("enter")
	s.comes("Replace it?")
	s.keys("y")
	s.comes("saved as profile web")
	if e := mustGet(t, store, "web"); e.Query != "port 53 and udp" {
		t.Errorf("not replaced: %+v", e.Profile)
	}
}

// TestProfileChangedOnDisk: what another program wrote meanwhile is asked about before it is lost.
func TestProfileChangedOnDisk(t *testing.T) {
	s, store := profileScreen(t, 120, 40, map[string]string{"mine": `query = "tcp"`})
	s.search("mine")
	s.keys("enter")
	s.comes("mine · all time")
	s.ask("udp")
	s.settle()
	path := filepath.Join(store.Dir, "mine.toml")
	if err := os.WriteFile(path, []byte("query = 'icmp'\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.keys("p", "s", "y")
	s.comes("Another program changed the profile mine since it was read")
	s.keys("n")
	if e := mustGet(t, store, "mine"); e.Query != "icmp" {
		t.Errorf("it was overwritten: %s", e.Query)
	}
	s.keys("x")
	s.comes("Delete the profile mine?")
	if err := os.WriteFile(path, []byte("query = 'icmp6'\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.keys("y")
	s.comes("not deleted: profile mine was changed by another program")
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	s.keys("s", "y")
	s.comes("not saved, save it under another name")
}

// TestProfileFiles: rename, copy, delete, favourites and the profile on start, from the list.
func TestProfileFiles(t *testing.T) {
	s, store := profileScreen(t, 120, 40, map[string]string{"web": webProfile, "shared/team": `query = "udp"`})
	s.keys("p")
	s.comes("web ", "team ", "shared", "shipped")
	s.typed("/team")
	s.keys("tab", "x")
	s.comes("only profiles of your own can be changed")
	s.keys("r")
	s.comes("only profiles of your own can be changed")
	s.keys("c")
	s.comes("copy the profile team")
	s.keys("enter")
	s.comes("copied team to team-copy")
	s.keys("r", "ctrl+u")
	s.typed("web")
	s.keys("enter")
	s.comes("there is a profile of that name")
	s.keys("r", "ctrl+u")
	s.typed("a b")
	s.keys("enter")
	s.comes("a name has no blanks")
	s.keys("ctrl+u")
	s.typed("ours")
	s.keys("enter")
	s.comes("renamed team-copy to ours")
	s.keys("f", "4")
	s.comes("p 4 runs ours")
	s.keys("f", "x")
	s.comes("1 to 9, and 0 takes it away")
	s.keys("D")
	s.comes("ours runs when the program begins without a query", " start ")
	if m, err := store.Marks(); err != nil || m.Number("ours") != 4 || m.Start != "ours" {
		t.Errorf("%+v, %v", m, err)
	}
	s.keys("D")
	s.comes("no profile is run on start any more")
	s.keys("f", "0")
	s.comes("ours has no number any more")
	s.keys("4")
	s.comes("no profile has the number 4")
	s.keys("x")
	s.comes("Delete the profile ours?", "ours.toml")
	s.keys("n", "x", "y")
	s.comes("deleted the profile ours")
	s.until("the list", func() bool {
		return !slices.ContainsFunc(s.m.profiles.entries, func(e profile.Entry) bool { return e.Name == "ours" })
	})
	s.keys("esc", "p", "f", "2")
	s.comes("p 2 runs ")
	s.keys("esc", "p", "2")
	s.until("the favourite", func() bool { return s.m.saved != nil || s.m.mode == modeParams })
}
