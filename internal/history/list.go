package history

import (
	"slices"
)

// MaxEntries is how many queries are kept; the oldest go first.
const MaxEntries = 2000

// List is the history in memory: every query once, with its newest run. Its zero value is empty. It is
// not for concurrent use.
type List struct{ entries []Entry } // oldest first

// Add takes entries in, in any order. Those that cannot be kept are left out: a text that is not
// UTF-8 or is longer than MaxQuery.
func (l *List) Add(entries ...Entry) {
	for _, e := range entries {
		if e, ok := e.tidy(); ok {
			l.entries = append(l.entries, e)
		}
	}
	l.entries = newest(l.entries)
}

// Entries returns what is kept, the newest first. The slice is the caller's.
func (l *List) Entries() []Entry {
	out := slices.Clone(l.entries)
	slices.Reverse(out)
	return out
}

// Len is how many entries there are.
func (l *List) Len() int { return len(l.entries) }

// newest orders entries by time, keeps the newest of every query and the newest MaxEntries of
// those. Of two with the same time the later one counts as newer.
func newest(entries []Entry) []Entry {
	slices.SortStableFunc(entries, func(a, b Entry) int { return a.Time.Compare(b.Time) })
	seen := make(map[string]bool, len(entries))
	out := make([]Entry, 0, min(len(entries), MaxEntries))
	for i := len(entries) - 1; i >= 0 && len(out) < MaxEntries; i-- {
		if !seen[entries[i].Query] {
			seen[entries[i].Query] = true
			out = append(out, entries[i])
		}
	}
	slices.Reverse(out)
	return out
}
