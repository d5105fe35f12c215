package query

import (
	"fmt"
	"strings"
	"time"
)

// ParseSpan reads a time span for --last and the query line. A zero time is no bound; the
// span is from <= start < to. It takes
//
//	all, or nothing     no bounds
//	24h, last 24h       from now-24h on
//	today, yesterday    that day in loc
//	2026-11-22          that day in loc
//	A .. B              from A to B; either may be left out
//	A                   from A on
//
// where A and B are what ParseTime reads; times without a zone are in loc. Times come back in UTC.
func ParseSpan(text string, now time.Time, loc *time.Location) (from, to time.Time, err error) {
	text = strings.TrimSpace(text)
	lower := strings.ToLower(text)
	if first, last, ok := strings.Cut(text, ".."); ok {
		return openSpan(text, first, last, now, loc)
	}
	switch {
	case lower == "" || lower == "all":
		return from, to, nil
	case digits(lower) && len(lower) < 9:
		return from, to, fmt.Errorf("%s needs a unit, as in %sh", quoted(text), text)
	case lower == "today":
		return daySpan(now.In(loc))
	case lower == "yesterday":
		return daySpan(now.In(loc).AddDate(0, 0, -1))
	case isDate(text):
		if from, err = ParseTime(text, now, loc); err != nil {
			return from, to, err
		}
		return daySpan(from.In(loc))
	}
	if length, ok := lengthOf(lower); ok {
		d, err := parseDuration(length)
		switch {
		case err != nil:
			return from, to, fmt.Errorf("%s %w", quoted(text), err)
		case d <= 0:
			return from, to, fmt.Errorf("%s is not above 0", quoted(text))
		}
		return time.UnixMicro(now.UnixMicro() - d).UTC(), to, nil
	}
	if from, err = ParseTime(text, now, loc); err != nil {
		return from, to, fmt.Errorf("%w; expected a span such as 24h, 2026-11-22 or 2026-11-22 08:00 .. 2026-11-22 09:00", err)
	}
	return from, to, nil
}

// lengthOf finds the duration in "last 24h", "24h" or "1.5h".
func lengthOf(lower string) (string, bool) {
	if rest, ok := strings.CutPrefix(lower, "last"); ok {
		return strings.TrimSpace(rest), true
	}
	body := strings.TrimLeft(lower, "0123456789.")
	if len(body) == len(lower) {
		return "", false
	}
	return lower, body != "" && strings.Trim(body, "0123456789.usmhdw") == ""
}

// openSpan reads A .. B, where either may be empty.
func openSpan(text, first, last string, now time.Time, loc *time.Location) (from, to time.Time, err error) {
	if strings.TrimSpace(first) != "" {
		if from, err = ParseTime(first, now, loc); err != nil {
			return from, to, err
		}
	}
	if strings.TrimSpace(last) != "" {
		if to, err = ParseTime(last, now, loc); err != nil {
			return from, to, err
		}
	}
	if !from.IsZero() && !to.IsZero() && to.Before(from) {
		return from, to, fmt.Errorf("the span %s ends before it begins", quoted(text))
	}
	return from, to, nil
}

// daySpan is the calendar day of t in t's zone.
func daySpan(t time.Time) (from, to time.Time, err error) {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, t.Location()).UTC(), time.Date(y, m, d+1, 0, 0, 0, 0, t.Location()).UTC(), nil
}
