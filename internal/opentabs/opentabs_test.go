package opentabs

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestRoundTrip(t *testing.T) {
	dir := t.TempDir()
	n := 0
	rapid.Check(t, func(t *rapid.T) {
		n++
		s := NewStore(filepath.Join(dir, "state", "tabs"))
		server := rapid.StringMatching(`[a-z0-9.:/\[\]%]{0,20}`).Draw(t, "server")
		want := Set{}
		for range rapid.IntRange(1, 4).Draw(t, "tabs") {
			tab := Tab{
				View: drawView(t), Name: rapid.SampledFrom([]string{"", "web", "a b/ü"}).Draw(t, "name"), Follow: rapid.Bool().Draw(t, "follow"),
			}
			if rapid.Bool().Draw(t, "of a profile") {
				tab.Profile = &Profile{Name: "scans", Sum: "a1", Was: drawView(t)}
			}
			if rapid.Bool().Draw(t, "look") {
				tab.Look = &Look{Stack: "none", Style: "braille", Lanes: true, Height: rapid.IntRange(0, 8).Draw(t, "height"), Exact: true, Column: "state"}
			}
			want.Tabs = append(want.Tabs, tab)
		}
		want.Shown = rapid.IntRange(0, len(want.Tabs)-1).Draw(t, "shown")
		if err := s.Save(server, want); err != nil {
			t.Fatal(err)
		}
		got, err := s.Load(server)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Fatal(d)
		}
	})
	info, err := os.Stat(filepath.Join(dir, "state", "tabs"))
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("%v, %v", info, err)
	}
}

func drawView(t *rapid.T) View {
	return View{
		Query: rapid.SampledFrom([]string{"", "port 53", `node "x"`}).Draw(t, "query"), Limit: rapid.Int64().Draw(t, "limit"), Order: []string{"-start"},
		Widths: rapid.SampledFrom([]map[string]int{nil, {"dst_ip": 31, "node": 3}}).Draw(t, "widths"), Frozen: rapid.IntRange(0, 3).Draw(t, "frozen"),
		Group: rapid.SampledFrom([][]string{nil, {"proto", "node"}}).Draw(t, "group"), Groups: rapid.Int64().Draw(t, "groups"),
		Metric: rapid.SampledFrom([]string{"", "bytes"}).Draw(t, "metric"), Timeline: rapid.Bool().Draw(t, "timeline"), Theme: rapid.SampledFrom([]string{"", "light"}).Draw(t, "theme"),
	}
}

func TestServersAreApart(t *testing.T) {
	s := NewStore(t.TempDir())
	for _, server := range []string{"lab:10201", "../lab:10201", "lab", strings.Repeat("x", 400)} {
		if err := s.Save(server, Set{Tabs: []Tab{{View: View{Query: server}}}}); err != nil {
			t.Fatal(err)
		}
	}
	for _, server := range []string{"lab:10201", "../lab:10201", "lab", strings.Repeat("x", 400)} {
		if got, err := s.Load(server); err != nil || got.Tabs[0].Query != server {
			t.Errorf("%s: %v, %v", server, got, err)
		}
	}
	if got, err := s.Load("other"); err != nil || len(got.Tabs) != 0 {
		t.Errorf("nothing is kept of it: %v, %v", got, err)
	}
}

func TestDamage(t *testing.T) {
	s := NewStore(t.TempDir())
	for name, text := range map[string]string{
		"no JSON": "{", "another type": `{"tabs": 4}`, "too many": `{"tabs":[` + strings.Repeat(`{"query":""},`, MaxTabs) + `{"query":""}]}`,
		"huge": strings.Repeat(" ", maxFile+1),
	} {
		if err := os.WriteFile(s.path("lab"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Load("lab"); err == nil || !strings.Contains(err.Error(), s.path("lab")) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := os.WriteFile(s.path("lab"), []byte(`{"tabs":[{"query":"tcp"}],"shown":-7}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Load("lab"); err != nil || got.Shown != 0 {
		t.Errorf("%v, %v", got, err)
	}
}

func TestCannotSave(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := NewStore(file).Save("lab", Set{}); err == nil || !strings.Contains(err.Error(), file) {
		t.Errorf("%v", err)
	}
}
