package timeline

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"cxlens/internal/flow"
	"cxlens/tui/sums"
)

// Data is what the server says of the matches over time.
type Data struct {
	Start   int64 // of the first bucket, microseconds UTC
	Width   int64 // of a bucket, microseconds, above 0
	Matches uint64
	Total   []sums.Sums // by bucket
	Series  []Series    // the highest first; none when it is not stacked
}

// Series is a part of the matches.
type Series struct {
	Name string // "" for what no other series has
	Sums []sums.Sums
	All  sums.Sums
}

// Other is how the series of all other values is called.
const Other = "other"

// none is how an empty value is called.
const none = "none"

func (d *Data) start(bucket int) int64 { return d.Start + int64(bucket)*d.Width }

// End is where the last bucket ends.
func (d *Data) End() int64 { return d.start(len(d.Total)) }

// near is the bucket of a time, the first or the last one for times outside.
func (d *Data) near(micros int64) int {
	if micros <= d.Start {
		return 0
	}
	return int(min(uint64(micros-d.Start)/uint64(d.Width), uint64(len(d.Total)-1)))
}

// bucket is the bucket of a time.
func (d *Data) bucket(micros int64) (int, bool) {
	if micros < d.Start || micros >= d.End() || len(d.Total) == 0 {
		return 0, false
	}
	return d.near(micros), true
}

// sum adds up the buckets first to last.
func (d *Data) sum(first, last int) (s sums.Sums) {
	for _, b := range d.Total[first : last+1] {
		s.Add(b)
	}
	return s
}

// peak is the bucket with the most, the first one of several, and what it has.
func (d *Data) peak(m sums.Metric) (bucket int, n uint64) {
	for i, b := range d.Total {
		if b[m] > n {
			bucket, n = i, b[m]
		}
	}
	return bucket, n
}

// ParseTime reads a time of the server's answer.
func ParseTime(text string) (int64, error) {
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return 0, fmt.Errorf("the server's answer has no time: %.40q", flow.Clean(text))
	}
	return t.UnixMicro(), nil
}

// Read makes data of the rows of a timeline answer whose buckets were asked for from start on. by is
// the column of its series; without it, as old servers answer, there are none.
func Read(columns []string, rows [][]string, start, width int64, buckets int, by string) (*Data, error) {
	if width < 1 || buckets < 0 {
		return nil, errors.New("the timeline has no buckets")
	}
	d := &Data{Start: start, Width: width, Total: make([]sums.Sums, buckets)}
	a := sums.Columns(columns)
	stacked := a.Index("series") >= 0 && a.Index(by) >= 0
	var rest *Series
	for _, row := range rows {
		at, err := ParseTime(a.Cell(row, "start"))
		if err != nil {
			return nil, err
		}
		s, err := a.Sums(row)
		if err != nil {
			return nil, err
		}
		i, ok := d.bucket(at)
		if !ok {
			return nil, fmt.Errorf("the server's answer has a bucket at %s, which was not asked for", flow.Clean(a.Cell(row, "start")))
		}
		d.Total[i].Add(s)
		if !stacked {
			continue
		}
		n, err := strconv.Atoi(a.Cell(row, "series"))
		if err != nil || n < 0 || n > maxSeries {
			return nil, fmt.Errorf("the server's answer has a series %.20q", flow.Clean(a.Cell(row, "series")))
		}
		if n == 0 {
			if s == (sums.Sums{}) {
				continue
			}
			if rest == nil {
				rest = &Series{Sums: make([]sums.Sums, buckets)}
			}
			rest.add(i, s)
			continue
		}
		for len(d.Series) < n {
			d.Series = append(d.Series, Series{Sums: make([]sums.Sums, buckets)})
		}
		d.Series[n-1].Name = named(a.Cell(row, by))
		d.Series[n-1].add(i, s)
	}
	if rest != nil {
		rest.Name = Other
		d.Series = append(d.Series, *rest)
	}
	return d, nil
}

// maxSeries bounds what is taken in.
const maxSeries = 100

func named(value string) string {
	if value == "" {
		return none
	}
	return value
}

func (s *Series) add(bucket int, n sums.Sums) {
	s.Sums[bucket].Add(n)
	s.All.Add(n)
}

// all is the sum of everything.
func (d *Data) all() (s sums.Sums) {
	if len(d.Total) == 0 {
		return s
	}
	return d.sum(0, len(d.Total)-1)
}
