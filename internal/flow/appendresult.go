package flow

import (
	"bytes"
	"errors"
	"fmt"
	"math"
)

// AppendResult adds the rows of a result part (protocol.md section 5: lines in
// the 20-field indexed order, then the node's id; the last LF may be missing). It
// returns how many rows it added; on a bad line it adds none of the block and the
// error names the line, from 1, and its field.
func (t *Table) AppendResult(rows []byte) (n int, err error) {
	before := t.w
	for pos := 0; pos < len(rows); {
		if t.w.rows == t.w.tail.capacity() {
			t.makeRoom()
		}
		k := 0
		for room := min(batchRows, t.w.tail.capacity()-t.w.rows); k < room && pos < len(rows); k++ {
			if pos, err = t.readRow(rows, pos, k); err != nil {
				t.w = before
				return 0, fmt.Errorf("result line %d: %w", n+k+1, err)
			}
		}
		t.takeBatch(k)
		n += k
	}
	t.publish()
	return n, nil
}

// readRow reads the row at pos into the tail, k rows behind the last one, all but its addresses'
// codes, and returns where the next one begins.
func (t *Table) readRow(rows []byte, pos, k int) (next int, err error) {
	if t.length()+k >= math.MaxUint32 {
		return 0, errors.New("the table is full, narrow the query")
	}
	cols, row := &t.w.tail.cols, t.w.rows+k
	if next := t.rows.read(rows, pos, cols, row, k, &t.files); next > 0 {
		return next, nil
	}
	line, next := rows[pos:], len(rows)
	if i := bytes.IndexByte(line, '\n'); i >= 0 {
		line, next = line[:i], pos+i+1
	}
	var r Record
	if err := t.parser.parseResult(line, &r); err != nil {
		return 0, err
	}
	put(cols, row, &r)
	cols[stFile][row], cols[stEndFile][row] = uint64(t.files.code(t.parser.file)), uint64(t.files.code(t.parser.endFile))
	t.rows.addrs.addrs[2*k], t.rows.addrs.addrs[2*k+1] = keyOf(r.Src, r.IPVersion), keyOf(r.Dst, r.IPVersion)
	return next, nil
}

// takeBatch gives the k rows behind the last one their addresses' codes and counts them.
func (t *Table) takeBatch(k int) {
	b := &t.rows.addrs
	t.addrs.resolve(b, 2*k)
	src, dst := t.w.tail.cols[stSrc][t.w.rows:], t.w.tail.cols[stDst][t.w.rows:]
	for i := range k {
		src[i], dst[i] = uint64(b.codes[2*i]), uint64(b.codes[2*i+1])
	}
	t.w.rows += k
}
