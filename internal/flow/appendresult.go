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

// readRow reads the row at pos into place k of the batch and returns where the next one begins.
func (t *Table) readRow(rows []byte, pos, k int) (next int, err error) {
	if t.length()+k >= math.MaxUint32 {
		return 0, errors.New("the table is full, narrow the query")
	}
	row := &t.rows.values[k]
	if next := t.rows.read(rows, pos, row, k, &t.files); next > 0 {
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
	put(row, &r)
	row[stFile], row[stEndFile] = uint64(t.files.code(t.parser.file)), uint64(t.files.code(t.parser.endFile))
	t.rows.addrs.addrs[2*k], t.rows.addrs.addrs[2*k+1] = keyOf(r.Src, r.IPVersion), keyOf(r.Dst, r.IPVersion)
	return next, nil
}

// takeBatch gives the k rows of the batch their addresses' codes and adds them to the tail.
func (t *Table) takeBatch(k int) {
	b := &t.rows.addrs
	t.addrs.resolve(b, 2*k)
	values := t.rows.values[:k]
	for i := range values {
		values[i][stSrc], values[i][stDst] = uint64(b.codes[2*i]), uint64(b.codes[2*i+1])
	}
	for s := range t.w.tail.cols {
		col := t.w.tail.cols[s][t.w.rows:]
		col = col[:len(values)]
		for i := range col {
			col[i] = values[i][s]
		}
	}
	t.w.rows += k
}
