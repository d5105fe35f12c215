package config

import (
	"reflect"
	"strconv"

	"github.com/BurntSushi/toml"

	"cxlens/internal/nearest"
	"cxlens/internal/smallfile"
)

// at is the file with the line of a key, the file alone when the line is not found: keys can be
// written in ways that only a whole reader of TOML follows.
func at(path, text string, key toml.Key) string {
	if line := smallfile.KeyLine([]byte(text), key...); line > 0 {
		return path + ":" + strconv.Itoa(line)
	}
	return path
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
