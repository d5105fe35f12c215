// Package sums is what groups and timelines count: flows, frame bytes and packets of both sides.
//
// It may import query. The surprising thing: sums never overflow; they stay at the largest number, as
// the server's do.
package sums

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"cxlens/query"
	"cxlens/tui/human"
)

// Metric says which of the sums is meant.
type Metric uint8

// The metrics.
const (
	Flows Metric = iota
	Bytes
	Packets
	NumMetrics
)

var names = [NumMetrics]string{query.MetricFlows, query.MetricBytes, query.MetricPackets}

// String returns the metric as requests and profiles spell it.
func (m Metric) String() string { return names[m] }

// Next is the metric after m, the first one after the last.
func (m Metric) Next() Metric { return (m + 1) % NumMetrics }

// ParseMetric reads what String writes; "" is flows.
func ParseMetric(s string) (Metric, bool) {
	if s == "" {
		return Flows, true
	}
	i := slices.Index(names[:], s)
	return Metric(max(i, 0)), i >= 0
}

// Sums are the flows, frame bytes and packets of some flows, by Metric.
type Sums [NumMetrics]uint64

// Add adds other sums.
func (s *Sums) Add(o Sums) {
	for i := range s {
		s[i] = Plus(s[i], o[i])
	}
}

// Plus is a + b, at most the largest number.
func Plus(a, b uint64) uint64 {
	if b > math.MaxUint64-a {
		return math.MaxUint64
	}
	return a + b
}

// Text writes a value of the metric with its unit: 1.20M flows, 45.1 kB, 12 packets.
func (m Metric) Text(n uint64) string {
	if m == Bytes {
		return human.Bytes(n)
	}
	noun := m.String()
	if n == 1 {
		noun = noun[:len(noun)-1]
	}
	return human.Count(n) + " " + noun
}

// Answer is how the columns of a count, top or timeline answer are told apart.
type Answer struct{ columns []string }

// Columns takes the names of an answer's columns.
func Columns(names []string) Answer { return Answer{columns: names} }

// Index is the place of a column, -1 when the answer does not have it.
func (a Answer) Index(name string) int { return slices.Index(a.columns, name) }

// Cell is a row's value in a column, "" when it has none.
func (a Answer) Cell(row []string, name string) string {
	if i := a.Index(name); i >= 0 && i < len(row) {
		return row[i]
	}
	return ""
}

// Sums reads the sums of a row.
func (a Answer) Sums(row []string) (s Sums, err error) {
	for i, name := range names {
		if s[i], err = strconv.ParseUint(a.Cell(row, name), 10, 64); err != nil {
			return s, fmt.Errorf("the server's answer has no number of %s: %.40q", name, a.Cell(row, name))
		}
	}
	return s, nil
}
