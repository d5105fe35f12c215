// Package lookup finds what is known of an address: the named networks that it is in, the names
// that the DNS has for it, and the country and the autonomous system that database files give it.
//
// It may import query, internal/flow, internal/nearest and internal/smallfile. The surprising thing: only Hosts asks
// somebody else, and it does so for nothing but what Want was given last, because a look-up tells
// the world which addresses somebody is looking at.
package lookup

import (
	"unicode/utf8"

	"cxlens/internal/flow"
)

// maxText is how many bytes of a text from elsewhere are kept: as long as a DNS name can be (RFC 1035 section 3.1).
const maxText = 253

// shown is a text from elsewhere as it may be shown: clean, and not too long.
func shown(s string) string {
	if len(s) > maxText {
		end := maxText
		for end > 0 && !utf8.RuneStart(s[end]) {
			end--
		}
		s = s[:end] + "…"
	}
	return flow.Clean(s)
}
