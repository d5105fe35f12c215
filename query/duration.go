package query

import (
	"errors"
	"math/big"
	"strconv"
	"strings"
)

// Microseconds of the units of durations.
const (
	micro  int64 = 1
	milli        = 1000 * micro
	second       = 1000 * milli
	minute       = 60 * second
	hour         = 60 * minute
	day          = 24 * hour
	week         = 7 * day
)

// durationMost is ten thousand years: adding it to any moment cannot overflow.
const durationMost = 3_652_425 * day

var units = []struct {
	name   string
	micros int64
}{{"w", week}, {"d", day}, {"h", hour}, {"m", minute}, {"s", second}, {"ms", milli}, {"us", micro}}

var (
	errNotDuration  = errors.New("is not a duration")
	errUnit         = errors.New("has an unknown unit; units are us, ms, s, m, h, d and w")
	errFine         = errors.New("is finer than a microsecond")
	errLongDuration = errors.New("is longer than ten thousand years")
)

// parseDuration reads a duration in microseconds: numbers with units ("1.5s", "1h30m"), or
// one number of seconds; "-" before it makes it negative.
func parseDuration(s string) (int64, error) {
	body, negative := strings.CutPrefix(s, "-")
	if body == "" || len(body) > numberMost {
		return 0, errNotDuration
	}
	sum := new(big.Rat)
	for rest := body; rest != ""; {
		n := len(rest) - len(strings.TrimLeft(rest, "0123456789."))
		u := n + len(rest[n:]) - len(strings.TrimLeft(rest[n:], "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"))
		value, ok := ratOf(rest[:n])
		if !ok {
			return 0, errNotDuration
		}
		unit, ok := unitOf(rest[n:u], n == len(body))
		if !ok {
			return 0, errUnit
		}
		sum.Add(sum, value.Mul(value, new(big.Rat).SetInt64(unit)))
		rest = rest[u:]
	}
	switch {
	case !sum.IsInt():
		return 0, errFine
	case sum.Cmp(new(big.Rat).SetInt64(durationMost)) > 0:
		return 0, errLongDuration
	case negative:
		return -sum.Num().Int64(), nil
	}
	return sum.Num().Int64(), nil
}

func ratOf(s string) (*big.Rat, bool) {
	whole, frac, dotted := strings.Cut(s, ".")
	if !digits(whole) || dotted && !digits(frac) {
		return nil, false
	}
	return new(big.Rat).SetString(s)
}

// unitOf returns a unit's microseconds; a number alone is of seconds.
func unitOf(name string, alone bool) (int64, bool) {
	if name == "" {
		return second, alone
	}
	for _, u := range units {
		if strings.EqualFold(u.name, name) {
			return u.micros, true
		}
	}
	return 0, false
}

// durationText prints microseconds so that parseDuration reads the same value, in the
// largest unit that makes a whole number; seconds may have decimals.
func durationText(micros int64) string {
	if micros < 0 {
		return "-" + durationText(-micros)
	}
	if micros > second && micros%second != 0 {
		return secondsText(micros)
	}
	for _, u := range units {
		if micros%u.micros == 0 && micros >= u.micros {
			return strconv.FormatInt(micros/u.micros, 10) + u.name
		}
	}
	return "0s"
}

func secondsText(micros int64) string {
	frac := strconv.FormatInt(second+micros%second, 10)[1:]
	return strconv.FormatInt(micros/second, 10) + "." + strings.TrimRight(frac, "0") + "s"
}
