package steps

import (
	"math"

	"cxlens/internal/flow"
)

// NoRate is the key of a flow without a rate, which is no rate of 0: without a duration, or of bpp without packets.
const NoRate = math.MaxUint64

const signBit = 1 << 63

// biased maps a signed number to an unsigned one in the same order, and unbiased back.
func biased(x int64) uint64   { return uint64(x) ^ signBit }
func unbiased(x uint64) int64 { return int64(x ^ signBit) }

// Key is a value as a number in the order of the values of its column: n as flow.View has a time, a length of time or a
// count. FloatKey is that of a rate.
func Key(c flow.Column, n uint64) uint64 {
	if k := kindOf(c); k == times || k == lengths {
		return n ^ signBit
	}
	return n
}

// FloatKey is the key of a rate, which is not negative.
func FloatKey(f float64) uint64 { return math.Float64bits(f) }

// KeyOf is the key of a row's value in a column that Has steps.
func KeyOf(v *flow.View, c flow.Column, row int) uint64 {
	switch {
	case kindOf(c) != rates:
		return Key(c, v.Uint64(c, row))
	case !v.HasRate(c, row):
		return NoRate
	}
	return FloatKey(v.Float(c, row))
}
