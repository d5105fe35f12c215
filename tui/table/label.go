package table

import (
	"net/netip"

	"cxlens/internal/flow"
	"cxlens/themes"
	"cxlens/tui/look"
)

// Piece is one thing that is known of an address, such as a network's name.
type Piece struct {
	Text  string // clean, and not empty
	Token themes.Token
}

// Labeler returns what stands beside an address, the most important first. It is asked for the
// visible addresses with every redraw.
type Labeler func(netip.Addr) []Piece

// labelRoom is how much of a label is made room for.
type labelRoom uint8

const (
	labelNone labelRoom = iota
	labelShort
	labelLong
	numLabelRooms
)

// widestLabel is how much room a label is given at most, the blank before it included.
var widestLabel = [numLabelRooms]int{labelShort: 17, labelLong: 41}

// leastPiece is how much of a piece is worth showing when it has to be cut.
const leastPiece = 5

// labels are what stands beside addresses, where there is room.
type labels struct {
	of     Labeler // nil for nothing
	widest [2][numLabelRooms]int
}

// SetLabels sets what stands beside addresses, nil for nothing.
func (m *Model) SetLabels(of Labeler) {
	m.labels = labels{of: of}
	m.fresh = false
}

// Relabel tells that the labels may be others.
func (m *Model) Relabel() { m.fresh = false }

// Labelled tells whether any label found room on the screen, as it was drawn last.
func (m *Model) Labelled() bool { return m.lay.labelled }

// Addresses are the addresses on the screen, each once, from the top.
func (m *Model) Addresses() []netip.Addr {
	m.View() // it knows which columns there are
	var list []netip.Addr
	seen := make(map[netip.Addr]bool)
	var r flow.Record
	for place := m.top; place < min(m.top+m.page(), m.shown); place++ {
		m.view.Record(m.row(place), &r)
		for _, p := range m.lay.cols {
			if !isAddress(p.col) && !isName(p.col) {
				continue
			}
			if a := address(&r, p.col); !seen[a] {
				seen[a] = true
				list = append(list, a)
			}
		}
	}
	return list
}

// side numbers the two columns of addresses.
func side(c flow.Column) int {
	if c == flow.ColSrcIP {
		return 0
	}
	return 1
}

// widen takes in an address of so many columns with its label.
func (l *labels) widen(c flow.Column, addr int, pieces []Piece) {
	if len(pieces) == 0 {
		return
	}
	w := 0
	for _, p := range pieces {
		w += 1 + look.Width(p.Text)
	}
	for room := range l.widest[0] {
		l.widest[side(c)][room] = max(l.widest[side(c)][room], addr+min(w, widestLabel[room]))
	}
}

// measureLabels takes the widths of the visible addresses with their labels.
func (m *Model) measureLabels(r *flow.Record, c flow.Column, cell []byte) {
	if m.labels.of != nil {
		m.labels.widen(c, len(cell), m.labels.of(address(r, c)))
	}
}

// putAddress writes an address and as much of its label as there is room for behind it.
func (m *Model) putAddress(line *look.Line, r *flow.Record, p placed, t themes.Token, addr string) {
	addr = fitAddress(addr, p.w)
	pieces := m.labels.of(address(r, p.col))
	pieces = fitPieces(pieces, p.w-look.Width(addr))
	if t == themes.Cell { // the cell under the cursor is of one colour
		for _, piece := range pieces {
			addr += " " + piece.Text
		}
		pieces = nil
	}
	m.putText(line, t, addr)
	used := look.Width(addr)
	for _, piece := range pieces {
		m.lay.labelled = true
		line.Gap(1)
		line.Put(piece.Token, piece.Text)
		used += 1 + look.Width(piece.Text)
	}
	if t == themes.Cell {
		line.Put(t, look.Blank(p.w-used))
	} else {
		line.Gap(p.w - used)
	}
}

// fitPieces returns the pieces that have room in w columns, each with a blank before it; the last one may be cut.
func fitPieces(pieces []Piece, w int) []Piece {
	for i, p := range pieces {
		w-- // the blank
		need := look.Width(p.Text)
		switch {
		case need <= w:
			w -= need
			continue
		case w < leastPiece:
			return pieces[:i]
		}
		cut := append([]Piece(nil), pieces[:i+1]...)
		cut[i].Text = look.Cut(p.Text, w)
		return cut
	}
	return pieces
}
