package query

import "cxlens/internal/flow"

// block is what one goroutine needs to decide about blocks of a view, one after the other. It is not for concurrent use.
type block struct {
	run     *run
	from, n int
	// columns decoded for this block, so that two terms on one column decode it once.
	numbers [flow.NumColumns]*[blockRows]uint64
	floats  *[blockRows]float64
	codes   *[blockRows]uint32
	decoded [flow.NumColumns]bool
	// spare bitmaps, used like a stack.
	spare []*bitmap
}

// eval decides about n rows from row from on.
func (b *block) eval(p predicate, from, n int, out *bitmap) {
	b.from, b.n = from, n
	b.decoded = [flow.NumColumns]bool{}
	*out = bitmap{}
	p.block(b, out)
}

// uint64s returns a column of the block.
func (b *block) uint64s(col flow.Column) []uint64 {
	if b.numbers[col] == nil {
		b.numbers[col] = new([blockRows]uint64)
	}
	dst := b.numbers[col][:b.n]
	if !b.decoded[col] {
		b.run.view.Uint64s(col, b.from, dst)
		b.decoded[col] = true
	}
	return dst
}

// rates returns pps, bps or bpp of the block, until the next call.
func (b *block) rates(col flow.Column) []float64 {
	if b.floats == nil {
		b.floats = new([blockRows]float64)
	}
	dst := b.floats[:b.n]
	b.run.view.Floats(col, b.from, dst)
	return dst
}

// codeBuffer returns room for the codes of the block, until the next call.
func (b *block) codeBuffer() []uint32 {
	if b.codes == nil {
		b.codes = new([blockRows]uint32)
	}
	return b.codes[:b.n]
}

func (b *block) borrow() *bitmap {
	if n := len(b.spare); n > 0 {
		m := b.spare[n-1]
		b.spare = b.spare[:n-1]
		*m = bitmap{}
		return m
	}
	return new(bitmap)
}

func (b *block) giveBack(m *bitmap) { b.spare = append(b.spare, m) }

func (p constPredicate) block(b *block, out *bitmap) {
	if p {
		out.ones(b.n)
	}
}

func (p andPredicate) block(b *block, out *bitmap) {
	out.ones(b.n)
	for _, kid := range p {
		m := b.borrow()
		kid.block(b, m)
		out.and(m)
		b.giveBack(m)
		if out.empty() {
			return
		}
	}
}

func (p orPredicate) block(b *block, out *bitmap) {
	for _, kid := range p {
		m := b.borrow()
		kid.block(b, m)
		out.or(m)
		b.giveBack(m)
	}
}

func (p notPredicate) block(b *block, out *bitmap) {
	p.kid.block(b, out)
	out.not(b.n)
}

// manyIntervals is from how many intervals on a look-up beats one pass for each: in a set of ports, and
// in a list that has to be searched.
const (
	manyIntervals = 4
	manySearched  = 24
)

func (p *numberPredicate) block(b *block, out *bitmap) {
	if len(p.ivs) == 0 {
		return
	}
	values := b.uint64s(p.col)
	var flip uint64
	if p.signed {
		flip = signBit
	}
	switch {
	case isPort(p.col) && len(p.ivs) >= manyIntervals:
		scanSet(out, values, b.run.portSet(p))
	case len(p.ivs) < manySearched:
		for _, v := range p.ivs {
			scanRange(out, values, flip, v.lo, v.hi)
		}
	default:
		scanFunc(out, values, func(x uint64) bool { return inIntervals(p.ivs, x^flip) })
	}
}

func isPort(col flow.Column) bool { return col == flow.ColSrcPort || col == flow.ColDstPort }

func (p *ratePredicate) block(b *block, out *bitmap) {
	rates := b.rates(p.col)
	for _, v := range p.ivs {
		if bits, ok := v.bits(); ok {
			scanRates(out, rates, bits.lo, bits.hi)
		}
	}
}

func (p *addrPredicate) block(b *block, out *bitmap) {
	codes := b.codeBuffer()
	b.run.view.AddrCodes(p.col, b.from, codes)
	scanCodes(out, codes, b.run.addrs[p.set])
}

func (p *flagsPredicate) block(b *block, out *bitmap) {
	scanMasked(out, b.uint64s(p.col), uint64(p.mask), uint64(p.want))
}

func (p *servicePredicate) block(b *block, out *bitmap) {
	set := b.run.services[p]
	scanFunc(out, b.uint64s(flow.ColService), func(code uint64) bool { return set[code] })
}

func (p *nodePredicate) block(b *block, out *bitmap) {
	set := b.run.nodes[p]
	ids := b.uint64s(flow.ColNode)
	scanFunc(out, ids, func(id uint64) bool { return set.has(uint32(id)) })
}

func (p *filePredicate) block(b *block, out *bitmap) {
	codes := b.codeBuffer()
	b.run.view.FileCodes(p.col, b.from, codes)
	scanCodes(out, codes, b.run.files[p.set])
}

// The costs order the parts of an "and" within a block.
func (constPredicate) cost() int { return 0 }

func (p *numberPredicate) cost() int {
	switch p.col {
	case flow.ColBytes, flow.ColPackets, flow.ColEnd:
		return 2
	case flow.ColState:
		return 5
	}
	return 1
}
func (*flagsPredicate) cost() int   { return 1 }
func (*addrPredicate) cost() int    { return 2 }
func (*nodePredicate) cost() int    { return 3 }
func (*filePredicate) cost() int    { return 2 }
func (*servicePredicate) cost() int { return 5 }
func (*ratePredicate) cost() int    { return 6 }
func (p notPredicate) cost() int    { return p.kid.cost() }
func (p andPredicate) cost() int    { return sumCost(p) }
func (p orPredicate) cost() int     { return sumCost(p) }

func sumCost(kids []predicate) int {
	n := 0
	for _, kid := range kids {
		n += kid.cost()
	}
	return n
}
