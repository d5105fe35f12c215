package flow

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
)

const (
	digitBits = 11
	digits    = 1 << digitBits
	// stride is how much a worker does between two looks at its context: well under a millisecond's work a digit.
	stride = 1 << 15
	// maxWorkers bounds the goroutines: more of them wait for memory only.
	maxWorkers = 8
)

// workersFor is how many goroutines n elements are worth, of which stride are taken at a time.
func workersFor(n, stride int) int {
	return max(1, min(runtime.GOMAXPROCS(0), maxWorkers, n/(2*stride)))
}

// inParallel calls each for consecutive pieces of 0 to n-1, at most stride long, from several goroutines.
func inParallel(ctx context.Context, n int, each func(from, to int)) error {
	return inStrides(ctx, n, stride, each)
}

// inStrides is inParallel with pieces of another length, so that things of another size take as long.
func inStrides(ctx context.Context, n, stride int, each func(from, to int)) error {
	workers := workersFor(n, stride)
	var wg sync.WaitGroup
	var taken atomic.Int64
	for range workers {
		wg.Go(func() {
			for ctx.Err() == nil {
				to := int(taken.Add(int64(stride)))
				if to-stride >= n {
					return
				}
				each(to-stride, min(to, n))
			}
		})
	}
	wg.Wait()
	return ctx.Err()
}

// bounds returns the smallest and the largest number of fill.
func bounds(ctx context.Context, n int, fill func(dst []uint64, from int)) (lo, hi uint64, err error) {
	if n == 0 {
		return 0, 0, nil
	}
	lo = ^uint64(0)
	var mu sync.Mutex
	err = inParallel(ctx, n, func(from, to int) {
		var buf [block]uint64
		l, h := ^uint64(0), uint64(0)
		for ; from < to; from += block {
			in := buf[:min(block, to-from)]
			fill(in, from)
			for _, k := range in {
				l, h = min(l, k), max(h, k)
			}
		}
		mu.Lock()
		defer mu.Unlock()
		lo, hi = min(lo, l), max(hi, h)
	})
	return lo, hi, err
}

// radixSort orders elems by width bits from shift up, stable, digit by digit from
// the lowest. It returns the ordered elements and the other slice.
func radixSort(ctx context.Context, elems, scratch []uint64, shift, width int) (sorted, free []uint64, err error) {
	passes := max(1, (width+digitBits-1)/digitBits)
	each := (width + passes - 1) / passes // few places to write to at a time, as many in every pass
	for end := shift + width; shift < end; shift += each {
		p := radixPass{src: elems, dst: scratch, shift: uint(shift), mask: 1<<min(each, end-shift) - 1}
		moved, err := p.run(ctx)
		if err != nil {
			return nil, nil, err
		}
		if moved {
			elems, scratch = scratch, elems
		}
	}
	return elems, scratch, nil
}

// radixPass orders by one digit. Each worker owns a part of src and, of each
// digit's room in dst, the piece that its own elements fill: no two write the same place.
type radixPass struct {
	src, dst []uint64
	shift    uint
	mask     uint64
	places   [][digits]int // by worker: the count, then the next place of each digit
}

// run reports whether the elements are in dst now; they stay where they are when all have the same digit.
func (p *radixPass) run(ctx context.Context) (moved bool, err error) {
	p.places = make([][digits]int, workersFor(len(p.src), stride))
	p.eachPart(ctx, p.count)
	if err := ctx.Err(); err != nil {
		return false, err
	}
	next := 0
	for d := range digits {
		before := next
		for w := range p.places {
			n := p.places[w][d]
			p.places[w][d] = next
			next += n
		}
		if next-before == len(p.src) {
			return false, nil
		}
	}
	p.eachPart(ctx, p.scatter)
	return true, ctx.Err()
}

// eachPart runs do on each worker's part, stride by stride.
func (p *radixPass) eachPart(ctx context.Context, do func(places *[digits]int, part []uint64)) {
	n, workers := len(p.src), len(p.places)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			part := p.src[w*n/workers : (w+1)*n/workers]
			for len(part) > 0 && ctx.Err() == nil {
				k := min(stride, len(part))
				do(&p.places[w], part[:k])
				part = part[k:]
			}
		})
	}
	wg.Wait()
}

func (p *radixPass) count(places *[digits]int, part []uint64) {
	shift, mask := p.shift, p.mask
	for _, e := range part {
		places[e>>shift&mask%digits]++
	}
}

func (p *radixPass) scatter(places *[digits]int, part []uint64) {
	shift, mask, dst := p.shift, p.mask, p.dst
	for _, e := range part {
		d := e >> shift & mask % digits
		dst[places[d]] = e
		places[d]++
	}
}
