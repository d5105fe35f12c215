package span

import (
	"strings"
	"time"
)

const (
	day   = "2006-01-02"
	clock = "15:04:05"
)

// Between returns the span of whole seconds from <= start < to.
func Between(from, to time.Time) (Span, error) {
	layout := day + " " + clock
	return Parse(from.UTC().Format(layout)+" .. "+to.UTC().Format(layout), to)
}

// Exactly returns the span of microseconds from <= start < to.
func Exactly(from, to time.Time) (Span, error) {
	layout := day + " " + clock + ".999999"
	return Parse(from.UTC().Format(layout)+" .. "+to.UTC().Format(layout), to)
}

// short leaves out the second of two equal dates: 2026-11-20 10:00:00 .. 10:10:00.
func short(text string) string {
	from, to, ok := strings.Cut(text, " .. "+text[:min(len(text), len(day))]+" ")
	if !ok || !isClock(to) || len(from) < len(day)+1 || !isClock(from[len(day)+1:]) {
		return text
	}
	if _, err := time.Parse(day, text[:len(day)]); err != nil {
		return text
	}
	return from + " .. " + to
}

// isClock tells a time of day, with or without a fraction of its second.
func isClock(s string) bool {
	_, err := time.Parse(clock, s)
	return err == nil && len(s) >= len(clock)
}

// ParseShown reads a span as String shows it, or as Parse takes it.
func ParseShown(text string, now time.Time) (Span, error) {
	if text == (Span{}).String() {
		return Span{}, nil
	}
	if from, to, ok := strings.Cut(text, " .. "); ok && len(from) > len(day) && isClock(to) {
		text = from + " .. " + text[:len(day)] + " " + to
	}
	return Parse(text, now)
}

// Length writes a duration as a person types it: 5m, 90s, 2h.
func Length(d time.Duration) string {
	text := d.String()
	for _, zero := range []string{"m0s", "h0m"} {
		if strings.HasSuffix(text, zero) {
			text = text[:len(text)-2]
		}
	}
	return text
}
