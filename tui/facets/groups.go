package facets

import "cxlens/tui/sums"

// here is a group while it is summed up.
type here struct {
	hash        uint64
	sums        sums.Sums
	first, last int64
	row         uint32 // its first one
}

// groups are the groups of some rows, found by the hash of the numbers of their columns. Of one column no two numbers
// have the same hash, see mix; of several the numbers are compared too.
type groups struct {
	columns int
	all     []here
	keys    []uint64 // of several columns, for each group in turn
	slots   []uint32 // place in all + 1 by hash, 0 for none; a power of two, at most half full
}

func newGroups(columns int) groups { return groups{columns: columns, slots: make([]uint32, 1<<10)} }

func (g *groups) len() int { return len(g.all) }

// reset forgets the groups and keeps their room.
func (g *groups) reset() {
	g.all, g.keys = g.all[:0], g.keys[:0]
	clear(g.slots)
}

// find returns the group of number i of a block, a new one with its row and start where there is none.
func (g *groups) find(hash uint64, readers []reader, i int, row uint32, start int64) *here {
	mask := uint64(len(g.slots) - 1)
	slot := hash & mask
	for ; g.slots[slot] != 0; slot = (slot + 1) & mask {
		at := g.slots[slot] - 1
		if g.all[at].hash == hash && (g.columns == 1 || g.same(int(at), readers, i)) {
			return &g.all[at]
		}
	}
	if 2*(len(g.all)+1) > len(g.slots) {
		g.grow()
		mask = uint64(len(g.slots) - 1)
		for slot = hash & mask; g.slots[slot] != 0; slot = (slot + 1) & mask {
		}
	}
	g.all = append(g.all, here{hash: hash, row: row, first: start, last: start})
	if g.columns > 1 {
		for _, r := range readers {
			g.keys = append(g.keys, r.numbers[i])
		}
	}
	g.slots[slot] = uint32(len(g.all))
	return &g.all[len(g.all)-1]
}

func (g *groups) same(at int, readers []reader, i int) bool {
	for c, key := range g.keys[at*g.columns : (at+1)*g.columns] {
		if readers[c].numbers[i] != key {
			return false
		}
	}
	return true
}

func (g *groups) grow() {
	g.slots = make([]uint32, 2*len(g.slots))
	mask := uint64(len(g.slots) - 1)
	for at := range g.all {
		slot := g.all[at].hash & mask
		for ; g.slots[slot] != 0; slot = (slot + 1) & mask {
		}
		g.slots[slot] = uint32(at + 1)
	}
}

// mix spreads a number over 64 bits, each number to another one (the finalizer of splitmix64).
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
