package tui

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"cxlens/query"
	"cxlens/tui/keymap"
)

var (
	keySpan    = regexp.MustCompile("`((?:ctrl-|alt\\+|\\^)[^`]{1,9})`")
	keyRow     = regexp.MustCompile("(?m)^\\| ((?:`[^`]+`(?:, | or | )?)+) \\|")
	codeSpan   = regexp.MustCompile("`([^`]+)`")
	actionName = regexp.MustCompile("\"([a-z]+\\.[a-z-]+)\" = \\[")
)

// bound are the keys of every part of the screen, as they are spelled in code and as help shows them.
func bound() (keys, actions map[string]bool) {
	keys, actions = map[string]bool{keyRepeat: true, keymap.Show(keyRepeat): true}, map[string]bool{}
	for _, m := range AllKeys() {
		for _, b := range m.Bindings {
			actions[b.ID] = true
			for i, k := range b.Keys {
				keys[k], keys[strings.Fields(b.Show())[i]] = true, true
			}
		}
	}
	return keys, actions
}

// TestDocumentedKeys: every key that a page names is bound, and every action that it rebinds is there.
func TestDocumentedKeys(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("..", "docs", "*.md"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no pages (%v)", err)
	}
	keys, actions := bound()
	checked := 0
	check := func(file, key string) {
		checked++
		if !keys[strings.Replace(key, "ctrl-", "ctrl+", 1)] && !keys[key] {
			t.Errorf("%s: no part of the screen has the key %s", file, key)
		}
	}
	for _, file := range append(files, filepath.Join("..", "README.md")) {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		page := string(text)
		for _, m := range keySpan.FindAllStringSubmatch(page, -1) {
			check(file, m[1])
		}
		for _, m := range actionName.FindAllStringSubmatch(page, -1) {
			if !actions[m[1]] {
				t.Errorf("%s: there is no action %s", file, m[1])
			}
		}
		_, table, ok := strings.Cut(page, "| key | does |\n|---|---|\n")
		if !ok || strings.HasSuffix(file, "keys.md") {
			continue
		}
		table, _, _ = strings.Cut(table, "\n\n")
		for _, row := range keyRow.FindAllStringSubmatch(table, -1) {
			for _, m := range codeSpan.FindAllStringSubmatch(row[1], -1) {
				check(file, m[1])
			}
		}
	}
	if checked < 25 {
		t.Errorf("%d keys were checked", checked)
	}
	if keys["ctrl+ä"] || actions["screen.bogus"] {
		t.Error("the check takes anything")
	}
}

// TestSpelledOnThePage: the query that docs/query.md spells out is spelled so.
func TestSpelledOnThePage(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "docs", "query.md"))
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile("spells it out: `([^`]+)` is\n`([^`]+)`").FindStringSubmatch(string(text))
	if m == nil {
		t.Fatal("the page has no example")
	}
	q, err := query.Parse(m[1])
	if err != nil || query.Spelled(q.Root()) != m[2] {
		t.Errorf("%s is %v, %v", m[1], q, err)
	}
}
