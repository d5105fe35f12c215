package copyas_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cxlens/query"
	"cxlens/query/copyas"
)

// TestDocsTable converts every row of the table in docs/query.md.
func TestDocsTable(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "query.md"))
	if err != nil {
		t.Fatal(err)
	}
	named := map[string]copyas.Target{}
	for _, target := range copyas.Targets() {
		named[target.String()] = target
	}
	_, section, _ := strings.Cut(string(page), "## Copy as")
	section, _, _ = strings.Cut(section, "\n## ")
	rows := 0
	for line := range strings.Lines(section) {
		cells := strings.Split(strings.ReplaceAll(line, `\|`, "\x00"), "|")
		if len(cells) != 6 {
			continue
		}
		for i := range cells {
			cells[i] = strings.NewReplacer("\x00", "|", "`", "").Replace(strings.TrimSpace(cells[i]))
		}
		target, ok := named[cells[2]]
		if !ok {
			continue // the head
		}
		rows++
		text, missing, err := copyas.Convert(parse(t, cells[1]), query.Env{}, target)
		if err != nil || text != cells[3] || described(missing) != cells[4] {
			t.Errorf("%s as %s:\n got %s, %s, %v\npage %s, %s", cells[1], target, text, described(missing), err, cells[3], cells[4])
		}
	}
	if rows < 15 {
		t.Errorf("%d rows found", rows)
	}
}

// described lists what is not said as the page does.
func described(missing []copyas.Missing) string {
	var parts []string
	for _, m := range missing {
		what := "left out"
		if m.Kept != "" {
			what = "differs"
		}
		parts = append(parts, what+": "+m.Part)
	}
	return strings.Join(parts, ", ")
}
