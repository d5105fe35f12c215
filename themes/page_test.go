package themes

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestThemesPage holds docs/themes.md to the program: the tokens with what they mean, and the themes.
func TestThemesPage(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "docs", "themes.md"))
	if err != nil {
		t.Fatal(err)
	}
	page := string(text)
	var b strings.Builder
	b.WriteString("| token | is |\n|---|---|\n")
	for tok := range NumTokens {
		if tok.Means() == "" {
			t.Errorf("%s means nothing", tok)
		}
		fmt.Fprintf(&b, "| `%s` | %s |\n", tok, tok.Means())
	}
	if !strings.Contains(page, b.String()+"\n") {
		t.Errorf("docs/themes.md lacks this table:\n%s", b.String())
	}
	for _, name := range Builtin() {
		if !strings.Contains(page, "| `"+name+"` |") {
			t.Errorf("docs/themes.md does not list the theme %s", name)
		}
	}
	if n := strings.Count(page, "\n| `") - int(NumTokens); n != len(Builtin()) {
		t.Errorf("docs/themes.md lists %d themes, the program has %d", n, len(Builtin()))
	}
}

// TestExampleOfThePage: the theme that docs/themes.md shows can be loaded as it stands there.
func TestExampleOfThePage(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "docs", "themes.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(text), "```toml\nbackground")
	example, _, end := strings.Cut(rest, "```")
	if !ok || !end {
		t.Fatal("docs/themes.md shows no theme")
	}
	dir := t.TempDir()
	write(t, dir, "mine.toml", "background"+example)
	th, err := Loader{Dir: dir}.Load("mine")
	if err != nil {
		t.Fatal(err)
	}
	if th.Ground.BG.IsNone() || th.Style(Cursor) == (Loader{}).Auto(false).Style(Cursor) {
		t.Errorf("the example changes nothing: %+v", th.Ground)
	}
}
