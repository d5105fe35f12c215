// Package span is what a query asks for beside its expression: the span of time and
// how many rows at most, as a person types them.
//
// It may import query. The surprising thing: a span keeps its text and has no ends until a
// query runs, so that running "last 24h" again moves it along.
package span

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"cxlens/query"
)

// Span is a span of time as it was typed. The zero value is all time.
type Span struct{ text string }

// Parse reads a span as query.ParseSpan does, in UTC. now is only used to check it.
func Parse(text string, now time.Time) (Span, error) {
	text = strings.Join(strings.Fields(text), " ")
	from, to, err := query.ParseSpan(text, now, time.UTC)
	if err != nil {
		return Span{}, err
	}
	switch {
	case from.IsZero() && to.IsZero():
		text = ""
	case isDuration(text):
		text = "last " + text
	}
	return Span{text: text}, nil
}

// isDuration tells a bare duration from a point in time.
func isDuration(text string) bool {
	digits := strings.TrimRight(strings.ToLower(text), "abcdefghijklmnopqrstuvwxyz")
	_, err := strconv.ParseUint(digits, 10, 64)
	return err == nil && digits != text
}

// String returns the span as the query line shows it.
func (s Span) String() string {
	if s.text == "" {
		return "all time"
	}
	return short(s.text)
}

// Text returns the span as Parse reads it.
func (s Span) Text() string {
	if s.text == "" {
		return "all"
	}
	return s.text
}

// Bounds returns the ends as of now, From <= start < To; the zero time is an open end.
func (s Span) Bounds(now time.Time) (from, to time.Time) {
	from, to, err := query.ParseSpan(s.text, now, time.UTC)
	if err != nil { // Parse took the same text
		return time.Time{}, time.Time{}
	}
	return from, to
}

// Ends returns the ends as of now in RFC 3339, "" for an open one.
func (s Span) Ends(now time.Time) (from, to string) {
	f, t := s.Bounds(now)
	return stamp(f), stamp(t)
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}

// ParseWithLimit reads a span and after it "limit 100k" or "limit none". limit is 0 when it is
// not given and -1 for none.
func ParseWithLimit(text string, now time.Time) (s Span, limit int64, err error) {
	words := strings.Fields(text)
	for i, w := range words {
		if !strings.EqualFold(w, "limit") {
			continue
		}
		if i+2 != len(words) {
			return s, 0, errors.New("limit: expected one number of rows such as 100k, or none, at the end")
		}
		if limit, err = ParseLimit(words[i+1]); err != nil {
			return s, 0, err
		}
		words = words[:i]
		break
	}
	s, err = Parse(strings.Join(words, " "), now)
	return s, limit, err
}

// ParseLimit reads a number of rows with k or M, or none, which is also 0; -1 is none.
func ParseLimit(s string) (int64, error) {
	if strings.EqualFold(s, "none") || s == "0" {
		return -1, nil
	}
	unit := int64(1)
	digits := s
	if n := len(s); n > 0 {
		switch s[n-1] {
		case 'k', 'K':
			unit, digits = 1000, s[:n-1]
		case 'm', 'M':
			unit, digits = 1_000_000, s[:n-1]
		}
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || n < 1 || n > (1<<62)/unit {
		return 0, fmt.Errorf("limit: %q is not a number of rows: expected 500, 100k, 2M or none", s)
	}
	return n * unit, nil
}

// LimitText writes a limit as ParseLimit reads it.
func LimitText(n int64) string {
	switch {
	case n <= 0:
		return "none"
	case n%1_000_000 == 0:
		return strconv.FormatInt(n/1_000_000, 10) + "M"
	case n%1000 == 0:
		return strconv.FormatInt(n/1000, 10) + "k"
	}
	return strconv.FormatInt(n, 10)
}
