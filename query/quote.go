package query

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Quote returns s as a STRING of the query language, in double quotes and on one line. It reads
// back as s; bytes that are not UTF-8 become U+FFFD. The escapes are \" \\ \n \r \t and \uHHHH.
func Quote(s string) string {
	var b strings.Builder
	b.Grow(len(s) + 2)
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case r < 0x10000 && !unicode.IsPrint(r):
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// reserved are the words that a name has to be quoted for.
var reserved = []string{"and", "or", "not", "in", "eq", "ne", "lt", "le", "gt", "ge"}

func isReserved(word string) bool {
	return slices.Contains(reserved, strings.ToLower(word))
}

// wordText returns s bare where it reads back as a WORD, else quoted.
func wordText(s string) string {
	if s == "" || s == "-" || s[0] == '$' || s[0] == '?' || isReserved(s) || !utf8.ValidString(s) {
		return Quote(s)
	}
	for _, r := range s {
		if !isWordRune(r) || r == utf8.RuneError {
			return Quote(s)
		}
	}
	return s
}
