package query

import (
	"cxlens/internal/flow"
)

// predicate is a tree bound to an Env: what SQL and Filter are made from, so that both say
// the same. Sides are spelled out, names resolved, sets merged.
type predicate interface {
	// match decides about one flow; node tells what its node id stands for.
	match(r *flow.Record, node flow.NodeInfo) bool
	// block decides about the rows of a block.
	block(b *block, out *bitmap)
	// sql appends the condition.
	sql(w *sqlWriter)
	// cost orders the parts of an "and": cheap ones first.
	cost() int
}

type (
	constPredicate bool
	andPredicate   []predicate
	orPredicate    []predicate
	notPredicate   struct{ kid predicate }

	// numberPredicate compares a column that View.Uint64s decodes: also bytes, packets, duration, state and service.
	numberPredicate struct {
		col flow.Column
		ivs []interval // merged; biased when signed
		// signed says that the column is two's complement.
		signed bool
	}

	// ratePredicate compares pps, bps or bpp.
	ratePredicate struct {
		col flow.Column
		ivs []floatInterval
	}

	// addrPredicate looks an address up in a set. Both sides of an either-side term hold the same set.
	addrPredicate struct {
		col flow.Column // ColSrcIP or ColDstIP
		set *addrSet
	}

	// flagsPredicate is flags & mask == want.
	flagsPredicate struct {
		col        flow.Column // ColSrcFlags or ColDstFlags
		mask, want flow.Flags
	}

	// nodePredicate compares the name, agent or netgroup of the flow's node.
	nodePredicate struct {
		col flow.Column // ColNode, ColAgent or ColNetgroup
		set *nameSet
	}

	// filePredicate compares a capture's file name.
	filePredicate struct {
		col flow.Column // ColPcapFile or ColPcapEndFile
		set *nameSet
	}
)

func (p constPredicate) match(*flow.Record, flow.NodeInfo) bool { return bool(p) }

func (p andPredicate) match(r *flow.Record, node flow.NodeInfo) bool {
	for _, kid := range p {
		if !kid.match(r, node) {
			return false
		}
	}
	return true
}

func (p orPredicate) match(r *flow.Record, node flow.NodeInfo) bool {
	for _, kid := range p {
		if kid.match(r, node) {
			return true
		}
	}
	return false
}

func (p notPredicate) match(r *flow.Record, node flow.NodeInfo) bool { return !p.kid.match(r, node) }

func (p *numberPredicate) match(r *flow.Record, _ flow.NodeInfo) bool {
	x := recordNumber(r, p.col)
	if p.signed {
		x ^= signBit
	}
	return inIntervals(p.ivs, x)
}

// recordNumber is View.Uint64s for one flow that is no row.
func recordNumber(r *flow.Record, col flow.Column) uint64 {
	switch col {
	case flow.ColID:
		return r.ID
	case flow.ColStart:
		return uint64(r.Start)
	case flow.ColEnd:
		return uint64(r.End)
	case flow.ColDuration:
		return uint64(r.End - r.Start)
	case flow.ColProto:
		return uint64(r.Proto)
	case flow.ColIPVersion:
		return uint64(r.IPVersion)
	case flow.ColSrcPort:
		return uint64(r.SrcPort)
	case flow.ColDstPort:
		return uint64(r.DstPort)
	case flow.ColSrcPackets:
		return r.SrcPackets
	case flow.ColSrcBytes:
		return r.SrcBytes
	case flow.ColDstPackets:
		return r.DstPackets
	case flow.ColDstBytes:
		return r.DstBytes
	case flow.ColBytes:
		return r.Bytes()
	case flow.ColPackets:
		return r.Packets()
	case flow.ColState:
		return uint64(r.State())
	}
	return 0
}

func (p *ratePredicate) match(r *flow.Record, _ flow.NodeInfo) bool {
	switch p.col {
	case flow.ColPPS:
		return p.has(r.PPS())
	case flow.ColBPS:
		return p.has(r.BPS())
	}
	return p.has(r.BPP())
}

// has tells whether a rate is in one of the intervals.
func (p *ratePredicate) has(x float64) bool {
	for _, v := range p.ivs {
		if v.has(x) {
			return true
		}
	}
	return false
}

func (p *addrPredicate) match(r *flow.Record, _ flow.NodeInfo) bool {
	if p.col == flow.ColSrcIP {
		return p.set.has(r.Src, r.IPVersion)
	}
	return p.set.has(r.Dst, r.IPVersion)
}

func (p *flagsPredicate) match(r *flow.Record, _ flow.NodeInfo) bool {
	if p.col == flow.ColSrcFlags {
		return r.SrcFlags&p.mask == p.want
	}
	return r.DstFlags&p.mask == p.want
}

func (p *nodePredicate) match(_ *flow.Record, node flow.NodeInfo) bool {
	return p.set.has(nodeName(node, p.col))
}

// nodeName is the name, agent or netgroup of a node.
func nodeName(n flow.NodeInfo, col flow.Column) string {
	switch col {
	case flow.ColAgent:
		return n.Agent
	case flow.ColNetgroup:
		return n.Netgroup
	}
	return n.Name
}

func (p *filePredicate) match(r *flow.Record, _ flow.NodeInfo) bool {
	if p.col == flow.ColPcapFile {
		return p.set.has(r.File)
	}
	return p.set.has(r.EndFile)
}
