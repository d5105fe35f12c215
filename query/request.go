package query

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"cxlens/internal/flow"
	"cxlens/internal/nearest"
)

// The kinds of a query (protocol.md section 5).
const (
	KindFlows    = "flows"
	KindCount    = "count"
	KindTop      = "top"
	KindTimeline = "timeline"
)

// The metrics of top and timeline.
const (
	MetricFlows   = "flows"
	MetricBytes   = "bytes"
	MetricPackets = "packets"
)

// Bounds of a Request's members.
const (
	// MaxBuckets is how many buckets a timeline has at most.
	MaxBuckets = 10_000
	// MaxSeries is how many series a stacked timeline has at most; its Limit says how many it is to have,
	// 0 is DefaultSeries. All other flows come together as series 0. A server that does not stack, as the
	// protocol allows, answers with the whole and without the columns of By.
	MaxSeries     = 50
	DefaultSeries = 5
	// MaxKeys is how many columns a query orders or groups by at most.
	MaxKeys = 16
	// MaxShift is how many seconds the days of steps begin before or after those of UTC at most.
	MaxShift = 86_400
)

// Codes of RequestError (protocol.md section 4).
const (
	CodeBadRequest    = -1     // the query text cannot be read or bound
	CodeParse         = -32700 // no JSON
	CodeInvalidParams = -32602 // a member of the wrong type or out of range
	CodeInternal      = -32603
)

// Request is the $DATA of GET CXTRACKER: a query, or the cancelling of one
// (protocol.md section 5). From and To are RFC 3339 times, empty for none; a flow is in the span
// when From <= start < To.
type Request struct {
	ID      int64    `json:"id"`
	Query   string   `json:"query"`
	From    string   `json:"from,omitempty"`
	To      string   `json:"to,omitempty"`
	Kind    string   `json:"kind,omitempty"`
	Order   []string `json:"order,omitempty"`
	Limit   int64    `json:"limit,omitempty"` // 0: no limit
	Follow  bool     `json:"follow,omitempty"`
	By      []string `json:"by,omitempty"`      // top: the columns to group by; timeline: those to stack by, see MaxSeries
	Times   bool     `json:"times,omitempty"`   // top: the start of each group's first and last flow as well
	Steps   bool     `json:"steps,omitempty"`   // top: columns that have steps are grouped by these, and named so, see query/steps
	Shift   int64    `json:"shift,omitempty"`   // top: the seconds that the days of the steps begin before those of UTC
	Metric  string   `json:"metric,omitempty"`  // top, timeline: flows, bytes or packets; empty is flows
	Buckets int      `json:"buckets,omitempty"` // timeline: how many, up to MaxBuckets
	Cancel  *int64   `json:"cancel,omitempty"`
}

// RequestError is a refused or failed query: a code of protocol.md section 4, one
// line for a person, and the byte offset in the query text where it stands, -1 for none.
type RequestError struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
	Offset  int    `json:"offset"`
}

// Error returns the message and the code.
func (e *RequestError) Error() string { return fmt.Sprintf("%s (code %d)", e.Message, e.Code) }

// AsRequestError makes of any error what an error part carries: an *Error of the query
// text becomes CodeBadRequest with its offset, anything else CodeInternal.
func AsRequestError(err error) *RequestError {
	var r *RequestError
	if errors.As(err, &r) {
		return r
	}
	var q *Error
	if errors.As(err, &q) {
		return &RequestError{Code: CodeBadRequest, Message: q.Error(), Offset: q.Offset}
	}
	return &RequestError{Code: CodeInternal, Message: err.Error(), Offset: -1}
}

func invalid(format string, args ...any) *RequestError {
	return &RequestError{Code: CodeInvalidParams, Message: fmt.Sprintf(format, args...), Offset: -1}
}

// Validate checks all members but the query text, which Parse reads. An error is a *RequestError
// that names the member.
func (r *Request) Validate() error {
	if r.Cancel != nil {
		return nil
	}
	switch {
	case r.Limit < 0:
		return invalid("limit %d is negative; 0 is no limit", r.Limit)
	case len(r.Order) > MaxKeys:
		return invalid("order has %d columns, at most %d", len(r.Order), MaxKeys)
	}
	if _, err := ParseOrder(r.Order); err != nil {
		return invalid("order: %v", err)
	}
	if _, _, err := r.Bounds(); err != nil {
		return err
	}
	return r.validateKind()
}

// validateKind checks what belongs to one kind only.
func (r *Request) validateKind() error {
	switch r.Kind {
	case "", KindFlows, KindCount, KindTop, KindTimeline:
	default:
		return invalid("unknown kind %s, expected flows, count, top or timeline", quoted(r.Kind))
	}
	switch r.Metric {
	case "", MetricFlows, MetricBytes, MetricPackets:
	default:
		return invalid("unknown metric %s, expected flows, bytes or packets", quoted(r.Metric))
	}
	switch {
	case r.Kind == KindTop && len(r.By) == 0:
		return invalid("by is empty; a query of kind top groups by at least one column")
	case len(r.By) > MaxKeys:
		return invalid("by has %d columns, at most %d", len(r.By), MaxKeys)
	case r.Shift < -MaxShift || r.Shift > MaxShift:
		return invalid("shift %d is more than a day, %d seconds", r.Shift, MaxShift)
	case r.Buckets < 0 || r.Buckets > MaxBuckets:
		return invalid("buckets %d is out of range, 1 to %d", r.Buckets, MaxBuckets)
	case r.Kind == KindTimeline && len(r.By) > 0 && r.Limit > MaxSeries:
		return invalid("limit %d is more than the %d series of a stacked timeline", r.Limit, MaxSeries)
	case r.Follow && r.Kind != "" && r.Kind != KindFlows:
		return invalid("follow is for queries of kind flows only")
	}
	_, err := ParseColumns(r.By)
	if err != nil {
		return invalid("by: %v", err)
	}
	return nil
}

// Bounds returns From and To in microseconds UTC, nil for none. An error is a *RequestError.
func (r *Request) Bounds() (from, to *int64, err error) {
	if from, err = bound("from", r.From); err != nil {
		return nil, nil, err
	}
	if to, err = bound("to", r.To); err != nil {
		return nil, nil, err
	}
	if from != nil && to != nil && *to < *from {
		return nil, nil, invalid("to %s is before from %s", quoted(r.To), quoted(r.From))
	}
	return from, to, nil
}

func bound(name, text string) (*int64, error) {
	if text == "" {
		return nil, nil
	}
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return nil, invalid("%s %s is not an RFC 3339 time such as 2026-11-22T13:56:33Z", name, quoted(text))
	}
	micros := t.UnixMicro()
	return &micros, nil
}

// ParseOrder reads the names of an order, "-" before a descending one.
func ParseOrder(names []string) ([]flow.SortKey, error) { return parseNames(names, flow.ParseSortKey) }

// ParseShownOrder is ParseOrder of the columns that a screen shows, see ParseShown.
func ParseShownOrder(names []string) ([]flow.SortKey, error) {
	return parseNames(names, flow.ParseShownKey)
}

// ParseColumns reads the names of columns.
func ParseColumns(names []string) ([]flow.Column, error) { return parseNames(names, flow.ParseColumn) }

// ParseShown reads the names of columns that a screen shows: those of ParseColumns, and those that no server knows.
func ParseShown(names []string) ([]flow.Column, error) { return parseNames(names, flow.ParseShown) }

func parseNames[T any](names []string, parse func(string) (T, bool)) ([]T, error) {
	all := make([]T, 0, len(names))
	for _, n := range names {
		one, ok := parse(n)
		if !ok {
			return nil, noColumn(n)
		}
		all = append(all, one)
	}
	return all, nil
}

// noColumn is the error for a name that is no column's.
func noColumn(name string) error {
	if k, ok := flow.ParseShownKey(name); ok {
		return fmt.Errorf("column %s is of the screen only, which knows names and networks; leave it out", k.Column)
	}
	words := make([]string, 0, flow.NumColumns)
	for c := range flow.NumColumns {
		words = append(words, c.String())
	}
	near := nearest.Words(strings.TrimPrefix(name, "-"), words)
	if len(near) == 0 {
		return fmt.Errorf("no column %s", quoted(name))
	}
	return fmt.Errorf("no column %s, did you mean %s?", quoted(name), quoted(near[0]))
}
