package config

import (
	"reflect"
	"strconv"
	"strings"

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

// maxConfig bounds the file in which the place of a key is looked for.
const maxConfig = 1 << 20

// KeyPlace returns what finds an action of [keys] in the configuration at path, as file:line. The file is
// read only when it is asked, which is for an error.
func KeyPlace(path string) func(action string) string {
	return func(action string) string {
		text, err := smallfile.Read(path, maxConfig)
		if err != nil {
			return path // what is wrong with the action is still true
		}
		return at(path, string(text), toml.Key{"keys", action})
	}
}

// hint says how an action is given its keys, where an error is about that.
func hint(err error) string {
	if strings.Contains(err.Error(), `(last key "keys.`) { // not every error of the decoder has a type that tells its key
		return `; an action stands in quotes, its keys in a list: "screen.again" = ["R"]`
	}
	return ""
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
