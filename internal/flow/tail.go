package flow

// The rows of a chunk. Enough that a chunk's header costs nothing, few enough
// that one large flow widens the columns of few others and that an open one stays in a processor core's cache.
const (
	chunkShift = 12
	chunkRows  = 1 << chunkShift
	chunkMask  = chunkRows - 1
	tailRows   = 1 << 8 // of a table's first tail, which grows by the factor 4
	// tailGap are values between the columns of a tail. A cache keeps few of the addresses that are a power of two
	// apart, and a row writes to all the columns.
	tailGap = 24
)

// tail is the open chunk: full-width columns of a fixed capacity. The writer fills
// rows that no View has seen yet, so that readers need no lock.
type tail struct {
	cols [numStored][]uint64
}

func newTail(rows int) *tail {
	t := &tail{}
	apart := rows + tailGap
	all := make([]uint64, int(numStored)*apart)
	for c := range t.cols {
		t.cols[c] = all[c*apart : c*apart+rows : c*apart+rows]
	}
	return t
}

func (t *tail) capacity() int { return len(t.cols[0]) }

func (t *tail) bytes() int { return (t.capacity() + tailGap) * int(numStored) * 8 }

// grown returns a tail of four times the capacity with t's rows.
func (t *tail) grown() *tail {
	g := newTail(min(4*t.capacity(), chunkRows))
	for c := range t.cols {
		copy(g.cols[c], t.cols[c])
	}
	return g
}
