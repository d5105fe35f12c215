package transcript

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"strings"
)

// Vars are the remembered texts by name.
type Vars map[string]string

var placeholder = regexp.MustCompile(`\{\{(?:(\w+)=)?(any|number|string)\}\}|\{\{=(\w+)\}\}`)

// kinds are what placeholders stand for, as regular expressions.
var kinds = map[string]string{
	"any":    `[^\n]*?`,
	"number": `-?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?`,
	"string": `(?:[^"\\\n]|\\[^\n])*?`,
}

// fill puts the remembered texts in.
func (v Vars) fill(text string) (string, error) {
	var err error
	filled := placeholder.ReplaceAllStringFunc(text, func(p string) string {
		m := placeholder.FindStringSubmatch(p)
		value, ok := v[m[3]]
		switch {
		case m[3] == "":
			err = fmt.Errorf("%s stands in a line that this side says; only {{=name}} can", p)
		case !ok:
			err = fmt.Errorf("nothing was remembered as %s", m[3])
		}
		return value
	})
	return filled, err
}

// matchText compares got with a line of the script and remembers what its placeholders stand for.
func (v Vars) matchText(want, got string) error {
	var pattern strings.Builder
	var names []string
	pattern.WriteString(`(?s)\A`)
	rest := want
	for loc := placeholder.FindStringSubmatchIndex(rest); loc != nil; loc = placeholder.FindStringSubmatchIndex(rest) {
		pattern.WriteString(regexp.QuoteMeta(rest[:loc[0]]))
		m := placeholder.FindStringSubmatch(rest[loc[0]:])
		if m[3] != "" {
			value, ok := v[m[3]]
			if !ok {
				return fmt.Errorf("nothing was remembered as %s", m[3])
			}
			pattern.WriteString(regexp.QuoteMeta(value))
		} else {
			pattern.WriteString("(" + kinds[m[2]] + ")")
			names = append(names, m[1])
		}
		rest = rest[loc[1]:]
	}
	pattern.WriteString(regexp.QuoteMeta(rest) + `\z`)
	found := regexp.MustCompile(pattern.String()).FindStringSubmatch(got)
	if found == nil {
		return fmt.Errorf("want %q, got %q", want, got)
	}
	for i, name := range names {
		if name != "" {
			v[name] = found[i+1]
		}
	}
	return nil
}

// matchJSON compares got with a JSON line of the script and remembers what its placeholders stand for.
func (v Vars) matchJSON(want, got string) error {
	filled, err := v.fillJSON(want)
	if err != nil {
		return err
	}
	w, err := decodeJSON(filled)
	if err != nil {
		return fmt.Errorf("the script's JSON: %w", err)
	}
	g, err := decodeJSON(got)
	if err != nil {
		return fmt.Errorf("want JSON, got %q: %w", got, err)
	}
	if err := v.equal(w, g, ""); err != nil {
		return fmt.Errorf("%w\nwant %s\ngot  %s", err, want, got)
	}
	return nil
}

// fillJSON puts remembered texts in, with the quotes that a placeholder has of its own.
func (v Vars) fillJSON(text string) (string, error) {
	var err error
	filled := regexp.MustCompile(`"\{\{=(\w+)\}\}"`).ReplaceAllStringFunc(text, func(p string) string {
		name := strings.Trim(p, `"{}=`)
		value, ok := v[name]
		if !ok {
			err = fmt.Errorf("nothing was remembered as %s", name)
		}
		return value
	})
	return filled, err
}

func decodeJSON(s string) (value any, err error) {
	d := json.NewDecoder(strings.NewReader(s))
	d.UseNumber()
	if err := d.Decode(&value); err != nil {
		return nil, err
	}
	if d.More() {
		return nil, fmt.Errorf("something follows the value")
	}
	return value, nil
}

// equal compares two decoded values; at names the place in errors.
func (v Vars) equal(want, got any, at string) error {
	switch w := want.(type) {
	case string:
		if m := placeholder.FindStringSubmatch(w); m != nil && m[0] == w && m[2] != "" {
			return v.stand(m[1], m[2], got, at)
		}
	case map[string]any:
		g, ok := got.(map[string]any)
		if !ok {
			return fmt.Errorf("at %s/: not an object", at)
		}
		return v.equalObjects(w, g, at)
	case []any:
		g, ok := got.([]any)
		if !ok || len(g) != len(w) {
			return fmt.Errorf("at %s/: not an array of %d", at, len(w))
		}
		for i := range w {
			if err := v.equal(w[i], g[i], fmt.Sprintf("%s/%d", at, i)); err != nil {
				return err
			}
		}
		return nil
	}
	if !reflect.DeepEqual(want, got) {
		return fmt.Errorf("at %s/: want %v, got %v", at, want, got)
	}
	return nil
}

func (v Vars) equalObjects(want, got map[string]any, at string) error {
	_, more := want["..."]
	for name, w := range want {
		if name == "..." {
			continue
		}
		g, ok := got[name]
		if !ok {
			return fmt.Errorf("at %s: member %s is missing", at, name)
		}
		if err := v.equal(w, g, at+"/"+name); err != nil {
			return err
		}
	}
	for name := range got {
		if _, ok := want[name]; !ok && !more {
			return fmt.Errorf("at %s: member %s is not expected", at, name)
		}
	}
	return nil
}

// stand checks that a value is of a placeholder's kind and remembers it.
func (v Vars) stand(name, kind string, got any, at string) error {
	_, isNumber := got.(json.Number)
	_, isString := got.(string)
	if kind == "number" && !isNumber || kind == "string" && !isString {
		return fmt.Errorf("at %s/: want a %s, got %v", at, kind, got)
	}
	if name != "" {
		var b bytes.Buffer
		if err := json.NewEncoder(&b).Encode(got); err != nil {
			return err
		}
		v[name] = strings.TrimSuffix(b.String(), "\n")
	}
	return nil
}
