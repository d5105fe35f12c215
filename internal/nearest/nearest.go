// Package nearest finds the words that a mistyped one may have meant. It imports nothing of cxlens.
package nearest

import (
	"slices"
	"strings"
)

// most is how many words Words returns.
const most = 3

// Words returns the words that are closest to found, all at the same distance, at most
// three, those with the longest beginning in common first; nil when none is close. Case does not matter.
func Words(found string, words []string) []string {
	found = strings.ToLower(found)
	if len(found) < 2 || len(found) > 40 {
		return nil
	}
	limit := 2
	if len(found) < 4 {
		limit = 1
	}
	var near []string
	for _, w := range words {
		lower := strings.ToLower(w)
		d := distance(found, lower)
		if d > 1 && len(found) > 2 && strings.HasPrefix(lower, found) {
			d = 1
		}
		switch {
		case d > limit || d >= len(found) || slices.Contains(near, w):
			continue
		case d < limit:
			limit, near = d, near[:0]
		}
		near = append(near, w)
	}
	likeness := func(w string) int { return commonPrefix(found, strings.ToLower(w)) }
	slices.SortStableFunc(near, func(a, b string) int { return likeness(b) - likeness(a) })
	return near[:min(len(near), most)]
}

func commonPrefix(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// distance is the number of bytes to insert, drop, replace or swap with their
// neighbour to make b of a (optimal string alignment).
func distance(a, b string) int {
	before := make([]int, len(b)+1)
	last := make([]int, len(b)+1)
	row := make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
