package history

import (
	"encoding/json"
	"errors"
	"strings"
	"time"
	"unicode/utf8"
)

// MaxQuery bounds a query's text in bytes. It is what the query language takes at most.
const MaxQuery = 64 << 10

// maxWord bounds the other texts of an entry in bytes.
const maxWord = 256

// Entry is a query that was run, and what came of it.
type Entry struct {
	// Time is when it was run.
	Time time.Time
	// Query is its text as it was typed; "any" for all flows. It is what tells entries apart.
	Query string
	// Span is the span of time that was asked for, as the screen shows it: "last 24h".
	Span string
	// Server is the server's host and port, "" for the embedded one.
	Server string
	// Outcome is how it ended: done, following, failed or cancelled.
	Outcome string
	// Matched is how many flows matched, those beyond the limit as well.
	Matched uint64
	// Took is from the request to the last row.
	Took time.Duration
}

// line is an Entry in the file.
type line struct {
	Time    time.Time `json:"time"`
	Query   string    `json:"query"`
	Span    string    `json:"span,omitempty"`
	Server  string    `json:"server,omitempty"`
	Outcome string    `json:"outcome,omitempty"`
	Matched uint64    `json:"matched"`
	TookUS  int64     `json:"took_us"`
}

var errEntry = errors.New("not an entry of the history")

// tidy returns e as it is kept: without blanks around the query, times in UTC and whole
// microseconds. ok is false for what cannot be kept.
func (e Entry) tidy() (Entry, bool) {
	e.Query = strings.TrimSpace(e.Query)
	if e.Query == "" {
		e.Query = "any"
	}
	e.Time, e.Took = e.Time.UTC().Truncate(time.Microsecond), e.Took.Truncate(time.Microsecond)
	year := e.Time.Year()
	ok := len(e.Query) <= MaxQuery && utf8.ValidString(e.Query) && year >= 1 && year <= 9999 && e.Took >= 0
	for _, s := range []string{e.Span, e.Server, e.Outcome} {
		ok = ok && len(s) <= maxWord && utf8.ValidString(s)
	}
	return e, ok
}

// appendLine appends e as a line of the file, its line end included.
func appendLine(dst []byte, e Entry) ([]byte, error) {
	data, err := json.Marshal(line{
		Time: e.Time, Query: e.Query, Span: e.Span, Server: e.Server, Outcome: e.Outcome, Matched: e.Matched, TookUS: e.Took.Microseconds(),
	})
	if err != nil {
		return dst, err
	}
	return append(append(dst, data...), '\n'), nil
}

// parseLine reads a line of the file.
func parseLine(data []byte) (Entry, error) {
	var l line
	if err := json.Unmarshal(data, &l); err != nil {
		return Entry{}, err
	}
	const mostUS = int64(1<<63-1) / int64(time.Microsecond)
	if l.TookUS < 0 || l.TookUS > mostUS || strings.TrimSpace(l.Query) == "" {
		return Entry{}, errEntry
	}
	e, ok := Entry{
		Time: l.Time, Query: l.Query, Span: l.Span, Server: l.Server, Outcome: l.Outcome, Matched: l.Matched,
		Took: time.Duration(l.TookUS) * time.Microsecond,
	}.tidy()
	if !ok {
		return Entry{}, errEntry
	}
	return e, nil
}
