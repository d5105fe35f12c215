package tui

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"cxlens/query"
)

// TestPivotsPage holds docs/pivots.md to the program: its keys are pivots, its terms are queries in
// their canonical text.
func TestPivotsPage(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "docs", "pivots.md"))
	if err != nil {
		t.Fatal(err)
	}
	quoted := regexp.MustCompile("`([^`]+)`")
	keys, terms := 0, 0
	for line := range strings.Lines(string(page)) {
		cells := strings.Split(line, "|")
		if len(cells) != 5 {
			continue
		}
		if key := quoted.FindStringSubmatch(cells[1]); key != nil {
			keys++
			if _, ok := pivotKeys().Lookup(key[1]); !ok {
				t.Errorf("%s is no pivot's key", key[1])
			}
			continue
		}
		for _, term := range quoted.FindAllStringSubmatch(cells[3], -1) {
			terms++
			if q, err := query.Parse(term[1]); err != nil || q.String() != term[1] {
				t.Errorf("%s: %v, %v", term[1], q, err)
			}
		}
	}
	if keys != 7 || terms < 10 {
		t.Errorf("the page has %d keys and %d terms", keys, terms)
	}
}
