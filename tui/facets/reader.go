package facets

import (
	"math"
	"strconv"

	"cxlens/internal/flow"
	"cxlens/query/steps"
)

// reader reads a column as numbers that are equal where its cells read the same.
type reader struct {
	view    *flow.View
	col     flow.Column
	numbers []uint64 // of the block that was read last

	dict   map[string]uint64 // of columns that are named by a number: the number that stands for a text
	low    []uint64          // what stands for the numbers below its length, plus 1
	high   map[uint64]uint64 // and for those above
	floats []float64         // of rates
	has    []uint64          // what a rate is a share of; without it there is none

	inSteps bool // numbers are those at which the steps of the values begin
	scale   *steps.Scale
	last    steps.Step // the one that was found last
}

// lowNumbers is how many numbers of files and nodes are found without a map.
const lowNumbers = 1 << 12

func newReader(v *flow.View, c flow.Column) reader {
	r := reader{view: v, col: c, numbers: make([]uint64, blockRows)}
	switch c {
	case flow.ColNode, flow.ColAgent, flow.ColNetgroup, flow.ColPcapFile, flow.ColPcapEndFile:
		r.dict, r.low, r.high = make(map[string]uint64), make([]uint64, lowNumbers), make(map[uint64]uint64)
	case flow.ColPPS, flow.ColBPS, flow.ColBPP:
		r.floats, r.has = make([]float64, blockRows), make([]uint64, blockRows)
	}
	return r
}

// read reads n rows.
func (r *reader) read(from, n int) {
	switch {
	case r.inSteps:
		r.steps(from, n)
		return
	case r.floats != nil:
		r.rates(from, n)
		return
	}
	r.view.Uint64s(r.col, from, r.numbers[:n])
	if r.dict == nil {
		return
	}
	for i, code := range r.numbers[:n] {
		if code < lowNumbers && r.low[code] != 0 {
			r.numbers[i] = r.low[code] - 1
			continue
		}
		r.numbers[i] = r.named(code, from+i)
	}
}

// named is the number that stands for the text of a code, which a row has.
func (r *reader) named(code uint64, row int) uint64 {
	if n, ok := r.high[code]; ok {
		return n
	}
	text := string(r.view.AppendCell(nil, r.col, row))
	n, ok := r.dict[text]
	if !ok {
		n = uint64(len(r.dict))
		r.dict[text] = n
	}
	if code < lowNumbers {
		r.low[code] = n + 1
	} else {
		r.high[code] = n
	}
	return n
}

func (r *reader) rates(from, n int) {
	r.eachRate(from, n, thousandths)
}

// eachRate makes numbers of n rates, of those that there are.
func (r *reader) eachRate(from, n int, number func(float64) uint64) {
	r.view.Floats(r.col, from, r.floats[:n])
	of := flow.ColDuration
	if r.col == flow.ColBPP {
		of = flow.ColPackets
	}
	r.view.Uint64s(of, from, r.has[:n])
	for i, f := range r.floats[:n] {
		switch {
		case of == flow.ColPackets && r.has[i] == 0, of == flow.ColDuration && int64(r.has[i]) <= 0:
			r.numbers[i] = steps.NoRate
		default:
			r.numbers[i] = number(f)
		}
	}
}

// thousandths is a rate that is not negative as outputs write it: rounded to three decimals. From 2^43 on floats are
// further apart than these, so that each is a number of its own.
func thousandths(f float64) uint64 {
	if f >= 1<<43 {
		return math.Float64bits(f) // far above the thousandths
	}
	t := f * 1000
	down := math.Floor(t)
	switch rest := t - down; {
	case t < 1<<40 && rest < 0.499:
		return uint64(down)
	case t < 1<<40 && rest > 0.501:
		return uint64(down) + 1
	}
	var buf [32]byte // near a half, and where the product is not that exact, only the decimals tell
	text := strconv.AppendFloat(buf[:0], f, 'f', 3, 64)
	at := len(text) - 4
	text = append(text[:at], text[at+1:]...)
	n, err := strconv.ParseUint(string(text), 10, 64)
	if err != nil { // there are digits only
		return math.Float64bits(f)
	}
	return n
}
