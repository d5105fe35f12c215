package flow

import "sync"

// Table holds flows as typed columns in append-only chunks. One goroutine appends
// (Append, AppendResult); every other method may be called from any goroutine at
// any time. It takes at most 1<<32 - 1 rows, the range of an index vector.
type Table struct {
	// The writer's own: the state after the last row written, published or not.
	w      writerState
	addrs  addrDict
	files  fileDict
	rows   rowReader
	parser lineParser // of rows that rows does not know

	mu      sync.Mutex
	pub     published
	view    *View // of pub, when there is one
	lent    bool  // pub.tail is in a View
	spare   *tail // a full tail that no View holds
	ranks   *ranks
	serials *serials
}

// writerState says where the next row goes. Setting back a copy undoes rows that
// were not published.
type writerState struct {
	chunks     []*chunk
	tail       *tail
	rows       int // in tail
	chunkBytes int
}

// published is what a View shows.
type published struct {
	n      int
	chunks []*chunk
	tail   *tail
	pages  []addrPage
	addrs  addrBounds
	files  []string
	nodes  []NodeInfo
	bytes  int
}

// NewTable returns an empty table.
func NewTable() *Table {
	t := &Table{addrs: newAddrDict(), files: newFileDict(), ranks: &ranks{}, serials: newSerials(), parser: lineParser{keepName: true}}
	t.w.tail = newTail(tailRows)
	t.publish()
	return t
}

// Append adds a flow. It copies what it keeps.
func (t *Table) Append(r *Record) {
	t.append(r)
	t.publish()
}

// append adds a flow that no View shows yet.
func (t *Table) append(r *Record) {
	if t.w.rows == t.w.tail.capacity() {
		t.makeRoom()
	}
	var row [numStored]uint64
	put(&row, r)
	row[stSrc], row[stDst] = t.codes(r)
	row[stFile], row[stEndFile] = uint64(t.files.codeOf(r.File)), uint64(t.files.codeOf(r.EndFile))
	for s, x := range row {
		t.w.tail.cols[s][t.w.rows] = x
	}
	t.w.rows++
}

// length is the number of rows written, published or not.
func (t *Table) length() int { return len(t.w.chunks)*chunkRows + t.w.rows }

// codes returns the codes of r's addresses.
func (t *Table) codes(r *Record) (src, dst uint64) {
	return uint64(t.addrs.code(keyOf(r.Src, r.IPVersion))), uint64(t.addrs.code(keyOf(r.Dst, r.IPVersion)))
}

// put writes r's values, all but the codes of its addresses and files.
func put(row *[numStored]uint64, r *Record) {
	row[stID] = r.ID
	row[stStart], row[stSpan] = uint64(r.Start), uint64(r.End-r.Start)
	row[stProto], row[stVersion] = uint64(r.Proto), uint64(r.IPVersion)
	row[stSrcPort], row[stDstPort] = uint64(r.SrcPort), uint64(r.DstPort)
	row[stSrcPackets], row[stSrcBytes] = r.SrcPackets, r.SrcBytes
	row[stDstPackets], row[stDstBytes] = r.DstPackets, r.DstBytes
	row[stSrcFlags], row[stDstFlags] = uint64(r.SrcFlags), uint64(r.DstFlags)
	row[stNode] = uint64(r.Node)
	row[stOffset], row[stEndOffset] = uint64(r.Offset), uint64(r.EndOffset)
}

// makeRoom grows the tail, or seals a full one and opens the next.
func (t *Table) makeRoom() {
	if t.w.tail.capacity() < chunkRows {
		t.w.tail = t.w.tail.grown()
		return
	}
	var before *chunk
	if n := len(t.w.chunks); n > 0 {
		before = t.w.chunks[n-1]
	}
	c := seal(t.w.tail, before)
	t.w.chunks = append(t.w.chunks, c)
	t.w.chunkBytes += c.bytes()
	t.w.tail, t.w.rows = t.nextTail(), 0
}

// nextTail returns an empty tail: the sealed one again, when it was opened since rows were last published and
// no View can have it.
func (t *Table) nextTail() *tail {
	if t.w.tail != t.pub.tail {
		return t.w.tail
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if spare := t.spare; spare != nil {
		t.spare = nil
		return spare
	}
	return newTail(chunkRows)
}

// publish shows what is written to the Views to come.
func (t *Table) publish() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if old := t.pub.tail; old != t.w.tail {
		if old != nil && !t.lent && old.capacity() == chunkRows {
			t.spare = old
		}
		t.lent = false
	}
	t.pub = published{
		n: t.length(), chunks: t.w.chunks, tail: t.w.tail,
		pages: t.addrs.pages, addrs: t.addrs.addrBounds, files: t.files.names, nodes: t.pub.nodes,
		bytes: t.w.chunkBytes + 8*cap(t.w.chunks) + t.w.tail.bytes() + t.addrs.bytes() + t.files.bytes(),
	}
	t.view = nil
}

// SetNode tells what a node id stands for.
func (t *Table) SetNode(n NodeInfo) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.pub.nodes = withNode(t.pub.nodes, n)
	t.view = nil
}

// Len is the number of rows.
func (t *Table) Len() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.pub.n
}

// MemoryBytes is the memory that the table's columns and dictionaries hold.
func (t *Table) MemoryBytes() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	n := t.pub.bytes
	if t.spare != nil {
		n += t.spare.bytes()
	}
	return n
}

// View returns a snapshot that never changes; cheap enough for every redraw: the
// same one until rows or nodes are added.
func (t *Table) View() *View {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.view == nil {
		t.view = &View{published: t.pub, ranks: t.ranks, serials: t.serials}
		t.lent = true
	}
	return t.view
}
