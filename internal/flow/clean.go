package flow

import (
	"strings"
	"unicode/utf8"
)

// Mark stands where Clean took a character out: U+FFFD, the replacement character.
const Mark = "\uFFFD"

// Clean replaces the characters of a peer's text that could forge or destroy
// what a terminal, a log or a CSV file shows (protocol.md section 8) by Mark, one for one: C0 controls with
// tab and LF, DEL, C1 controls, bidi marks, embeddings, overrides and isolates,
// the line and paragraph separators, and bytes that are not UTF-8. Clean text is
// returned as it is, without an allocation.
func Clean(s string) string {
	at := firstDirty(s)
	if at < 0 {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + 2*len(Mark))
	b.WriteString(s[:at])
	for _, r := range s[at:] {
		if isDirty(r) {
			r = utf8.RuneError
		}
		b.WriteRune(r)
	}
	return b.String()
}

// AppendClean appends what Clean returns for s.
func AppendClean(dst, s []byte) []byte {
	for i := 0; i < len(s); {
		if c := s[i]; ' ' <= c && c < 0x7f {
			dst = append(dst, c)
			i++
			continue
		}
		r, size := utf8.DecodeRune(s[i:])
		if isDirty(r) {
			r = utf8.RuneError
		}
		dst = utf8.AppendRune(dst, r)
		i += size
	}
	return dst
}

// appendCleanString is AppendClean for a string.
func appendCleanString(dst []byte, s string) []byte {
	return append(dst, Clean(s)...)
}

// firstDirty returns the offset of the first character that Clean replaces, -1 for none.
func firstDirty(s string) int {
	for i, r := range s {
		if ' ' <= r && r < 0x7f {
			continue
		}
		if isDirty(r) || r == utf8.RuneError && !strings.HasPrefix(s[i:], Mark) {
			return i
		}
	}
	return -1
}

// isDirty tells whether Clean replaces r.
func isDirty(r rune) bool {
	switch {
	case r < ' ', 0x7f <= r && r <= 0x9f:
		return true
	case r < 0x061c:
		return false
	case r == 0x061c, r == 0x200e, r == 0x200f: // bidi marks
		return true
	case 0x2028 <= r && r <= 0x202e: // separators, embeddings and overrides
		return true
	}
	return 0x2066 <= r && r <= 0x2069 // isolates
}
