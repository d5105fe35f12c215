package config

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cxlens/query"
)

func TestNamed(t *testing.T) {
	c, err := Load(write(t, `
[networks]
dmz = ["192.0.2.0/24", "2001:db8::/32"]
ours = ["$internal", "$dmz"]
[lists]
web = ["https", "8000-8080"]
taps = ["eth 1", "dmz*"]
`))
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"src net $internal": "src net in [10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 169.254.0.0/16 fc00::/7 fe80::/10]",
		"ip $ours":          "net in [10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 169.254.0.0/16 fc00::/7 fe80::/10 192.0.2.0/24 2001:db8::/32]",
		"dst port $web":     "dst port in [https 8000-8080]",
		"node $taps":        `node in ["eth 1" dmz*]`,
	} {
		q, err := query.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		out, err := query.Expand(q, query.Env{Names: c.Named()})
		if err != nil || out.String() != want {
			t.Errorf("%s: %v, %v; want %s", text, out, err, want)
		}
	}
}

func TestNamedOverridesDefault(t *testing.T) {
	c, err := Load(write(t, "[networks]\ninternal = [\"10.20.0.0/16\"]"))
	if err != nil || c.Named()["internal"] != "[10.20.0.0/16]" {
		t.Errorf("%v, %v", c, err)
	}
}

func TestNamedRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"[networks]\na = [\"10.0.0.300\"]":                     `networks.a: ip: "10.0.0.300" is not an IP address`,
		"[networks]\na = [\"10.0.0.1 10.0.0.2\"]":              "networks.a: \"10.0.0.1 10.0.0.2\" is several values",
		"[networks]\na = []":                                   "networks.a: the list is empty",
		"[networks]\na = [\"\"]":                               "networks.a: a value is empty",
		"[networks]\n\"a b\" = [\"10.0.0.1\"]":                 "networks.a b: a name has letters",
		"[networks]\na = [\"$interal\"]":                       `networks.a: $interal is not defined`,
		"[networks]\na = [\"$b\"]\nb = [\"$a\"]":               "defined by itself",
		"[networks]\na = [\"?x\"]":                             "a parameter is for profiles only",
		"[networks]\na = \"10.0.0.1\"":                         "networks.a",
		"[lists]\nw = [\"1\"]\n[networks]\nw = [\"10.0.0.1\"]": "lists.w: there is a network of that name",
	} {
		_, err := Load(write(t, text))
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "config.toml") {
			t.Errorf("%q: %v, want %q and the file", text, err, want)
		}
	}
}

func TestProfileFolders(t *testing.T) {
	t.Setenv("HOME", "/home/me")
	c := &Config{ProfileDirs: []string{"~/team", "/srv/profiles", "more"}}
	got, err := c.ProfileFolders()
	want := []string{"/home/me/team", "/srv/profiles", filepath.Join(filepath.Dir(Path()), "more")}
	if err != nil || strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("%q, %v; want %q", got, err, want)
	}
}

// loaded is what a watch reported.
type loaded struct {
	c   *Config
	err error
}

func watch(t *testing.T, path string) <-chan loaded {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	got := make(chan loaded, 16)
	if err := Watch(ctx, path, func(c *Config, err error) { got <- loaded{c, err} }); err != nil {
		t.Fatal(err)
	}
	return got
}

// awaits waits for a report that satisfies cond; a file written in steps may be read in between.
func awaits(t *testing.T, got <-chan loaded, what string, cond func(loaded) bool) {
	t.Helper()
	deadline := time.After(2 * time.Minute)
	for {
		select {
		case l := <-got:
			if cond(l) {
				return
			}
		case <-deadline:
			t.Fatalf("%s: nothing of the kind was reported", what)
		}
	}
}

func TestWatch(t *testing.T) {
	path := write(t, "[networks]\ndmz = [\"192.0.2.1\"]")
	got := watch(t, path)
	dmz := func(want string) func(loaded) bool {
		return func(l loaded) bool { return l.err == nil && l.c.Named()["dmz"] == want }
	}
	replace(t, path, "[networks]\ndmz = [\"192.0.2.0/24\"]")
	awaits(t, got, "a replaced file", dmz("[192.0.2.0/24]"))
	if err := os.WriteFile(path, []byte("[networks]\ndmz = [\"192.0.2\"]"), 0o600); err != nil {
		t.Fatal(err)
	}
	awaits(t, got, "a damaged file", func(l loaded) bool { return l.err != nil && strings.Contains(l.err.Error(), "networks.dmz") })
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	awaits(t, got, "a removed file", dmz(""))
	replace(t, path, "[networks]\ndmz = [\"198.51.100.1\"]")
	awaits(t, got, "a file made anew", dmz("[198.51.100.1]"))
}

// replace writes a file beside path and renames it, as editors do.
func replace(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path+"~", []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path+"~", path); err != nil {
		t.Fatal(err)
	}
}

func TestWatchFolderThatComesLater(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a", "cxlens", "config.toml")
	got := watch(t, path)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	replace(t, path, "theme = \"light\"")
	awaits(t, got, "a file in a new folder", func(l loaded) bool { return l.err == nil && l.c.Theme == "light" })
}

func TestWatchFollowsLinks(t *testing.T) {
	target := write(t, "theme = \"dark\"")
	path := filepath.Join(t.TempDir(), "config.toml")
	if err := os.Symlink(target, path); err != nil {
		t.Skip("no symbolic links here:", err)
	}
	got := watch(t, path)
	replace(t, target, "theme = \"light\"")
	awaits(t, got, "the file behind a link", func(l loaded) bool { return l.err == nil && l.c.Theme == "light" })
}
