package wire

// outKind decides what an item may overtake.
type outKind uint8

const (
	outText     outKind = iota // acks, verbs, PING, PONG, BYE: strictly in order
	outBlock                   // our block: in order with the texts
	outResponse                // a JSON response: at any boundary between two items
	outRequest                 // a JSON request: as a response, but never before our block
)

// outItem is one thing to write, whole.
type outItem struct {
	kind    outKind
	seq     uint64
	parts   [2][]byte // written one after the other
	waiting bool      // a final ack whose handler has not answered yet
	last    bool      // the connection ends after it
	owed    bool      // counts against MaxOutbox: the peer caused it
	debt    *debt     // what the peer owes once it is written
	token   bool      // gives back a place among the news when it is written
}

func (o *outItem) size() int { return len(o.parts[0]) + len(o.parts[1]) + itemCost }

// outbox holds what is committed to the peer and not yet written. Texts are written in
// the order of commitment, also across a final ack that waits for its handler; JSON
// objects overtake it.
type outbox struct {
	seq       uint64
	texts     queue[*outItem]
	responses queue[*outItem]
	requests  queue[*outItem]
	blockSeq  uint64 // of our block that is not handed to the writer yet, 0: none
	waiting   int    // final acks without an answer
	owed      int    // bytes of items that the peer caused
}

// commit appends an item.
func (o *outbox) commit(it *outItem) {
	o.seq++
	it.seq = o.seq
	if it.waiting {
		o.waiting++
	}
	if it.owed {
		o.owed += it.size()
	}
	switch it.kind {
	case outResponse:
		o.responses.push(it)
	case outRequest:
		o.requests.push(it)
	case outBlock:
		o.blockSeq = it.seq
		o.texts.push(it)
	default:
		o.texts.push(it)
	}
}

// fill gives a waiting item its text.
func (o *outbox) fill(it *outItem, line []byte) {
	o.waiting--
	o.owed += len(line)
	it.parts[0], it.waiting = line, false
}

// next takes the oldest item that may be written now; nil when there is none.
func (o *outbox) next() *outItem {
	var from *queue[*outItem]
	best := uint64(0)
	consider := func(q *queue[*outItem], ok func(*outItem) bool) {
		if it, any := q.first(); any && ok(it) && (from == nil || it.seq < best) {
			from, best = q, it.seq
		}
	}
	consider(&o.texts, func(it *outItem) bool { return !it.waiting })
	consider(&o.responses, func(*outItem) bool { return true })
	consider(&o.requests, func(it *outItem) bool { return o.blockSeq == 0 || it.seq < o.blockSeq })
	if from == nil {
		return nil
	}
	it := from.pop()
	if it.kind == outBlock {
		o.blockSeq = 0
	}
	if it.owed {
		o.owed -= it.size()
	}
	return it
}

// queue is a FIFO that gives its memory back as it drains.
type queue[T any] struct{ items []T }

func (q *queue[T]) push(v T) { q.items = append(q.items, v) }
func (q *queue[T]) len() int { return len(q.items) }

func (q *queue[T]) first() (v T, ok bool) {
	if len(q.items) == 0 {
		return v, false
	}
	return q.items[0], true
}

func (q *queue[T]) pop() T {
	var zero T
	v := q.items[0]
	q.items[0] = zero
	q.items = q.items[1:]
	if len(q.items) == 0 {
		q.items = nil
	}
	return v
}

// remove takes out the first item for which match is true.
func (q *queue[T]) remove(match func(T) bool) bool {
	for i, v := range q.items {
		if match(v) {
			q.items = append(q.items[:i:i], q.items[i+1:]...)
			return true
		}
	}
	return false
}
