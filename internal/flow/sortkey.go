package flow

import (
	"context"
	"math"
	"slices"
	"strings"
)

// keySource returns the numbers that order rows (nil: all rows) as col does.
func (v *View) keySource(ctx context.Context, col Column, rows []uint32) (keySource, error) {
	switch col {
	case ColDirection:
		return keySource{fill: v.directionKeys(rows), hi: uint64(numDirections), known: true}, nil
	case ColSrcName, ColDstName:
		return v.nameKeys(ctx, col, rows)
	}
	load := v.loadKeys(col, rows)
	var rank func(uint64) uint64
	highest := uint64(0) // rank, where that is known
	switch col {
	case ColSrcIP, ColDstIP:
		ranks, err := v.ranks.addrRanks(ctx, v)
		if err != nil {
			return keySource{}, err
		}
		rank, highest = func(code uint64) uint64 { return uint64(ranks[code]) }, uint64(len(ranks))
	case ColPcapFile, ColPcapEndFile:
		ranks, err := v.ranks.fileRanks(ctx, v)
		if err != nil {
			return keySource{}, err
		}
		rank, highest = func(code uint64) uint64 { return uint64(ranks[code]) }, uint64(len(ranks))
	case ColNode, ColAgent, ColNetgroup:
		n := v.n
		if rows != nil {
			n = len(rows)
		}
		ranks, err := v.nodeRanks(ctx, col, n, load)
		if err != nil {
			return keySource{}, err
		}
		rank = ranks.of
	case ColState:
		rank, highest = func(s uint64) uint64 { return stateRanks[s] }, uint64(numStates)
	default:
		if !signedColumn(col) {
			return keySource{fill: load}, nil
		}
		rank = func(x uint64) uint64 { return x ^ signBit }
	}
	return keySource{hi: highest, known: highest > 0, fill: func(dst []uint64, from int) {
		load(dst, from)
		for i, x := range dst {
			dst[i] = rank(x)
		}
	}}, nil
}

// loadKeys returns what decodes col for the places from, from+1, ... of rows.
// Rates are never negative, so that their bits order as they do.
func (v *View) loadKeys(col Column, rows []uint32) func(dst []uint64, from int) {
	rate := col == ColPPS || col == ColBPS || col == ColBPP
	switch s := storedOf[col]; {
	case rows == nil && rate:
		return func(dst []uint64, from int) {
			var f [block]float64
			v.Floats(col, from, f[:len(dst)])
			for i := range dst {
				dst[i] = math.Float64bits(f[i])
			}
		}
	case rows == nil:
		return func(dst []uint64, from int) { v.Uint64s(col, from, dst) }
	case rate:
		return func(dst []uint64, from int) {
			for i, row := range rows[from : from+len(dst)] {
				dst[i] = math.Float64bits(v.Float(col, int(row)))
			}
		}
	case s != numStored:
		return func(dst []uint64, from int) {
			for i, row := range rows[from : from+len(dst)] {
				dst[i] = v.at(s, int(row))
			}
		}
	}
	return func(dst []uint64, from int) {
		for i, row := range rows[from : from+len(dst)] {
			dst[i] = v.Uint64(col, int(row))
		}
	}
}

// stateRanks orders the states by name.
var stateRanks = func() (ranks [numStates]uint64) {
	names := slices.Sorted(slices.Values(stateNames[:]))
	for s, name := range stateNames {
		ranks[s] = uint64(slices.Index(names, name))
	}
	return ranks
}()

// denseNodes bounds the node ids whose ranks stand in an array: a server counts its nodes from 1.
const denseNodes = 1 << 12

// nodeRanks orders node ids by the text that a column shows for them.
type nodeRanks struct {
	dense  [denseNodes]uint64
	sparse map[uint64]uint64
}

func (r *nodeRanks) of(id uint64) uint64 {
	if id < denseNodes {
		return r.dense[id]
	}
	return r.sparse[id]
}

// nodeRanks looks at the ids that occur: those that are no known node have a text, too.
func (v *View) nodeRanks(ctx context.Context, col Column, n int, load func([]uint64, int)) (*nodeRanks, error) {
	ids, err := distinctNodes(ctx, n, load)
	if err != nil {
		return nil, err
	}
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = v.nodeText(col, uint32(id))
	}
	sorted := slices.Compact(slices.Sorted(slices.Values(texts)))
	r := &nodeRanks{sparse: map[uint64]uint64{}}
	for i, id := range ids {
		rank, _ := slices.BinarySearchFunc(sorted, texts[i], strings.Compare)
		if id < denseNodes {
			r.dense[id] = uint64(rank)
		} else {
			r.sparse[id] = uint64(rank)
		}
	}
	return r, nil
}

// distinctNodes lists the node ids that occur, in the order of first sight.
func distinctNodes(ctx context.Context, n int, load func([]uint64, int)) (ids []uint64, err error) {
	var buf [block]uint64
	var dense [denseNodes]bool
	sparse := map[uint64]bool{}
	for from := 0; from < n; from += block {
		if from%stride == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		in := buf[:min(block, n-from)]
		load(in, from)
		for _, id := range in {
			switch {
			case id >= denseNodes && !sparse[id]:
				sparse[id] = true
			case id < denseNodes && !dense[id]:
				dense[id] = true
			default:
				continue
			}
			ids = append(ids, id)
		}
	}
	return ids, nil
}
