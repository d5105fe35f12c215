package flow

import (
	"context"
	"slices"
)

// Around is what is known of addresses beside the flows: it fills the columns from ColSrcName on. Its functions are
// safe for concurrent use; one that is nil leaves its columns empty.
type Around struct {
	// Name is what an address is called, clean, "" for nothing.
	Name func(a Addr, version uint8) string
	// Inside tells whether an address is in one's own networks.
	Inside func(a Addr, version uint8) bool
}

// With returns the same rows with what is known around them, nil for nothing.
func (v *View) With(a *Around) *View {
	w := *v
	w.around = a
	return &w
}

// Direction is which way a flow went as one's own networks see it, derived and never stored.
type Direction uint8

// The directions, in their order.
const (
	NoDirection      Direction = iota // nobody said which networks are one's own
	DirectionIn                       // from outside to inside
	DirectionOut                      // from inside to outside
	DirectionInside                   // both ends are inside
	DirectionOutside                  // neither is
	numDirections
)

var directionNames = [numDirections]string{"", "in", "out", "inside", "outside"}

// String is "in", "out", "inside", "outside", or "" for NoDirection.
func (d Direction) String() string {
	if d < numDirections {
		return directionNames[d]
	}
	return "?"
}

// DirectionOf is the direction of a flow between two ends.
func DirectionOf(srcInside, dstInside bool) Direction {
	switch {
	case srcInside && dstInside:
		return DirectionInside
	case srcInside:
		return DirectionOut
	case dstInside:
		return DirectionIn
	}
	return DirectionOutside
}

// Direction is which way a row went; NoDirection without Around.Inside.
func (v *View) Direction(row int) Direction {
	if v.around == nil || v.around.Inside == nil {
		return NoDirection
	}
	return DirectionOf(v.around.Inside(v.Addr(uint32(v.at(stSrc, row)))), v.around.Inside(v.Addr(uint32(v.at(stDst, row)))))
}

// aroundCell appends the text of a column from ColSrcName on.
func (v *View) aroundCell(dst []byte, col Column, row int) []byte {
	if col == ColDirection {
		return append(dst, v.Direction(row).String()...)
	}
	end := stSrc
	if col == ColDstName {
		end = stDst
	}
	return append(dst, v.NameOf(uint32(v.at(end, row)))...)
}

// NameOf is what the address of a code is called, "" for nothing; see Addr.
func (v *View) NameOf(code uint32) string {
	if v.around == nil || v.around.Name == nil {
		return ""
	}
	return v.around.Name(v.Addr(code))
}

// directionKeys gives the numbers by which rows are ordered by direction; every address is looked at once.
func (v *View) directionKeys(rows []uint32) func(dst []uint64, from int) {
	if v.around == nil || v.around.Inside == nil {
		return func(dst []uint64, _ int) { clear(dst) }
	}
	inside := make([]bool, v.NumAddrs())
	for code := range uint32(len(inside)) {
		if v.HasAddr(code) {
			inside[code] = v.around.Inside(v.Addr(code))
		}
	}
	if rows == nil {
		return func(dst []uint64, from int) {
			var ends [2][block]uint32
			v.AddrCodes(ColSrcIP, from, ends[0][:len(dst)])
			v.AddrCodes(ColDstIP, from, ends[1][:len(dst)])
			for i := range dst {
				dst[i] = uint64(DirectionOf(inside[ends[0][i]], inside[ends[1][i]]))
			}
		}
	}
	return func(dst []uint64, from int) {
		for i, row := range rows[from : from+len(dst)] {
			dst[i] = uint64(DirectionOf(inside[v.at(stSrc, int(row))], inside[v.at(stDst, int(row))]))
		}
	}
}

// nameKeys gives the numbers by which rows are ordered by what their addresses are called; every address is looked at
// once.
func (v *View) nameKeys(ctx context.Context, col Column, rows []uint32) (keySource, error) {
	if v.around == nil || v.around.Name == nil {
		return keySource{fill: func(dst []uint64, _ int) { clear(dst) }, hi: 1, known: true}, nil
	}
	end := ColSrcIP
	if col == ColDstName {
		end = ColDstIP
	}
	seen := map[string]uint32{}
	var names []string                    // in the order of first sight
	named := make([]uint32, v.NumAddrs()) // the name of a code, by its place in names
	for code := range uint32(len(named)) {
		if code%stride == 0 && ctx.Err() != nil {
			return keySource{}, ctx.Err()
		}
		if !v.HasAddr(code) {
			continue
		}
		name := v.NameOf(code)
		n, ok := seen[name]
		if !ok {
			n = uint32(len(names))
			seen[name], names = n, append(names, name)
		}
		named[code] = n
	}
	sorted := slices.DeleteFunc(slices.Sorted(slices.Values(names)), func(name string) bool { return name == "" })
	ranks := make([]uint64, len(names))
	for n, name := range names {
		ranks[n] = uint64(len(sorted)) // no name
		if at, found := slices.BinarySearch(sorted, name); found {
			ranks[n] = uint64(at)
		}
	}
	load := v.loadKeys(end, rows)
	return keySource{hi: uint64(len(sorted)) + 1, known: true, fill: func(dst []uint64, from int) {
		load(dst, from)
		for i, code := range dst {
			dst[i] = ranks[named[code]]
		}
	}}, nil
}
