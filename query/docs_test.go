package query_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cxlens/query"
)

// TestDocsExamples reads every example of docs/query.md.
func TestDocsExamples(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "docs", "query.md"))
	if err != nil {
		t.Fatal(err)
	}
	examples := 0
	inside := false
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		switch {
		case line == "```query":
			inside = true
		case line == "```":
			inside = false
		case inside:
			examples++
			if _, err := query.Parse(line); err != nil {
				t.Errorf("%s: %v", line, err)
			}
		}
	}
	if examples < 25 {
		t.Errorf("%d examples found, want at least 25", examples)
	}
}
