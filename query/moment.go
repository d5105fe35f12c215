package query

import (
	"errors"
	"fmt"
	"math/big"
	"strings"
	"time"
)

var (
	errNotTime  = errors.New("is not a time")
	errTimeFine = errors.New("is finer than a microsecond; times have at most 6 decimals")
	errYear     = errors.New("is outside of the years 0 to 9999")
)

// layouts are the forms of an absolute time; Go reads decimals after the seconds by itself.
var layouts = []string{
	"2006-01-02", "2006-01-02T15:04", "2006-01-02T15:04:05",
	"2006-01-02T15:04Z07:00", "2006-01-02T15:04:05Z07:00",
}

// The first and the last microsecond of the years that RFC 3339 can write.
var (
	momentFirst = time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC).UnixMicro()
	momentLast  = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC).UnixMicro() - 1
)

// parseMoment reads a TIME: RFC 3339, a date with or without a time of day (in loc when no
// zone stands there), "now" with an optional +DUR or -DUR, or Unix seconds.
func parseMoment(s string, loc *time.Location) (Moment, error) {
	if len(s) >= 3 && strings.EqualFold(s[:3], "now") {
		return parseNow(s[3:])
	}
	if digits(strings.Replace(s, ".", "", 1)) && s[0] != '.' && s[len(s)-1] != '.' {
		return parseUnix(s)
	}
	if i := strings.LastIndexByte(s, '.'); i >= 0 {
		rest := s[i+1:]
		if n := len(rest) - len(strings.TrimLeft(rest, "0123456789")); n > 6 {
			return Moment{}, errTimeFine
		}
	}
	if len(s) > 10 && (s[10] == ' ' || s[10] == 't') {
		s = s[:10] + "T" + strings.TrimLeft(s[11:], " ")
	}
	if body, ok := strings.CutSuffix(s, "z"); ok {
		s = body + "Z"
	}
	for _, layout := range layouts {
		if t, err := time.ParseInLocation(layout, s, loc); err == nil {
			return absolute(t.UnixMicro())
		}
	}
	return Moment{}, errNotTime
}

func absolute(micros int64) (Moment, error) {
	if micros < momentFirst || micros > momentLast {
		return Moment{}, errYear
	}
	return Moment{Micros: micros}, nil
}

func parseNow(rest string) (Moment, error) {
	rest = strings.ReplaceAll(rest, " ", "")
	if rest == "" {
		return Moment{Now: true}, nil
	}
	sign, text := rest[0], rest[1:]
	if sign != '+' && sign != '-' || strings.HasPrefix(text, "-") {
		return Moment{}, errNotTime
	}
	d, err := parseDuration(text)
	if err != nil {
		return Moment{}, err
	}
	if sign == '-' {
		d = -d
	}
	return Moment{Now: true, Micros: d}, nil
}

func parseUnix(s string) (Moment, error) {
	if len(s) > numberMost {
		return Moment{}, errLongNumber
	}
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		return Moment{}, errNotTime
	}
	r.Mul(r, new(big.Rat).SetInt64(second))
	switch {
	case !r.IsInt():
		return Moment{}, errTimeFine
	case !r.Num().IsInt64():
		return Moment{}, errYear
	}
	return absolute(r.Num().Int64())
}

// momentText prints m so that parseMoment reads the same.
func momentText(m Moment) string {
	switch {
	case !m.Now:
		return time.UnixMicro(m.Micros).UTC().Format("2006-01-02T15:04:05.999999Z07:00")
	case m.Micros == 0:
		return "now"
	case m.Micros > 0:
		return "now+" + durationText(m.Micros)
	}
	return "now" + durationText(m.Micros)
}

// at returns m in microseconds since the Unix epoch.
func (m Moment) at(now time.Time) int64 {
	if m.Now {
		return now.UnixMicro() + m.Micros
	}
	return m.Micros
}

// ParseTime reads a time as the query language writes it: RFC 3339, "2026-11-22",
// "2026-11-22 13:56:33", "now-2h" or Unix seconds. A time without a zone is in loc.
func ParseTime(text string, now time.Time, loc *time.Location) (time.Time, error) {
	m, err := parseMoment(strings.TrimSpace(text), loc)
	if err != nil {
		return time.Time{}, fmt.Errorf("%s %w", quoted(text), err)
	}
	return time.UnixMicro(m.at(now)).UTC(), nil
}
