package capture

import "math/bits"

// clock turns an interface's time stamps into microseconds.
type clock struct {
	// resolution is if_tsresol: 10 to the minus this, or 2 to the minus its low 7 bits when the top bit is set.
	resolution byte
	// offset is if_tsoffset: seconds to add.
	offset int64
}

// microseconds is the clock of an interface that does not say.
var microseconds = clock{resolution: 6}

// micros returns the microseconds since the epoch of a time stamp, held between 1970 and 2262.
func (c clock) micros(stamp uint64) int64 {
	sec, micro := c.split(stamp)
	const far = 1 << 61 // far beyond the bounds, and no sum of two overflows
	offset := min(max(c.offset, -far), far)
	switch s := int64(min(sec, far)) + offset; {
	case s < 0:
		return 0
	case s >= maxSeconds:
		return maxSeconds * 1e6
	default:
		return s*1e6 + int64(micro)
	}
}

// split returns whole seconds and the microseconds within the second.
func (c clock) split(stamp uint64) (sec, micro uint64) {
	n := uint(c.resolution & 0x7f)
	if c.resolution&0x80 != 0 {
		if n >= 64 {
			// Fewer than 2^64 parts of a second: below a second, and micro = stamp*10^6 >> n.
			hi, _ := bits.Mul64(stamp, 1e6)
			return 0, hi >> (n - 64)
		}
		hi, lo := bits.Mul64(stamp&(1<<n-1), 1e6)
		if n == 0 {
			return stamp, 0
		}
		return stamp >> n, hi<<(64-n) | lo>>n
	}
	if n > 19 { // 10^20 does not fit: the stamp counts parts so small that few are left
		for ; n > 19 && stamp > 0; n-- {
			stamp /= 10
		}
		n = min(n, 19)
	}
	unit := uint64(1)
	for range n {
		unit *= 10
	}
	sec, rest := stamp/unit, stamp%unit
	if n <= 6 {
		return sec, rest * (1e6 / unit)
	}
	return sec, rest / (unit / 1e6)
}
