package export

import (
	"bytes"
	"slices"

	"cxlens/internal/flow"
)

// jsonl is one JSON object a line: numbers as numbers, with all digits of an id;
// times, names, addresses and flags as strings; a rate that a flow has not as null.
type jsonl struct {
	cols []flow.Column
	keys [][]byte // what stands before each value
}

func newJSONL(cols []flow.Column) jsonl {
	j := jsonl{cols: cols}
	for i, col := range cols {
		before := byte(',')
		if i == 0 {
			before = '{'
		}
		key := append([]byte{before, '"'}, col.String()...)
		j.keys = append(j.keys, append(key, '"', ':'))
	}
	return j
}

func (jsonl) prepare(*flow.View, []uint32) {}

func (jsonl) header(dst []byte) []byte { return dst }

func (j jsonl) row(dst []byte, v *flow.View, row int) []byte {
	if len(j.cols) == 0 {
		dst = append(dst, '{')
	}
	for i, col := range j.cols {
		dst = append(dst, j.keys[i]...)
		if isNumber(col) {
			at := len(dst)
			if dst = v.AppendCell(dst, col, row); len(dst) == at {
				dst = append(dst, "null"...)
			}
			continue
		}
		dst = append(dst, '"')
		at := len(dst)
		dst = v.AppendCell(dst, col, row)
		if isText(col) {
			dst = escapeFrom(dst, at)
		}
		dst = append(dst, '"')
	}
	return append(dst, '}', '\n')
}

// isNumber tells whether a column's cells are numbers.
func isNumber(col flow.Column) bool {
	switch col {
	case flow.ColStart, flow.ColEnd, flow.ColProto, flow.ColSrcIP, flow.ColDstIP, flow.ColSrcFlags, flow.ColDstFlags,
		flow.ColState, flow.ColService, flow.ColDirection:
		return false
	}
	return !isText(col)
}

// escapeFrom escapes dst[at:]. Cells are cleaned: they hold valid UTF-8 and no
// control character, so that only the quote and the backslash are left.
func escapeFrom(dst []byte, at int) []byte {
	cell := dst[at:]
	if !bytes.ContainsAny(cell, `"\`) {
		return dst
	}
	cell = slices.Clone(cell)
	dst = dst[:at]
	for _, b := range cell {
		if b == '"' || b == '\\' {
			dst = append(dst, '\\')
		}
		dst = append(dst, b)
	}
	return dst
}
