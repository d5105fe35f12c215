package export

import (
	"bytes"
	"slices"

	"cxlens/internal/flow"
)

// csv is RFC 4180, but for the LF that ends a line.
type csv struct {
	cols []flow.Column
	safe bool // formulas are neutralised
}

func (csv) prepare(*flow.View, []uint32) {}

func (c csv) header(dst []byte) []byte {
	for i, col := range c.cols {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, col.String()...)
	}
	return append(dst, '\n')
}

func (c csv) row(dst []byte, v *flow.View, row int) []byte {
	for i, col := range c.cols {
		if i > 0 {
			dst = append(dst, ',')
		}
		at := len(dst)
		dst = v.AppendCell(dst, col, row)
		if isText(col) {
			if c.safe {
				dst = neutralFrom(dst, at)
			}
			dst = quoteFrom(dst, at)
		}
	}
	return append(dst, '\n')
}

// isText tells whether a cell's text is a peer's, or a name that somebody gave: all others never need quotes.
func isText(col flow.Column) bool {
	switch col {
	case flow.ColPcapFile, flow.ColPcapEndFile, flow.ColNode, flow.ColAgent, flow.ColNetgroup, flow.ColSrcName, flow.ColDstName:
		return true
	}
	return false
}

// quoteFrom puts dst[at:] into quotes where RFC 4180 section 2 asks for them, or where
// readers would cut blanks at the ends.
func quoteFrom(dst []byte, at int) []byte {
	cell := dst[at:]
	if len(cell) == 0 || !bytes.ContainsAny(cell, "\",\r\n") && cell[0] != ' ' && cell[len(cell)-1] != ' ' {
		return dst
	}
	cell = slices.Clone(cell)
	dst = append(dst[:at], '"')
	for _, b := range cell {
		if b == '"' {
			dst = append(dst, '"')
		}
		dst = append(dst, b)
	}
	return append(dst, '"')
}
