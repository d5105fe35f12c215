package timeline

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"

	"cxlens/internal/flow"
	"cxlens/tui/sums"
)

// Part is what of the matches is here and passes a refinement, in the buckets of the data it was counted for.
type Part struct {
	Total []sums.Sums
	All   sums.Sums // of all these rows, those outside of the buckets included
}

// Rows are the rows that a part is counted of: those of Rows, which rise, or for nil the first N of View.
type Rows struct {
	View *flow.View
	Rows []uint32
	N    int
}

const (
	// blockRows is how many rows are decoded at a time, and partRows how many a goroutine takes between two looks at
	// whether anybody wants them.
	blockRows = 2048
	partRows  = 1 << 16
)

// Count counts rows in the buckets of d, on several goroutines when there are many. It stops with ctx's error when ctx
// is done.
func (d *Data) Count(ctx context.Context, r Rows) (*Part, error) {
	p := &Part{Total: make([]sums.Sums, len(d.Total))}
	n := r.N
	if r.Rows != nil {
		n = len(r.Rows)
	}
	var next atomic.Int64
	var mu sync.Mutex
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), 1+n/partRows) {
		wg.Go(func() {
			c := counter{data: d, rows: r, part: Part{Total: make([]sums.Sums, len(d.Total))}}
			for ctx.Err() == nil {
				from := int(next.Add(partRows)) - partRows
				if from >= n {
					break
				}
				c.count(from, min(from+partRows, n))
			}
			mu.Lock()
			defer mu.Unlock()
			p.All.Add(c.part.All)
			for i := range p.Total {
				p.Total[i].Add(c.part.Total[i])
			}
		})
	}
	wg.Wait()
	return p, ctx.Err()
}

// counter counts for one goroutine.
type counter struct {
	data                  *Data
	rows                  Rows
	part                  Part
	start, bytes, packets [blockRows]uint64
}

// count counts the places from..to of the rows.
func (c *counter) count(from, to int) {
	for from < to {
		n := c.read(from, to)
		for i := range n {
			one := sums.Sums{sums.Flows: 1, sums.Bytes: c.bytes[i], sums.Packets: c.packets[i]}
			c.part.All.Add(one)
			if b, ok := c.data.bucket(int64(c.start[i])); ok {
				c.part.Total[b].Add(one)
			}
		}
		from += n
	}
}

// read decodes some of the rows at the places from..to and says how many. Rows that stand close together are read with
// those between them.
func (c *counter) read(from, to int) int {
	rows, v := c.rows.Rows, c.rows.View
	if rows == nil {
		n := min(blockRows, to-from)
		c.decode(from, n)
		return n
	}
	n := 0
	first := int(rows[from])
	for n < to-from && int(rows[from+n]) < first+blockRows {
		n++
	}
	if n*8 < blockRows {
		for i, row := range rows[from : from+n] {
			c.start[i], c.bytes[i], c.packets[i] = v.Uint64(flow.ColStart, int(row)), v.Uint64(flow.ColBytes, int(row)), v.Uint64(flow.ColPackets, int(row))
		}
		return n
	}
	c.decode(first, int(rows[from+n-1])-first+1)
	for i, row := range rows[from : from+n] {
		at := int(row) - first // never before i: rows rise
		c.start[i], c.bytes[i], c.packets[i] = c.start[at], c.bytes[at], c.packets[at]
	}
	return n
}

func (c *counter) decode(from, n int) {
	v := c.rows.View
	v.Uint64s(flow.ColStart, from, c.start[:n])
	v.Uint64s(flow.ColBytes, from, c.bytes[:n])
	v.Uint64s(flow.ColPackets, from, c.packets[:n])
}

// SetRefined tells that rows are refined, "" that they are not; what was counted of them goes.
func (m *Model) SetRefined(text string) {
	if m.refined != text {
		m.refined, m.part = text, nil
		m.version++
	}
}

// ShowPart takes in what was counted of the refined rows for the data that is drawn; of other data it is dropped.
func (m *Model) ShowPart(d *Data, p *Part) {
	if m.refined != "" && d == m.data && p != nil {
		m.part = p
		m.version++
	}
}

// Part is what is drawn of the refined rows, nil for nothing.
func (m *Model) Part() *Part { return m.part }
