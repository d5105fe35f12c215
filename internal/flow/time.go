package flow

import "strconv"

// MinTime and MaxTime bound the times that have a text, in microseconds since the
// Unix epoch: years 0 to 9999 (RFC 3339 section 1). Texts of times beyond them show the bound.
const (
	MinTime int64 = -62167219200_000000
	MaxTime int64 = 253402300799_999999
)

const (
	microsPerSecond = 1_000_000
	microsPerDay    = 86_400 * microsPerSecond
)

// AppendTime appends a time, in microseconds since the Unix epoch, as RFC 3339
// in UTC with exactly six decimals: 2026-11-22T13:56:33.257697Z.
func AppendTime(dst []byte, micros int64) []byte {
	return append(appendDateTime(dst, micros, 'T'), 'Z')
}

// AppendDuration appends a duration, in microseconds, as seconds with exactly six
// decimals: 12.400000. It may be negative.
func AppendDuration(dst []byte, micros int64) []byte {
	n := uint64(micros)
	if micros < 0 {
		dst = append(dst, '-')
		n = -n
	}
	dst = strconv.AppendUint(dst, n/microsPerSecond, 10)
	dst = append(dst, '.')
	return appendDigits(dst, n%microsPerSecond, 6)
}

// appendDateTime appends YYYY-MM-DD, sep, HH:MM:SS.ffffff.
func appendDateTime(dst []byte, micros int64, sep byte) []byte {
	micros = min(max(micros, MinTime), MaxTime)
	day := floorDiv(micros, microsPerDay)
	rest := uint64(micros - day*microsPerDay)
	y, m, d := civilFromDays(day)
	sec := rest / microsPerSecond

	h, mi, second := sec/3600, sec/60%60, sec%60
	micro := rest % microsPerSecond
	var text [len("YYYY-MM-DD HH:MM:SS.ffffff")]byte
	putPair(text[0:2], uint64(y)/100)
	putPair(text[2:4], uint64(y)%100)
	text[4], text[7], text[10], text[13], text[16], text[19] = '-', '-', sep, ':', ':', '.'
	putPair(text[5:7], uint64(m))
	putPair(text[8:10], uint64(d))
	putPair(text[11:13], h)
	putPair(text[14:16], mi)
	putPair(text[17:19], second)
	putPair(text[20:22], micro/10_000)
	putPair(text[22:24], micro/100%100)
	putPair(text[24:26], micro%100)
	return append(dst, text[:]...)
}

// pairs are the numbers from 00 to 99.
var pairs = func() (pairs [100][2]byte) {
	for n := range pairs {
		pairs[n] = [2]byte{byte('0' + n/10), byte('0' + n%10)}
	}
	return pairs
}()

// putPair writes n, below 100, as two digits.
func putPair(text []byte, n uint64) { *(*[2]byte)(text) = pairs[n] }

// appendDigits appends n with leading zeros as exactly width digits, width <= 8.
func appendDigits(dst []byte, n uint64, width int) []byte {
	var buf [8]byte
	for i := width - 1; i >= 0; i-- {
		buf[i] = byte('0' + n%10)
		n /= 10
	}
	return append(dst, buf[:width]...)
}

// parseDate reads YYYY-MM-DD as days since the Unix epoch.
func parseDate(s []byte) (days int64, ok bool) {
	if len(s) != 10 || s[4] != '-' || s[7] != '-' {
		return 0, false
	}
	c, y, m, d := twoDigits(s[0], s[1]), twoDigits(s[2], s[3]), twoDigits(s[5], s[6]), twoDigits(s[8], s[9])
	if c > 99 || y > 99 || m < 1 || m > 12 || d < 1 || d > 31 {
		return 0, false
	}
	year := int64(c*100 + y)
	if int(d) > daysIn(year, int64(m)) {
		return 0, false
	}
	return daysFromCivil(year, int64(m), int64(d)), true
}

// parseClock reads HH:MM:SS or HH:MM:SS.ffffff as microseconds since midnight.
// Leap seconds do not exist in Unix time and are refused.
func parseClock(s []byte) (micros int64, ok bool) {
	if len(s) != 8 && (len(s) != 15 || s[8] != '.') || s[2] != ':' || s[5] != ':' {
		return 0, false
	}
	h, m, sec := twoDigits(s[0], s[1]), twoDigits(s[3], s[4]), twoDigits(s[6], s[7])
	if h > 23 || m > 59 || sec > 59 {
		return 0, false
	}
	micros = int64(h*3600+m*60+sec) * microsPerSecond
	if len(s) == 8 {
		return micros, true
	}
	a, b, c := twoDigits(s[9], s[10]), twoDigits(s[11], s[12]), twoDigits(s[13], s[14])
	return micros + int64(a*10_000+b*100+c), a <= 99 && b <= 99 && c <= 99
}

// twoDigits is the number of two digits, above 99 when one is none.
func twoDigits(a, b byte) uint {
	a, b = a-'0', b-'0'
	if a > 9 || b > 9 {
		return 1 << 16
	}
	return uint(a)*10 + uint(b)
}

func daysIn(year, month int64) int {
	switch month {
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

// daysFromCivil is the day number of a date of the proleptic Gregorian calendar,
// 0 being 1970-01-01. The year begins in March here, so that the leap day is its
// last; an era is the 400 years (146,097 days) after which the calendar repeats.
func daysFromCivil(y, m, d int64) int64 {
	if m <= 2 {
		y--
	}
	era := floorDiv(y, 400)
	yoe := y - era*400
	doy := (153*((m+9)%12)+2)/5 + d - 1
	return era*146_097 + yoe*365 + yoe/4 - yoe/100 + doy - 719_468
}

// civilFromDays is the inverse of daysFromCivil.
func civilFromDays(days int64) (y, m, d int64) {
	days += 719_468
	era := floorDiv(days, 146_097)
	doe := days - era*146_097
	yoe := (doe - doe/1_460 + doe/36_524 - doe/146_096) / 365
	doy := doe - (365*yoe + yoe/4 - yoe/100)
	mp := (5*doy + 2) / 153
	y, m, d = yoe+era*400, (mp+2)%12+1, doy-(153*mp+2)/5+1
	if m <= 2 {
		y++
	}
	return y, m, d
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
