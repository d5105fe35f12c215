package flow

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"sync"
)

// Table holds flows as typed columns in append-only chunks. One goroutine appends
// (Append, AppendResult); every other method may be called from any goroutine at
// any time. It takes at most 1<<32 - 1 rows, the range of an index vector.
type Table struct {
	// The writer's own: the state after the last row written, published or not.
	w      writerState
	addrs  addrDict
	files  fileDict
	parser lineParser
	batch  batch

	mu    sync.Mutex
	pub   published
	view  *View // of pub, when there is one
	lent  bool  // pub.tail is in a View
	spare *tail // a full tail that no View holds
	ranks *ranks
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
	pages  []*addrEntries
	addrs  int
	files  []string
	nodes  []NodeInfo
	bytes  int
}

// NewTable returns an empty table.
func NewTable() *Table {
	t := &Table{addrs: newAddrDict(), files: newFileDict(), ranks: &ranks{}, parser: lineParser{keepName: true}}
	t.w.tail = newTail(tailRows)
	t.publish()
	return t
}

// Append adds a flow. It copies what it keeps.
func (t *Table) Append(r *Record) {
	t.put(&codedRecord{
		Record: r,
		src:    t.addrs.code(r.Src, r.IPVersion), dst: t.addrs.code(r.Dst, r.IPVersion),
		file: t.files.codeOf(r.File), endFile: t.files.codeOf(r.EndFile),
	})
	t.publish()
}

// AppendResult adds the rows of a result part (protocol.md section 5: lines in
// the 20-field indexed order, then the node's id; the last LF may be missing). It
// returns how many rows it added; on a bad line it adds none of the block and the
// error names the line, from 1, and its field.
func (t *Table) AppendResult(rows []byte) (n int, err error) {
	before := t.w
	for len(rows) > 0 {
		k := 0
		for ; k < len(t.batch.records) && len(rows) > 0; k++ {
			line := rows
			if i := bytes.IndexByte(rows, '\n'); i >= 0 {
				line, rows = rows[:i], rows[i+1:]
			} else {
				rows = nil
			}
			if err = t.read(line, k); err != nil {
				t.w = before
				return 0, fmt.Errorf("result line %d: %w", n+k+1, err)
			}
		}
		t.putBatch(k)
		n += k
	}
	t.publish()
	return n, nil
}

// read parses a line into the batch.
func (t *Table) read(line []byte, k int) error {
	if t.length()+k >= math.MaxUint32 {
		return errors.New("the table is full, narrow the query")
	}
	b := &t.batch
	if err := t.parser.parseResult(line, &b.records[k]); err != nil {
		return err
	}
	b.files[k], b.endFiles[k] = t.files.code(t.parser.file), t.files.code(t.parser.endFile)
	return nil
}

// putBatch writes the first k records of the batch.
func (t *Table) putBatch(k int) {
	b := &t.batch
	t.addrs.codes(b.records[:k], &b.src, &b.dst)
	for i := range k {
		t.put(&codedRecord{Record: &b.records[i], src: b.src[i], dst: b.dst[i], file: b.files[i], endFile: b.endFiles[i]})
	}
}

// batchRows is how many rows look up their addresses together.
const batchRows = 32

// batch is rows on their way from lines to columns.
type batch struct {
	records         [batchRows]Record
	src, dst        [batchRows]uint32
	files, endFiles [batchRows]uint32
}

// codedRecord is a record and the codes of its addresses and names.
type codedRecord struct {
	*Record
	src, dst, file, endFile uint32
}

// length is the number of rows written, published or not.
func (t *Table) length() int { return len(t.w.chunks)*chunkRows + t.w.rows }

// put writes one row behind the last one.
func (t *Table) put(r *codedRecord) {
	if t.w.rows == t.w.tail.capacity() {
		t.makeRoom()
	}
	i, cols := t.w.rows, &t.w.tail.cols
	cols[stID][i] = r.ID
	cols[stStart][i], cols[stSpan][i] = uint64(r.Start), uint64(r.End-r.Start)
	cols[stProto][i], cols[stVersion][i] = uint64(r.Proto), uint64(r.IPVersion)
	cols[stSrc][i], cols[stDst][i] = uint64(r.src), uint64(r.dst)
	cols[stSrcPort][i], cols[stDstPort][i] = uint64(r.SrcPort), uint64(r.DstPort)
	cols[stSrcPackets][i], cols[stSrcBytes][i] = r.SrcPackets, r.SrcBytes
	cols[stDstPackets][i], cols[stDstBytes][i] = r.DstPackets, r.DstBytes
	cols[stSrcFlags][i], cols[stDstFlags][i] = uint64(r.SrcFlags), uint64(r.DstFlags)
	cols[stNode][i] = uint64(r.Node)
	cols[stFile][i], cols[stEndFile][i] = uint64(r.file), uint64(r.endFile)
	cols[stOffset][i], cols[stEndOffset][i] = uint64(r.Offset), uint64(r.EndOffset)
	t.w.rows++
}

// makeRoom grows the tail, or seals a full one and opens the next.
func (t *Table) makeRoom() {
	if t.w.tail.capacity() < chunkRows {
		t.w.tail = t.w.tail.grown()
		return
	}
	c := seal(t.w.tail)
	t.w.chunks = append(t.w.chunks, c)
	t.w.chunkBytes += c.bytes()
	t.w.tail, t.w.rows = t.nextTail(), 0
}

func (t *Table) nextTail() *tail {
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
		pages: t.addrs.pages, addrs: t.addrs.n, files: t.files.names, nodes: t.pub.nodes,
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
		t.view = &View{published: t.pub, ranks: t.ranks}
		t.lent = true
	}
	return t.view
}
