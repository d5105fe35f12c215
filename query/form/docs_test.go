package form

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"cxlens/query"
)

var codeSpan = regexp.MustCompile("`([^`]+)`")

// TestFormPage: what the table of docs/form.md says that fields become can be read, and the form can show it.
func TestFormPage(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "form.md"))
	if err != nil {
		t.Fatal(err)
	}
	sample := map[string]string{"ip": " 192.0.2.1", "port": " 80", "bytes": " 1"}
	checked := 0
	for _, line := range strings.Split(string(page), "\n") {
		cells := strings.Split(line, "|")
		if len(cells) != 5 {
			continue
		}
		for _, span := range codeSpan.FindAllStringSubmatch(cells[3], -1) {
			text := span[1]
			if !strings.Contains(text, " ") { // a word such as != or ip
				continue
			}
			if words := strings.Fields(text); len(words) == 2 && (words[0] == "src" || words[0] == "dst") {
				text += sample[words[1]] // a term without its values
			}
			q, err := query.Parse(text)
			if err != nil {
				t.Errorf("%s: %v", text, err)
				continue
			}
			if f := FromQuery(q); f.Also != "" {
				t.Errorf("%s has no field: %s", text, f.Also)
			}
			checked++
		}
	}
	if checked < 15 {
		t.Errorf("%d texts were checked", checked)
	}
}
