package duckdb

import "context"

// maxKnown is how many file names a query keeps at hand, beyond those of its last chunk.
const maxKnown = 1 << 12

// nameReader gives the file names of one query's rows. Captures follow each other, so
// most rows name the same file as the row before.
type nameReader struct {
	store  *Store
	known  map[uint32]string
	lastID uint32
	last   string
}

// load makes the names of a chunk known.
func (n *nameReader) load(ctx context.Context, v *vectors) error {
	if n.known == nil || len(n.known) > maxKnown {
		n.known = map[uint32]string{}
		n.lastID, n.last = 0, ""
	}
	var missing map[uint32]bool
	for _, ids := range [][]uint32{v.file, v.endFile} {
		seen := n.lastID
		for _, id := range ids {
			if id == seen || id == 0 {
				continue
			}
			seen = id
			if _, ok := n.known[id]; ok {
				continue
			}
			if missing == nil {
				missing = make(map[uint32]bool)
			}
			missing[id] = true
		}
	}
	if missing == nil {
		return nil
	}
	return n.store.namesOf(ctx, missing, n.known)
}

// name returns the name of an id that load has seen.
func (n *nameReader) name(id uint32) string {
	if id == 0 {
		return ""
	}
	if id != n.lastID {
		n.lastID, n.last = id, n.known[id]
	}
	return n.last
}
