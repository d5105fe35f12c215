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
	addrs []uint32 // by code
	files []uint32
}

// addrRanks returns the rank of each address code: by version, then as a number.
func (r *ranks) addrRanks(ctx context.Context, v *View) ([]uint32, error) {
	return r.cached(&r.addrs, v.NumAddrs(), func() ([]uint32, error) {
		part := func(of func(a Addr, version uint8) uint64) keySource {
			return keySource{fill: func(dst []uint64, from int) {
				for i := range dst {
					dst[i] = of(v.Addr(uint32(from + i)))
				}
			}}
		}
		return sortPositions(ctx, v.NumAddrs(), []keySource{
			part(func(_ Addr, version uint8) uint64 { return uint64(version) }),
			part(func(a Addr, _ uint8) uint64 { hi, _ := a.Numbers(); return hi }),
			part(func(a Addr, _ uint8) uint64 { _, lo := a.Numbers(); return lo }),
		})
	})
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
		return order, ctx.Err()
	})
}

// cached returns the ranks of the first n codes: the kept ones, or those of the order that sort finds.
func (r *ranks) cached(kept *[]uint32, n int, sort func() ([]uint32, error)) ([]uint32, error) {
	r.mu.Lock()
	have := *kept
	r.mu.Unlock()
	if len(have) >= n {
		return have, nil
	}
	order, err := sort()
	if err != nil {
		return nil, err
	}
	byCode := make([]uint32, n)
	for rank, code := range order {
		byCode[code] = uint32(rank)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(*kept) < n {
		*kept = byCode
	}
	return byCode, nil
}
