package tui

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cxlens/tui/keymap"
)

// keysPage is docs/keys.md, made from the key maps.
func keysPage() string {
	var b strings.Builder
	b.WriteString("# Keys\n\nMade from the program's key maps by `make screens`; do not edit.\n")
	b.WriteString("On the screen, `?` shows the keys of the pane and `ctrl-k` every action by name.\n")
	b.WriteString("The name in the last column is the action's, for `[keys]` in the configuration: `\"screen.again\" = [\"R\"]`.\n")
	b.WriteString("The editing keys of the query line work wherever a text is typed; a new line only there.\n")
	b.WriteString("A prompt that opens with an old text has it selected: what is typed takes its place, a motion or Backspace keeps it.\n")
	for _, m := range AllKeys() {
		fmt.Fprintf(&b, "\n## %s\n\n| key | does | action |\n|---|---|---|\n", m.Pane)
		for _, k := range m.Bindings {
			shown := make([]string, len(k.Keys))
			for i, key := range k.Keys {
				shown[i] = "`" + strings.ReplaceAll(keymap.Show(key), "|", "\\|") + "`"
			}
			fmt.Fprintf(&b, "| %s | %s | %s |\n", strings.Join(shown, " "), k.Help, k.ID)
		}
	}
	return b.String()
}

// TestKeysPage holds docs/keys.md to the key maps.
func TestKeysPage(t *testing.T) {
	path := filepath.Join("..", "docs", "keys.md")
	want := keysPage()
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Error("docs/keys.md is not what the key maps say; run make screens")
	}
}
