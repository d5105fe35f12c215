package smallfile

import "strings"

// KeyLine finds the line of a key in a TOML file, from 1; 0 when it is not found. The decoder tells
// places only of what is no TOML at all, so that the line is looked for as a person would: below the
// table's head, a line that begins with the key; further parts of the key stand in that line or are
// tables of their own.
func KeyLine(text []byte, key ...string) int {
	table, found := "", 0
	for i, line := range strings.Split(string(text), "\n") {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "#") {
			continue
		}
		if head, ok := strings.CutPrefix(line, "["); ok && !strings.Contains(line, "=") {
			head, _, _ = strings.Cut(strings.TrimLeft(head, "["), "]")
			table = bare(head)
			line = ""
			if table == strings.Join(key, ".") {
				return i + 1
			}
		}
		name, _, ok := strings.Cut(line, "=")
		if !ok {
			continue
		}
		full := bare(name)
		if table != "" {
			full = table + "." + full
		}
		for n := len(key); n > 0; n-- {
			if full == strings.Join(key[:n], ".") {
				if n == len(key) {
					return i + 1
				}
				found = max(found, i+1)
			}
		}
	}
	return found
}

// bare is a key without quotes and blanks.
func bare(key string) string {
	return strings.NewReplacer(`"`, "", "'", "", " ", "", "\t", "").Replace(key)
}
