package meter

import "cxlens/internal/flow"

// chunk is how many entries are allocated at once; entries never move.
const chunk = 1024

// side is what one endpoint sent.
type side struct {
	packets, bytes uint64
	flags          flow.Flags
}

// entry is an open flow. Side 0 is the one that sent the first packet.
type entry struct {
	key     key
	swapped bool // the first packet came from the key's higher endpoint
	state   state
	id      uint64
	// start and last are the earliest and latest packet time, seen that of the
	// latest packet to arrive.
	start, last, seen int64
	sides             [2]side
	file, endFile     uint32
	offset, endOffset int64
	links             links
}

// links chain the entries of one state in the order in which their packets
// arrived. -1 ends a chain.
type links struct {
	prev, next int32
	// turn numbers arrivals over all chains.
	turn uint64
}

// table holds the open flows: an index by key, and a chain for each state, so that
// those to end stand at the chain's head.
type table struct {
	index  map[key]int32
	chunks []*[chunk]entry
	used   int32
	free   []int32
	chains [numStates]struct{ head, tail int32 }
	turn   uint64
}

func (t *table) init() {
	t.index = make(map[key]int32)
	for s := range t.chains {
		t.chains[s].head, t.chains[s].tail = -1, -1
	}
}

// at returns entry i; the pointer holds until the entry is removed.
func (t *table) at(i int32) *entry { return &t.chunks[i/chunk][i%chunk] }

// add makes an entry for k, at the tail of the first state's chain.
func (t *table) add(k key) int32 {
	var i int32
	if n := len(t.free); n > 0 {
		i = t.free[n-1]
		t.free = t.free[:n-1]
	} else {
		if int(t.used) == len(t.chunks)*chunk {
			t.chunks = append(t.chunks, new([chunk]entry))
		}
		i = t.used
		t.used++
	}
	t.index[k] = i
	t.at(i).state = 0
	t.link(i)
	return i
}

// touch moves entry i to the tail of the chain of state s.
func (t *table) touch(i int32, s state) {
	t.unlink(i)
	t.at(i).state = s
	t.link(i)
}

// remove takes entry i out. Its content stays readable until the next add.
func (t *table) remove(i int32) {
	t.unlink(i)
	delete(t.index, t.at(i).key)
	t.free = append(t.free, i)
}

// oldest returns the entry whose last packet arrived first. The table is not empty.
func (t *table) oldest() int32 {
	found := int32(-1)
	for s := range t.chains {
		i := t.chains[s].head
		if i >= 0 && (found < 0 || t.at(i).links.turn < t.at(found).links.turn) {
			found = i
		}
	}
	return found
}

func (t *table) link(i int32) {
	e := t.at(i)
	c := &t.chains[e.state]
	t.turn++
	e.links = links{prev: c.tail, next: -1, turn: t.turn}
	if c.tail >= 0 {
		t.at(c.tail).links.next = i
	} else {
		c.head = i
	}
	c.tail = i
}

func (t *table) unlink(i int32) {
	e := t.at(i)
	c := &t.chains[e.state]
	if e.links.prev >= 0 {
		t.at(e.links.prev).links.next = e.links.next
	} else {
		c.head = e.links.next
	}
	if e.links.next >= 0 {
		t.at(e.links.next).links.prev = e.links.prev
	} else {
		c.tail = e.links.prev
	}
}
