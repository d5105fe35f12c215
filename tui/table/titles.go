package table

import "cxlens/internal/flow"

// plainPort is the title of a port that stands beside its address.
const plainPort = "PORT"

// title is the title of a column in a form. A port is plain beside its address, as long as the other port on the screen
// stands beside its own; else both say whose they are, since there may be two side by side.
func (f form) title(c flow.Column) string {
	if _, port := addressOf(c); port && !f.namedPorts {
		return plainPort
	}
	return specs[c].title
}

// plainPorts tells whether every port on the screen stands to the right of its address.
func (l *layout) plainPorts() bool {
	for i, p := range l.cols {
		if addr, port := addressOf(p.col); port && (i == 0 || l.cols[i-1].col != addr) {
			return false
		}
	}
	return true
}

// addressOf is the column of the address that a port belongs to; ok is false for a column of another kind.
func addressOf(c flow.Column) (addr flow.Column, ok bool) {
	switch c {
	case flow.ColSrcPort:
		return flow.ColSrcIP, true
	case flow.ColDstPort:
		return flow.ColDstIP, true
	}
	return 0, false
}
