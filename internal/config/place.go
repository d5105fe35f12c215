package config

import (
	"reflect"
	"strconv"
	"strings"

	"github.com/BurntSushi/toml"

	"cxlens/internal/nearest"
)

// at is the file with the line of a key, the file alone when the line is not found: keys can be
// written in ways that only a whole reader of TOML follows, such as inline tables.
func at(path, text string, key toml.Key) string {
	if line := lineOf(text, key); line > 0 {
		return path + ":" + strconv.Itoa(line)
	}
	return path
}

// lineOf returns the line, from 1, on which a key stands under the head of its table; 0 when it is not found.
func lineOf(text string, key toml.Key) int {
	table := ""
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if head, ok := strings.CutPrefix(line, "["); ok && !strings.Contains(line, "=") {
			head, _, _ = strings.Cut(strings.TrimLeft(head, "["), "]")
			table = plainKey(head)
			if table == key.String() {
				return i + 1
			}
			continue
		}
		name, _, ok := strings.Cut(line, "=")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		if full := strings.TrimPrefix(table+"."+plainKey(name), "."); full == key.String() {
			return i + 1
		}
	}
	return 0
}

// plainKey is a key as toml.Key prints it where no part needs quotes.
func plainKey(s string) string {
	parts := strings.Split(s, ".")
	for i, p := range parts {
		parts[i] = strings.Trim(strings.TrimSpace(p), `"'`)
	}
	return strings.Join(parts, ".")
}

// meant returns the known key that an unknown one is close to, "" for none.
func meant(key toml.Key) string {
	t := reflect.TypeFor[Config]()
	for i, part := range key {
		if t.Kind() == reflect.Map {
			t = t.Elem()
			continue
		}
		if t.Kind() != reflect.Struct {
			return ""
		}
		names := make(map[string]reflect.Type)
		var words []string
		for f := range t.Fields() {
			name := f.Tag.Get("toml")
			names[name], words = f.Type, append(words, name)
		}
		next, ok := names[part]
		if !ok {
			if near := nearest.Words(part, words); len(near) > 0 {
				return append(append(toml.Key{}, key[:i]...), near[0]).String()
			}
			return ""
		}
		t = next
	}
	return ""
}
