package config

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.toml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestLoad(t *testing.T) {
	path := write(t, `
theme = "light"
[servers.lab]
address = "127.0.0.1:10201"
client = "analyst"
secret_command = ["pass", "cxlens"]
`)
	got, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	want := &Config{Theme: "light", Servers: map[string]Server{
		"lab": {Address: "127.0.0.1:10201", Client: "analyst", SecretCommand: []string{"pass", "cxlens"}},
	}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestLoadMissingIsEmpty(t *testing.T) {
	c, err := Load(filepath.Join(t.TempDir(), "none.toml"))
	if err != nil {
		t.Fatal(err)
	}
	if _, ok, err := c.Choose(""); ok || err != nil {
		t.Errorf("Choose on an empty configuration: %v, %v", ok, err)
	}
}

func TestLoadRefuses(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"inline secret": {"[servers.lab]\nsecret = \"hunter2\"", "secret_file or secret_command"},
		"bare action":   {"[keys]\nscreen.again = [\"R\"]", `an action stands in quotes, its keys in a list: "screen.again" = ["R"]`},
		"key alone":     {"[keys]\n\"screen.again\" = \"R\"", "line 2 (last key \"keys.\\\"screen.again\\\"\")"},
		"unknown key":   {"themes = \"dark\"", "unknown key themes"},
		"not TOML":      {"theme = ", "config.toml"},
		"wrong type":    {"theme = 3", "config.toml"},
	} {
		_, err := Load(write(t, c.text))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q in it", name, err, c.want)
		}
		if err != nil && (strings.Contains(err.Error(), "hunter2") || strings.Contains(err.Error(), "\n")) {
			t.Errorf("%s: the error repeats the secret or has several lines: %q", name, err)
		}
	}
}

func TestChoose(t *testing.T) {
	two := &Config{Servers: map[string]Server{"a": {Address: "a:1"}, "b": {Address: "b:1"}}}
	if _, _, err := two.Choose(""); err == nil || !strings.Contains(err.Error(), "a, b") {
		t.Errorf("two servers and no choice: %v", err)
	}
	if s, ok, err := two.Choose("b"); err != nil || !ok || s.Address != "b:1" {
		t.Errorf("Choose(b) = %v, %v, %v", s, ok, err)
	}
	if _, _, err := two.Choose("c"); err == nil {
		t.Error("an unknown name was accepted")
	}
	two.Server = "a"
	if s, ok, _ := two.Choose(""); !ok || s.Address != "a:1" {
		t.Errorf("the named server was not chosen: %v", s)
	}
}

func TestSecret(t *testing.T) {
	path := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(path, []byte("from file\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	for name, c := range map[string]struct {
		server Server
		want   string
		fails  bool
	}{
		"none":           {Server{}, "", false},
		"file":           {Server{SecretFile: path}, "from file", false},
		"command":        {Server{SecretCommand: []string{"printf", `from command\nmore\n`}}, "from command", false},
		"both":           {Server{SecretFile: path, SecretCommand: []string{"true"}}, "", true},
		"silent command": {Server{SecretCommand: []string{"true"}}, "", true},
		"failed command": {Server{SecretCommand: []string{"false"}}, "", true},
	} {
		got, err := c.server.Secret(ctx)
		if got != c.want || (err != nil) != c.fails {
			t.Errorf("%s: got %q, %v", name, got, err)
		}
	}
}

func TestKeyPlace(t *testing.T) {
	path := filepath.Join(t.TempDir(), "config.toml")
	if err := os.WriteFile(path, []byte("theme = \"dark\"\n[keys]\n# \"screen.again\" = [\"x\"]\n\"screen.again\" = [\"R\"]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	place := KeyPlace(path)
	if got := place("screen.again"); got != path+":4" {
		t.Errorf("it is at %s", got)
	}
	if got := place("screen.none"); got != path {
		t.Errorf("what is not there is at %s", got)
	}
	if got := KeyPlace(path + "x")("screen.again"); got != path+"x" {
		t.Errorf("in a file that is gone it is at %s", got)
	}
}
