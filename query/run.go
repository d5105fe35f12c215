package query

import (
	"context"
	"sync"

	"cxlens/internal/flow"
)

// run is a predicate made ready for one view: sets of names and addresses are looked up once
// for every dictionary code, so that rows compare small numbers only. It is read-only while blocks are decided.
type run struct {
	view     *flow.View
	addrs    map[*addrSet][]uint64 // a bit for every address code
	files    map[*nameSet][]uint64 // a bit for every file code
	nodes    map[*nodePredicate]*nodeSet
	services map[*servicePredicate][]bool // by service code
	ports    map[*numberPredicate]*[1 << 16 / 64]uint64
}

// nodeSet are the node ids that match.
type nodeSet struct {
	low     [lowNodes]bool // of the ids below: a server counts its nodes from 1
	known   map[uint32]bool
	unknown bool // whether a node that the view does not know matches
}

// lowNodes bounds the node ids that need no look-up in a map.
const lowNodes = 1 << 10

func (s *nodeSet) has(id uint32) bool {
	if id < lowNodes {
		return s.low[id]
	}
	if has, ok := s.known[id]; ok {
		return has
	}
	return s.unknown
}

// prepare makes p ready for v. It stops with ctx's error when ctx is done.
func prepare(ctx context.Context, v *flow.View, p predicate) (*run, error) {
	r := &run{
		view: v, addrs: map[*addrSet][]uint64{}, files: map[*nameSet][]uint64{}, nodes: map[*nodePredicate]*nodeSet{},
		services: map[*servicePredicate][]bool{}, ports: map[*numberPredicate]*[1 << 16 / 64]uint64{},
	}
	r.collect(p)
	for set := range r.addrs {
		codes, err := addrCodes(ctx, v, set)
		if err != nil {
			return nil, err
		}
		r.addrs[set] = codes
	}
	return r, ctx.Err()
}

// collect finds the sets of p and looks all but the addresses up.
func (r *run) collect(p predicate) {
	switch p := p.(type) {
	case andPredicate:
		for _, kid := range p {
			r.collect(kid)
		}
	case orPredicate:
		for _, kid := range p {
			r.collect(kid)
		}
	case notPredicate:
		r.collect(p.kid)
	case *addrPredicate:
		r.addrs[p.set] = nil
	case *filePredicate:
		if _, ok := r.files[p.set]; !ok {
			r.files[p.set] = fileCodes(r.view, p.set)
		}
	case *nodePredicate:
		r.nodes[p] = nodeIDs(r.view, p)
	case *servicePredicate:
		r.services[p] = serviceCodes(p)
	case *numberPredicate:
		if isPort(p.col) && len(p.ivs) >= manyIntervals {
			r.ports[p] = portBits(p.ivs)
		}
	}
}

// portSet is the set of a port term with many values.
func (r *run) portSet(p *numberPredicate) *[1 << 16 / 64]uint64 { return r.ports[p] }

func portBits(ivs []interval) *[1 << 16 / 64]uint64 {
	set := new([1 << 16 / 64]uint64)
	for _, v := range ivs {
		for x := v.lo; x <= min(v.hi, 1<<16-1); x++ {
			set[x>>6] |= 1 << (x & 63)
		}
	}
	return set
}

func fileCodes(v *flow.View, set *nameSet) []uint64 {
	codes := make([]uint64, (v.NumFiles()+63)/64)
	for c := range v.NumFiles() {
		if set.has(v.File(uint32(c))) {
			codes[c>>6] |= 1 << (c & 63)
		}
	}
	return codes
}

func nodeIDs(v *flow.View, p *nodePredicate) *nodeSet {
	s := &nodeSet{known: map[uint32]bool{}, unknown: p.set.has("")}
	for id := range s.low {
		s.low[id] = s.unknown
	}
	for _, n := range v.Nodes() {
		has := p.set.has(nodeName(n, p.col))
		if s.known[n.ID] = has; n.ID < lowNodes {
			s.low[n.ID] = has
		}
	}
	return s
}

func serviceCodes(p *servicePredicate) []bool {
	set := make([]bool, len(flow.ServiceNames())+1)
	wanted := map[string]bool{}
	for _, name := range p.names {
		wanted[name] = true
	}
	for code := range set {
		set[code] = wanted[flow.ServiceOf(uint64(code))]
	}
	return set
}

// addrCodes looks every address of v's dictionary up in set, on several goroutines when there are many.
func addrCodes(ctx context.Context, v *flow.View, set *addrSet) ([]uint64, error) {
	const step = 1 << 14
	n := v.NumAddrs()
	codes := make([]uint64, (n+63)/64)
	var wg sync.WaitGroup
	next := stripes(n, step)
	for range workers(n) {
		wg.Go(func() {
			for from, to, ok := next(); ok && ctx.Err() == nil; from, to, ok = next() {
				for c := from; c < to; c++ {
					if !v.HasAddr(uint32(c)) {
						continue
					}
					if a, version := v.Addr(uint32(c)); set.has(a, version) {
						codes[c>>6] |= 1 << (c & 63)
					}
				}
			}
		})
	}
	wg.Wait()
	return codes, ctx.Err()
}
