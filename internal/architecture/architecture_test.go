// Package architecture holds the test that keeps the arrows of docs/architecture.md true.
package architecture

import (
	"bytes"
	"encoding/json"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// arrows says which of our packages a package may import, by path prefix. A package
// may always import what lies below its own path. Everything not listed may import nothing of ours.
var arrows = map[string][]string{
	"cmd": {
		"tui", "themes", "client", "query", "testdata", "internal/server", "internal/node", "internal/embedded",
		"internal/config", "internal/secret", "internal/transport", "internal/export", "internal/flow",
		"internal/store", "internal/terminal", "internal/history", "internal/lookup", "internal/opentabs",
		"internal/heap", "internal/ttyguard",
	},
	"tui":               {"client", "query", "themes", "internal/flow", "internal/export", "internal/history", "internal/lookup", "internal/opentabs", "internal/nearest", "internal/smallfile"},
	"themes":            {"internal/nearest", "internal/smallfile"},
	"client":            {"query", "internal/wire", "internal/flow", "internal/transport"},
	"query":             {"internal/flow", "internal/nearest", "internal/smallfile"},
	"internal/flow":     {},
	"internal/export":   {"internal/flow", "internal/nearest"},
	"internal/history":  {},
	"internal/opentabs": {"internal/smallfile"},
	"internal/wire":     {},
	"internal/store":    {"query", "internal/flow"},
	"internal/server":   {"query", "internal/wire", "internal/flow", "internal/store", "internal/secret"},
	"internal/node":     {"internal/wire", "internal/flow", "internal/transport"},
	"internal/embedded": {"client", "internal/server", "internal/node", "internal/store", "internal/wire"},

	"internal/config":       {"query", "internal/secret", "internal/lookup", "internal/nearest", "internal/smallfile"},
	"internal/lookup":       {"query", "internal/flow", "internal/nearest", "internal/smallfile"},
	"internal/secret":       {},
	"internal/transport":    {},
	"internal/nearest":      {},
	"internal/smallfile":    {},
	"internal/terminal":     {},
	"internal/transcript":   {},
	"internal/heap":         {},
	"internal/ttyguard":     {"internal/flow"},
	"internal/peers":        {},
	"internal/architecture": {},
	"testdata":              {},
}

// noScreen are the packages that must not know Bubble Tea or anything around it.
var noScreen = []string{"client", "query", "internal"}

// listed is what `go list` tells of a package.
type listed struct {
	ImportPath string
	Imports    []string
}

const module = "cxlens/"

func packages(t *testing.T) []listed {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports", "cxlens/...")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, stderr.String())
	}
	var all []listed
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		if err := dec.Decode(&p); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		p.ImportPath = strings.TrimPrefix(p.ImportPath, module)
		all = append(all, p)
	}
	if len(all) < 10 {
		t.Fatalf("go list found %d packages only", len(all))
	}
	return all
}

// below tells whether path is prefix or lies below it.
func below(path, prefix string) bool {
	return path == prefix || strings.HasPrefix(path, prefix+"/")
}

// rule returns the longest prefix of arrows that covers path.
func rule(path string) (prefix string, ok bool) {
	for p := range arrows {
		if below(path, p) && len(p) > len(prefix) {
			prefix, ok = p, true
		}
	}
	return prefix, ok
}

// allowed tells whether a package at from may import one at to.
func allowed(from, to string) bool {
	own, ok := rule(from)
	if !ok {
		return false
	}
	return below(to, own) || slices.ContainsFunc(arrows[own], func(p string) bool { return below(to, p) })
}

func TestArrows(t *testing.T) {
	for _, p := range packages(t) {
		if _, ok := rule(p.ImportPath); !ok {
			t.Errorf("%s has no place in the map: give it one here and in docs/architecture.md", p.ImportPath)
			continue
		}
		for _, imp := range p.Imports {
			to, ours := strings.CutPrefix(imp, module)
			if ours && !allowed(p.ImportPath, to) {
				t.Errorf("%s imports %s: the arrows of docs/architecture.md do not allow it", p.ImportPath, to)
			}
			screen := strings.HasPrefix(imp, "charm.land/bubble") || strings.HasPrefix(imp, "charm.land/lipgloss")
			if screen && slices.ContainsFunc(noScreen, func(n string) bool { return below(p.ImportPath, n) }) {
				t.Errorf("%s imports %s: only tui may know the screen's library", p.ImportPath, imp)
			}
		}
	}
}

// TestRuleRefuses shows that the test above can fail.
func TestRuleRefuses(t *testing.T) {
	for _, c := range []struct {
		from, to string
		want     bool
	}{
		{"tui/table", "client", true},
		{"tui/table", "tui/keys", true},
		{"client", "tui", false},
		{"internal/wire", "internal/flow", false},
		{"internal/store/duckdb", "internal/store", true},
		{"internal/node/meter", "query", false},
		{"elsewhere", "query", false},
	} {
		if got := allowed(c.from, c.to); got != c.want {
			t.Errorf("allowed(%s, %s) = %v, want %v", c.from, c.to, got, c.want)
		}
	}
}
