package export

import (
	"bytes"
	"strings"

	"github.com/mattn/go-runewidth"

	"cxlens/internal/flow"
)

// measuredRows is how many rows decide the widths of a table.
const measuredRows = 1000

// table is text in columns, two spaces between them, numbers to the right.
type table struct {
	cols   []flow.Column
	widths []int
}

func newTable(cols []flow.Column) *table {
	return &table{cols: cols, widths: make([]int, len(cols))}
}

func (t *table) prepare(v *flow.View, rows []uint32) {
	n := min(v.Len(), measuredRows)
	if rows != nil {
		n = min(len(rows), measuredRows)
	}
	var cell []byte
	for i, col := range t.cols {
		t.widths[i] = len(col.String())
		for k := range n {
			row := k
			if rows != nil {
				row = int(rows[k])
			}
			cell = v.AppendCell(cell[:0], col, row)
			t.widths[i] = max(t.widths[i], width(cell))
		}
	}
}

func (t *table) header(dst []byte) []byte {
	for i, col := range t.cols {
		name := strings.ToUpper(col.String())
		dst = t.put(dst, i, []byte(name))
	}
	return append(dst, '\n')
}

func (t *table) row(dst []byte, v *flow.View, row int) []byte {
	var buf [64]byte
	for i, col := range t.cols {
		dst = t.put(dst, i, v.AppendCell(buf[:0], col, row))
	}
	return append(dst, '\n')
}

// put appends a cell, padded but for the blanks at the end of a line.
func (t *table) put(dst []byte, i int, cell []byte) []byte {
	if i > 0 {
		dst = append(dst, ' ', ' ')
	}
	pad := max(t.widths[i]-width(cell), 0)
	switch {
	case isNumber(t.cols[i]):
		dst = append(appendBlanks(dst, pad), cell...)
	case i == len(t.cols)-1:
		dst = append(dst, cell...)
	default:
		dst = appendBlanks(append(dst, cell...), pad)
	}
	return dst
}

func appendBlanks(dst []byte, n int) []byte {
	return append(dst, bytes.Repeat([]byte{' '}, n)...)
}

// width is how many places of a terminal a cleaned text takes.
func width(cell []byte) int {
	for _, b := range cell {
		if b >= 0x80 {
			return runewidth.StringWidth(string(cell))
		}
	}
	return len(cell)
}
