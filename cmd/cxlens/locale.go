package main

import "strings"

// asciiLocale tells whether the environment names a locale whose characters are not those of UTF-8
// (POSIX.1-2017, XBD section 8.2). Without any locale the terminal is taken to know UTF-8, as nearly all do.
func asciiLocale(getenv func(string) string) bool {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if v := strings.ToLower(getenv(name)); v != "" {
			return !strings.Contains(v, "utf-8") && !strings.Contains(v, "utf8")
		}
	}
	return false
}
