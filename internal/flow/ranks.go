package flow

import (
	"context"
	"slices"
	"strings"
	"sync"
)

// ranks keeps the places of the dictionaries' entries in their order, for all views of a
// table: the codes of an older view are a part of a newer one's, and their order is the same.
type ranks struct {
	mu    sync.Mutex
	addrs ranked
	files ranked
}

// ranked are the ranks of a dictionary when it had n entries.
type ranked struct {
	n      int
	byCode []uint32
}

// addrRanks returns the rank of each address code: by version, then as a number.
func (r *ranks) addrRanks(ctx context.Context, v *View) ([]uint32, error) {
	return r.cached(&r.addrs, v.addrs.n, func() ([]uint32, error) {
		byCode := make([]uint32, v.NumAddrs())
		next := uint32(0)
		for _, version := range []uint8{4, 6} {
			order, err := v.addrsInOrder(ctx, version)
			if err != nil {
				return nil, err
			}
			for _, code := range order {
				byCode[code] = next
				next++
			}
		}
		return byCode, nil
	})
}

// addrsInOrder lists the codes of a version's addresses in the order of the addresses.
func (v *View) addrsInOrder(ctx context.Context, version uint8) ([]uint32, error) {
	codes := make([]uint32, 0, v.addrs.n)
	for page := range v.pages {
		if is4 := v.pages[page].v4 != nil; is4 != (version == 4) {
			continue
		}
		for code := uint32(page << addrPageShift); code < uint32((page+1)<<addrPageShift); code++ {
			if v.addrs.has(code) {
				codes = append(codes, code)
			}
		}
	}
	half := func(of func(a Addr) uint64) keySource {
		return keySource{fill: func(dst []uint64, from int) {
			for i := range dst {
				a, _ := v.Addr(codes[from+i])
				dst[i] = of(a)
			}
		}}
	}
	order, err := sortPositions(ctx, len(codes), []keySource{
		half(func(a Addr) uint64 { hi, _ := a.Numbers(); return hi }),
		half(func(a Addr) uint64 { _, lo := a.Numbers(); return lo }),
	})
	for i, place := range order {
		order[i] = codes[place]
	}
	return order, err
}

// fileRanks returns the rank of each file code, by the name's bytes.
func (r *ranks) fileRanks(ctx context.Context, v *View) ([]uint32, error) {
	return r.cached(&r.files, v.NumFiles(), func() ([]uint32, error) {
		order := make([]uint32, v.NumFiles())
		for i := range order {
			order[i] = uint32(i)
		}
		compared, stopped := 0, false
		slices.SortFunc(order, func(a, b uint32) int {
			if compared++; compared%1024 == 0 {
				stopped = stopped || ctx.Err() != nil
			}
			if stopped { // everything equal ends the sort at once
				return 0
			}
			return strings.Compare(v.files[a], v.files[b])
		})
		byCode := make([]uint32, len(order))
		for rank, code := range order {
			byCode[code] = uint32(rank)
		}
		return byCode, ctx.Err()
	})
}

// cached returns the ranks of n entries: the kept ones, or those that find finds.
func (r *ranks) cached(kept *ranked, n int, find func() ([]uint32, error)) ([]uint32, error) {
	r.mu.Lock()
	have := *kept
	r.mu.Unlock()
	if have.byCode != nil && have.n >= n {
		return have.byCode, nil
	}
	byCode, err := find()
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if kept.byCode == nil || kept.n < n {
		*kept = ranked{n, byCode}
	}
	return byCode, nil
}
