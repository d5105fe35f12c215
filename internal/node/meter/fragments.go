package meter

// fragmentTimeout is how long, in microseconds, a datagram's later fragments are
// known by its first one: what Linux gives reassembly.
const fragmentTimeout = 30e6

// maxFragments is how many datagrams are remembered; the oldest is forgotten first.
const maxFragments = 8192

// fragments remembers to which flow fragmented datagrams belong, because only the
// first fragment has the ports.
type fragments struct {
	known map[fragment]begun
	// order is a ring of the names in the order in which they were learned.
	order []fragment
	next  int
}

// begun is the flow of a datagram and when its first fragment was seen.
type begun struct {
	flow endpoints
	time int64
	slot int
}

// learn remembers that the datagram belongs to the flow.
func (f *fragments) learn(name fragment, e endpoints, now int64) {
	if f.known == nil {
		f.known = make(map[fragment]begun)
	}
	if old, ok := f.known[name]; ok {
		f.known[name] = begun{flow: e, time: now, slot: old.slot}
		return
	}
	if len(f.order) < maxFragments {
		f.order = append(f.order, name)
		f.known[name] = begun{flow: e, time: now, slot: len(f.order) - 1}
		return
	}
	delete(f.known, f.order[f.next])
	f.order[f.next] = name
	f.known[name] = begun{flow: e, time: now, slot: f.next}
	f.next = (f.next + 1) % maxFragments
}

// find returns the flow of a datagram whose first fragment was seen less than the timeout ago.
func (f *fragments) find(name fragment, now int64) (endpoints, bool) {
	b, ok := f.known[name]
	if !ok || distance(b.time, now) > fragmentTimeout {
		return endpoints{}, false
	}
	return b.flow, true
}

// distance is how far two times lie apart, whichever is first.
func distance(a, b int64) int64 {
	if a > b {
		return a - b
	}
	return b - a
}
