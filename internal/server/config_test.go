package server

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func loadText(t *testing.T, text string) (Settings, error) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, ConfigFile), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return LoadDir(dir)
}

func TestLoadDir(t *testing.T) {
	defaults, err := LoadDir(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	want := Settings{
		NodeAddr: "127.0.0.1:10101", ClientAddr: "127.0.0.1:10201",
		PingInterval: 5 * time.Second, EstablishTimeout: 10 * time.Second,
		Limits: Limits{
			Nodes: 256, Clients: 256, Queries: 8, Queued: 64, Groups: 100_000, PartRows: 10_000,
			PartBytes: 1 << 20, ObjectBytes: 1 << 20, LineBytes: 64 << 10, BlockBytes: 64 << 20,
		},
	}
	if d := cmp.Diff(want, defaults); d != "" {
		t.Errorf("defaults: %s", d)
	}
	got, err := loadText(t, "node_addr = \":1\"\nclient_addr = \"[::1]:2\"\ninsecure = true\nping_interval = \"2s\"\n"+
		"establish_timeout = \"1m\"\n[limits]\nnodes = 3\npart_rows = 7\n")
	want.NodeAddr, want.ClientAddr, want.Insecure = ":1", "[::1]:2", true
	want.PingInterval, want.EstablishTimeout = 2*time.Second, time.Minute
	want.Limits.Nodes, want.Limits.PartRows = 3, 7
	if d := cmp.Diff(want, got); d != "" || err != nil {
		t.Errorf("%v, %s", err, d)
	}
}

func TestLoadDirRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"nodeaddr = \":1\"":              "unknown key nodeaddr",
		"[limits]\nnode = 3":             "unknown key limits.node",
		"[limits]\nnodes = -3":           "limit nodes is -3",
		"[limits]\npart_bytes = 1":       "limit part_bytes is 1",
		"[limits]\nblock_bytes = 1 << 3": "expected",
		"node_addr = \"localhost\"":      "want host:port",
		"node_addr = 7":                  "node_addr",
		"ping_interval = \"soon\"":       "soon",
		"ping_interval = \"0s\"":         "want 10ms to 1h",
		"establish_timeout = \"-1s\"":    "want 10ms to 1h",
		"\x00":                           "line 1",
	} {
		_, err := loadText(t, text)
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), ConfigFile) ||
			strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: %v; want %q", text, err, want)
		}
	}
	if _, err := LoadDir(filepath.Join(t.TempDir(), "none")); err == nil || !strings.Contains(err.Error(), "none") {
		t.Errorf("a missing folder: %v", err)
	}
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadDir(path); err == nil || !strings.Contains(err.Error(), "not a folder") {
		t.Errorf("a file: %v", err)
	}
}
