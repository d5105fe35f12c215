package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestChoices(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state", "screen.toml")
	s := NewChoiceStore(path)
	if c, err := s.Load(); err != nil || c != (Choices{}) {
		t.Fatalf("without a file: %+v, %v", c, err)
	}
	off := false
	for _, change := range []func(*Choices){func(c *Choices) { c.Theme = "nord" }, func(c *Choices) { c.Mouse = &off }, func(c *Choices) { c.TimeZone, c.Exact = "local", true }} {
		if err := s.Keep(change); err != nil {
			t.Fatal(err)
		}
	}
	c, err := NewChoiceStore(path).Load()
	if err != nil || c.Theme != "nord" || c.Mouse == nil || *c.Mouse || c.TimeZone != "local" || !c.Exact {
		t.Errorf("read back: %+v, %v", c, err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
}

func TestDamagedChoices(t *testing.T) {
	path := filepath.Join(t.TempDir(), "screen.toml")
	if err := os.WriteFile(path, []byte("theme = [\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := NewChoiceStore(path)
	c, err := s.Load()
	if err == nil || !strings.Contains(err.Error(), path) || strings.Contains(err.Error(), "\n") || c != (Choices{}) {
		t.Errorf("%+v, %v", c, err)
	}
	if err := s.Keep(func(c *Choices) { c.Theme = "light" }); err != nil {
		t.Fatal(err)
	}
	if c, err := s.Load(); err != nil || c.Theme != "light" {
		t.Errorf("mended: %+v, %v", c, err)
	}
	bad := NewChoiceStore(filepath.Join(path, "below-a-file"))
	if err := bad.Keep(func(*Choices) {}); err == nil || !strings.Contains(err.Error(), "not kept") {
		t.Errorf("below a file: %v", err)
	}
}

func TestWatchFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "cxlens", "themes")
	changed := make(chan struct{}, 10)
	if err := WatchFolder(t.Context(), dir, func() { changed <- struct{}{} }); err != nil {
		t.Fatal(err)
	}
	write := func(name, text string) {
		t.Helper()
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	wait := func(what string) {
		t.Helper()
		select {
		case <-changed:
		case <-time.After(2 * time.Minute):
			t.Fatalf("%s is not told", what)
		}
	}
	write("a.toml", "1")
	wait("a new file")
	write("a.toml", "22")
	wait("a change")
	write("b.toml", "1")
	wait("a second file")
	if err := os.Remove(filepath.Join(dir, "a.toml")); err != nil {
		t.Fatal(err)
	}
	wait("a file that is gone")
}
