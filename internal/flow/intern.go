package flow

import "sync/atomic"

// File names repeat over thousands of lines. The interned ones live in a small
// cache that forgets: bounded whatever peers send, and without locks.
const (
	internSlots  = 1 << 10
	internLength = 512 // a longer name is not kept
)

var interned [internSlots]atomic.Pointer[string]

// intern returns b as a string: the last one when it is equal, else a cached one
// where there is one.
func intern(b []byte, last string) string {
	switch {
	case len(b) == 0:
		return ""
	case string(b) == last:
		return last
	case len(b) > internLength:
		return string(b)
	}
	h := uint32(2166136261) // FNV-1a
	for _, c := range b {
		h = (h ^ uint32(c)) * 16777619
	}
	slot := &interned[(h^h>>16)%internSlots]
	if s := slot.Load(); s != nil && *s == string(b) {
		return *s
	}
	s := string(b)
	slot.Store(&s)
	return s
}
