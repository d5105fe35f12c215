// Package human writes numbers, times and spans of time as a person reads them:
// to three figures, with the unit in the text, or exactly.
//
// It imports internal/flow only. The surprising thing: rounding never leaves a
// number that is a figure too long (999,950 is 1.00M, not 1000k).
package human

import (
	"strconv"
	"time"
)

var units = [...]byte{' ', 'k', 'M', 'G', 'T', 'P', 'E'}

// AppendCount appends n to three figures with a decimal unit: 999, 45.1k, 1.80M.
func AppendCount(dst []byte, n uint64) []byte {
	if n < 1000 {
		return strconv.AppendUint(dst, n, 10)
	}
	return appendScaled(dst, float64(n))
}

// AppendFloat appends f to three figures with a decimal unit: 0.25, 9.81, 45.1k.
func AppendFloat(dst []byte, f float64) []byte {
	if f < 0 {
		return AppendFloat(append(dst, '-'), -f)
	}
	if f < 999.5 {
		return strconv.AppendFloat(dst, f, 'f', decimals(f), 64)
	}
	return appendScaled(dst, f)
}

func appendScaled(dst []byte, f float64) []byte {
	u := 0
	for f >= 999.5 && u < len(units)-1 {
		f /= 1000
		u++
	}
	dst = strconv.AppendFloat(dst, f, 'f', decimals(f), 64)
	return append(dst, units[u])
}

// decimals is how many digits after the point make three figures.
func decimals(f float64) int {
	switch {
	case f == 0:
		return 0
	case f < 9.995:
		return 2
	case f < 99.95:
		return 1
	}
	return 0
}

// AppendExact appends n with a comma every three digits.
func AppendExact(dst []byte, n uint64) []byte {
	var buf [20]byte
	digits := strconv.AppendUint(buf[:0], n, 10)
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, d)
	}
	return dst
}

// Count is AppendCount as a string.
func Count(n uint64) string { return string(AppendCount(nil, n)) }

// Exact is AppendExact as a string.
func Exact(n uint64) string { return string(AppendExact(nil, n)) }

// Bytes is n to three figures and the unit B: 45.1 kB, 12 B.
func Bytes(n uint64) string {
	b := AppendCount(nil, n)
	last := b[len(b)-1]
	if last >= '0' && last <= '9' {
		return string(b) + " B"
	}
	return string(b[:len(b)-1]) + " " + string(last) + "B"
}

// AppendDuration appends d in its two largest units or three figures: 412µs, 204ms, 12.4s, 4m05s, 3h12m, 2d04h.
func AppendDuration(dst []byte, d time.Duration) []byte {
	if d < 0 {
		dst = append(dst, '-')
		if d = -d; d < 0 { // the least duration has no positive
			d = 1<<63 - 1
		}
	}
	switch {
	case d == 0:
		return append(dst, "0s"...)
	case d < time.Millisecond:
		return append(strconv.AppendInt(dst, int64(d/time.Microsecond), 10), "µs"...)
	case d < 999500*time.Microsecond:
		return append(strconv.AppendInt(dst, int64(d.Round(time.Millisecond)/time.Millisecond), 10), "ms"...)
	case d < 59950*time.Millisecond:
		return append(strconv.AppendFloat(dst, d.Seconds(), 'f', min(decimals(d.Seconds()), 2), 64), 's')
	}
	return appendTwoUnits(dst, d)
}

func appendTwoUnits(dst []byte, d time.Duration) []byte {
	s := int64(d.Round(time.Second) / time.Second)
	switch {
	case s < 3600:
		return appendPair(dst, s/60, 'm', s%60, 's')
	case s < 86400:
		return appendPair(dst, s/3600, 'h', s%3600/60, 'm')
	}
	return appendPair(dst, s/86400, 'd', s%86400/3600, 'h')
}

func appendPair(dst []byte, a int64, au byte, b int64, bu byte) []byte {
	dst = append(strconv.AppendInt(dst, a, 10), au)
	if b < 10 {
		dst = append(dst, '0')
	}
	return append(strconv.AppendInt(dst, b, 10), bu)
}

// Duration is AppendDuration as a string.
func Duration(d time.Duration) string { return string(AppendDuration(nil, d)) }

// AppendSeconds appends d as exact seconds with microseconds: 12.345678s.
func AppendSeconds(dst []byte, d time.Duration) []byte {
	return append(strconv.AppendFloat(dst, float64(d/time.Microsecond)/1e6, 'f', 6, 64), 's')
}

// Ago says how long ago t was, "never" for the zero time.
func Ago(now, t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	switch d := now.Sub(t); {
	case d < time.Second:
		return "now"
	case d < time.Minute:
		return strconv.Itoa(int(d/time.Second)) + "s ago"
	default:
		return Duration(d) + " ago"
	}
}

// Plural is a count and its noun: "1 column", "6 columns".
func Plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return Exact(uint64(max(n, 0))) + " " + noun + "s"
}
